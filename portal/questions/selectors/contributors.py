"""Who helped with a question: those who answered, and those who made its posts better."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import F, Max, Q

from portal.questions.models import Answer, Question, Revision

from .access import answers_visible_to
from .authors import signed

MOST_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Contributors:
    """The first few, whose answers have the most votes before who only edited; more: how many there are besides."""

    shown: list[Any]
    more: int


def contributors(*, user: Any, question: Question, answers: Sequence[Answer] | None = None) -> Contributors:
    """Returns who helped the asker, as far as ``user`` may know them; the asker herself is not one of them.

    answers: all visible answers with their authors, where the page has them at hand; None asks for the authors.
    Whoever answered anonymously, or edits her own anonymous question, is nobody here.
    """
    known = {} if answers is None else {each.author_id: each.author for each in answers if each.author}
    ids = _authors(user, question) if answers is None else _authors_of(question, answers)
    ids += [pk for pk in _editors(question) if pk not in ids]
    missing = [pk for pk in ids[:MOST_SHOWN] if pk not in known]
    people = known | (get_user_model().objects.in_bulk(missing) if missing else {})
    return Contributors([people[pk] for pk in ids[:MOST_SHOWN] if pk in people], max(0, len(ids) - MOST_SHOWN))


def _authors(user: Any, question: Question) -> list[int]:
    given = signed(answers_visible_to(user)).filter(question=question, author__is_active=True)
    given = given.exclude(author=question.author_id)
    answered = given.values_list("author").annotate(best=Max("score")).order_by("-best", "author")
    return [pk for pk, _best in answered]


def _authors_of(question: Question, answers: Sequence[Answer]) -> list[int]:
    best: dict[int, int] = {}
    for each in answers:
        active = each.author is not None and each.author.is_active and not each.anonymous
        if active and each.author_id is not None and each.author_id != question.author_id:
            best[each.author_id] = max(each.score, best.get(each.author_id, each.score))
    return sorted(best, key=lambda pk: (-best[pk], pk))


def _editors(question: Question) -> list[int]:
    """Returns who changed a post of somebody else that is still there."""
    versions = Revision.objects.filter(question=question, number__gt=1, editor__is_active=True)
    versions = versions.filter(Q(answer__isnull=True) | Q(answer__deleted_at__isnull=True))
    others = Q(answer__isnull=True) | ~Q(answer__author=F("editor")) | Q(answer__author__isnull=True)
    found = versions.filter(others).exclude(editor=question.author_id).order_by("editor")
    return list(found.values_list("editor", flat=True).distinct())
