"""What a member marked for herself: bookmarks, and questions that she has too."""

from typing import Any

from django.db.models import Q, QuerySet

from portal.core.paging import Slice, keyset_page
from portal.core.permissions import is_member, require_member
from portal.questions.models import Bookmark, Demand, Question

from .access import answers_visible_to, questions_visible_to

PAGE_SIZE = 20
NEWEST = ("-created_at", "-id")


def bookmarks_of(user: Any) -> QuerySet[Bookmark]:
    """Returns a member's bookmarks of what she may see now; what was deleted vanishes, and comes back with its post."""
    require_member(user)
    seen = Q(question__in=questions_visible_to(user)) | Q(answer__in=answers_visible_to(user))
    found = Bookmark.objects.filter(seen, user=user)
    return found.select_related("question__author", "answer__author", "answer__question")


def bookmarks_page(*, user: Any, cursor: str | None = None, size: int = PAGE_SIZE) -> Slice[Bookmark]:
    """Returns one page of a member's bookmarks, the newest first."""
    return keyset_page(bookmarks_of(user), order=NEWEST, cursor=cursor, size=size)


def bookmarked(*, user: Any, question: Question) -> set[tuple[str, int]]:
    """Returns (kind, id) of what a reader keeps of a question and its answers, in one query; nothing for a stranger."""
    if not is_member(user):
        return set()
    found = Bookmark.objects.filter(Q(question=question) | Q(answer__question=question), user=user)
    rows = found.values_list("question_id", "answer_id")
    return {("question", asked) if asked else ("answer", given or 0) for asked, given in rows}


def is_wanted(*, user: Any, question: Question) -> bool:
    """Whether a reader said that she has the problem of a question too."""
    return is_member(user) and Demand.objects.filter(user=user, question=question).exists()
