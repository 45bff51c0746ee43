"""Whose drafts: everyone's are his own alone. ``drafts_of`` is the one door for pages and API."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from portal.core.errors import NotFound
from portal.core.permissions import is_member
from portal.questions.models import Answer, Draft, Question

from .access import answer_visible_to, comment_visible_to, question_visible_to, questions_visible_to

Kind = Draft.Kind
NAMED = re.compile(r"(?P<kind>[a-z]+(?:-[a-z]+)*)(?:-(?P<target>[1-9][0-9]{0,17}))?")

# What of a form belongs to its draft; ``version`` is the one of the post that an edit began from, ``choices`` what was
# chosen since where somebody else changed the post meanwhile.
FIELDS: Mapping[str, tuple[str, ...]] = {
    Kind.ASK: ("title", "body", "topics", "language", "anonymous"),
    Kind.ANSWER: ("body", "official", "first", "last"),
    Kind.QUESTION_EDIT: ("title", "body", "topics", "language", "note", "version", "choices"),
    Kind.ANSWER_EDIT: ("body", "note", "version", "first", "last", "known", "choices"),
    Kind.QUESTION_COMMENT: ("body",),
    Kind.ANSWER_COMMENT: ("body",),
    Kind.REPLY: ("body",),
}
WORDS = ("title", "body")


@dataclass(frozen=True, slots=True)
class DraftPlace:
    """Where something is being written: a new question, or at the post ``target_id``."""

    kind: Draft.Kind
    target_id: int = 0

    def __str__(self) -> str:
        return f"{self.kind.value}-{self.target_id}" if self.target_id else self.kind.value


ASKING = DraftPlace(Kind.ASK)


def place_named(name: str) -> DraftPlace:
    """Returns the place of a name; raises ``NotFound`` for one that cannot be."""
    found = NAMED.fullmatch(name)
    if found is None or found["kind"] not in Kind.values or (found["kind"] == Kind.ASK) == bool(found["target"]):
        raise NotFound
    return DraftPlace(Kind(found["kind"]), int(found["target"] or 0))


def drafts_of(user: Any) -> QuerySet[Draft]:
    """Returns the drafts that this reader may see: his own."""
    return Draft.objects.filter(owner=user) if is_member(user) else Draft.objects.none()


def draft_at(user: Any, place: DraftPlace) -> Draft | None:
    """Returns the reader's own draft at a place, None where he has none."""
    return drafts_of(user).filter(kind=place.kind, target_id=place.target_id).first()


def draft_named(user: Any, name: str) -> Draft:
    """Returns the reader's own draft at the place of this name; raises ``NotFound`` where he has none."""
    found = draft_at(user, place_named(name))
    if found is None:
        raise NotFound
    return found


def place_question(user: Any, place: DraftPlace) -> Question | None:
    """Returns the question at a place (None for a new one); raises ``NotFound`` where the reader sees nothing there."""
    if place.kind == Kind.ASK:
        return None
    if place.kind in (Kind.ANSWER, Kind.QUESTION_EDIT, Kind.QUESTION_COMMENT):
        return question_visible_to(user, place.target_id)
    if place.kind == Kind.REPLY:
        return comment_visible_to(user, place.target_id).question
    return answer_visible_to(user, place.target_id).question


def drafts_at(user: Any, question: Question) -> dict[str, Draft]:
    """Returns the reader's own drafts at a question, by the names of their places. One query."""
    return {draft.place: draft for draft in drafts_of(user).filter(question=question)}


@dataclass(frozen=True, slots=True)
class DraftRow:
    """A draft in the list of drafts. question: None where it is gone; address: where to go on, empty without it."""

    draft: Draft
    question: Question | None
    address: str


def draft_rows(user: Any) -> list[DraftRow]:
    """Returns the reader's own drafts, the last one touched first, with where each goes on. Two queries."""
    drafts = list(drafts_of(user).order_by("-updated_at", "-id"))
    asked = questions_visible_to(user).filter(pk__in={draft.question_id for draft in drafts if draft.question_id})
    questions = asked.defer("body", "body_html").in_bulk()
    return [_row(draft, questions.get(draft.question_id or 0)) for draft in drafts]


def draft_row(user: Any, draft: Draft) -> DraftRow:
    """Returns one of the reader's own drafts with where it goes on. One query."""
    asked = questions_visible_to(user).filter(pk=draft.question_id).first() if draft.question_id else None
    return _row(draft, asked)


def _row(draft: Draft, question: Question | None) -> DraftRow:
    gone = question is None and draft.kind != Kind.ASK
    return DraftRow(draft, question, "" if gone else draft_address(draft, question))


def draft_address(draft: Draft, question: Question | None) -> str:
    """Returns the path of the page on which a draft is continued."""
    if draft.kind == Kind.ASK:
        path = reverse("ask")
    elif draft.kind == Kind.QUESTION_EDIT:
        path = reverse("question-edit", args=[draft.target_id])
    elif draft.kind == Kind.ANSWER_EDIT:
        path = reverse("answer-edit", args=[draft.target_id])
    elif draft.kind == Kind.ANSWER:
        path = question.get_absolute_url() if question else ""
        return f"{path}?draft={draft.place}#your-answer"
    elif draft.kind == Kind.REPLY:
        path = reverse("comment-reply", args=[draft.target_id])
    else:
        path = reverse("comment-write", args=[draft.kind.removesuffix("-comment"), draft.target_id])
    return f"{path}?draft={draft.place}"


def post_place(post: Question | Answer, *, commenting: bool = False) -> DraftPlace:
    """Returns the place where a post is edited, or commented on."""
    if isinstance(post, Answer):
        return DraftPlace(Kind.ANSWER_COMMENT if commenting else Kind.ANSWER_EDIT, post.pk)
    return DraftPlace(Kind.QUESTION_COMMENT if commenting else Kind.QUESTION_EDIT, post.pk)
