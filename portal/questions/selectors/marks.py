"""What a member marked for herself: bookmarks, and questions that she has too."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import BigIntegerField, Q, QuerySet, SmallIntegerField, Value

from portal.core.paging import Slice, keyset_page
from portal.core.permissions import is_member, require_member
from portal.questions.models import Answer, Bookmark, Demand, Question, Vote

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


@dataclass(slots=True)
class ReaderMarks:
    """What a reader left on a question and its answers: her votes and what she keeps, by the id of an answer (None:
    the question itself), and whether she has its problem too."""

    votes: dict[int | None, int] = field(default_factory=dict)
    kept: set[int | None] = field(default_factory=set)
    wanted: bool = False


def reader_marks(*, user: Any, question: Question, answers: Sequence[Answer]) -> ReaderMarks:
    """Returns what a reader left on a question and on these answers of it: one query, none for a stranger."""
    marks = ReaderMarks()
    if not is_member(user):
        return marks
    here = Q(question=question) | Q(answer__in=answers)
    nothing, one = Value(None, output_field=BigIntegerField()), Value(1, output_field=SmallIntegerField())
    votes = Vote.objects.filter(here, user=user).values_list(Value("vote"), "answer_id", "value")
    kept = Bookmark.objects.filter(here, user=user).values_list(Value("bookmark"), "answer_id", one)
    wanted = Demand.objects.filter(question=question, user=user).values_list(Value("demand"), nothing, one)
    for kind, answer_id, value in votes.union(kept, wanted, all=True):
        if kind == "vote":
            marks.votes[answer_id] = value
        elif kind == "bookmark":
            marks.kept.add(answer_id)
        else:
            marks.wanted = True
    return marks
