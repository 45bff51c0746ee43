"""The rule of the answer passport: what was said of an answer, and what follows from it."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.questions.models import HoldsOn
from portal.questions.selectors.passport_rules import (
    AGED,
    Say,
    Voice,
    confirmed_by,
    leading_product,
    range_ids,
    release_state,
    runs_of,
    standing_of,
    states_by_release,
    weights_of,
)

DAY = datetime(2026, 5, 12, 9, 30, tzinfo=UTC)
V1, V2, V3, V4, V5 = ORDER = (11, 7, 30, 4, 19)


def yes(on=V5, voice=Voice.MEMBER, *, ago=0, who=None):
    """Returns a say that it works."""
    return Say(on, True, DAY - timedelta(days=ago), voice, who)


def no(on=V5, voice=Voice.MEMBER, *, ago=0, who=None):
    """Returns a say that it no longer does."""
    return Say(on, False, DAY - timedelta(days=ago), voice, who)


class TestOneRelease:
    @pytest.mark.parametrize(
        ("says", "state"),
        [
            ([], "unconfirmed"),
            ([yes()], "works"),
            ([yes(voice=Voice.AUTHOR)], "works"),
            ([no()], "doubtful"),
            ([no(voice=Voice.AUTHOR)], "doubtful"),
            ([yes(), no()], "doubtful"),
            ([yes(), yes(), no()], "works"),
            ([yes(), no(), no()], "obsolete"),
            ([no(), no()], "obsolete"),
            ([no(voice=Voice.STAFF)], "obsolete"),
            ([yes(), no(voice=Voice.STAFF)], "obsolete"),
            ([yes(), yes(), no(voice=Voice.STAFF)], "doubtful"),
            ([yes(voice=Voice.STAFF), no()], "works"),
            ([yes(voice=Voice.STAFF), no(), no()], "doubtful"),
            ([yes(), yes(), no(), no(), no()], "doubtful"),
            ([yes(), yes(), no(), no(), no(), no()], "obsolete"),
        ],
    )
    def test_the_rule(self, says, state):
        assert release_state(says) == state

    def test_what_is_a_year_older_than_the_newest_counts_half(self):
        old = AGED.days + 1
        assert weights_of([yes(ago=old), no()]) == (1, 2)
        assert weights_of([yes(ago=AGED.days), no()]) == (2, 2)
        assert release_state([yes(ago=old), yes(ago=old), no()]) == HoldsOn.DOUBTFUL
        assert release_state([yes(), yes(), no()]) == HoldsOn.WORKS
        assert release_state([no(ago=old), no(ago=old), yes()]) == HoldsOn.DOUBTFUL

    def test_age_is_counted_from_the_newest_say_so_that_nothing_turns_by_itself(self):
        together = [no(ago=4000), no(ago=4001)]
        assert weights_of(together) == (0, 4)
        assert release_state(together) == HoldsOn.OBSOLETE


SAYS = st.lists(
    st.builds(
        Say,
        release_id=st.sampled_from(ORDER),
        works=st.booleans(),
        at=st.integers(0, 900).map(lambda days: DAY - timedelta(days=days)),
        voice=st.sampled_from([str(voice) for voice in Voice]),
        user_id=st.none() | st.integers(1, 4),
    ),
    max_size=8,
)
BADNESS = {"works": 0, "unconfirmed": 1, "doubtful": 2, "obsolete": 3}


class TestAnySays:
    @given(SAYS)
    def test_the_order_of_telling_changes_nothing(self, says):
        assert release_state(says) == release_state(says[::-1])
        assert standing_of(ORDER, says) == standing_of(ORDER, says[::-1])

    @given(SAYS)
    def test_one_more_word_against_never_makes_it_better_and_one_for_it_never_worse(self, says):
        here = [say for say in says if say.release_id == V5]
        newest = max((say.at for say in here), default=DAY)
        state = release_state(here)
        assert BADNESS[release_state([*here, Say(V5, False, newest)])] >= min(BADNESS[state], 2)
        if here:
            assert BADNESS[release_state([*here, Say(V5, True, newest)])] <= BADNESS[state]

    @given(SAYS)
    def test_it_is_unconfirmed_only_where_nobody_spoke(self, says):
        for on in ORDER:
            here = [say for say in says if say.release_id == on]
            assert (release_state(here) == HoldsOn.UNCONFIRMED) == (not here)

    @given(SAYS, st.sets(st.sampled_from(ORDER)))
    def test_a_standing_agrees_with_the_states_of_its_releases(self, says, chosen):
        states = states_by_release(ORDER, says, chosen)
        found = standing_of(ORDER, says, chosen)
        known = [each for each in ORDER if states[each] != HoldsOn.UNCONFIRMED]
        assert found.state == (states[known[-1]] if known else HoldsOn.UNCONFIRMED)
        assert found.pending == (ORDER[-1] if states[ORDER[-1]] == HoldsOn.UNCONFIRMED else None)
        covered = [each for first, last in found.runs for each in range_ids(ORDER, first, last)]
        assert covered == [each for each in ORDER if states[each] == HoldsOn.WORKS]
        assert (found.no_longer is not None) == (found.state == HoldsOn.OBSOLETE)
        assert (found.doubtful is not None) == (found.state == HoldsOn.DOUBTFUL)

    @given(SAYS, st.integers(1, 5))
    def test_a_later_release_that_nobody_spoke_of_changes_only_what_is_pending(self, says, length):
        order = ORDER[:length]
        here = [say for say in says if say.release_id in order]
        before, after = standing_of(order, here), standing_of([*order, 99], here)
        assert (before.state, before.runs, before.no_longer, before.doubtful, before.confirmed) == (
            after.state, after.runs, after.no_longer, after.doubtful, after.confirmed,
        )  # fmt: skip
        assert after.pending == 99

    @given(SAYS)
    def test_says_about_releases_that_are_gone_count_for_nothing(self, says):
        left = ORDER[1:4]
        here = [say for say in says if say.release_id in left]
        assert standing_of(left, says) == standing_of(left, here)


class TestRanges:
    @given(st.sampled_from(ORDER), st.sampled_from(ORDER))
    def test_both_ends_are_inside_and_their_order_is_no_matter(self, first, last):
        found = range_ids(ORDER, first, last)
        assert found == range_ids(ORDER, last, first)
        assert {first, last} == {found[0], found[-1]}
        assert runs_of(ORDER, found) == ((found[0], found[-1]),)

    def test_an_end_that_is_withdrawn_leaves_the_other(self):
        assert range_ids(ORDER, V2, 404) == (V2,)
        assert range_ids(ORDER, 404, V2) == (V2,)
        assert range_ids(ORDER, 404, 405) == ()
        assert range_ids((), V1, V2) == ()

    @given(st.sets(st.sampled_from(ORDER)))
    def test_runs_are_apart_in_order_and_make_the_whole(self, chosen):
        runs = runs_of(ORDER, chosen)
        places = [(ORDER.index(first), ORDER.index(last)) for first, last in runs]
        assert all(first <= last for first, last in places)
        assert all(earlier[1] + 1 < later[0] for earlier, later in pairwise(places))
        assert {each for first, last in runs for each in range_ids(ORDER, first, last)} == chosen


class TestStanding:
    def test_nothing_is_known(self):
        found = standing_of(ORDER, [])
        assert (found.state, found.runs, found.pending, found.confirmed) == ("unconfirmed", (), V5, None)
        assert standing_of((), []).pending is None

    def test_a_claim_holds_until_somebody_says_otherwise(self):
        found = standing_of(ORDER, [], (V3, V4))
        assert (found.state, found.runs, found.pending) == ("works", ((V3, V4),), V5)
        found = standing_of(ORDER, [no(V4)], (V3, V4))
        assert (found.state, found.runs, found.doubtful, found.pending) == ("doubtful", ((V3, V3),), V4, V5)

    def test_a_confirmation_carries_a_claim_on(self):
        found = standing_of(ORDER, [yes(V5)], (V3, V4))
        assert (found.state, found.runs, found.pending) == ("works", ((V3, V5),), None)

    def test_what_was_refuted_stays_so_on_the_next_release_until_somebody_confirms_it_there(self):
        refuted = [no(V4), no(V4)]
        assert standing_of(ORDER, refuted, (V3, V3)).state == HoldsOn.OBSOLETE
        found = standing_of(ORDER, [*refuted, yes(V5)], (V3, V3))
        assert (found.state, found.runs, found.no_longer) == ("works", ((V3, V3), (V5, V5)), None)

    def test_a_word_against_an_early_release_leaves_the_later_ones_alone(self):
        found = standing_of(ORDER, [no(V1), no(V1), yes(V5)])
        assert (found.state, found.runs) == ("works", ((V5, V5),))


class TestConfirmed:
    def test_the_staff_then_members_then_the_author(self):
        author, one, staff = yes(voice=Voice.AUTHOR), yes(who=3), yes(voice=Voice.STAFF, who=9)
        assert confirmed_by([]) is None
        assert confirmed_by([author]).voice == "author"
        assert confirmed_by([author, one]).voice == "member"
        assert confirmed_by([author, one, staff]).voice == "staff"

    def test_a_member_counts_once_over_all_releases_and_the_last_day_is_told(self):
        said = [yes(V4, who=3, ago=9), yes(V5, who=3, ago=2), yes(V4, who=4, ago=30)]
        found = confirmed_by(said)
        assert (found.count, found.at) == (2, DAY - timedelta(days=2))

    def test_those_whose_accounts_are_gone_count_each(self):
        assert confirmed_by([yes(), yes(), yes(who=1)]).count == 3

    def test_only_what_confirms_releases_that_it_works_on(self):
        found = standing_of(ORDER, [yes(V1, who=1), no(V1), no(V1), yes(V5, who=2)])
        assert found.confirmed.count == 1


class TestProduct:
    def test_the_claim_then_the_last_word_then_the_question(self):
        said = {5: DAY, 6: DAY + timedelta(days=1)}
        assert leading_product(1, said, [2]) == 1
        assert leading_product(None, said, [2]) == 6
        assert leading_product(None, {}, [2, 3]) == 2
        assert leading_product(None, {}, []) is None

    def test_of_two_words_at_one_moment_it_is_always_the_same(self):
        assert leading_product(None, {6: DAY, 5: DAY}, []) == leading_product(None, {5: DAY, 6: DAY}, []) == 5
