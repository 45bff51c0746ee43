"""The ledger against a model of it: random logs, counted by hand, in any portions and after any history."""

import random
from collections import defaultdict
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.analytics.models import Gap, GapChange, GapDay, GapSearch, GapStatus, SearchDay
from portal.analytics.services import gaps as services
from portal.analytics.services.changes import COLUMNS
from portal.analytics.services.ledger import ledger_update
from portal.analytics.services.ledger.figures import Sums, kind_of
from portal.core.clock import now
from portal.core.errors import PortalError
from portal.discovery.models import ResultOpened, Search, Surface, Who, Withheld
from tests.factories.accounts import member
from tests.factories.searches import searched

pytestmark = pytest.mark.django_db
DATABASE = settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
NEEDS = ["reset password", "invoice pdf", "cancel order", "lamp blinks red", "error 104"]


@st.composite
def logs(draw):
    """Rows of a log: what was typed, how many days ago, what was found, and from which place something was opened."""
    return draw(
        st.lists(
            st.fixed_dictionaries(
                {
                    "text": st.sampled_from(NEEDS),
                    "days": st.integers(1, 70),
                    "total": st.sampled_from([0, 0, 4]),
                    "rank": st.sampled_from([0, 0, 1, 5, 6, 12]),
                    "who": st.sampled_from([Who.STRANGER, Who.STRANGER, Who.MEMBER, Who.STAFF, Who.BOT]),
                    "surface": st.sampled_from([Surface.PAGE, Surface.PAGE, Surface.ASK, Surface.API]),
                    "degraded": st.sampled_from([False, False, False, True]),
                }
            ),
            max_size=30,
        )
    )


def written(rows):
    """Writes rows into the log."""
    for row in rows:
        searched(
            row["text"],
            days=row["days"],
            total=row["total"],
            clicked=int(row["rank"] > 0),
            rank=row["rank"],
            who=row["who"],
            surface=row["surface"],
            degraded=row["degraded"],
        )


def counted(rows):
    """What the ledger must say of these rows: by need, the sums of its searches."""
    sums = defaultdict(lambda: defaultdict(int))
    for row in rows:
        if row["who"] not in (Who.STRANGER, Who.MEMBER) or row["surface"] == Surface.API:
            continue
        one = sums[row["text"]]
        one["window"] += 1
        one["without_result"] += row["total"] == 0 and not row["rank"]
        one["clicked"] += row["rank"] > 0
        one["late"] += row["degraded"] or row["rank"] >= 6
        one["lately"] += row["days"] < 30
        one["earlier"] += 30 <= row["days"] < 60
    return {text: Sums(**one) for text, one in sums.items()}


def told():
    """What the ledger says, in the same shape; late ones are not kept of a gap, its kind tells of them."""
    return {
        gap.words: (gap.window, gap.failed, gap.clicked, gap.lately, gap.earlier, gap.total, gap.kind)
        for gap in Gap.objects.select_related("search")
    }


def wipe():
    """Empties log and ledger between examples."""
    for model in (GapChange, GapDay, GapSearch, Gap, SearchDay, ResultOpened, Search):
        model.objects.all().delete()


@DATABASE
@given(logs())
def test_counts_are_those_made_by_hand(rows):
    wipe()
    written(rows)
    ledger_update()
    expected = {
        text: (s.window, s.failed, s.clicked, s.lately, s.earlier, s.window, kind_of(s) or "")
        for text, s in counted(rows).items()
    }
    assert told() == expected
    assert sum(day.searches for day in SearchDay.objects.all()) == sum(s.window for s in counted(rows).values())


@DATABASE
@given(logs(), st.integers(0, 2**16))
def test_the_log_in_portions_comes_to_the_same(rows, seed):
    """Whether the worker looks after every search or once: figures are the same, once all is counted."""
    wipe()
    written(rows)
    ledger_update()
    at_once = {words: figures[:6] for words, figures in told().items()}
    wipe()
    chance = random.Random(seed)
    ordered = sorted(rows, key=lambda row: -row["days"])
    while ordered:
        size = chance.randint(1, len(ordered))
        written(ordered[:size])
        ordered = ordered[size:]
        ledger_update()
    assert {words: figures[:6] for words, figures in told().items()} == at_once


@DATABASE
@given(logs(), st.data())
def test_whatever_the_log_forgets_counts_stay_and_words_go(rows, data):
    wipe()
    written(rows)
    ledger_update()
    before = {gap.pk: (gap.window, gap.total) for gap in Gap.objects.all()}
    kept = [row.pk for row in Search.objects.all() if data.draw(st.booleans())]
    Search.objects.exclude(pk__in=kept).update(text="", normalized="", withheld=Withheld.EXPIRED)
    ledger_update()
    assert {gap.pk: (gap.window, gap.total) for gap in Gap.objects.all()} == before
    with_words = set(GapSearch.objects.exclude(search__text="").values_list("gap_id", flat=True))
    assert {gap.pk for gap in Gap.objects.select_related("search") if gap.words} == with_words


ACTS = st.sampled_from(["assign", "nobody", "close", "ignore", "reopen", "fix", "undo", "rules"])


@DATABASE
@given(st.lists(ACTS, max_size=12), st.data())
def test_every_history_can_be_taken_back_to_its_beginning(acts, data):
    """Whatever staff do, in any order: nothing breaks, states are sound, and undoing backwards leads to the start."""
    wipe()
    staff = [member(staff=True), member(staff=True)]
    searched("reset password", times=6, total=0, days=3)
    ledger_update()
    gap = Gap.objects.get()
    start = {name: getattr(gap, name) for name in COLUMNS}
    for act in acts:
        one = data.draw(st.sampled_from(staff))
        try:
            perform(act, gap.pk, one)
        except PortalError:
            continue
        finally:
            gap.refresh_from_db()
            sound(gap)
    last = gap.changes.filter(undone_by=None).order_by("-pk")
    for change in [each for each in last if in_force(each)]:
        services.gap_undo(user=staff[0], change_id=change.pk)
    gap.refresh_from_db()
    assert {name: getattr(gap, name) for name in COLUMNS} == start


def perform(act, gap_id, user):
    """Does one act with the gap."""
    if act in ("assign", "nobody"):
        services.gap_assign(user=user, gap_id=gap_id, assignee_id=user.pk if act == "assign" else None)
    elif act == "fix":
        services.gap_fix(user=user, gap_id=gap_id, kind="article", url="/en/knowledge/passwords/")
    elif act == "undo":
        last = GapChange.objects.filter(gap=gap_id, undone_by=None).order_by("-pk").first()
        if last:
            services.gap_undo(user=user, change_id=last.pk)
    elif act == "rules":
        ledger_update()
    else:
        {"close": services.gap_close, "ignore": services.gap_ignore, "reopen": services.gap_reopen}[act](
            user=user, gap_id=gap_id
        )


def in_force(change):
    """Whether a change that nobody took back shows in the gap: an undo of it does not, an undo of that does."""
    taken_back = getattr(change, "undoes", None)
    return taken_back is None or not in_force(taken_back)


def sound(gap):
    """What must hold of a gap after anything."""
    if gap.status == GapStatus.ASSIGNED:
        assert gap.assignee_id is not None
    if gap.status in (GapStatus.OPEN, GapStatus.IGNORED):
        assert gap.assignee_id is None
    assert (gap.closed_at is not None) == (gap.status == GapStatus.CLOSED)
    assert bool(gap.fix_url) == bool(gap.fix_kind) == (gap.fixed_at is not None)
    last = gap.changes.order_by("-pk").first()
    if last:
        assert last.at <= now() + timedelta(seconds=1)
        assert set(last.before) == set(last.after)
