"""What goes along when one question is joined with another.

Nothing is copied and nothing deleted: a row is led to the other question, or it stays with the one that is put away.
So parting the two again needs no more than the ids of the rows that were led.

A row that names an answer and its question follows the answer, whatever its table. A row that names the question alone
goes along where its table is listed here: those of the questions app below, others by ``register_carried`` in the
``ready()`` of their app.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db.models import ForeignObjectRel, Model, Q, QuerySet

from portal.questions.models import Answer, Question, QuestionMove

Moved = dict[str, list[int]]


@dataclass(frozen=True, slots=True)
class Carried:
    """A column that names a question and goes along.

    model: ``app.model``. column: the foreign key, or an integer that holds the question's id. one_for: the columns that
    with the question make a row the only one of its kind: where the target has such a row, that one stays and this
    one is left behind. only: which rows of the table are meant. by: the column of the member, where a row by the
    target's own author must not come (her own vote). apart: the other column of the row that names a question, so that
    no question comes to name itself.
    """

    model: str
    column: str
    one_for: tuple[str, ...] = ()
    only: Q = field(default_factory=Q)
    by: str = ""
    apart: str = ""

    @property
    def key(self) -> str:
        """The name under which a merge keeps the ids."""
        return f"{self.model}.{self.column}"

    def rows(self) -> QuerySet[Any]:
        """Returns the rows of the table that are meant."""
        found: QuerySet[Any] = manager_of(apps.get_model(self.model)).filter(self.only)
        return found

    def going(self, source: Question, target: Question) -> list[int]:
        """Returns the ids of the rows that go from ``source`` to ``target``."""
        found = self.rows().filter(**{self.column: source.pk})
        if self.by and target.author_id is not None:
            found = found.exclude(**{self.by: target.author_id})
        found = found.exclude(**{self.apart: target.pk}) if self.apart else found
        known = set(self.rows().filter(**{self.column: target.pk}).values_list(*self.one_for)) if self.one_for else ()
        rows = found.order_by("pk").values_list("pk", *self.one_for)
        return [row[0] for row in rows if not (self.one_for and row[1:] in known)]


OWN = (
    Carried("questions.comment", "question", only=Q(answer__isnull=True)),
    Carried("questions.vote", "question", one_for=("user",), by="user"),
    Carried("questions.demand", "question", one_for=("user",), by="user"),
    Carried("questions.bookmark", "question", one_for=("user",)),
    # What a member has not sent yet goes on at the other question.
    Carried("questions.draft", "target_id", one_for=("owner", "kind"), only=Q(kind__in=("answer", "question-comment"))),
    Carried("questions.draft", "question"),
    Carried("questions.question", "merged_into", apart="pk"),
    Carried("questions.question", "duplicate_of", apart="pk"),
    Carried("questions.questionlink", "question", one_for=("target", "kind"), apart="target"),
    Carried("questions.questionlink", "target", one_for=("question", "kind"), apart="question"),
)
_registered: dict[str, Carried] = {each.key: each for each in OWN}


def register_carried(carried: Carried) -> None:
    """Makes a column known that goes along with a question."""
    _registered[carried.key] = carried


def carried_columns() -> list[Carried]:
    """Returns every column that goes along."""
    return list(_registered.values())


def manager_of(model: type[Model]) -> Any:
    """Returns what every row of a table is read through."""
    return model._base_manager


def following_answers() -> Iterator[tuple[type[Model], str, str]]:
    """Yields (model, column of the answer, column of the question) of every table whose rows name both."""
    for relation in Answer._meta.get_fields(include_hidden=True):
        model: Any = relation.related_model
        # A question's moves are its own story, also where they tell of an answer.
        if not isinstance(relation, ForeignObjectRel) or model in (Question, QuestionMove):
            continue
        for column in model._meta.concrete_fields:
            if column.is_relation and column.related_model is Question:
                yield model, relation.field.name, column.name


def answers_lead(*, ids: list[int], of: Question, to: Question) -> None:
    """Leads answers ``of`` one question to another, with every row that names them and their question."""
    Answer.objects.filter(pk__in=ids).update(question=to)
    for model, answer, question in following_answers():
        manager_of(model).filter(**{f"{answer}__in": ids, question: of.pk}).update(**{question: to.pk})
