"""What a query may also have meant: found too, after what was asked for in so many words."""

from typing import Any

import pytest

from search.documents import Expansion
from search.engine import SearchEngine
from tests.search.conftest import fill
from tests.search.contract.asking import search, similar, suggest
from tests.search.documents import question


def also(text: str, weight: float = 0.8) -> tuple[Expansion, ...]:
    return (Expansion(text, weight),)


def test_a_synonym_finds_what_the_words_do_not(community: SearchEngine) -> None:
    assert search(community, "gadget") == []
    assert "1" in search(community, "gadget", expansions=also("printers"))


def test_an_expansion_in_another_language_finds_that_language(community: SearchEngine) -> None:
    assert "8" in search(community, "gadget", expansions=also("الطابعات"))
    assert "6" in search(community, "gadget", expansions=also("紙詰まり"))


def test_all_words_of_an_expansion_have_to_be_there(community: SearchEngine) -> None:
    assert search(community, "gadget", expansions=also("printer submarine")) == []


def test_what_was_asked_for_comes_before_what_was_meant_besides(community: SearchEngine) -> None:
    found = search(community, "invoice", expansions=also("password", 0.3))
    assert found[0] == "3"
    assert "2" in found[1:]


def test_a_weightier_expansion_comes_first(community: SearchEngine) -> None:
    expansions = (Expansion("invoice", 0.9), Expansion("password", 0.1))
    found = search(community, "gadget", expansions=expansions)
    assert found.index("3") < found.index("2")


def test_an_expansion_of_no_words_changes_nothing(community: SearchEngine) -> None:
    assert search(community, "invoice", expansions=also("?!")) == search(community, "invoice")


def test_filters_hold_for_expansions_too(community: SearchEngine) -> None:
    assert search(community, "gadget", expansions=also("printers"), languages=("ja",)) == []


def test_a_protected_expansion_finds_the_word_as_it_is_spelt_only(community: SearchEngine) -> None:
    meant = (Expansion("invoices", 0.5, "invoices", "protected"),)
    assert "3" in search(community, "gadget", expansions=meant)
    assert search(community, "gadget", expansions=(Expansion("invoicing", 0.5, "", "protected"),)) == []


def test_earlier_questions_are_found_by_what_is_meant_besides(community: SearchEngine) -> None:
    assert similar(community, "gadget") == []
    assert "1" in similar(community, "gadget", expansions=also("printers"))
    found = similar(community, "Invoices are exported", expansions=also("password", 0.3))
    assert found[0] == "3" and "2" in found


def test_titles_are_suggested_by_what_is_meant_besides(community: SearchEngine) -> None:
    assert suggest(community, "gadget") == []
    assert suggest(community, "gadget", expansions=also("forgotten password")) == ["2"]
    assert suggest(community, "invoic", expansions=also("?!")) == ["3"]
    assert suggest(community, "invoic", expansions=also("password", 0.1))[0] == "3"


@pytest.mark.parametrize("asked", [similar, suggest])
def test_nobody_is_told_of_what_he_may_not_see(community: SearchEngine, asked: Any) -> None:
    assert asked(community, "gadget", expansions=also("prototype")) == []
    assert asked(community, "gadget", expansions=also("prototype"), visibility=("space:3",)) == ["11"]


def test_a_word_that_says_nothing_is_found_when_it_is_protected(engine: SearchEngine) -> None:
    """The last one here: it puts other documents into the engine."""
    fill(engine, question(1, "Some noise at night"), question(2, "Your noise at night"), question(3, "In the sea"))
    for word, first in (("some", "1"), ("your", "2")):
        meant = (Expansion(word, 0.5, word, "protected"),)
        assert search(engine, f"{word} noise", expansions=meant)[0] == first
        assert search(engine, word + " thing", expansions=meant) == [first]
