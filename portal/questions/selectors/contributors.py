"""Who helped with a question: those who answered, and those who made its posts better."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from portal.accounts.models import User
from portal.questions.models import Question

from .answer_pages import AnswerRow
from .credit import Edit

MOST_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Contributors:
    """The first few, whose answers have the most votes before who only edited; more: how many there are besides."""

    shown: list[User]
    more: int


def helpers_ranked(question: Question, rows: Iterable[AnswerRow], edits: Iterable[Edit]) -> list[int]:
    """Returns the ids of those who helped the asker, who is not one of them herself.

    Those who answered stand in the order of their best answer, then who changed a post of somebody else. Whoever
    answered anonymously is nobody here; the rows know no writer of such an answer.
    """
    best: dict[int, int] = {}
    for row in rows:
        if row.writer is not None and row.writer != question.author_id:
            best[row.writer] = max(row.score, best.get(row.writer, row.score))
    editors = {edit.editor for edit in edits if edit.active and not edit.first} - {question.author_id, *best}
    return [*sorted(best, key=lambda pk: (-best[pk], pk)), *sorted(pk for pk in editors if pk is not None)]


def contributors(ranked: Sequence[int], people: Mapping[int, User]) -> Contributors:
    """Returns who is shown of those who helped, of the people at hand, and how many more there are."""
    return Contributors([people[pk] for pk in ranked[:MOST_SHOWN] if pk in people], max(0, len(ranked) - MOST_SHOWN))
