"""What is the embedded engine's alone: its folder, its lock, its terms, and what it does when files are damaged."""

import shutil
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from search.documents import SearchRequest
from search.engine import EngineError, IndexMissing, WriterBusy
from search.engines.embedded import EmbeddedEngine, _indexed, _query, _schema
from search.engines.generations import GenerationFolder, Pointer, WriterLock
from search.highlighting import SCANNED_LENGTH
from search.queries.tree import Bool, Boost, Constant, Everything, Match, OneOf, Phrase, Term
from tests.search.conftest import fill
from tests.search.documents import COMMUNITY, PASSWORD, PRINTER, PRINTER_RU, question


@pytest.fixture
def folder(tmp_path: Path) -> GenerationFolder:
    made = GenerationFolder(tmp_path / "folder")
    made.prepare()
    return made


# The folder


def test_an_empty_folder_points_nowhere(tmp_path: Path) -> None:
    folder = GenerationFolder(tmp_path / "nowhere")
    assert folder.current() is None
    assert folder.building() is None
    assert folder.current_stamp() == (0, 0)


def test_pointers_are_read_back(folder: GenerationFolder) -> None:
    folder.set_current(Pointer("one", "shape"))
    folder.set_building("two")
    assert folder.current() == Pointer("one", "shape")
    assert folder.building() == "two"
    folder.set_building(None)
    folder.set_building(None)
    assert folder.building() is None


def test_a_swap_changes_the_stamp(folder: GenerationFolder) -> None:
    stamps = set()
    for name in ("one", "two", "three"):
        folder.set_current(Pointer(name, "shape"))
        stamps.add(folder.current_stamp())
    assert len(stamps) == 3


def test_a_swap_leaves_no_litter(folder: GenerationFolder) -> None:
    for name in ("one", "two"):
        folder.set_current(Pointer(name, "shape"))
    assert sorted(path.name for path in folder.path.iterdir()) == ["current", "generations"]


def test_generations_are_named_in_order_of_time(folder: GenerationFolder) -> None:
    names = [folder.new_generation() for _ in range(5)]
    assert names == sorted(set(names))
    folder.remove(names[0])
    folder.remove("never there")
    assert not folder.generation_path(names[0]).exists()


def test_a_reader_never_sees_half_a_pointer(folder: GenerationFolder) -> None:
    folder.set_current(Pointer("0", "shape"))
    seen: set[object] = set()
    stop = threading.Event()

    def read() -> None:
        while not stop.is_set():
            seen.add(folder.current())

    reader = threading.Thread(target=read)
    reader.start()
    for number in range(100):
        folder.set_current(Pointer(str(number), "shape"))
    stop.set()
    reader.join()
    assert None not in seen


# The lock


def test_the_lock_is_one_over_objects_as_over_processes(folder: GenerationFolder) -> None:
    first, second = WriterLock(folder), WriterLock(folder)
    first.acquire(0)
    first.acquire(0)
    assert first.held
    with pytest.raises(WriterBusy):
        second.acquire(0)
    assert first.is_wanted()
    first.release()
    second.acquire(0)
    assert not second.is_wanted(), "whoever has it wants it no longer"
    second.release()
    second.release()


def test_waiting_for_the_lock_ends_when_it_is_let_go(folder: GenerationFolder) -> None:
    first, second = WriterLock(folder), WriterLock(folder)
    first.acquire(0)
    threading.Timer(0.1, first.release).start()
    second.acquire(10)
    assert second.held
    second.release()


def test_writing_within_writing_holds_on_to_the_lock(embedded: EmbeddedEngine) -> None:
    with embedded.writing():
        with embedded.writing():
            embedded.apply([PRINTER], [], version=1)
        assert embedded.may_write
        embedded.apply([PASSWORD], [], version=1)
    assert not embedded.may_write
    assert embedded.count() == 2


def test_an_error_while_writing_lets_go_of_the_lock(embedded: EmbeddedEngine) -> None:
    with pytest.raises(ZeroDivisionError), embedded.writing():
        raise ZeroDivisionError
    assert not embedded.may_write


def test_kept_open_keeps_until_the_end(embedded: EmbeddedEngine) -> None:
    with embedded.kept_open():
        fill(embedded, PRINTER)
        assert embedded.may_write
        assert not embedded.yield_writer(), "nobody wants it"
        fill(embedded, PASSWORD, version=2)
    assert not embedded.may_write


def test_two_threads_take_turns(embedded: EmbeddedEngine) -> None:
    def write(number: int) -> None:
        for each in range(5):
            fill(embedded, question(number * 10 + each, f"Number {number}"), version=each)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert embedded.count() == 20


# Damage


def test_a_failed_batch_is_not_there_in_part(embedded: EmbeddedEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = replace(PASSWORD, id="broken")
    real = _indexed
    monkeypatch.setattr(
        "search.engines.embedded._indexed",
        lambda document, version: "no document" if document is broken else real(document, version),
    )
    with pytest.raises(EngineError):
        fill(embedded, PRINTER, broken)
    assert embedded.count() == 0
    fill(embedded, PRINTER)
    assert embedded.count() == 1, "the next batch has a sound writer"


def test_a_generation_that_vanished_is_a_missing_index(embedded: EmbeddedEngine, tmp_path: Path) -> None:
    shutil.rmtree(tmp_path / "search" / "generations")
    fresh = EmbeddedEngine(tmp_path / "search")
    with pytest.raises(IndexMissing):
        fresh.search(SearchRequest())
    assert not fresh.health().has_index


def test_a_torn_generation_is_an_engine_error(embedded: EmbeddedEngine, tmp_path: Path) -> None:
    fill(embedded, PRINTER)
    for path in (tmp_path / "search" / "generations").rglob("*.store"):
        path.write_bytes(b"")
    fresh = EmbeddedEngine(tmp_path / "search")
    with pytest.raises(EngineError):
        fresh.search(SearchRequest(text="printer"))
    fresh.close()


def test_another_shape_is_a_missing_index(embedded: EmbeddedEngine, tmp_path: Path) -> None:
    folder = GenerationFolder(tmp_path / "search")
    current = folder.current()
    assert current
    folder.set_current(Pointer(current.generation, "embedded-0"))
    with pytest.raises(IndexMissing, match="embedded-0"):
        embedded.search(SearchRequest())


def test_dropping_twice_is_no_error(embedded: EmbeddedEngine) -> None:
    embedded.drop()
    embedded.drop()
    assert embedded.health().reachable


# Terms


def stored_terms(document: object) -> dict[str, list[str]]:
    """The terms of a document's analysed fields."""
    fields = _indexed(document, 1).to_dict()  # type: ignore[arg-type]
    return {name: values[0].split() for name, values in fields.items() if name.endswith(("_s", "_x", "_p"))}


def test_the_fields_of_an_english_question() -> None:
    terms = stored_terms(PRINTER)
    assert terms["title_s"] == ["printer", "show", "error", "e", "104", "e104", "after", "paper", "jam"]
    assert terms["title_x"][:4] == ["the", "printer", "shows", "error"]
    assert {"open", "rear", "cover"} <= set(terms["answers_s"])
    assert set(terms["title_s"]) | set(terms["answers_s"]) <= set(terms["text_s"])
    assert {"pri", "prin", "e1", "e10"} <= set(terms["title_p"])


def test_the_fields_of_a_russian_question() -> None:
    assert stored_terms(PRINTER_RU)["title_s"] == ["принтер", "печата", "посл", "замят", "бумаг"]


def test_title_body_and_answers_are_kept_apart_for_phrases() -> None:
    assert stored_terms(PRINTER)["text_x"].count("\u2063") == 2


@pytest.mark.parametrize("document", COMMUNITY, ids=lambda document: document.key.uid)
def test_every_document_of_the_community_fits_the_schema(document: object) -> None:
    assert _indexed(document, 1).get_first("uid") == document.key.uid  # type: ignore[attr-defined]


def test_only_so_much_text_is_kept_as_excerpts_need(embedded: EmbeddedEngine) -> None:
    fill(embedded, question(1, "Long", "word " * SCANNED_LENGTH, answers="reply " * SCANNED_LENGTH))
    [found] = embedded.search(SearchRequest()).found
    assert len(found.document.body) == len(found.document.answers) == SCANNED_LENGTH


@pytest.mark.parametrize(
    "node",
    [
        Everything(),
        Term("text_s", "printer"),
        OneOf("type", ("question",)),
        OneOf("type", ()),
        Phrase("text_x", ("paper", "jam")),
        Boost(Everything(), 2.0),
        Constant(Term("text_x", "a"), 0.5),
        Bool(),
        Bool(must=(Everything(),), should=(Term("text_s", "a"),), must_not=(Term("text_s", "b"),), minimum=1),
    ],
)
def test_each_node_of_a_query_tree_can_be_asked(embedded: EmbeddedEngine, node: object) -> None:
    fill(embedded, PRINTER)
    generation, searcher = embedded.current()
    assert searcher.search(_query(generation.schema, node), limit=1).count in (0, 1)  # type: ignore[arg-type]


def test_a_node_that_only_the_other_engine_has_is_told() -> None:
    with pytest.raises(EngineError, match="no query for Match"):
        _query(_schema(), Match("text_en", "word"))


def test_many_small_batches_stay_searchable(embedded: EmbeddedEngine) -> None:
    with embedded.kept_open():
        for number in range(40):
            fill(embedded, question(number, f"Number {number}"), version=number + 1)
            assert embedded.search(SearchRequest()).total == number + 1
    assert embedded.current()[1].num_segments < 40, "segments are merged"
