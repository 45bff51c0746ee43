"""One at a time: the one way to hold a question, an answer or a comment until the transaction ends.

The order, so that no two wait for each other: the graph of repeats and merges, questions by number, answers by number,
then members. What hangs below a question (its answers, comments, acceptance, counters) is changed by who holds the
question; only a vote for an answer holds that answer alone, so that votes below one question need not queue.

Whoever held the row before may have deleted it, joined it with another question or led it there. So it is looked at
after it is held: what cannot be seen any more raises what reading it raises (``NotFound``, ``Moved``), and an answer
or a comment that was led elsewhere is held anew, below the question where it is.

Rows are held as PostgreSQL's ``FOR NO KEY UPDATE``: new rows that merely point at them need not wait. On SQLite a
transaction holds the whole file from its beginning on, and there is nothing to hold or to wait for.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from django.db import connection, transaction
from django.db.models import Model, QuerySet

from portal.core.errors import Busy
from portal.core.locks import conflicts_told, named_lock
from portal.questions.models import Answer, Comment, Question
from portal.questions.selectors.access import (
    answer_visible_to,
    answers_visible_to,
    comment_visible_to,
    deleted_question_for,
    question_visible_to,
    questions_visible_to,
)

GRAPH = "questions.graph"
# A row that was led elsewhere while it was waited for is waited for again; more often than this nobody merges.
ATTEMPTS = 5
Row = TypeVar("Row", bound=Model)
Below = TypeVar("Below", Answer, Comment)


class _LedElsewhere(Exception):
    """What is held is not where it was: let go, and begin again."""


def graph_hold() -> None:
    """Holds what leads where (repeats and merges) until the transaction ends; to be taken before any row.

    Marking, joining, parting and opening again are rare and touch many questions: one of them at a time.
    """
    named_lock(GRAPH)


def rows_hold(rows: QuerySet[Row]) -> QuerySet[Row]:
    """Returns these rows, held until the transaction ends once they are read; always in one order."""
    return rows.select_for_update(of=("self",), no_key=True).order_by("pk")


def questions_hold(ids: Iterable[int]) -> dict[int, Question]:
    """Returns these questions, deleted ones too, held until the transaction ends."""
    every: QuerySet[Question] = Question._base_manager.filter(pk__in=set(ids))
    return {question.pk: question for question in rows_hold(every)}


def question_hold(*, user: Any, question_id: int) -> Question:
    """Returns a question that ``user`` sees, held until the transaction ends; raises ``NotFound`` or ``Moved``."""
    for _attempt in range(ATTEMPTS):
        with conflicts_told():
            seen = questions_visible_to(user).filter(pk=question_id).select_related("author")
            found = rows_hold(seen).first()
        if found is not None:
            return found
        question_visible_to(user, question_id)  # raises, or it came back this very moment
    raise Busy


def deleted_question_hold(*, user: Any, question_id: int) -> Question:
    """Returns a deleted question that ``user`` may bring back, held until the transaction ends; raises ``NotFound``."""
    with conflicts_told():
        questions_hold([question_id])
    return deleted_question_for(user, question_id)


def answer_hold(*, user: Any, answer_id: int, find: Callable[[Any, int], Answer] = answer_visible_to) -> Answer:
    """Returns an answer with its question, which is held until the transaction ends.

    find: looks the answer up for ``user`` and raises where there is none for her.
    """
    return _below(Answer, user, answer_id, find)


def comment_hold(*, user: Any, comment_id: int, find: Callable[[Any, int], Comment] = comment_visible_to) -> Comment:
    """Returns a comment with its question, which is held until the transaction ends. find: as for ``answer_hold``."""
    return _below(Comment, user, comment_id, find)


def post_hold(*, user: Any, kind: str, post_id: int) -> Question | Answer:
    """Returns a question or an answer that ``user`` sees, its question held until the transaction ends.

    kind: ``question`` or ``answer``. Raises ``NotFound`` where there is none for her.
    """
    if kind == "question":
        return question_hold(user=user, question_id=post_id)
    return answer_hold(user=user, answer_id=post_id)


def voted_hold(*, user: Any, kind: str, post_id: int) -> Question | Answer:
    """Returns a question or an answer, itself held until the transaction ends and not the question of the answer."""
    if kind == "question":
        return question_hold(user=user, question_id=post_id)
    for _attempt in range(ATTEMPTS):
        with conflicts_told():
            seen = answers_visible_to(user).filter(pk=post_id).select_related("question")
            found = rows_hold(seen).first()
        if found is not None:
            return found
        answer_visible_to(user, post_id)  # raises, or it was led to another question this very moment
    raise Busy


def _below(kind: type[Below], user: Any, pk: int, find: Callable[[Any, int], Below]) -> Below:
    for _attempt in range(ATTEMPTS):
        question_id = kind.objects.filter(pk=pk).values_list("question_id", flat=True).first()
        try:
            with _savepoint():
                question = None
                if question_id is not None:
                    question = rows_hold(questions_visible_to(user).filter(pk=question_id)).first()
                found = find(user, pk)
                if question is None or found.question_id != question.pk:
                    raise _LedElsewhere
                found.question = question
                return found
        except _LedElsewhere:
            continue
    raise Busy


@contextmanager
def _savepoint() -> Iterator[None]:
    """What is held in the block is let go where it raises; only where rows are held at all."""
    if not connection.features.has_select_for_update:
        yield
        return
    with conflicts_told(), transaction.atomic():
        yield
