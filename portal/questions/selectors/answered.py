"""Questions with the one answer that is read first."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from portal.questions.models import Answer, Question

from .access import answers_visible_to, questions_visible_to
from .answer_order import answers_ordered


@dataclass(frozen=True, slots=True)
class AnsweredQuestion:
    """A question and its best answer, None where nobody answered yet; accepted: whether that is the accepted one."""

    question: Question
    answer: Answer | None
    accepted: bool


def answered_questions(*, user: Any, ids: Sequence[int]) -> list[AnsweredQuestion]:
    """Returns the questions of ``ids`` that this reader may see, each with its answer: the accepted one
    while it is not outdated, else the one that stands first on the question's page. Three queries."""
    questions = list(questions_visible_to(user).filter(pk__in=ids))
    accepted = {question.accepted_answer_id for question in questions}
    answers = answers_visible_to(user).filter(question__in=questions)
    ranked = list(answers_ordered(answers).values_list("question_id", "id", "obsolete"))
    best = {question: pk for question, pk, _obsolete in reversed(ranked)}  # written last, the first of each stays
    best |= {question: pk for question, pk, obsolete in ranked if pk in accepted and not obsolete}
    bodies = {answer.pk: answer for answer in answers.filter(pk__in=best.values()).select_related("author")}
    found = []
    for question in questions:
        answer = bodies.get(best.get(question.pk, 0))
        if answer is not None:
            answer.question = question
        found.append(AnsweredQuestion(question, answer, answer is not None and answer.pk in accepted))
    return found
