"""Which words the index knows, and what is near to those it does not, on every engine."""

from dataclasses import replace

import pytest

from search.documents import Expansion, SearchRequest
from search.engine import SearchEngine
from tests.search.conftest import fill
from tests.search.documents import question


def near(engine: SearchEngine, word: str, visibility: tuple[str, ...] = ("public",)) -> list[str]:
    """The words near to an unknown word."""
    return [text for text, _ in engine.words([word], [], visibility).near.get(word, ())]


@pytest.mark.parametrize(
    ("word", "correction"),
    [
        ("pasword", "password"),
        ("pritner", "printer"),
        ("rpinter", "printer"),
        ("invioces", "invoices"),
        ("принтир", "принтер"),
        ("パスワドー", "パスワード"),
        ("المرر", "المرور"),
    ],
)
def test_a_misspelt_word_has_the_right_one_near(community: SearchEngine, word: str, correction: str) -> None:
    assert correction in near(community, word)


@pytest.mark.parametrize("word", ["e105", "xylophone", "abc", "", "ключица"])
def test_codes_and_strangers_have_nothing_near(community: SearchEngine, word: str) -> None:
    assert near(community, word) == []


@pytest.mark.parametrize(("word", "documents"), [("printer", 2), ("xylophone", 0), ("принтер", 1), ("prototype", 0)])
def test_a_word_counts_the_documents_that_hold_it(community: SearchEngine, word: str, documents: int) -> None:
    assert community.words([word], [], ["public"]).documents == {word: documents}


def test_a_word_is_known_by_its_stem(community: SearchEngine) -> None:
    known = community.words(["cleaned", "принтером", "プリンター"], [], ["public"])
    assert all(known.by_stem.values()), known
    assert (known.documents["cleaned"], known.documents["принтером"]) == (0, 0)


def test_stems_alone_are_counted_for_whom_they_are_asked(community: SearchEngine) -> None:
    known = community.words(
        ["printer"], ["jam"], ["public"], stems_of=["принтером", "cleaning", "принцессой", "!?", ""]
    )
    assert {word: bool(found) for word, found in known.by_stem.items() if word != "printer"} == {
        "принтером": True,
        "cleaning": True,
        "принцессой": False,
        "!?": False,
        "": False,
    }
    assert set(known.documents) == {"printer", "jam"}
    assert set(community.words([], [], ["space:9"], stems_of=["принтером"]).by_stem.values()) == {0}


def test_words_of_a_text_have_to_stand_side_by_side(community: SearchEngine) -> None:
    texts = ["paper jam", "paper printer", "紙詰まり", "パスワード", "!?", ""]
    known = community.words([], texts, ["public"]).documents
    assert known == {"paper jam": 1, "paper printer": 0, "紙詰まり": 1, "パスワード": 1, "!?": 0, "": 0}


def test_kana_of_a_longer_word_counts_as_text(community: SearchEngine) -> None:
    known = community.words([], ["パスワード", "ぱすわーど"], ["public"]).documents
    assert known == {"パスワード": 1, "ぱすわーど": 0}


def test_two_words_written_as_one_are_near(community: SearchEngine) -> None:
    assert "paper jam" in near(community, "paperjam")
    assert "не печатает" in near(community, "непечатает")
    assert near(community, "jampaper") == []


def test_nothing_is_told_of_what_the_caller_may_not_see(community: SearchEngine) -> None:
    assert near(community, "prototpye") == []
    assert "prototype" in near(community, "prototpye", ("space:3",))
    assert near(community, "prototpye", ()) == []
    assert near(community, "prototypeprinter", ("public",)) == []
    assert community.words(["secret"], ["prototype printer"], ["public"]).documents == {
        "secret": 0,
        "prototype printer": 0,
    }


def test_a_word_known_only_to_others_is_answered_as_if_unknown(engine: SearchEngine) -> None:
    fill(engine, question(1, "Backup plans"), question(2, "Bakcup", visibility=("space:3",)))
    assert near(engine, "bakcup") == ["backup"]
    assert engine.words(["bakcup"], [], ["space:3"]).documents == {"bakcup": 1}


def test_an_empty_index_knows_nothing(engine: SearchEngine) -> None:
    known = engine.words(["printer"], ["paper jam"], ["public"])
    assert (dict(known.documents), known.near.get("printer", ())) == ({"printer": 0, "paper jam": 0}, ())
    assert engine.words([], [], ["public"]).documents == {}


def test_texts_compared_are_counted_beside_the_search(community: SearchEngine) -> None:
    texts = ("printer", "xylophone", "", "password -reset", "topic:printing")
    for request in (
        SearchRequest(text="принтер"),
        SearchRequest(text="printer", languages=("ru",), offset=1, limit=1),
        SearchRequest(text="printer", visibility=("space:3",)),
        SearchRequest(text="xylophone", expansions=(Expansion("printer", 0.9, "xylophone"),)),
        SearchRequest(text="one two three four five six seven eight nine printer"),
    ):
        totals = [community.search(replace(request, text=text, expansions=())).total for text in texts]
        found = community.search(replace(request, compared=texts))
        assert found.totals == tuple(totals)
        assert replace(found, totals=()) == community.search(request)


def test_however_many_documents_of_others_hold_a_word_it_stays_unknown(engine: SearchEngine) -> None:
    hidden = [question(number, "Falcon prototype", visibility=("space:3",)) for number in range(1, 40)]
    fill(engine, *hidden, *(question(number, "Printer backup") for number in range(40, 46)))
    known = engine.words(["falcon", "printer"], ["falcon prototype"], ["public"])
    assert (known.documents["falcon"], known.documents["falcon prototype"]) == (0, 0)
    assert known.documents["printer"] > 0
    assert near(engine, "falkon") == []
    assert near(engine, "falkon", ("space:3",)) == ["falcon"]
    assert engine.words(["falcon"], [], ["space:3"]).documents["falcon"] > 0


def test_deleted_documents_make_no_word_known(engine: SearchEngine) -> None:
    gone = [question(number, "Falcon printer") for number in range(1, 12)]
    fill(engine, *gone, question(50, "Backup"))
    with engine.writing(wait=5):
        engine.apply([], [each.key for each in gone], version=2)
    known = engine.words(["falcon", "backup"], [], ["public"]).documents
    assert known == {"falcon": 0, "backup": 1}
    assert near(engine, "falkon") == []
