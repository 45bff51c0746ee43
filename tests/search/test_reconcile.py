"""Comparing index and database, and mending."""

from dataclasses import replace

import pytest
from django.core.management import CommandError, call_command

from search import outbox
from search.documents import DocumentKey, SearchRequest
from search.engines.embedded import EmbeddedEngine
from search.reconcile import LEFT_OVER, MISSING, OUTDATED, Difference, OutboxWaiting, reconcile
from tests.search.conftest import Shelf, fill
from tests.search.documents import INVOICE, PASSWORD, PRINTER, question

pytestmark = pytest.mark.django_db


@pytest.fixture
def differing(embedded: EmbeddedEngine, shelf: Shelf) -> EmbeddedEngine:
    """One document missing, one outdated, one left over, one as it should be."""
    shelf.put(PRINTER, PASSWORD, INVOICE)
    fill(embedded, PRINTER, replace(PASSWORD, score=PASSWORD.score - 1), question(99, "Long gone"))
    return embedded


EXPECTED = [
    Difference(DocumentKey("question", "2"), OUTDATED),
    Difference(DocumentKey("question", "3"), MISSING),
    Difference(DocumentKey("question", "99"), LEFT_OVER),
]


def test_every_kind_of_difference_is_named(differing: EmbeddedEngine) -> None:
    assert reconcile(engine=differing) == EXPECTED


def test_looking_changes_nothing(differing: EmbeddedEngine) -> None:
    reconcile(engine=differing)
    assert reconcile(engine=differing) == EXPECTED
    assert outbox.pending_count() == 0


def test_repair_mends_all_of_them(differing: EmbeddedEngine) -> None:
    assert reconcile(engine=differing, repair=True) == []
    assert {each.document for each in differing.search(SearchRequest()).found} == {PRINTER, PASSWORD, INVOICE}


def test_equal_is_equal(embedded: EmbeddedEngine, shelf: Shelf) -> None:
    shelf.put(PRINTER, PASSWORD)
    fill(embedded, PRINTER, PASSWORD)
    assert reconcile(engine=embedded) == []


def test_what_waits_in_the_outbox_is_no_difference(embedded: EmbeddedEngine, shelf: Shelf) -> None:
    shelf.put(PRINTER)
    outbox.enqueue("question", ["1"])
    assert reconcile(engine=embedded) == []


def test_a_change_during_the_comparison_is_no_difference(embedded: EmbeddedEngine, shelf: Shelf) -> None:
    shelf.put(PRINTER, PASSWORD)
    fill(embedded, PRINTER, PASSWORD)
    listing = embedded.listing

    def changing_listing(document_type: str, **kwargs: object) -> object:
        entries = list(listing(document_type))
        if shelf.documents["1"] == PRINTER:
            shelf.put(replace(PRINTER, title="The scanner hums"))
            outbox.enqueue("question", ["1"])
        return iter(entries)

    embedded.listing = changing_listing  # type: ignore[assignment,method-assign]
    assert reconcile(engine=embedded) == []


def test_what_cannot_be_mended_stays_named(embedded: EmbeddedEngine, shelf: Shelf) -> None:
    shelf.put(PRINTER)
    embedded.apply = lambda *args, **kwargs: pytest.fail("must wait")  # type: ignore[method-assign,assignment]
    shelf.unreadable = {"1"}
    assert reconcile(engine=embedded) == [], "a row that cannot be read says nothing about the index"


def test_an_outbox_that_nobody_applies_is_told(embedded: EmbeddedEngine, shelf: Shelf) -> None:
    shelf.put(PRINTER)
    shelf.unreadable = {"1"}
    outbox.enqueue("question", ["1"])
    with pytest.raises(OutboxWaiting, match="1 changes wait"):
        reconcile(engine=embedded, patience=0.1)


def test_the_command_prints_and_exits_1_when_differences_are_left(
    differing: EmbeddedEngine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("search.reconcile.selected_engine", lambda: differing)
    with pytest.raises(CommandError, match="3 differences") as failed:
        call_command("search_reconcile")
    assert failed.value.returncode == 1
    assert capsys.readouterr().out.splitlines() == [
        "outdated\tquestion:2",
        "missing\tquestion:3",
        "left over\tquestion:99",
    ]


def test_the_command_mends(
    differing: EmbeddedEngine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("search.reconcile.selected_engine", lambda: differing)
    call_command("search_reconcile", "--repair")
    assert "No differences" in capsys.readouterr().out


def test_the_command_without_an_index_fails_in_one_line(
    embedded: EmbeddedEngine, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("search.reconcile.selected_engine", lambda: embedded)
    embedded.drop()
    with pytest.raises(CommandError, match="not compared: no index"):
        call_command("search_reconcile")
