"""Who may be meant while somebody types an @."""

from typing import Any

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from portal.accounts.models import User
from portal.accounts.selectors import members_visible_to

from .access import answers_visible_to, comments_visible_to, questions_visible_to
from .authors import signed

MOST = 8
LONGEST = 40
# A thread of more people than these is searched by letters like everybody else.
THREAD_MOST = 200


def mention_suggestions(*, user: Any, words: str, question_id: int | None = None) -> list[User]:
    """Returns at most eight members whose name begins like ``words``, without ``user`` herself.

    Those who wrote in the question's thread come first, and they alone where nothing is typed yet; then by reputation.
    Who asked or wrote anonymously is not among them by that.
    """
    words = " ".join(words.replace("\x00", "").split())[:LONGEST]
    thread = _in_thread(user, question_id) if question_id is not None else set()
    found = members_visible_to(user).exclude(pk=user.pk)
    found = found.filter(_named(words)) if words else found.filter(pk__in=thread)
    near = Case(When(pk__in=thread, then=Value(0)), default=Value(1), output_field=IntegerField())
    return list(found.order_by(near, "-reputation", "username")[:MOST])


def _named(words: str) -> Q:
    """Returns the condition that a username, a shown name or the second word of one begins like ``words``.

    SQLite compares letters beyond ASCII by case, so the usual spellings are asked for one by one.
    """
    wanted = Q()
    for spelt in {words, words.lower(), words.title()}:
        wanted |= Q(username__istartswith=spelt) | Q(display_name__istartswith=spelt)
        wanted |= Q(display_name__icontains=f" {spelt}")
    return wanted


def _in_thread(user: Any, question_id: int) -> set[int]:
    """Returns the ids of those who signed something in a question's thread."""
    places: tuple[tuple[QuerySet[Any], str], ...] = (
        (questions_visible_to(user), "pk"),
        (answers_visible_to(user), "question_id"),
        (comments_visible_to(user), "question_id"),
    )
    found: set[int] = set()
    for posts, column in places:
        written = signed(posts).filter(**{column: question_id}, author__isnull=False)
        found |= set(written.values_list("author_id", flat=True)[:THREAD_MOST])
    return found
