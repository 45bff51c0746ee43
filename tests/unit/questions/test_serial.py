"""Which votes are a series: examples a person would judge alike, and the rule said once more in the plainest way."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.questions.serial import WINDOW, CastVote, SerialRule, serial_votes

BEGIN = datetime(2031, 5, 1, 9, tzinfo=UTC)
RULE = SerialRule(needed=6, percent=60)
VOTER, FRIEND, OTHER = 1, 7, 8


def cast(*minutes, author=FRIEND, value=1, voter=VOTER, judged=False, first=1):
    """Votes at these minutes, numbered from ``first`` on."""
    return [
        CastVote(BEGIN + timedelta(minutes=minute), first + place, voter, author, value, judged)
        for place, minute in enumerate(minutes)
    ]


def ids(found):
    return [tuple(vote.pk for vote in series.votes) for series in found]


class TestExamples:
    def test_six_votes_for_one_author_and_no_other_are_a_series(self):
        found = serial_votes(cast(*range(6)), rule=RULE)
        assert ids(found) == [(1, 2, 3, 4, 5, 6)]
        assert (found[0].voter, found[0].author, found[0].value, found[0].cast) == (VOTER, FRIEND, 1, 6)
        assert (found[0].began_at, found[0].ended_at) == (BEGIN, BEGIN + timedelta(minutes=5))

    def test_five_are_none(self):
        assert serial_votes(cast(*range(5)), rule=RULE) == []

    def test_up_and_down_are_not_added_up(self):
        votes = cast(*range(4)) + cast(*range(4, 8), value=-1, first=5)
        assert serial_votes(votes, rule=RULE) == []
        assert ids(serial_votes(cast(*range(6), value=-1), rule=RULE)) == [(1, 2, 3, 4, 5, 6)]

    def test_a_reader_who_votes_for_others_between_is_none(self):
        votes = cast(*range(0, 12, 2)) + cast(*range(1, 12, 2), author=OTHER, first=7)
        assert serial_votes(votes, rule=RULE) == []

    def test_votes_for_others_later_in_the_day_do_not_hide_it(self):
        votes = cast(*range(6)) + cast(*range(100, 130), author=OTHER, first=7)
        others = [series for series in serial_votes(votes, rule=RULE) if series.author == FRIEND]
        assert ids(others) == [(1, 2, 3, 4, 5, 6)]

    def test_votes_over_many_days_are_none(self):
        assert serial_votes(cast(*(day * 24 * 60 for day in range(10))), rule=RULE) == []

    def test_exactly_a_day_apart_is_outside_and_a_moment_less_is_inside(self):
        day = WINDOW // timedelta(minutes=1)
        assert serial_votes(cast(0, 1, 2, 3, 4, day), rule=RULE) == []
        assert ids(serial_votes(cast(0, 1, 2, 3, 4, day - 1), rule=RULE)) == [(1, 2, 3, 4, 5, 6)]

    def test_a_series_that_goes_on_is_one(self):
        hours = [place * 180 for place in range(20)]
        assert len(serial_votes(cast(*hours), rule=RULE)) == 1

    def test_two_bursts_far_apart_are_two(self):
        votes = cast(*range(6)) + cast(*range(9000, 9006), first=7)
        assert ids(serial_votes(votes, rule=RULE)) == [(1, 2, 3, 4, 5, 6), (7, 8, 9, 10, 11, 12)]

    def test_many_voters_for_one_author_are_none(self):
        votes = [vote for voter in range(2, 12) for vote in cast(1, 2, voter=voter, first=voter * 10)]
        assert serial_votes(votes, rule=RULE) == []

    def test_nobody_known_as_author_makes_no_series(self):
        assert serial_votes(cast(*range(9), author=None), rule=RULE) == []

    def test_judged_votes_count_only_as_votes_that_were_cast(self):
        assert serial_votes(cast(*range(9), judged=True), rule=RULE) == []
        old, new = cast(*range(10), judged=True), cast(*range(10, 16), first=11)
        assert ids(serial_votes(old + new, rule=RULE)) == [tuple(range(11, 17))]
        mixed = cast(*range(0, 20, 2), judged=True) + cast(*range(1, 13, 2), first=11)
        assert serial_votes(mixed, rule=RULE) == []

    @pytest.mark.parametrize(("count", "of", "series"), [(6, 10, False), (7, 11, True), (6, 9, True), (6, 6, True)])
    def test_it_must_be_more_than_the_share(self, count, of, series):
        assert RULE.holds(count, of) is series


TIMES = st.integers(0, 60).map(lambda step: BEGIN + step * timedelta(hours=1))
VOTES = st.lists(
    st.tuples(TIMES, st.integers(1, 2), st.sampled_from([7, 8, None]), st.sampled_from([1, -1]), st.booleans()),
    max_size=22,
).map(lambda rows: [CastVote(at, pk, voter, author, value, judged) for pk, (at, voter, author, value, judged) in
                    enumerate(rows, start=1)])  # fmt: skip
RULES = st.builds(SerialRule, needed=st.integers(1, 5), percent=st.integers(0, 99))


def plainly(votes, rule):
    """The rule in its own words: every pair of a first and a last vote less than a day apart is tried."""
    found = set()
    for first in votes:
        for last in votes:
            if not (first.at <= last.at and last.at - first.at < WINDOW):
                continue
            inside = [vote for vote in votes if vote.voter == first.voter and first.at <= vote.at <= last.at]
            same = [
                vote
                for vote in inside
                if not vote.judged and (vote.author, vote.value) == (first.author, first.value)
                and (first.at, first.pk) <= (vote.at, vote.pk) <= (last.at, last.pk)
            ]  # fmt: skip
            ends = {first, last} <= set(same)
            if first.author is not None and ends and rule.holds(len(same), len(inside)):
                found |= {vote.pk for vote in same}
    return found


@settings(max_examples=300)
@given(VOTES, RULES)
def test_it_finds_what_the_rule_says_and_nothing_else(votes, rule):
    found = serial_votes(votes, rule=rule)
    assert {vote.pk for series in found for vote in series.votes} == plainly(votes, rule)


@settings(max_examples=150)
@given(VOTES, RULES, st.randoms())
def test_order_does_not_matter_and_no_vote_is_in_two_series(votes, rule, chance):
    shuffled = list(votes)
    chance.shuffle(shuffled)
    found = serial_votes(votes, rule=rule)
    assert serial_votes(shuffled, rule=rule) == found
    told = [vote.pk for series in found for vote in series.votes]
    assert len(told) == len(set(told))
    for series in found:
        assert len(series.votes) >= rule.needed
        assert len({(vote.voter, vote.author, vote.value) for vote in series.votes}) == 1
        assert series.cast >= len(series.votes)


@given(VOTES)
def test_a_stricter_rule_finds_no_more(votes):
    mild = {v.pk for series in serial_votes(votes, rule=SerialRule(2, 30)) for v in series.votes}
    strict = {v.pk for series in serial_votes(votes, rule=SerialRule(4, 80)) for v in series.votes}
    assert strict <= mild
