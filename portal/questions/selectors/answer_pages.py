"""The answers of a question a page at a time: a page with five hundred of them opens as fast as one with five."""

from dataclasses import dataclass
from typing import Any

from portal.questions.models import Answer, Question
from portal.questions.models.answer import ANSWERS_A_PAGE

from .access import answers_visible_to
from .answer_order import BEST, answers_ordered, order_named


@dataclass(frozen=True, slots=True)
class AnswersPage:
    """Some answers in their order. total: how many there are; number, last: this page and the last one, from 1 on."""

    answers: list[Answer]
    total: int
    number: int
    last: int
    order: str

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
    """Which page is meant: the one with the answer ``answer_id``, where it is there, else ``page``."""

    order: str = BEST
    page: int = 1
    answer_id: int | None = None


def answers_page(*, user: Any, question: Question, place: Place) -> AnswersPage:
    """Returns one page of the answers that ``user`` may see; a page that does not exist is the nearest that does.

    Two queries: the numbers of all answers in their order, and the answers of the page.
    """
    found = answers_visible_to(user).filter(question=question)
    order = order_named(place.order)
    numbers = list(answers_ordered(found, order=order).values_list("pk", flat=True))
    last = max(1, -(-len(numbers) // ANSWERS_A_PAGE))
    page = min(max(place.page, 1), last)
    if place.answer_id in numbers:
        page = numbers.index(place.answer_id) // ANSWERS_A_PAGE + 1
    shown = numbers[(page - 1) * ANSWERS_A_PAGE : page * ANSWERS_A_PAGE]
    rows = found.filter(pk__in=shown).select_related("author", "edited_by", "source").in_bulk()
    answers = [rows[pk] for pk in shown if pk in rows]
    for answer in answers:
        answer.question = question
    return AnswersPage(answers, len(numbers), page, last, order)
