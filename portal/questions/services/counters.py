"""Counters and derived columns. Each is set from what is there, never by adding to it, so none can drift.

``questions_recount`` is what services call after a change and what ``manage.py recount`` calls for everything.
"""

import math
from collections.abc import Iterable
from datetime import datetime

from django.db.models import Count, Max, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from portal.core.bulk import rows_update
from portal.questions.models import Answer, Comment, Demand, Question, Vote

from .holding import rows_hold

HOT_HALF_LIFE_S = 4 * 24 * 3600


def hot_value(*, score: int, answers: int, created_at: datetime) -> float:
    """Returns the place of a question on the front list, higher first.

    The logarithm of votes and answers plus the age: ten times the votes weigh as much as four days. The method is the
    one that Reddit made known ("hot ranking"); it needs no recomputing as time passes.
    """
    weight = abs(score) + answers
    order = math.copysign(math.log10(max(weight, 1)), score if score else 1)
    return round(order + created_at.timestamp() / HOT_HALF_LIFE_S, 7)


def _tallies(ids: list[int]) -> dict[int, tuple[int, datetime | None, int]]:
    """Returns for each question the number of its answers, the moment of the latest, the number of official ones."""
    rows = (
        Answer.objects.filter(question_id__in=ids, deleted_at__isnull=True)
        .values_list("question_id")
        .annotate(Count("id"), Max("created_at"), officials=Count("id", filter=Q(official=True)))
    )
    return {question: (count, latest, official) for question, count, latest, official in rows}


def _comments(ids: list[int]) -> tuple[dict[int, int], dict[int, datetime]]:
    alive = Comment.objects.filter(question_id__in=ids, deleted_at__isnull=True)
    own = dict(alive.filter(answer__isnull=True).values_list("question_id").annotate(Count("id")))
    seen = alive.filter(Q(answer__isnull=True) | Q(answer__deleted_at__isnull=True))
    return own, dict(seen.values_list("question_id").annotate(Max("created_at")))


def counting() -> QuerySet[Vote]:
    """Returns the votes that count: all but those that a reversal took out."""
    return Vote.objects.filter(void=False)


def _votes(ids: list[int]) -> dict[int, int]:
    return dict(counting().filter(question_id__in=ids).values_list("question_id").annotate(Sum("value")))


def questions_recount(*, ids: Iterable[int]) -> int:
    """Sets every counter and derived column of these questions; returns how many differed."""
    wanted = list(ids)
    held = rows_hold(Question.objects.filter(pk__in=wanted).select_related("accepted_answer").defer(*BODIES))
    # Held before anything is counted: what comes while we wait is counted too.
    questions = list(held)
    answers, votes = _tallies(wanted), _votes(wanted)
    demands = dict(Demand.objects.filter(question_id__in=wanted).values_list("question_id").annotate(Count("id")))
    comments, talked = _comments(wanted)
    changed = []
    for question in questions:
        before = _derived(question)
        count, latest, official = answers.get(question.pk, (0, None, 0))
        if question.accepted_answer is not None and question.accepted_answer.deleted_at is not None:
            question.accepted_answer = None
        question.answers_count, question.official = count, official > 0
        question.comments_count = comments.get(question.pk, 0)
        question.demand_count = demands.get(question.pk, 0)
        question.score = question.imported_score + votes.get(question.pk, 0)
        moments = [question.created_at, question.edited_at, latest, talked.get(question.pk), question.settled_at]
        question.last_activity_at = max(moment for moment in moments if moment is not None)
        question.status = question.derived_status()
        question.hot = hot_value(score=question.score, answers=count, created_at=question.created_at)
        if before != _derived(question):
            changed.append(question)
    rows_update(model=Question, objects=changed, names=DERIVED)
    return len(changed)


# The words of posts have no part in counting, and they are what a row weighs.
BODIES = ("body", "body_html", "accepted_answer__body", "accepted_answer__body_html")
DERIVED = [
    "answers_count",
    "comments_count",
    "demand_count",
    "score",
    "last_activity_at",
    "status",
    "hot",
    "accepted_answer",
    "official",
]


def _derived(question: Question) -> tuple[object, ...]:
    names = ("accepted_answer_id" if name == "accepted_answer" else name for name in DERIVED)
    return tuple(getattr(question, name) for name in names)


def answers_recount(*, ids: Iterable[int]) -> int:
    """Sets the counters of these answers; returns how many differed."""
    wanted = list(ids)
    held = rows_hold(Answer.objects.filter(pk__in=wanted).only("id", "imported_score", "score", "comments_count"))
    answers = list(held)
    votes = dict(counting().filter(answer_id__in=wanted).values_list("answer_id").annotate(Sum("value")))
    alive = Comment.objects.filter(answer_id__in=wanted, deleted_at__isnull=True)
    comments = dict(alive.values_list("answer_id").annotate(Count("id")))
    changed = []
    for answer in answers:
        score = answer.imported_score + votes.get(answer.pk, 0)
        count = comments.get(answer.pk, 0)
        if (answer.score, answer.comments_count) != (score, count):
            answer.score, answer.comments_count = score, count
            changed.append(answer)
    rows_update(model=Answer, objects=changed, names=["score", "comments_count"])
    return len(changed)


def post_rescore(*, post: Question | Answer) -> int:
    """Sets one post's score from its votes in the database itself, and returns it."""
    votes = counting().filter(**{"question" if isinstance(post, Question) else "answer": post})
    total = votes.aggregate(total=Coalesce(Sum("value"), 0))["total"]
    post.score = post.imported_score + total
    fields = ["score"]
    if isinstance(post, Question):
        post.hot = hot_value(score=post.score, answers=post.answers_count, created_at=post.created_at)
        fields.append("hot")
    post.save(update_fields=fields)
    return post.score
