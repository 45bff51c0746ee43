"""When figures close a gap or open it again, and who counts as deflected: rules that hold for any figures."""

from datetime import UTC, datetime
from itertools import permutations

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from portal.analytics.proportions import Interval, wilson
from portal.analytics.selectors.deflection import ENOUGH, Deflection, Group, Visitor
from portal.analytics.services.ledger import rules
from portal.analytics.services.ledger.rules import CLICK_RATE, SEARCHES_FROM
from portal.analytics.templatetags.figures import percent, points
from portal.discovery.models import Surface

searches = st.integers(SEARCHES_FROM, 2_000)
figures = searches.flatmap(lambda number: st.tuples(st.just(number), st.integers(0, number)))


@pytest.fixture(scope="module")
def verdict():
    """Returns what the rules do with a gap of some searches and openings: "close", "open" or nothing."""
    done = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rules, "_close", lambda gap_id, figures: done.append(("close", figures)))
        patch.setattr(rules, "_reopen", lambda gap_id, figures: done.append(("open", figures)))

        def judged(number, clicked):
            done.clear()
            rules._judge(1, number, clicked)
            assert len(done) <= 1
            return done[0][0] if done else ""

        judged.done = done
        yield judged


class TestClosing:
    @given(figures)
    def test_only_a_rate_that_is_surely_above_closes_and_one_surely_below_opens(self, verdict, found):
        number, clicked = found
        interval = wilson(clicked, number)
        wanted = "close" if interval.low > CLICK_RATE else "open" if interval.high < CLICK_RATE else ""
        assert verdict(number, clicked) == wanted

    @given(searches)
    def test_more_clicks_never_open_and_between_both_there_is_room(self, verdict, number):
        told = [verdict(number, clicked) for clicked in range(0, number + 1, max(1, number // 40))]
        order = {"open": 0, "": 1, "close": 2}
        assert [order[each] for each in told] == sorted(order[each] for each in told)
        assert "" in told or number > 200, "it must not flap from one search to the next"

    @given(figures)
    def test_the_rate_itself_is_on_the_side_that_is_told(self, verdict, found):
        number, clicked = found
        told = verdict(number, clicked)
        if told:
            assert (clicked / number > CLICK_RATE) is (told == "close")

    @pytest.mark.parametrize(
        ("number", "clicked", "told"),
        [
            (10, 5, ""),
            (10, 6, "close"),
            (10, 0, "open"),
            (10, 1, ""),
            (100, 38, ""),
            (100, 40, "close"),
            (100, 21, "open"),
            (100, 22, ""),
        ],
    )
    def test_where_the_bounds_are(self, verdict, number, clicked, told):
        assert verdict(number, clicked) == told

    def test_openings_counted_twice_are_no_more_than_all(self, verdict):
        """A search may be counted as opened on another day than it was made."""
        assert verdict(10, 14) == "close"
        assert verdict.done[0][1]["high"] == 1.0

    def test_the_figures_that_were_judged_by_are_kept(self, verdict):
        verdict(100, 80)
        ((_what, kept),) = verdict.done
        assert (kept["searches"], kept["clicked"]) == (100, 80)
        assert CLICK_RATE < kept["low"] < 0.8 < kept["high"]


def search(**fields):
    """A search of the log as the report reads it."""
    plain = {"excluded": "", "surface": Surface.PAGE, "opened_count": 0, "question_id": None}
    return plain | {"answered_at": None, "declined_at": None} | fields


MOMENT = datetime(2027, 3, 1, tzinfo=UTC)
OPENED, ASKED = search(opened_count=1), search(question_id=7)
DECLINED, ANSWERED = search(declined_at=MOMENT), search(opened_count=1, answered_at=MOMENT)


def visitor(*rows):
    made = Visitor(MOMENT, "en", False)
    for row in rows:
        made.read(row)
    return made


class TestVisitors:
    @given(st.lists(st.sampled_from([search(), OPENED, ASKED, DECLINED, ANSWERED]), max_size=6))
    def test_deflected_are_only_who_opened_and_did_not_ask(self, rows):
        made = visitor(*rows)
        if made.deflected:
            assert any(row["opened_count"] for row in rows)
            assert all(row["question_id"] is None for row in rows)
        assert made.counts

    @given(st.lists(st.sampled_from([search(), OPENED, ASKED, DECLINED, ANSWERED]), max_size=6))
    def test_who_asks_at_any_time_is_not_deflected(self, rows):
        for place in range(len(rows) + 1):
            assert not visitor(*rows[:place], ASKED, *rows[place:]).deflected

    def test_the_last_word_about_what_was_shown_counts(self):
        assert visitor(DECLINED, OPENED).deflected
        assert not visitor(OPENED, DECLINED).deflected
        assert not visitor(OPENED, DECLINED, search()).deflected, "a search that led nowhere takes nothing back"
        assert all(visitor(*rows).deflected for rows in permutations([OPENED, DECLINED, ANSWERED]))

    def test_one_excluded_search_takes_all_of_hers_out(self):
        for rows in permutations([OPENED, search(excluded="bot"), search()]):
            assert not visitor(*rows).counts

    def test_beginning_to_ask_is_remembered(self):
        assert visitor(search(surface=Surface.ASK), OPENED).began_to_ask
        assert not visitor(OPENED).began_to_ask


groups = st.integers(0, 300).flatmap(
    lambda number: st.builds(
        Group, visitors=st.just(number), asked=st.integers(0, number), deflected=st.integers(0, number)
    )
)


class TestDeflection:
    @given(groups, groups)
    def test_an_effect_is_told_of_two_groups_only(self, treated, holdout):
        both = bool(treated.visitors and holdout.visitors)
        made = Deflection(None, "", treated, holdout)
        assert (made.effect is not None) is both
        assert (made.spared is not None) is both
        assert made.enough is (treated.visitors >= ENOUGH and holdout.visitors >= ENOUGH)

    @given(groups.filter(lambda group: group.visitors), groups.filter(lambda group: group.visitors))
    def test_fewer_questions_are_a_gain_and_groups_turned_round_a_loss(self, treated, holdout):
        made, turned = Deflection(None, "", treated, holdout), Deflection(None, "", holdout, treated)
        assert made.spared.estimate == pytest.approx(holdout.asked_share - treated.asked_share)
        assert made.effect.estimate == pytest.approx(treated.deflected_share - holdout.deflected_share)
        assert made.spared.estimate == pytest.approx(-turned.spared.estimate)
        assert made.effect.low == pytest.approx(-turned.effect.high)

    def test_nobody_has_no_share(self):
        assert Group().deflected_share is None
        assert Group().asked_share is None
        assert Group(visitors=4, asked=1).asked_share == 0.25


class TestFigures:
    @pytest.mark.parametrize(
        ("share", "language", "text"),
        [
            (0.5, "en", "50.0 %"),
            (0.1234, "ru", "12,3 %"),
            (0.0, "en", "0.0 %"),
            (1.0, "ja", "100.0 %"),
            (None, "ar", "–"),
        ],
    )
    def test_a_share_is_written_as_the_language_writes_it(self, share, language, text):
        with translation.override(language):
            assert percent(share) == text

    def test_a_difference_has_its_sign_and_its_own_direction(self):
        with translation.override("en"):
            assert points(Interval(0.042, -0.01, 0.0751)) == "<bdi><strong>+4.2</strong> (\u22121.0 … +7.5)</bdi>"
            assert points(Interval(0.0, -0.0004, 0.0)) == "<bdi><strong>0.0</strong> (0.0 … 0.0)</bdi>"
        assert points(None) == "–"

    @given(st.floats(-1, 1), st.sampled_from(["en", "ru", "ja", "ar"]))
    def test_nothing_is_ever_minus_nothing_and_no_hyphen_stands_for_a_minus(self, share, language):
        with translation.override(language):
            text = points(Interval(share, share, share))
        assert "-" not in text
        assert "\u22120.0" not in text and "\u22120,0" not in text
