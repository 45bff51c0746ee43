"""How questions become search documents. A question is found by its own words, by those of its answers and
by those of the questions that were joined with it."""

import functools
import operator
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.db.models.functions import Length
from django.utils.translation import gettext_lazy as _

from portal.core.markdown import plain_text
from portal.core.topics import below_products, below_topics, products_of, slugs_of
from portal.discovery.registry import Preview, ResultType, register_result_type
from portal.questions.models import Answer, Question, QuestionTopic, Status
from portal.questions.selectors.access import questions_visible_to
from portal.questions.selectors.answer_order import answers_ordered
from portal.questions.selectors.answered import answered_questions
from portal.questions.selectors.authors import author_shown
from search.documents import SearchDocument, SearchRequest
from search.outbox import enqueue
from search.queries.database import chosen, column, fixed, holding, moment, narrowed, texts_asked
from search.queries.parsing import parse_query
from search.reading import primary_keys
from search.registry import IndexedType, register

TYPE = "question"
BODY_LONGEST = 20_000
ANSWERS_LONGEST = 40_000
ALIASES_LONGEST = 10_000
# What may be the number of a question; no database holds longer ones.
NUMBER = re.compile(r"[0-9]{1,18}")
ORDERS = {"newest": "-created_at", "votes": "-score", "active": "-last_activity_at"}


def questions_changed(ids: Iterable[int]) -> None:
    """Notes, in the same transaction as the change, that the search must look at these questions again."""
    enqueue(TYPE, [str(pk) for pk in ids])


def _with_parts(questions: QuerySet[Question]) -> QuerySet[Question]:
    answers = answers_ordered(Answer.objects.filter(deleted_at__isnull=True))
    shown = answers.only("question_id", "body_html", "official", "score", "obsolete")
    joined = Question.objects.order_by("created_at", "id").only("merged_into_id", "title", "body_html")
    return questions.select_related("author").prefetch_related(
        "topic_items__tag__parent__parent",
        Prefetch("answers", queryset=shown, to_attr="shown_answers"),
        Prefetch("merged_questions", queryset=joined, to_attr="joined_questions"),
    )


def _wording(question: Question) -> str:
    """Returns a question's words, then those in which it was asked by questions that were joined with it."""
    joined: list[Question] = getattr(question, "joined_questions", [])
    own = plain_text(question.body_html)[:BODY_LONGEST]
    others = [f"{each.title}. {plain_text(each.body_html)}" for each in joined]
    return " ".join([own, " ".join(others)[:ALIASES_LONGEST]]).strip() if others else own


def document(question: Question) -> SearchDocument:
    """Returns the document of a question that came with its topics, author and ``shown_answers``."""
    answers: list[Answer] = getattr(question, "shown_answers", [])
    accepted = question.accepted_answer_id
    answers = sorted(answers, key=lambda answer: (answer.obsolete, answer.pk != accepted))
    author = author_shown(reader=None, post=question).member
    return SearchDocument(
        type=TYPE,
        id=str(question.pk),
        title=question.title,
        language=question.language,
        body=_wording(question),
        answers=" ".join(plain_text(answer.body_html) for answer in answers)[:ANSWERS_LONGEST],
        topics=slugs_of(item.tag for item in question.topic_items.all()),
        products=products_of(item.tag for item in question.topic_items.all()),
        author=author.username if author else None,
        status=question.status,
        source_id=question.source_key or None,
        score=question.score,
        accepted=accepted is not None,
        official=any(answer.official for answer in answers),
        obsolete=bool(answers) and answers[0].obsolete,
        answers_count=question.answers_count,
        created_at=question.created_at,
        updated_at=question.last_activity_at,
        names=tuple(("", each.title) for each in getattr(question, "joined_questions", [])),
    )


def load(ids: Sequence[str]) -> Iterable[SearchDocument]:
    """Returns the documents of the questions that everybody may see; the others are to leave the index."""
    found = _with_parts(questions_visible_to(None).filter(pk__in=[int(pk) for pk in ids]))
    return [document(question) for question in found]


def every_id() -> Iterator[str]:
    """Yields the id of every question that belongs in the index."""
    yield from primary_keys(questions_visible_to(None))


def fallback(request: SearchRequest) -> Sequence[SearchDocument]:
    """Answers from the database while the engine is away: questions that hold the rarest-looking words asked, or what
    these mean by the termbase."""
    asked, texts = parse_query(request.text), texts_asked(request)
    found = narrowed(questions_visible_to(None), request, COLUMNS)
    if texts:
        found = found.filter(_holding(*texts))
    for phrase in asked.phrases:
        found = found.filter(_holding(phrase))
    for unwanted in asked.excluded:
        found = found.exclude(_holding(unwanted))
    known = [int(pk) for kind, pk in request.exclude if kind == TYPE and NUMBER.fullmatch(pk)]
    found = found.exclude(pk__in=known) if known else found
    order = ORDERS.get(request.sort)
    if order:
        return [document(row) for row in _with_parts(found.order_by(order, "-id"))[: request.offset + request.limit]]
    pool = list(_with_parts(found.order_by(Length("title"), "-score", "-id"))[:200])
    pool.sort(key=lambda row: -_fit(row, texts))
    return [document(row) for row in pool[: request.offset + request.limit]]


def _holding(*texts: str) -> Q:
    """Returns the condition that a question, or one that was joined with it, holds one of the texts."""
    here = functools.reduce(operator.or_, (holding(text, "title", "body") for text in texts))
    joined = Question.objects.filter(here, merged_into__isnull=False)
    return here | Q(pk__in=joined.values("merged_into"))


def _marked(marks: Sequence[str]) -> Q:
    """Returns the questions that bear any of the marks."""
    answers = Answer.objects.filter(deleted_at__isnull=True)
    asked = Q(pk__in=())
    asked |= Q(accepted_answer__isnull=False) if "accepted" in marks else Q()
    asked |= Q(pk__in=answers.filter(official=True).values("question_id")) if "official" in marks else Q()
    if "obsolete" in marks:
        holding = Q(pk__in=answers.filter(obsolete=False).values("question_id"))
        asked |= Q(pk__in=answers.filter(obsolete=True).values("question_id")) & ~holding
    return asked


def _having(topics: Q) -> Q:
    return Q(pk__in=QuestionTopic.objects.filter(topics).values("content_object_id"))


COLUMNS = {
    "type": fixed(TYPE),
    "topic": chosen(lambda slugs: _having(below_topics("tag", slugs))),
    "product": chosen(lambda slugs: _having(below_products("tag", slugs))),
    "marks": chosen(_marked),
    "status": column("status"),
    "language": column("language"),
    "author": chosen(lambda names: Q(author__username__in=names, anonymous=False)),
    "answers_count": column("answers_count"),
    "created": moment("created_at"),
}


def _fit(question: Question, texts: Mapping[str, float]) -> float:
    """Returns how well a question fits: each text counts by its worth, in the title twice."""
    title, body = question.title.casefold(), question.body.casefold()
    return sum(worth * (2 * (text in title) + (text in body)) for text, worth in texts.items())


def _visible(user: Any, ids: Sequence[str]) -> dict[str, str]:
    found = questions_visible_to(user).filter(pk__in=[int(pk) for pk in ids]).only("id", "slug", "language")
    return {str(question.pk): question.get_absolute_url() for question in found}


def _previews(user: Any, ids: Sequence[str]) -> dict[str, Preview]:
    known = [int(pk) for pk in ids if NUMBER.fullmatch(pk)]
    return {
        str(found.question.pk): Preview("questions/preview.html", {"found": found, "question": found.question})
        for found in answered_questions(user=user, ids=known)
    }


def register_types() -> None:
    """Makes questions known to the search."""
    register(IndexedType(name=TYPE, load=load, ids=every_id, fallback=fallback))
    register_result_type(
        ResultType(
            name=TYPE,
            label=_("Questions"),
            icon="question",
            visible=_visible,
            previews=_previews,
            statuses=dict(Status.choices),
        )
    )
