"""What a merge would do, and what was merged."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from portal.core.errors import Moved, NotFound
from portal.core.permissions import is_member, require_moderator
from portal.questions.models import Merge, Question

from .access import question_visible_to, questions_visible_to


@dataclass(frozen=True, slots=True)
class AlsoAsked:
    """The wording of a question that was joined with the one being read. mine: the reader asked it."""

    question: Question
    merge: Merge
    mine: bool


def merge_of(user: Any, merge_id: int) -> Merge:
    """Returns one merge, for staff; raises ``NotFound`` where there is none."""
    require_moderator(user)
    found = Merge.objects.select_related("source", "target", "merged_by").filter(pk=merge_id).first()
    if found is None:
        raise NotFound
    return found


def merges_made(user: Any) -> QuerySet[Merge]:
    """Returns every merge, the newest first, for staff."""
    require_moderator(user)
    people = ("merged_by", "undone_by")
    return Merge.objects.select_related("source", "target", *people).defer(
        "source__body", "source__body_html", "target__body", "target__body_html", "moved"
    )


def also_asked(user: Any, question: Question) -> list[AlsoAsked]:
    """Returns in which other words a visible question was asked, the earliest first."""
    merges = Merge.objects.filter(source__merged_into=question, undone_at__isnull=True).defer("moved", "state")
    return [
        AlsoAsked(each.source, each, is_member(user) and each.source.author_id == user.pk)
        for each in merges.select_related("source__author", "source__source").order_by("source__created_at")
    ]


def question_led_to(user: Any, question_id: int) -> Question:
    """Returns the visible question of this number, or the one that it was joined with; else raises ``NotFound``."""
    try:
        return question_visible_to(user, question_id)
    except Moved as moved:
        return question_visible_to(user, moved.pk)


def questions_led_to(user: Any, ids: Sequence[int]) -> dict[int, int]:
    """Returns by each of these numbers the visible question that it now leads to; others are left out."""
    visible = questions_visible_to(user)
    own = dict(visible.filter(pk__in=ids).values_list("pk", "pk"))
    joined = Question.objects.filter(pk__in=ids, merged_into__in=visible).values_list("pk", "merged_into")
    return own | {pk: target for pk, target in joined if target is not None}
