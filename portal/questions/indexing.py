"""How questions become search documents. A question is found by its own words and by those of its answers."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.db.models.functions import Length
from django.utils.translation import gettext_lazy as _

from portal.core.markdown import plain_text
from portal.discovery.registry import ResultType, register_result_type
from portal.questions.models import Answer, Question
from portal.questions.selectors.access import questions_visible_to
from search.documents import SearchDocument, SearchRequest
from search.outbox import enqueue
from search.registry import IndexedType, register

TYPE = "question"
BODY_LONGEST = 20_000
ANSWERS_LONGEST = 40_000
FALLBACK_WORDS = 8
# What may be the number of a question; no database holds longer ones.
NUMBER = re.compile(r"[0-9]{1,18}")
ORDERS = {"newest": "-created_at", "votes": "-score", "active": "-last_activity_at"}


def questions_changed(ids: Iterable[int]) -> None:
    """Notes, in the same transaction as the change, that the search must look at these questions again."""
    enqueue(TYPE, [str(pk) for pk in ids])


def _with_parts(questions: QuerySet[Question]) -> QuerySet[Question]:
    answers = Answer.objects.filter(deleted_at__isnull=True).order_by("-official", "-score", "id")
    shown = answers.only("question_id", "body_html", "official", "score")
    return questions.select_related("author").prefetch_related(
        "topic_items__tag", Prefetch("answers", queryset=shown, to_attr="shown_answers")
    )


def document(question: Question) -> SearchDocument:
    """Returns the document of a question that came with its topics, author and ``shown_answers``."""
    answers: list[Answer] = getattr(question, "shown_answers", [])
    accepted = question.accepted_answer_id
    answers = sorted(answers, key=lambda answer: answer.pk != accepted)
    return SearchDocument(
        type=TYPE,
        id=str(question.pk),
        title=question.title,
        language=question.language,
        body=plain_text(question.body_html)[:BODY_LONGEST],
        answers=" ".join(plain_text(answer.body_html) for answer in answers)[:ANSWERS_LONGEST],
        topics=tuple(item.tag.slug for item in question.topic_items.all()),
        author=question.author.username if question.author else None,
        status=question.status,
        source_id=question.source_key or None,
        score=question.score,
        accepted=accepted is not None,
        official=any(answer.official for answer in answers),
        answers_count=question.answers_count,
        created_at=question.created_at,
        updated_at=question.last_activity_at,
    )


def load(ids: Sequence[str]) -> Iterable[SearchDocument]:
    """Returns the documents of the questions that everybody may see; the others are to leave the index."""
    found = _with_parts(questions_visible_to(None).filter(pk__in=[int(pk) for pk in ids]))
    return [document(question) for question in found]


def every_id() -> Iterator[str]:
    """Yields the id of every question that belongs in the index."""
    for pk in questions_visible_to(None).order_by("pk").values_list("pk", flat=True).iterator(chunk_size=2000):
        yield str(pk)


def fallback(request: SearchRequest) -> Sequence[SearchDocument]:
    """Answers from the database while the engine is away: questions that hold the rarest-looking words asked."""
    found = questions_visible_to(None)
    words = sorted({word for word in request.text.split() if len(word) > 1}, key=len, reverse=True)[:FALLBACK_WORDS]
    if request.text.strip():
        wanted = Q()
        for word in words or [request.text.strip()]:
            wanted |= Q(title__icontains=word) | Q(body__icontains=word)
        found = found.filter(wanted)
    if request.statuses:
        found = found.filter(status__in=request.statuses)
    if request.topics:
        found = found.filter(topic_items__tag__slug__in=request.topics).distinct()
    if request.language:
        found = found.filter(language=request.language)
    if request.author:
        found = found.filter(author__username=request.author)
    known = [int(pk) for kind, pk in request.exclude if kind == TYPE and NUMBER.fullmatch(pk)]
    found = found.exclude(pk__in=known) if known else found
    order = ORDERS.get(request.sort)
    if order:
        return [document(row) for row in _with_parts(found.order_by(order, "-id"))[: request.offset + request.limit]]
    pool = list(_with_parts(found.order_by(Length("title"), "-score"))[:200])
    pool.sort(key=lambda row: -_fit(row, words))
    return [document(row) for row in pool[: request.offset + request.limit]]


def _fit(question: Question, words: Sequence[str]) -> float:
    """Returns how well a question fits: longer words count more, in the title twice."""
    title, body = question.title.casefold(), question.body.casefold()
    return sum(len(w) * (2 * (w.casefold() in title) + (w.casefold() in body)) for w in words)


def _visible(user: Any, ids: Sequence[str]) -> dict[str, str]:
    found = questions_visible_to(user).filter(pk__in=[int(pk) for pk in ids]).only("id", "slug", "language")
    return {str(question.pk): question.get_absolute_url() for question in found}


def register_types() -> None:
    """Makes questions known to the search."""
    register(IndexedType(name=TYPE, load=load, ids=every_id, fallback=fallback))
    register_result_type(ResultType(name=TYPE, label=_("Questions"), icon="question", visible=_visible))
