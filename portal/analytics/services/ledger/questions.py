"""Questions that nobody answered, near-identical ones together, and questions that are asked again and again."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import transaction
from django.db.models import Count, Exists, Max, Min, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from portal.analytics.clustering import clustered, signature
from portal.analytics.models import Gap, GapKind, GapQuestion, GapSource, GapStatus
from portal.core.clock import now
from portal.questions.models import Question, Status
from portal.questions.selectors.access import questions_visible_to

from .figures import LATELY, WINDOW, gaps_save

PATIENCE = timedelta(days=2)
"""A question waits for an answer so long before it is a gap."""
REPEATED_FROM = 2
"""So many questions must repeat one."""
_COLUMNS = ("failed", "lately", "earlier", "total", "first_seen", "last_seen", "question_id")
_CHUNK = 500


class _Waiting(NamedTuple):
    """An unanswered question without a gap."""

    pk: int
    language: str
    title: str
    at: datetime


def waiting_questions() -> QuerySet[Question]:
    """Returns the questions that wait for an answer longer than :data:`PATIENCE`."""
    waiting = questions_visible_to(None).filter(status__in=(Status.OPEN, Status.NEEDS_DETAILS), answers_count=0)
    return waiting.filter(created_at__lt=now() - PATIENCE)


def unanswered_cluster() -> None:
    """Puts every unanswered question into a gap, and counts these gaps anew."""
    placed = GapQuestion.objects.filter(question=OuterRef("pk"))
    rows = waiting_questions().filter(~Exists(placed)).order_by("created_at", "pk")
    fresh = [_Waiting(*row) for row in rows.values_list("pk", "language", "title", "created_at")]
    for language in sorted({each.language for each in fresh}):
        _cluster(language, [each for each in fresh if each.language == language])
    _count_unanswered()


def _cluster(language: str, fresh: Sequence[_Waiting]) -> None:
    led = Gap.objects.filter(source=GapSource.UNANSWERED, language=language, question__deleted_at__isnull=True)
    rows = led.order_by("pk").values_list("pk", "question__title")
    known = [(Gap(pk=pk), signature(title, language)) for pk, title in rows if title]
    gaps = [gap for gap, _found in known]
    places = clustered([found for _gap, found in known], [signature(each.title, language) for each in fresh])
    for each, place in zip(fresh, places, strict=True):
        if place == len(gaps):
            gaps.append(
                Gap(
                    source=GapSource.UNANSWERED,
                    kind=GapKind.UNANSWERED,
                    language=language,
                    question_id=each.pk,
                    first_seen=each.at,
                    last_seen=each.at,
                )
            )
    with transaction.atomic():
        Gap.objects.bulk_create(gaps[len(known) :], batch_size=_CHUNK)
        rows_made = [
            GapQuestion(question_id=each.pk, gap=gaps[place]) for each, place in zip(fresh, places, strict=True)
        ]
        GapQuestion.objects.bulk_create(rows_made, batch_size=_CHUNK, ignore_conflicts=True)


def _count_unanswered() -> None:
    """Counts questions that are still there, and who has their problem too.

    The oldest that waits stands for all, or the oldest of all.
    """
    waiting = Q(question__answers_count=0, question__status__in=(Status.OPEN, Status.NEEDS_DETAILS))
    counted = _counted(
        GapQuestion.objects.filter(question__in=questions_visible_to(None)).values_list("gap_id"),
        "question__created_at",
        waiting,
        others="question__demand_count",
    )
    first = GapQuestion.objects.filter(gap=OuterRef("pk"), question__deleted_at__isnull=True).order_by(
        "question__answers_count", "question__created_at", "question_id"
    )
    gaps = Gap.objects.filter(source=GapSource.UNANSWERED).annotate(heir=Subquery(first.values("question_id")[:1]))
    _write(gaps, counted)


def repeated_count() -> None:
    """Makes a gap of every question that :data:`REPEATED_FROM` others repeat, and counts these gaps anew."""
    repeats = questions_visible_to(None).filter(status=Status.DUPLICATE, duplicate_of__in=questions_visible_to(None))
    lately = Q(created_at__gt=now() - WINDOW)
    counted = _counted(repeats.values_list("duplicate_of_id"), "created_at", lately)
    known = set(Gap.objects.filter(source=GapSource.REPEATED).values_list("question_id", flat=True))
    often = [target for target, row in counted.items() if row[3] >= REPEATED_FROM and target not in known]
    made = [
        Gap(source=GapSource.REPEATED, kind=GapKind.REPEATED, language=target.language, question=target)
        for target in Question.objects.filter(pk__in=often).order_by("pk")
    ]
    Gap.objects.bulk_create(made, batch_size=_CHUNK, ignore_conflicts=True)
    gaps = list(Gap.objects.filter(source=GapSource.REPEATED, question__isnull=False))
    _write(gaps, {gap.pk: counted[gap.question_id] for gap in gaps if gap.question_id in counted})


def _counted(rows: QuerySet, when: str, failed: Q, others: str = "") -> dict[int, tuple]:  # type: ignore[type-arg]
    """Returns failed, lately, earlier, total, first and last by the key that ``rows`` list.

    others: a column of how many more have what a failed row tells of.
    """
    moment = now()
    lately = Q(**{f"{when}__gt": moment - LATELY})
    earlier = Q(**{f"{when}__gt": moment - 2 * LATELY, f"{when}__lte": moment - LATELY})
    more = Coalesce(Sum(others, filter=failed), 0) if others else Value(0)
    figures = rows.annotate(
        failed_now=Count("pk", filter=failed) + more,
        lately_now=Count("pk", filter=lately),
        earlier_now=Count("pk", filter=earlier),
        total_now=Count("pk"),
        first_now=Min(when),
        last_now=Max(when),
    )
    return {key: tuple(row) for key, *row in figures.order_by()}


def _write(gaps: QuerySet[Gap] | Sequence[Gap], counted: dict[int, tuple]) -> None:  # type: ignore[type-arg]
    changed = []
    for gap in gaps:
        failed, lately, earlier, total, first, last = counted.get(gap.pk, (0, 0, 0, 0, gap.first_seen, gap.last_seen))
        heir = getattr(gap, "heir", None) or gap.question_id
        values = dict(zip(_COLUMNS, (failed, lately, earlier, total, first, last, heir), strict=True))
        if any(getattr(gap, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(gap, name, value)
            changed.append(gap)
    gaps_save(gaps=changed, columns=[name.removesuffix("_id") for name in _COLUMNS])


def gaps_of_questions() -> Iterator[Gap]:
    """Yields the gaps of questions that a rule may close or open again."""
    sources = (GapSource.UNANSWERED, GapSource.REPEATED)
    statuses = (GapStatus.OPEN, GapStatus.ASSIGNED, GapStatus.CLOSED)
    yield from Gap.objects.filter(source__in=sources, status__in=statuses).order_by("pk")
