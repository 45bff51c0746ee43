"""Batches, versions, deletions, generations and listings, on every engine."""

from dataclasses import replace

import pytest

from search.documents import DocumentKey, SearchRequest
from search.engine import EngineError, IndexMissing, SearchEngine
from tests.search.conftest import fill
from tests.search.contract.asking import search
from tests.search.documents import COMMUNITY, PASSWORD, PRINTER, question


def apply(engine: SearchEngine, *, version: int, upserts: object = (), deletes: object = (), **fields: object) -> None:
    """One batch that must go through whole."""
    with engine.writing(wait=5):
        result = engine.apply(list(upserts), list(deletes), version=version, **fields)  # type: ignore[call-overload]
    assert result.refused == {}


def test_a_batch_is_searchable_on_return(engine: SearchEngine) -> None:
    fill(engine, PRINTER)
    assert search(engine, "printer") == ["1"]


def test_everything_of_a_document_comes_back(engine: SearchEngine) -> None:
    fill(engine, *COMMUNITY)
    given = {document.key: document for document in COMMUNITY if "public" in document.visibility}
    back = {found.document.key: found.document for found in engine.search(SearchRequest(limit=50)).found}
    assert back == given


def test_a_newer_state_replaces_the_older(engine: SearchEngine) -> None:
    fill(engine, PRINTER, version=1)
    fill(engine, replace(PRINTER, title="The scanner hums"), version=2)
    assert search(engine, "shows") == []
    assert search(engine, "scanner") == ["1"]
    assert engine.count() == 1


def test_an_older_state_that_comes_late_changes_nothing(engine: SearchEngine) -> None:
    fill(engine, replace(PRINTER, title="The scanner hums"), version=5)
    fill(engine, PRINTER, version=4)
    assert search(engine, "scanner") == ["1"]


def test_the_same_batch_again_changes_nothing(engine: SearchEngine) -> None:
    fill(engine, PRINTER, PASSWORD, version=5)
    fill(engine, PRINTER, PASSWORD, version=5)
    assert engine.count() == 2


def test_deleting_takes_a_document_out_of_everything(engine: SearchEngine) -> None:
    fill(engine, PRINTER, PASSWORD)
    apply(engine, version=2, deletes=[PRINTER.key])
    assert search(engine, "printer") == []
    assert not engine.words(["pritner"], [], ["public"]).near.get("pritner")
    assert engine.count() == 1


def test_a_deletion_older_than_the_document_changes_nothing(engine: SearchEngine) -> None:
    fill(engine, PRINTER, version=5)
    apply(engine, version=4, deletes=[PRINTER.key])
    assert search(engine, "printer") == ["1"]


def test_deleting_what_is_not_there_is_no_error(engine: SearchEngine) -> None:
    apply(engine, version=1, deletes=[DocumentKey("question", "404")])
    assert engine.count() == 0


def test_types_do_not_get_in_each_other_s_way(engine: SearchEngine) -> None:
    fill(engine, PRINTER, replace(PRINTER, type="article"))
    apply(engine, version=2, deletes=[DocumentKey("article", PRINTER.id)])
    assert [found.document.type for found in engine.search(SearchRequest(text="printer")).found] == ["question"]


def test_the_listing_names_each_document_with_hash_and_version(engine: SearchEngine) -> None:
    fill(engine, *COMMUNITY, version=7)
    listed = {entry.key: (entry.content_hash, entry.version) for entry in engine.listing("question")}
    questions = [document for document in COMMUNITY if document.type == "question"]
    assert listed == {document.key: (document.content_hash(), 7) for document in questions}
    assert list(engine.listing("event")) == []


def test_a_listing_longer_than_a_page_is_whole(engine: SearchEngine) -> None:
    many = [question(number, f"Question number {number}") for number in range(2_345)]
    fill(engine, *many)
    assert len({entry.key.id for entry in engine.listing("question")}) == 2_345


def test_a_new_generation_is_filled_beside_and_swapped(engine: SearchEngine) -> None:
    fill(engine, PRINTER)
    generation = engine.create_generation()
    apply(engine, version=2, upserts=[PASSWORD], generation=generation)
    assert search(engine, "") == ["1"]
    engine.commit_generation(generation)
    assert search(engine, "") == ["2"]


def test_while_one_is_built_changes_go_to_both(engine: SearchEngine) -> None:
    generation = engine.create_generation()
    fill(engine, PRINTER, version=2)
    assert search(engine, "printer") == ["1"]
    assert [entry.key.id for entry in engine.listing("question", generation=generation)] == ["1"]
    assert engine.count(generation=generation) == 1


def test_the_rebuild_does_not_overwrite_a_change_made_meanwhile(engine: SearchEngine) -> None:
    generation = engine.create_generation()
    fill(engine, replace(PRINTER, title="The scanner hums"), version=9)
    apply(engine, version=8, upserts=[PRINTER], generation=generation)
    engine.commit_generation(generation)
    assert search(engine, "scanner") == ["1"]


def test_an_abandoned_generation_leaves_the_current_one_alone(engine: SearchEngine) -> None:
    fill(engine, PRINTER)
    generation = engine.create_generation()
    engine.abandon_generation(generation)
    assert search(engine, "printer") == ["1"]
    with pytest.raises(EngineError):
        engine.count(generation=generation)
    fill(engine, PASSWORD, version=2)
    assert engine.count() == 2


def test_beginning_again_drops_what_a_dead_rebuild_left(engine: SearchEngine) -> None:
    dead = engine.create_generation()
    engine.create_generation()
    with pytest.raises(EngineError):
        engine.count(generation=dead)


def test_without_an_index_everything_says_so(engine: SearchEngine) -> None:
    engine.drop()
    assert not engine.health().has_index
    assert engine.health().reachable
    with pytest.raises(IndexMissing):
        engine.search(SearchRequest(text="printer"))
    with pytest.raises(IndexMissing):
        fill(engine, PRINTER)
    assert not engine.health().has_index, "a write must not make an index up"


def test_an_index_is_healthy(engine: SearchEngine) -> None:
    assert engine.health().has_index


def test_a_thousand_documents_in_one_batch(engine: SearchEngine) -> None:
    body = "The printer stops in the middle of a page and the display asks for paper. " * 20
    many = [question(number, f"Question number {number}", body) for number in range(1_000)]
    fill(engine, *many)
    assert engine.count() == 1_000


def test_an_enormous_document_is_taken(engine: SearchEngine) -> None:
    fill(engine, question(1, "Long log", "line of a log with word w%d " * 40_000 + " needle"))
    assert search(engine, "needle") == ["1"]
    assert search(engine, "log") == ["1"]


@pytest.mark.parametrize("language", ["de", "pt-br", "zh-hans", "ko", "xx", ""])
def test_a_language_without_analysis_of_its_own_is_found(engine: SearchEngine, language: str) -> None:
    fill(engine, question(1, "Überlauf 設定 설정 настройка", "Überläufe", language or None))
    for text in ("überlauf", "設定", "설정", "настройка"):
        assert search(engine, text) == ["1"], text
