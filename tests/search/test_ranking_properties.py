"""What holds of any order of suggestions, any weights of terms, any prior: rules, not examples."""

import math
import random
from datetime import UTC, datetime
from itertools import groupby

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.documents import DocumentKey, SearchDocument, SuggestRequest
from search.engine import Found
from search.queries import weights
from search.queries.arranging import MOST_OF_A_KIND, Typed, arranged, popularity, shown_title
from search.queries.matching import needed
from search.queries.plan import SuggestPlan
from search.queries.telling import LONGEST_PIECES, rarity, telling, telling_pieces, worth

KINDS = ("question", "article", "member", "topic")
TITLES = ["Cable", "Cable salad", "A cable that hums", "Cables", "Printer cable", "Lamp", "кабель"]


@st.composite
def pools(draw):
    """Candidates of several kinds, each with a relevance of its own."""
    chosen = draw(st.lists(st.tuples(st.sampled_from(KINDS), st.sampled_from(TITLES), st.integers(0, 40)), max_size=14))
    return [
        Found(SearchDocument(type=kind, id=str(place), title=title, language="en", score=score), 1.0 + place / 100)
        for place, (kind, title, score) in enumerate(chosen)
    ]


def plan(limit=8, types=()):
    return SuggestPlan.of(SuggestRequest("cable", language="en", limit=limit, types=types))


class TestArranging:
    @given(pools(), st.integers(1, 10))
    def test_it_is_full_where_there_is_enough_and_holds_each_once(self, pool, limit):
        shown = arranged(plan(limit), pool)
        assert len(shown) == min(limit, len(pool))
        keys = [found.document.key for found in shown]
        assert len(set(keys)) == len(keys)
        assert set(keys) <= {found.document.key for found in pool}

    @given(pools(), st.integers(1, 10))
    def test_each_kind_stands_together(self, pool, limit):
        kinds = [kind for kind, _same in groupby(arranged(plan(limit), pool), key=lambda found: found.document.type)]
        assert len(set(kinds)) == len(kinds)

    @given(pools(), st.integers(4, 10))
    def test_with_room_for_all_kinds_none_is_missing(self, pool, limit):
        there = {found.document.type for found in pool}
        assert {found.document.type for found in arranged(plan(limit), pool)} == there

    @given(pools(), st.integers(4, 10))
    def test_a_kind_has_more_than_its_share_only_when_the_others_are_all_there(self, pool, limit):
        shown = arranged(plan(limit), pool)
        counts = {kind: sum(found.document.type == kind for found in shown) for kind in KINDS}
        for kind, count in counts.items():
            if count > MOST_OF_A_KIND:
                for other in set(KINDS) - {kind}:
                    waiting = sum(found.document.type == other for found in pool)
                    assert counts[other] >= min(waiting, MOST_OF_A_KIND)

    @given(pools(), st.randoms(use_true_random=False))
    def test_the_order_of_the_pool_does_not_matter(self, pool, chance: random.Random):
        turned = list(pool)
        chance.shuffle(turned)
        assert arranged(plan(), pool) == arranged(plan(), turned)

    @given(pools())
    def test_within_a_kind_a_longer_list_begins_like_a_shorter_one(self, pool):
        one, more = arranged(plan(5, ("question",)), pool), arranged(plan(9, ("question",)), pool)
        first, second = (
            [found.document.id for found in shown if found.document.type == "question"] for shown in (one, more)
        )
        assert second[: len(first)] == first

    @given(st.lists(st.integers(-50, 10_000), min_size=2, max_size=8))
    def test_more_votes_are_never_less_popular(self, scores):
        documents = [SearchDocument(type="question", id="1", title="x", score=score) for score in sorted(scores)]
        figures = [popularity(document) for document in documents]
        assert figures == sorted(figures)
        assert min(figures) >= 0

    @pytest.mark.parametrize(("typed", "place"), [("cable", 0), ("hums cable", 0), ("cab", 2), ("cable zebra", 3)])
    def test_how_a_title_fits_by_steps(self, typed, place):
        steps = [Typed.of(typed).fit(title) for title in ("Cable", "A cable that hums", "Cables")]
        assert min(steps)[0] == {"cable": 0, "hums cable": 1, "cab": 2, "cable zebra": 3}[typed]

    def test_a_title_in_the_readers_language_goes_before_the_documents_own(self):
        document = SearchDocument(
            type="topic", id="1", title="Cables", language="en", names=(("ru", "Кабели"), ("", "wires"))
        )
        assert shown_title(document, "ru", Typed.of("")) == ("Кабели", "ru")
        assert shown_title(document, "ja", Typed.of("")) == ("Cables", "en")


class TestTelling:
    @given(
        st.dictionaries(st.sampled_from("abcdefgh"), st.integers(1, 4), min_size=1),
        st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 100)),
        st.integers(1, 6),
    )
    def test_the_most_telling_terms_weigh_most_and_one_weighs_fully(self, counts, frequencies, longest):
        told = telling(counts, lambda term: frequencies.get(term, 0), 100, longest=longest)
        assert 0 < len(told) <= longest
        assert list(told) == [term for term in counts if term in told], "in the order of the query"
        assert max(told.values()) == pytest.approx(1.0)
        assert all(0 < weight <= 1 + 1e-9 for weight in told.values())
        known = [term for term in counts if frequencies.get(term)]
        if known:
            assert set(told) <= set(known)
            said = {term: rarity(frequencies[term], 100) * (1 + math.log2(counts[term])) for term in known}
            left_out = [said[term] for term in known if term not in told]
            assert max(left_out, default=0) <= min(said[term] for term in told) + 1e-12

    @given(st.integers(0, 10_000), st.integers(0, 10_000), st.integers(1, 10_000))
    def test_a_rarer_term_tells_more_and_none_tells_less_than_nothing(self, one, other, documents):
        fewer, more = sorted((one, other))
        assert rarity(fewer, documents) >= rarity(more, documents) > 0

    @given(st.dictionaries(st.sampled_from("abcd"), st.floats(0.1, 1)), st.integers(1, 50))
    def test_terms_that_nobody_holds_are_worth_nothing(self, terms, found):
        assert worth(terms, lambda term: 0, 100) == 0
        whole = worth(terms, lambda term: found, 100)
        assert whole == pytest.approx(sum(terms.values()) * rarity(found, 100))

    def test_pieces_of_everywhere_and_of_long_queries_are_left_out(self):
        assert telling_pieces(["printer"], lambda piece: 90, 100) == {}
        assert telling_pieces(["printer"], lambda piece: 0, 100) == {}
        assert telling_pieces([f"printer{number}" for number in range(17)], lambda piece: 1, 100) == {}
        told = telling_pieces([f"printer{number}" for number in range(16)], lambda piece: 1, 100)
        assert 0 < len(told) <= LONGEST_PIECES


class TestNumbers:
    @given(st.integers(-(2**40), 2**40), st.booleans(), st.booleans(), st.sampled_from([None, "open", "obsolete"]))
    def test_a_prior_lifts_a_little_and_sinks_a_little(self, score, accepted, official, status):
        document = SearchDocument(
            type="question", id="1", title="x", score=score, accepted=accepted, official=official, status=status
        )
        assert 0.6 <= weights.prior(document) <= 1.2

    @given(st.integers(-100, 100), st.integers(-100, 100))
    def test_a_prior_never_goes_against_the_votes(self, one, other):
        fewer, more = (
            weights.prior(SearchDocument(type="question", id="1", title="x", score=score))
            for score in sorted((one, other))
        )
        assert fewer <= more

    @given(st.integers(1, 10**15 - 1), st.integers(1, 10**15 - 1), st.sampled_from(KINDS), st.sampled_from(KINDS))
    def test_among_equals_the_later_number_is_first_whatever_its_kind(self, one, other, kind, another):
        first, second = weights.tie(DocumentKey(kind, str(one))), weights.tie(DocumentKey(another, str(other)))
        if one != other:
            assert (first > second) is (one > other)
        assert 0 <= first < 2**63

    @given(st.text(max_size=40))
    def test_any_other_id_has_a_place_that_an_index_can_hold(self, identity):
        place = weights.tie(DocumentKey("page", identity))
        assert 0 <= place < 2**63
        assert place == weights.tie(DocumentKey("page", identity))

    @settings(max_examples=60)
    @given(st.datetimes(datetime(1971, 1, 1), datetime(2200, 1, 1)).map(lambda moment: moment.replace(tzinfo=UTC)))
    def test_whole_seconds_are_exact_in_microseconds(self, moment):
        second = moment.replace(microsecond=0)
        assert weights.microseconds(second.timestamp()) == int(second.timestamp()) * 1_000_000

    @given(st.integers(0, 200))
    def test_how_many_words_must_be_there_grows_by_one_at_most(self, words):
        assert 0 <= needed(words + 1) - needed(words) <= 1
        assert words * 2 / 3 <= needed(words) <= words
