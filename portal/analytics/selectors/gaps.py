"""What the pages of the gap ledger show."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Count, Max, Min, Q, QuerySet, Sum
from django.utils.http import urlencode

from portal.analytics.models import Gap, GapChange, GapDay, GapSource, GapStatus, SearchDay
from portal.core.clock import now
from portal.core.errors import NotFound
from portal.core.paging import Slice, keyset_page
from portal.core.permissions import require_moderator
from portal.discovery.models import ResultOpened, Search
from portal.discovery.registry import result_types
from portal.knowledge.models import KnowledgeIndexPage
from portal.questions.models import Question
from portal.questions.selectors.access import questions_visible_to
from search.documents import DocumentKey
from search.indexing import load_documents

PAGE_SIZE = 25
CSV_ROWS = 20_000
EXAMPLES = 12
SHOWN_CHANGES = 50
WEEKS = 13
ORDER = ("-failed", "-id")
LIVE = "live"
"""The status of a filter: open and assigned ones together."""
MINE, NOBODY = "me", "nobody"


@dataclass(frozen=True, slots=True)
class GapFilter:
    """Which gaps are wanted; empty values want all. status: of ``GapStatus`` or :data:`LIVE`; assignee: a user's id,
    ``me`` or ``nobody``."""

    language: str = ""
    kind: str = ""
    status: str = LIVE
    assignee: str = ""


@dataclass(frozen=True, slots=True)
class Example:
    """Words that people typed, how often, and what became of it. coverage: the percent of their weight that the best
    result held at last, None where nobody can tell."""

    words: str
    searches: int
    found: int
    clicked: int
    last: Any
    coverage: int | None = None

    @property
    def held(self) -> float | None:
        """Returns the coverage as a share."""
        return None if self.coverage is None else self.coverage / 100

    @property
    def address(self) -> str:
        """Returns the query of the results page for these words."""
        return urlencode({"q": self.words})


@dataclass(frozen=True, slots=True)
class Opened:
    """What was opened of the results, from which place at best."""

    title: str
    path: str
    times: int
    rank: int


@dataclass(frozen=True, slots=True)
class Week:
    """The searches of seven days."""

    first: date
    searches: int
    without_result: int
    clicked: int

    @property
    def zero_rate(self) -> float | None:
        """The share of searches that found nothing."""
        return self.without_result / self.searches if self.searches else None

    @property
    def click_rate(self) -> float | None:
        """The share of searches that led somewhere."""
        return self.clicked / self.searches if self.searches else None


def gaps_for(user: Any, wanted: GapFilter) -> QuerySet[Gap]:
    """Returns the gaps that are wanted, with their words and people; to staff only."""
    require_moderator(user)
    found = Gap.objects.exclude(kind="").select_related("search", "question", "assignee")
    if wanted.language:
        found = found.filter(language=wanted.language)
    if wanted.kind:
        found = found.filter(kind=wanted.kind)
    if wanted.status == LIVE:
        found = found.filter(status__in=(GapStatus.OPEN, GapStatus.ASSIGNED))
    elif wanted.status:
        found = found.filter(status=wanted.status)
    if wanted.assignee == NOBODY:
        return found.filter(assignee__isnull=True)
    if wanted.assignee:
        return found.filter(assignee_id=user.pk if wanted.assignee == MINE else int(wanted.assignee))
    return found


def gaps_page(*, user: Any, wanted: GapFilter, cursor: str | None, size: int = PAGE_SIZE) -> Slice[Gap]:
    """Returns a page of gaps, those that lead most people nowhere first."""
    return keyset_page(gaps_for(user, wanted), order=ORDER, cursor=cursor, size=size)


def gap_counts(user: Any, wanted: GapFilter) -> dict[str, int]:
    """Returns how many gaps of each kind there are under the other filters."""
    bare = GapFilter(language=wanted.language, status=wanted.status, assignee=wanted.assignee)
    counted = gaps_for(user, bare).order_by().values_list("kind").annotate(number=Count("pk"))
    return dict(counted)


def gap_for(user: Any, gap_id: int) -> Gap:
    """Returns one gap to staff; raises ``NotFound`` where there is none."""
    require_moderator(user)
    found = Gap.objects.select_related("search", "question", "assignee").filter(pk=gap_id).first()
    if found is None:
        raise NotFound
    return found


def article_parent(user: Any, language: str) -> int | None:
    """Returns the page below which an article in this language is written, in any if there is none in this one; None
    where there is no such page, or ``user`` may not write below it."""
    places = list(KnowledgeIndexPage.objects.order_by("path").select_related("locale"))
    fitting = [place for place in places if place.locale.language_code == language] or places
    may = bool(fitting) and fitting[0].permissions_for_user(user).can_add_subpage()
    return fitting[0].pk if may else None


def gap_languages() -> list[str]:
    """Returns the languages that gaps are in."""
    return sorted(Gap.objects.exclude(kind="").order_by().values_list("language", flat=True).distinct())


def gap_examples(gap: Gap) -> list[Example]:
    """Returns what people typed, as far as the log still keeps it, the most frequent first."""
    kept = Search.objects.filter(pk__in=gap.searches.values("search_id"), withheld="").exclude(text="")
    rows = kept.values_list("normalized").annotate(
        number=Count("pk"),
        found=Max("total"),
        led=Count("pk", filter=Q(opened_count__gt=0) | Q(answered_at__isnull=False)),
        last=Max("at"),
        best=Max("coverage"),
    )
    return [Example(*row) for row in rows.order_by("-number", "normalized")[:EXAMPLES]]


def gap_opened(user: Any, gap: Gap) -> list[Opened]:
    """Returns what was opened after these searches, as far as this reader may see it now."""
    rows = (
        ResultOpened.objects.filter(search__in=gap.searches.values("search_id"))
        .values_list("type", "object_id")
        .annotate(number=Count("pk"), best=Min("rank"))
        .order_by("-number", "type", "object_id")[:EXAMPLES]
    )
    opened = list(rows)
    paths = _paths(user, [(kind, identity) for kind, identity, _number, _best in opened])
    documents, _gone, _unreadable = load_documents(DocumentKey(kind, identity) for kind, identity in paths)
    titles = {(each.type, each.id): each.title for each in documents}
    return [
        Opened(titles.get((kind, identity), kind), paths[kind, identity], number, best)
        for kind, identity, number, best in opened
        if (kind, identity) in paths
    ]


def _paths(user: Any, keys: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
    wanted: dict[str, list[str]] = defaultdict(list)
    for kind, identity in keys:
        wanted[kind].append(identity)
    known: Mapping[str, Any] = result_types()
    return {
        (kind, identity): path
        for kind, identities in wanted.items()
        if kind in known
        for identity, path in known[kind].visible(user, identities).items()
    }


def gap_questions(user: Any, gap: Gap) -> list[Question]:
    """Returns the questions of a gap that this reader may see, those that wait first."""
    visible = questions_visible_to(user)
    if gap.source == GapSource.REPEATED:
        return list(visible.filter(duplicate_of=gap.question_id).order_by("-created_at")[:EXAMPLES])
    if gap.source == GapSource.UNANSWERED:
        members = visible.filter(pk__in=gap.questions.values("question_id"))
        return list(members.order_by("answers_count", "-created_at")[:EXAMPLES])
    return []


def gap_changes(gap: Gap) -> list[GapChange]:
    """Returns what was done with a gap, the last first."""
    changes = list(gap.changes.select_related("by").order_by("-pk")[:SHOWN_CHANGES])
    wanted = {change.after.get("assignee_id") for change in changes} - {None}
    people = get_user_model().objects.in_bulk(wanted) if wanted else {}
    for change in changes:
        person: Any = people.get(change.after.get("assignee_id"))
        change.assigned_name = person.shown_name if person else ""  # type: ignore[attr-defined]
    return changes


def weeks_of_search(language: str = "") -> list[Week]:
    """Returns the last :data:`WEEKS` weeks, oldest first, in one language or in all."""
    days = SearchDay.objects.filter(language=language) if language else SearchDay.objects.all()
    return _weeks(days)


def weeks_of_gap(gap: Gap) -> list[Week]:
    """Returns the last :data:`WEEKS` weeks of a gap, oldest first."""
    return _weeks(gap.days.all())


def _weeks(days: QuerySet[SearchDay] | QuerySet[GapDay]) -> list[Week]:
    today = now().date()
    firsts = [today - timedelta(days=7 * back - 1) for back in range(WEEKS, 0, -1)]
    rows = days.filter(day__gte=firsts[0]).values_list("day").order_by()
    summed = rows.annotate(Sum("searches"), Sum("without_result"), Sum("clicked"))
    counts: dict[date, list[int]] = {first: [0, 0, 0] for first in firsts}
    for day, *figures in summed:
        first = firsts[min((day - firsts[0]).days // 7, WEEKS - 1)]
        counts[first] = [old + new for old, new in zip(counts[first], figures, strict=True)]
    return [Week(first, *figures) for first, figures in counts.items()]


def csv_rows(user: Any, wanted: GapFilter) -> list[Gap]:
    """Returns the gaps for a file, in the order of the page."""
    return list(gaps_for(user, wanted).order_by(*ORDER)[:CSV_ROWS])
