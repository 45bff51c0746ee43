"""Questions with the one answer that is read first."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

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
    while it is not outdated, else the one that stands first on the question's page. Two queries."""
    own = answers_visible_to(user).filter(question=OuterRef("pk"))
    holds = own.filter(pk=OuterRef("accepted_answer"), obsolete=False).values("pk")
    best = Coalesce(Subquery(holds[:1]), Subquery(answers_ordered(own).values("pk")[:1]))
    questions = list(questions_visible_to(user).filter(pk__in=ids).annotate(best=best))
    shown = {question.best for question in questions} - {None}
    answers = {answer.pk: answer for answer in _answers(user, shown)} if shown else {}
    found = []
    for question in questions:
        answer = answers.get(question.best)
        if answer is not None:
            answer.question = question
        accepted = answer is not None and answer.pk == question.accepted_answer_id
        found.append(AnsweredQuestion(question, answer, accepted))
    return found


def _answers(user: Any, ids: Collection[int]) -> QuerySet[Answer]:
    return answers_visible_to(user).filter(pk__in=ids).select_related("author")
