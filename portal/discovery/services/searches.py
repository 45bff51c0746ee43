"""Writing the log of searches. Each of these is quick and silent: a log that fails is told to the operator only."""

import logging
from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import wraps
from typing import ParamSpec, TypeVar
from uuid import UUID

from django.conf import settings
from django.db.models import F

from portal.core.clock import now
from portal.core.patience import brief_transaction
from portal.discovery.models import Excluded, ResultOpened, Search, Surface, Who, Withheld
from portal.discovery.selectors import ResultPage
from portal.discovery.signatures import ShownResult
from portal.discovery.visitors import WINDOW, Visitor
from search.analyzers.normalization import normalize

from .personal_text import withheld_reason

logger = logging.getLogger(__name__)

LONGEST = 1_000
MOST_OPENINGS = 50
TYPING = timedelta(minutes=10)
"""Texts of one visitor within this time of each other, with nothing opened between them, are one search."""
SAME = timedelta(minutes=30)
"""Within this time the same words are the same search: a second page, a filter, a way back."""

Given = ParamSpec("Given")
Returned = TypeVar("Returned")


def quietly(function: Callable[Given, Returned]) -> Callable[Given, Returned | None]:
    """Runs the decorated function in a brief transaction; a failure is logged and gives None."""

    @wraps(function)
    def run(*args: Given.args, **kwargs: Given.kwargs) -> Returned | None:
        try:
            with brief_transaction():
                return function(*args, **kwargs)
        except Exception:
            logger.exception("%s was not written down", function.__name__)
            return None

    return run


@quietly
def search_record(
    *,
    visitor: Visitor,
    surface: Surface,
    language: str,
    text: str,
    page: ResultPage,
    filters: Mapping[str, str] | None = None,
) -> UUID | None:
    """Writes down a search and returns its id; None where nothing is written.

    What is typed on the ask page and below a search field, and the results page that it leads to, are one search of
    which the last text counts. visitor: of ``visitor_of``. language: the page's. page: what was answered. filters:
    those in force. Words that may not be kept (``withheld_reason``) are left out.
    """
    typed = " ".join(text.split())[:LONGEST]
    if not visitor.recorded or not typed or (surface == Surface.SUGGEST and not visitor.key):
        return None
    values = {
        **_words(typed),
        "surface": surface,
        "language": language,
        "filters": _kept_filters(filters or {}),
        "total": page.total,
        "engine": page.engine[:40],
        "degraded": page.degraded,
        "coverage": None if page.coverage is None else round(100 * page.coverage),
        "changed_at": now(),
    }
    earlier = _last_of(visitor)
    if earlier is not None and _is_same(earlier, values):
        return earlier.pk
    if earlier is not None and _is_typed_on(earlier, surface):
        Search.objects.filter(pk=earlier.pk).update(**values)
        return earlier.pk
    return Search.objects.create(
        visitor=visitor.hashed,
        who=visitor.who,
        holdout=visitor.holdout,
        excluded=_excluded(visitor, surface),
        **values,
    ).pk


def _words(typed: str) -> dict[str, str]:
    reason = Withheld.EXPIRED if settings.PORTAL_SEARCH_RETENTION_DAYS == 0 else withheld_reason(typed)
    if reason is not None:
        return {"text": "", "normalized": "", "withheld": reason}
    # PostgreSQL refuses a NUL, and every database a lone surrogate.
    typed = typed.replace("\x00", " ").encode("utf-8", "replace").decode()
    return {"text": typed, "normalized": normalize(typed), "withheld": ""}


def _kept_filters(filters: Mapping[str, str]) -> dict[str, str]:
    """Filters come out of an address, so anything may stand in them."""
    given = {name: value[:100].replace("\x00", " ") for name, value in filters.items() if value}
    return {} if withheld_reason(" ".join(given.values())) else given


def _excluded(visitor: Visitor, surface: Surface) -> str:
    if visitor.who == Who.STAFF:
        return Excluded.STAFF
    return Excluded.API if surface == Surface.API else ""


def _last_of(visitor: Visitor) -> Search | None:
    if not visitor.key:
        return None
    return Search.objects.filter(visitor=visitor.hashed, changed_at__gt=now() - SAME).order_by("-changed_at").first()


def _is_same(earlier: Search, values: Mapping[str, object]) -> bool:
    """The same words on the same surface, as on a second page of results."""
    alike = all(getattr(earlier, name) == values[name] for name in ("surface", "normalized", "withheld", "language"))
    return alike and earlier.question_id is None


def _is_typed_on(earlier: Search, surface: Surface) -> bool:
    """Whether a text goes on from what was typed before: letter by letter, or from the list to the results page."""
    leads = {(Surface.ASK, Surface.ASK), (Surface.SUGGEST, Surface.SUGGEST), (Surface.SUGGEST, Surface.PAGE)}
    done = earlier.opened_count or earlier.answered_at or earlier.declined_at or earlier.question_id
    return (earlier.surface, surface) in leads and not done and earlier.changed_at > now() - TYPING


@quietly
def search_visitor_record(*, search_id: UUID, visitor: Visitor) -> None:
    """Gives a search without a visitor the one who turned out to have made it."""
    if visitor.key:
        Search.objects.filter(pk=search_id, visitor="").update(visitor=visitor.hashed, holdout=visitor.holdout)


@quietly
def search_open_record(*, shown: ShownResult) -> None:
    """Writes down that a result was opened, once; a search has at most ``MOST_OPENINGS`` and ends with the window."""
    moment = now()
    live = Search.objects.filter(pk=shown.search_id, at__gt=moment - WINDOW, opened_count__lt=MOST_OPENINGS)
    if not live.exists():
        return
    _opening, fresh = ResultOpened.objects.get_or_create(
        search_id=shown.search_id,
        type=shown.type[:30],
        object_id=shown.object_id[:64],
        defaults={"rank": min(max(shown.rank, 1), 1000), "at": moment},
    )
    if fresh:
        live.update(opened_count=F("opened_count") + 1, changed_at=moment)


def search_answer_record(*, shown: ShownResult) -> None:
    """Writes down "this answers it": the result counts as opened, and the search as answered."""
    search_open_record(shown=shown)
    _answered(shown=shown)


@quietly
def _answered(*, shown: ShownResult) -> None:
    ResultOpened.objects.filter(search_id=shown.search_id, type=shown.type, object_id=shown.object_id).update(
        answered=True
    )
    Search.objects.filter(pk=shown.search_id, answered_at=None).update(answered_at=now())


@quietly
def search_decline_record(*, search_id: UUID) -> None:
    """Writes down "none of these"."""
    Search.objects.filter(pk=search_id, declined_at=None).update(declined_at=now())


@quietly
def search_question_record(*, visitor: Visitor, question_id: int, search_id: UUID | None = None) -> None:
    """Writes down that a question was asked after a visitor's searches, and after ``search_id`` where it is known."""
    recent = Search.objects.filter(question_id=None, at__gt=now() - WINDOW)
    if visitor.key:
        recent.filter(visitor=visitor.hashed).update(question_id=question_id)
    if search_id is not None:
        recent.filter(pk=search_id).update(question_id=question_id)


def searches_forget(*, question_ids: list[int]) -> int:
    """Deletes the searches that led to these questions, and all others of the same visitors; returns how many.

    For a member who wants to be forgotten: the log does not name her, her questions lead to it.
    """
    led = Search.objects.filter(question_id__in=question_ids)
    visitors = set(led.exclude(visitor="").values_list("visitor", flat=True))
    rows, _each = (led | Search.objects.filter(visitor__in=visitors)).delete()
    return rows
