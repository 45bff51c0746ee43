"""What of an address is kept of a search, and when a kept one is looked at: rules without a database."""

from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from portal.core.errors import Invalid
from portal.discovery.models import Frequency
from portal.discovery.models.saved import LONGEST_ADDRESS, LONGEST_NAME
from portal.discovery.services.saved_searches import NAMES, _name_checked, due_after, saved_parameters

words = st.text(st.characters(blacklist_categories=["Cs"]), max_size=20)
pairs = st.lists(st.tuples(st.sampled_from([*NAMES, "page", "next", "utm_source"]), words), max_size=6)
MOMENT = datetime(2027, 3, 28, 0, 59, tzinfo=UTC)


def kept(given):
    """Returns what is kept of some parameters, None where they are refused."""
    try:
        return saved_parameters(urlencode(given))
    except Invalid:
        return None


class TestParameters:
    @given(pairs)
    def test_what_is_kept_is_kept_the_same_again(self, given_pairs):
        first = kept(given_pairs)
        if first is not None:
            assert saved_parameters(first) == saved_parameters(f"?{first}") == first

    @given(pairs)
    def test_only_what_says_what_is_looked_for_and_each_once(self, given_pairs):
        first = kept(given_pairs)
        if first is None:
            return
        found = [(name, value) for name, values in QueryDict(first).lists() for value in values]
        assert len(found) == len(set(found))
        assert {name for name, _value in found} <= set(NAMES)
        assert all(value and value == value.strip() and "\x00" not in value for _name, value in found)
        assert len(first) <= LONGEST_ADDRESS

    @given(st.lists(st.tuples(st.sampled_from(NAMES), words), max_size=6, unique_by=lambda each: each[0]))
    def test_the_order_of_an_address_does_not_matter(self, given_pairs):
        assert kept(given_pairs) == kept(given_pairs[::-1])

    @given(pairs)
    def test_where_the_reader_stood_on_the_page_does_not_matter(self, given_pairs):
        assert kept([*given_pairs, ("page", "7"), ("after", "x")]) == kept(given_pairs)

    def test_several_values_of_a_filter_stay_in_their_order(self):
        assert saved_parameters("type=question&type=article&type=question") == "type=question&type=article"

    @given(words)
    def test_how_to_sort_alone_is_nothing_to_look_for(self, value):
        assert kept([("sort", value), ("exact", value)]) is None

    def test_the_longest_that_can_be_kept(self):
        room = LONGEST_ADDRESS - len("q=")
        assert saved_parameters("q=" + "x" * room) == "q=" + "x" * room
        with pytest.raises(Invalid):
            saved_parameters("q=" + "x" * (room + 1))


class TestWhen:
    @pytest.mark.parametrize(
        ("frequency", "period"),
        [
            (Frequency.IMMEDIATELY, timedelta(minutes=1)),
            (Frequency.DAILY, timedelta(days=1)),
            (Frequency.WEEKLY, timedelta(days=7)),
        ],
    )
    def test_each_has_its_pace_in_time_that_knows_no_summer(self, frequency, period):
        assert due_after(frequency=frequency, moment=MOMENT) == MOMENT + period

    def test_never_is_never(self):
        assert due_after(frequency=Frequency.NEVER, moment=MOMENT) is None

    def test_every_frequency_that_can_be_chosen_has_a_pace_or_none(self):
        assert [value for value in Frequency.values if due_after(frequency=value, moment=MOMENT) is None] == [
            Frequency.NEVER
        ]

    def test_a_frequency_that_is_none_is_an_error(self):
        with pytest.raises(ValueError, match="hourly"):
            due_after(frequency="hourly", moment=MOMENT)


class TestNames:
    @given(words)
    def test_a_name_is_one_line_or_refused(self, text):
        try:
            name = _name_checked(text)
        except Invalid as error:
            assert not text.replace("\x00", "").split()
            assert list(error.fields) == ["name"]
        else:
            assert name == " ".join(name.split())
            assert len(name) <= LONGEST_NAME

    @given(st.text(st.characters(blacklist_categories=["Cs", "Cc", "Z"]), min_size=1, max_size=LONGEST_NAME * 2))
    def test_words_taken_for_a_name_are_cut_and_one_that_was_typed_is_not(self, text):
        cut = _name_checked(text, cut=True)
        assert len(cut) <= LONGEST_NAME
        if len(text) > LONGEST_NAME:
            assert cut.endswith("…")
            with pytest.raises(Invalid):
                _name_checked(text)
        else:
            assert cut == _name_checked(text) == " ".join(text.split())
