"""Who helped with a question: those who answered, and those who made its posts better."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import F, Max, Q

from portal.questions.models import Question, Revision

from .access import answers_visible_to
from .authors import signed

MOST_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Contributors:
    """The first few, whose answers have the most votes before who only edited; more: how many there are besides."""

    shown: list[Any]
    more: int


def contributors(*, user: Any, question: Question) -> Contributors:
    """Returns who helped the asker, as far as ``user`` may know them; the asker herself is not one of them.

    Three queries. Whoever answered anonymously, or edits her own anonymous question, is nobody here.
    """
    given = signed(answers_visible_to(user)).filter(question=question, author__is_active=True)
    given = given.exclude(author=question.author_id)
    answered = given.values_list("author").annotate(best=Max("score")).order_by("-best", "author")
    ids = list(dict.fromkeys(pk for pk, _best in answered))
    ids += [pk for pk in _editors(question) if pk not in ids]
    people = get_user_model().objects.in_bulk(ids[:MOST_SHOWN])
    return Contributors([people[pk] for pk in ids[:MOST_SHOWN] if pk in people], max(0, len(ids) - MOST_SHOWN))


def _editors(question: Question) -> list[int]:
    """Returns who changed a post of somebody else that is still there."""
    versions = Revision.objects.filter(question=question, number__gt=1, editor__is_active=True)
    versions = versions.filter(Q(answer__isnull=True) | Q(answer__deleted_at__isnull=True))
    others = Q(answer__isnull=True) | ~Q(answer__author=F("editor")) | Q(answer__author__isnull=True)
    found = versions.filter(others).exclude(editor=question.author_id).order_by("editor")
    return list(found.values_list("editor", flat=True).distinct())
