"""Which terms are found in a query, and what it is expanded by."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.analyzers import exact
from search.queries import weights
from search.synonyms import MOST_EXPANSIONS, Concept, Term, Termbase, term_forms
from tests.search.synonyms.concepts import CHARGER, POWER_BANK, RILL_MINI, TERMS, concept

BASE = Termbase(TERMS)


def found(text: str, base: Termbase = BASE) -> list[str]:
    return [match.concept.key for match in base.matches(text)]


def meant(text: str, *reads: str, base: Termbase = BASE, **more: object) -> list[str]:
    return [expansion.text for expansion in base.expansions_for(text, reads, **more)]


# Matching


@pytest.mark.parametrize(
    "text",
    [
        "power bank",
        "Power Banks",
        "two POWER BANKS for the road",
        "power-bank",
        "повербанк",
        "повербанки не заряжаются",
        "внешнего аккумулятора",
        "モバイルバッテリー",
        "モバイルバッテリーが充電できません",
        "ﾓﾊﾞｲﾙﾊﾞｯﾃﾘｰ",
        "البطارية المتنقلة",
    ],
)
def test_a_term_is_found_in_any_script_and_form(text):
    assert found(text) == ["power bank"]


@pytest.mark.parametrize("text", ["", "?!", "bank", "power", "bank power", "power of a river bank", "the", "在"])
def test_other_words_are_no_term(text):
    assert found(text) == []


def test_small_words_inside_are_stepped_over_and_never_at_an_edge():
    base = Termbase([concept("reset", en="reset password")])
    assert [match.words for match in base.matches("how to reset the password of it")] == ["reset the password"]


def test_small_words_of_a_term_have_to_be_there():
    assert found("sign in") == ["sign in"]
    assert found("the warning sign") == []
    assert found("to do", Termbase([concept("tasks", en="to do list")])) == []


def test_the_longest_term_wins_and_leaves_its_words_to_nobody_else():
    base = Termbase([concept("bank", en="bank"), POWER_BANK, CHARGER])
    assert found("my bank and a power bank", base) == ["bank", "power bank"]
    assert found("portable charger", base) == ["power bank"]


def test_the_first_of_overlapping_terms_of_one_length_wins():
    base = Termbase([concept("b", en="mini charge"), concept("a", en="rill mini")])
    assert found("rill mini charge", base) == ["a"]


def test_two_concepts_with_the_same_term_are_both_found():
    other = concept("money", en=["power bank", "central bank"])
    assert sorted(found("power bank", Termbase([POWER_BANK, other]))) == ["money", "power bank"]


@pytest.mark.parametrize(
    "text", ["Rill Mini", "rill mini", "RILL-MINI", "rillmini", "リルミニ", "Рилл Мини не включается"]
)
def test_a_product_is_found_in_all_its_spellings(text):
    assert found(text) == ["rill mini"]


@pytest.mark.parametrize("text", ["rills mini", "rill minis", "rilling mini"])
def test_a_protected_term_is_not_stemmed(text):
    assert found(text) == []


def test_a_protected_term_shields_its_words_from_others():
    small = concept("small", en=["mini", "small"])
    assert found("rill mini", Termbase([small, RILL_MINI])) == ["rill mini"]
    same = concept("same", en=["rillmini", "brooklet"])
    assert found("rillmini", Termbase([same, RILL_MINI])) == ["rill mini"]


def test_codes_and_signs_are_words_of_their_own():
    base = Termbase([concept("c", en="C"), concept("c++", any="C++"), concept("e104", any="E-104", en="paper jam")])
    assert found("C++ library", base) == ["c++"]
    assert found("error e104", base) == found("error E-104", base) == ["e104"]


def test_latin_words_are_read_in_the_languages_of_the_term_and_the_reader():
    base = Termbase([concept("charger", de=["Ladegerät", "Netzteil"])])
    assert [match.concept.key for match in base.matches("Ladegeräte", ["de"])] == ["charger"]
    assert meant("Netzteils", "de", base=base) == ["Ladegerät"]


def test_validity():
    now = datetime(2026, 5, 1, tzinfo=UTC)
    sale = replace(CHARGER, starts_at=now, ends_at=now + timedelta(days=2))
    base = Termbase([sale])
    moments = [now - timedelta(seconds=1), now, now + timedelta(days=1), now + timedelta(days=2)]
    assert [bool(base.matches("charger", at=moment)) for moment in moments] == [False, True, True, False]
    guarded = Termbase([replace(RILL_MINI, ends_at=now)])
    assert guarded.is_protected("rill", at=now - timedelta(days=1)) and not guarded.is_protected("rill", at=now)


# Expanding


def test_the_others_of_a_concept_in_the_readers_languages_first():
    assert meant("power banks", "ru", "ja") == [
        "повербанк", "внешний аккумулятор", "モバイルバッテリー", "portable charger", "بطارية متنقلة"
    ]  # fmt: skip
    assert meant("повербанк", "en")[:2] == ["power bank", "portable charger"]
    assert meant("повербанк", "en")[2] == "внешний аккумулятор"


def test_what_the_reader_reads_weighs_more():
    by_text = {each.text: each.weight for each in BASE.expansions_for("power bank", ["ru"])}
    assert by_text["повербанк"] == weights.SYNONYM > by_text["portable charger"] == weights.TRANSLATION
    assert {
        each.weight for each in BASE.expansions_for("rillmini", ["ja"]) if each.text in ("Rill Mini", "リルミニ")
    } == {weights.SYNONYM}


def test_synonyms_weigh_more_than_translations():
    by_text = {each.text: each for each in BASE.expansions_for("power bank", ["en"])}
    assert by_text["portable charger"].weight == weights.SYNONYM > by_text["повербанк"].weight == weights.TRANSLATION
    assert by_text["portable charger"].of == "power bank"
    assert {each.kind for each in by_text.values()} == {"synonym", "translation"}


def test_one_language_only():
    assert meant("power bank", "en", only="ja") == ["モバイルバッテリー"]
    assert meant("rillmini", "en", only="ja") == ["rillmini", "Rill Mini", "リルミニ"]


def test_what_is_typed_one_way_is_never_put_in():
    assert "charger" in meant("wall warts", "en")
    assert "wall wart" not in meant("charger", "en") + meant("зарядные устройства", "en")


def test_a_protected_term_counts_as_spelt_and_finds_its_other_spellings_only():
    expansions = BASE.expansions_for("rillmini charger", ["en"])
    assert (expansions[0].text, expansions[0].kind) == ("rillmini", "protected")
    assert "Rill Mini" in [each.text for each in expansions]
    assert not {"rill", "mini"} & {each.of for each in expansions}


@pytest.mark.parametrize("word", ["rill", "Mini", "RILLMINI", "リルミニ", "Рилл"])
def test_protected_words(word):
    assert BASE.is_protected(word)


@pytest.mark.parametrize("word", ["", "?", "rills", "power", "grill"])
def test_other_words_are_not_protected(word):
    assert not BASE.is_protected(word)


def test_nothing_is_expanded_twice_and_rings_do_no_harm():
    ring = [concept(a, typed_en=a, en=b) for a, b in ("ab", "bc", "cd", "da")]
    assert meant("a", base=Termbase(ring)) == ["b"]
    mirror = [
        concept("1", en=["alpha", "beta"]),
        concept("2", en=["beta", "gamma"]),
        concept("3", en=["gamma", "alpha"]),
    ]
    assert meant("alpha", base=Termbase(mirror)) == ["beta", "gamma"]
    assert meant("beta", base=Termbase(mirror)) == ["alpha", "gamma"]


def test_a_long_query_is_expanded_in_turns_up_to_the_limit():
    many = [concept(f"c{n}", en=[f"word{n}", *(f"other{n}x{k}" for k in range(20))]) for n in range(20)]
    expansions = Termbase(many).expansions_for(" ".join(f"word{n}" for n in range(20)))
    assert len(expansions) == MOST_EXPANSIONS == len({each.of for each in expansions})


def test_no_termbase_no_expansion():
    assert Termbase().expansions_for("power bank") == () and not Termbase().is_protected("rill")


@pytest.mark.parametrize("text", ["", "?!", "…", "\u200d"])
def test_a_term_without_words_has_no_forms(text):
    assert term_forms(Term(text)) == set()
    assert Termbase([Concept("odd", (Term(text), Term("word")))]).expansions_for("word") == ()


# Any text

WORDS = st.one_of(
    st.text(max_size=20),
    st.sampled_from([term.text for each in TERMS for term in each.terms]),
    st.sampled_from(["the", "mini", "リル", "بطارية", "C++", "e-104", '"', "-x", "\ud800", "x" * 300]),
)
TEXTS = st.lists(WORDS, max_size=12).map(" ".join)
CONCEPTS = st.lists(
    st.builds(
        Concept,
        st.text("abc", min_size=1, max_size=2),
        st.lists(
            st.builds(Term, WORDS, st.sampled_from([None, "en", "ru", "ja", "ar"]), st.booleans()), max_size=5
        ).map(tuple),
        st.booleans(),
    ),
    max_size=6,
)


@given(CONCEPTS, TEXTS, st.lists(st.sampled_from(["en", "ru", "ja", "de"]), max_size=3))
@settings(max_examples=150, deadline=None)
def test_any_text_is_expanded_once_and_boundedly(concepts, text, reads):
    base = Termbase(concepts)
    matches = base.matches(text, reads)
    spans = sorted({(match.start, match.end) for match in matches})
    assert all(first[1] <= second[0] for first, second in pairwise(spans)), "no overlap"
    expansions = base.expansions_for(text, reads)
    assert len(expansions) <= MOST_EXPANSIONS
    assert len({tuple(exact(each.text)) for each in expansions}) == len(expansions)
    reachable = {term.text for match in matches for term in match.concept.terms if not term.one_way}
    for each in expansions:
        assert 0 < each.weight <= 1
        assert each.kind == "protected" or each.text in reachable, "only what a term in the text itself stands for"


@given(CONCEPTS, TEXTS)
@settings(max_examples=80, deadline=None)
def test_a_term_typed_by_itself_is_always_found(concepts, _text):
    for each in concepts:
        for term in each.terms:
            if term_forms(term, protected=each.protected):
                base = Termbase([replace(each, terms=(term,))])
                assert base.matches(term.text), term


@given(TEXTS)
@settings(max_examples=100, deadline=None)
def test_two_way_terms_find_each_other(text):
    pair = Termbase([Concept("pair", (Term(text), Term("zebra crossing")))])
    if pair.matches(text) and "zebra" not in exact(text):
        assert "zebra crossing" in [each.text for each in pair.expansions_for(text)]
        assert text in [each.text for each in pair.expansions_for("zebra crossings")]
