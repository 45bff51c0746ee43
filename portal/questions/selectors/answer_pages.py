"""The answers of a question a page at a time: a page with five hundred of them opens as fast as one with five."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from portal.questions.models import Answer, Question
from portal.questions.models.answer import ANSWERS_A_PAGE

from .access import answers_visible_to
from .answer_order import BEST, answers_ordered, order_named
from .threads import with_former_comments


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """What is known of an answer on whatever page. writer: None where nobody is told who, or she is no member now."""

    pk: int
    writer: int | None
    score: int
    edited: bool


@dataclass(frozen=True, slots=True)
class AnswersPage:
    """Some answers in their order, and in short all of them (rows). number, last: this page and the last, from 1 on.

    gone: the answer that was asked for is not here.
    """

    answers: list[Answer]
    rows: Sequence[AnswerRow]
    number: int
    last: int
    order: str
    gone: bool = False

    @property
    def total(self) -> int:
        """How many answers there are."""
        return len(self.rows)

    @property
    def before(self) -> int | None:
        """The page before this one."""
        return self.number - 1 if self.number > 1 else None

    @property
    def after(self) -> int | None:
        """The page after this one."""
        return self.number + 1 if self.number < self.last else None


@dataclass(frozen=True, slots=True)
class Place:
    """Which page is meant: the one with the answer ``answer_id``, where it is there, else ``page``.

    size: how many answers a page has.
    """

    order: str = BEST
    page: int = 1
    answer_id: int | None = None
    size: int = ANSWERS_A_PAGE


def answers_page(*, user: Any, question: Question, place: Place) -> AnswersPage:
    """Returns one page of the answers that ``user`` may see; a page that does not exist is the nearest that does.

    One query where they fit on a page, else two: all answers in short, in their order, and those of the page.
    """
    found = answers_visible_to(user).filter(question=question)
    order = order_named(place.order)
    ordered = answers_ordered(found, order=order)
    if question.answers_count <= place.size:
        answers = list(_whole(ordered)[: place.size + 1])
        if len(answers) <= place.size:
            rows = [_row(each) for each in answers]
            return AnswersPage(_below(question, answers), rows, 1, 1, order, _gone(place, rows))
    rows = _rows(ordered)
    numbers = [row.pk for row in rows]
    last = max(1, -(-len(numbers) // place.size))
    page = min(max(place.page, 1), last)
    if place.answer_id in numbers:
        page = numbers.index(place.answer_id) // place.size + 1
    shown = numbers[(page - 1) * place.size : page * place.size]
    whole = _whole(found.filter(pk__in=shown)).in_bulk()
    answers = _below(question, [whole[pk] for pk in shown if pk in whole])
    return AnswersPage(answers, rows, page, last, order, _gone(place, rows))


def _gone(place: Place, rows: Sequence[AnswerRow]) -> bool:
    return place.answer_id is not None and all(row.pk != place.answer_id for row in rows)


def _whole(answers: QuerySet[Answer]) -> QuerySet[Answer]:
    also = ("author", "edited_by", "source", "passport__first", "solution__first")
    return with_former_comments(answers.select_related(*also))


def _below(question: Question, answers: list[Answer]) -> list[Answer]:
    for answer in answers:
        answer.question = question
    return answers


def _row(answer: Answer) -> AnswerRow:
    known = answer.author is not None and answer.author.is_active and not answer.anonymous
    return AnswerRow(answer.pk, answer.author_id if known else None, answer.score, answer.edited_at is not None)


def _rows(answers: QuerySet[Answer]) -> list[AnswerRow]:
    names = ("pk", "author_id", "author__is_active", "anonymous", "score", "edited_at")
    return [
        AnswerRow(pk, author if active and not anonymous else None, score, edited is not None)
        for pk, author, active, anonymous, score, edited in answers.values_list(*names)
    ]
