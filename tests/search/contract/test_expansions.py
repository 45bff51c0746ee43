"""What a query may also have meant: found too, after what was asked for in so many words."""

from search.documents import Expansion
from search.engine import SearchEngine
from tests.search.contract.asking import search


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
    assert search(community, "gadget", expansions=also("printers"), language="ja") == []
