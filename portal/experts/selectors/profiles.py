"""What is read of members' profiles."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Count, F, Q

from portal.accounts.models import User
from portal.accounts.selectors import members_visible_to
from portal.core.errors import NotFound
from portal.core.paging import Slice, keyset_page
from portal.experts.models import Profile
from portal.knowledge.models import ArticlePage
from portal.knowledge.selectors.articles import articles_of
from portal.questions.models import Answer, Question
from portal.questions.selectors.access import answers_visible_to, questions_visible_to
from portal.questions.selectors.authors import authored
from portal.questions.selectors.credit import posts_improved
from portal.questions.selectors.lists import for_lists

PAGE_SIZE = 24
POSTS_SIZE = 20
ORDERS = {"reputation": ("-reputation", "-id"), "newest": ("-date_joined", "-id")}


def profile_shown(user: User) -> Profile:
    """Returns a user's profile, an empty one (not saved) where none was written yet."""
    found = Profile.objects.filter(user=user).prefetch_related("languages", "topics__topic__names").first()
    return found or Profile(user=user)


def members_page(*, viewer: Any, search: str = "", sort: str = "reputation", cursor: str | None = None) -> Slice[User]:
    """Returns one page of members with their profiles; raises ``NotFound`` for an order that does not exist.

    search: part of a name. sort: ``reputation`` or ``newest``.
    """
    if sort not in ORDERS:
        raise NotFound
    found = members_visible_to(viewer).select_related("profile")
    words = " ".join(search.replace("\x00", " ").split())[:100]
    if words:
        found = found.filter(named(words))
    return keyset_page(found, order=ORDERS[sort], cursor=cursor, size=PAGE_SIZE)


def named(words: str) -> Q:
    """Returns the condition that a member's name holds ``words``.

    SQLite compares letters beyond ASCII by case, so the usual spellings are asked for one by one.
    """
    wanted = Q()
    for spelt in {words, words.lower(), words.title(), words.capitalize(), words.upper()}:
        wanted |= Q(username__icontains=spelt) | Q(display_name__icontains=spelt)
    return wanted


@dataclass(frozen=True, slots=True)
class MemberCounts:
    """What a member did, as far as the viewer sees it."""

    questions: int
    answers: int
    accepted: int
    improved: int


def member_counts(*, viewer: Any, member: User) -> MemberCounts:
    """Returns how many questions, answers and accepted answers of a member the viewer may see, and how many posts of
    others she improved."""
    accepted = Count("pk", filter=Q(question__accepted_answer=F("pk")))
    answers = authored(answers_visible_to(viewer), reader=viewer, author=member).aggregate(
        given=Count("pk"), accepted=accepted
    )
    asked = authored(questions_visible_to(viewer), reader=viewer, author=member).count()
    improved = posts_improved(viewer=viewer, member=member)
    return MemberCounts(questions=asked, answers=answers["given"], accepted=answers["accepted"], improved=improved)


def member_questions(
    *, viewer: Any, member: User, cursor: str | None = None, size: int = POSTS_SIZE
) -> Slice[Question]:
    """Returns one page of a member's questions that the viewer may see, newest first."""
    found = for_lists(authored(questions_visible_to(viewer), reader=viewer, author=member))
    return keyset_page(found, order=("-created_at", "-id"), cursor=cursor, size=size)


def member_answers(*, viewer: Any, member: User, cursor: str | None = None, size: int = POSTS_SIZE) -> Slice[Answer]:
    """Returns one page of a member's answers that the viewer may see, newest first, each with its question."""
    found = authored(answers_visible_to(viewer), reader=viewer, author=member).select_related("question")
    return keyset_page(found.defer("body", "question__body"), order=("-created_at", "-id"), cursor=cursor, size=size)


def member_articles(*, viewer: Any, member: User, language: str, size: int = 6) -> list[ArticlePage]:
    """Returns the newest articles and news by a member of the staff, in one language."""
    return list(articles_of(viewer, language=language).filter(author__user=member)[:size])


def languages_of(user: User, profile: Profile) -> list[str]:
    """Returns the codes of the languages of a member: those of the profile, else those of her settings."""
    told = [row.language for row in profile.languages.all()] if profile.pk and not profile._state.adding else []
    known = dict(settings.LANGUAGES)
    return told or [code for code in dict.fromkeys([*user.reads, user.language]) if code in known]
