"""The outbox: what is said in a transaction is applied after it, once, in order, and never lost."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from search import outbox
from search.documents import DocumentKey, SearchRequest
from search.engine import ApplyResult, EngineUnavailable, IndexMissing
from search.engines.embedded import EmbeddedEngine
from search.indexing import BATCH, drain
from search.models import IndexClock, OutboxEntry
from tests.search.conftest import Shelf
from tests.search.documents import PASSWORD, PRINTER, question

pytestmark = pytest.mark.django_db


class Failing(EmbeddedEngine):
    """An engine that takes nothing while ``broken``, or refuses single documents."""

    broken: Exception | None = None
    refuses: frozenset[str] = frozenset()
    after_apply: Exception | None = None

    def apply(self, upserts, deletes, *, version, generation=None):  # type: ignore[no-untyped-def]
        if self.broken:
            raise self.broken
        refused = {d.key: "too odd" for d in upserts if d.id in self.refuses}
        kept = [d for d in upserts if d.id not in self.refuses]
        result = super().apply(kept, deletes, version=version, generation=generation)
        if self.after_apply:
            raise self.after_apply
        return ApplyResult(result.applied, refused)


@pytest.fixture
def engine(tmp_path) -> Failing:  # type: ignore[no-untyped-def]
    made = Failing(tmp_path / "search")
    made.commit_generation(made.create_generation())
    yield made
    made.close()


def found(engine: EmbeddedEngine, text: str = "") -> set[str]:
    return {each.document.id for each in engine.search(SearchRequest(text=text, limit=100)).found}


def make_due() -> None:
    """Let the time until the next attempt pass."""
    OutboxEntry.objects.update(available_at=timezone.now() - timedelta(seconds=1))


def test_what_was_said_is_found_after_draining(engine: Failing, shelf: Shelf) -> None:
    shelf.put(PRINTER, PASSWORD)
    assert outbox.enqueue("question", [1, "2"]) == 2
    assert outbox.pending_count() == 2
    assert drain(engine=engine) == 2
    assert found(engine) == {"1", "2"}
    assert outbox.pending_count() == 0


def test_nothing_waiting_is_nothing_to_do(engine: Failing, shelf: Shelf) -> None:
    assert drain(engine=engine) == 0
    assert not IndexClock.objects.exists(), "no version is spent on nothing"


def test_a_change_that_is_rolled_back_was_never_said(shelf: Shelf) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        outbox.enqueue("question", ["1"])
        raise ZeroDivisionError
    assert outbox.pending_count() == 0


def test_a_document_that_is_gone_leaves_the_index(engine: Failing, shelf: Shelf) -> None:
    shelf.put(PRINTER, PASSWORD)
    outbox.enqueue("question", ["1", "2"])
    drain(engine=engine)
    shelf.remove("1")
    outbox.enqueue("question", ["1"])
    drain(engine=engine)
    assert found(engine) == {"2"}


def test_a_type_that_no_app_knows_any_more_leaves_the_index(engine: Failing, shelf: Shelf) -> None:
    with engine.writing():
        engine.apply([replace(PRINTER, type="ballad")], [], version=1)
    outbox.enqueue("ballad", ["1"])
    assert drain(engine=engine) == 1
    assert found(engine) == set()


def test_the_same_document_said_twice_is_loaded_once(engine: Failing, shelf: Shelf) -> None:
    shelf.put(PRINTER)
    outbox.enqueue("question", ["1", "1"])
    outbox.enqueue("question", ["1"])
    assert outbox.pending_count() == 2
    assert drain(engine=engine) == 2
    assert shelf.loads == [["1"]]


def test_the_limit_is_kept(engine: Failing, shelf: Shelf) -> None:
    shelf.put(*(question(n, f"Number {n}") for n in range(7)))
    outbox.enqueue("question", range(7))
    assert drain(3, engine=engine) == 3
    assert outbox.pending_count() == 4


def test_more_than_a_batch_is_drained_in_batches(engine: Failing, shelf: Shelf) -> None:
    count = 2 * BATCH + 10
    shelf.put(*(question(n, f"Number {n}") for n in range(count)))
    outbox.enqueue("question", range(count))
    assert drain(engine=engine) == count
    assert [len(ids) for ids in shelf.loads] == [BATCH, BATCH, 10]
    assert engine.count() == count


def test_while_the_engine_is_down_nothing_is_lost(engine: Failing, shelf: Shelf) -> None:
    shelf.put(PRINTER)
    outbox.enqueue("question", ["1"])
    engine.broken = EngineUnavailable("connection refused")
    assert drain(engine=engine) == 0
    entry = OutboxEntry.objects.get()
    assert (entry.attempts, entry.last_error) == (1, "connection refused")
    assert entry.available_at > timezone.now()
    engine.broken = None
    assert drain(engine=engine) == 0, "not before its time"
    make_due()
    assert drain(engine=engine) == 1
    assert found(engine) == {"1"}


def waits_of_failures(engine: Failing) -> list[int]:
    waits = []
    for _ in range(9):
        make_due()
        drain(engine=engine)
        waits.append(round((OutboxEntry.objects.get().available_at - timezone.now()).total_seconds()))
    return waits


def test_each_failure_of_a_document_doubles_its_wait_up_to_a_minute(engine: Failing, shelf: Shelf) -> None:
    shelf.put(PRINTER)
    outbox.enqueue("question", ["1"])
    engine.refuses = frozenset({"1"})
    assert waits_of_failures(engine) == [1, 2, 4, 8, 16, 32, 60, 60, 60]


def test_an_engine_that_was_down_is_asked_again_within_seconds(engine: Failing, shelf: Shelf) -> None:
    shelf.put(PRINTER)
    outbox.enqueue("question", ["1"])
    engine.broken = EngineUnavailable("connection refused")
    assert waits_of_failures(engine) == [1, 2, 4, 8, 8, 8, 8, 8, 8]


def test_a_very_long_error_is_cut(engine: Failing, shelf: Shelf) -> None:
    shelf.put(PRINTER)
    outbox.enqueue("question", ["1"])
    engine.broken = EngineUnavailable("x" * 10_000)
    drain(engine=engine)
    assert len(OutboxEntry.objects.get().last_error) == 500


def test_a_worker_that_dies_before_writing_leaves_the_line(engine: Failing, shelf: Shelf) -> None:
    shelf.put(PRINTER)
    outbox.enqueue("question", ["1"])
    engine.broken = KeyboardInterrupt()  # type: ignore[assignment]
    with pytest.raises(KeyboardInterrupt):
        drain(engine=engine)
    assert outbox.pending_count() == 1
    engine.broken = None
    assert drain(engine=engine) == 1
    assert found(engine) == {"1"}


def test_a_worker_that_dies_after_writing_does_it_again_without_harm(engine: Failing, shelf: Shelf) -> None:
    shelf.put(PRINTER)
    outbox.enqueue("question", ["1"])
    engine.after_apply = KeyboardInterrupt()  # type: ignore[assignment]
    with pytest.raises(KeyboardInterrupt):
        drain(engine=engine)
    assert found(engine) == {"1"}
    assert outbox.pending_count() == 1
    engine.after_apply = None
    assert drain(engine=engine) == 1
    assert engine.count() == 1


def test_without_an_index_nothing_is_lost_and_the_caller_learns(engine: Failing, shelf: Shelf) -> None:
    shelf.put(PRINTER)
    outbox.enqueue("question", ["1"])
    engine.drop()
    with pytest.raises(IndexMissing):
        drain(engine=engine)
    assert OutboxEntry.objects.get().last_error == "there is no index"


def test_a_broken_row_does_not_hold_up_the_others(engine: Failing, shelf: Shelf) -> None:
    shelf.put(PRINTER, PASSWORD)
    shelf.unreadable = {"2"}
    outbox.enqueue("question", ["1", "2"])
    assert drain(engine=engine) == 1
    assert found(engine) == {"1"}
    assert OutboxEntry.objects.get().object_id == "2"


def test_a_broken_row_is_not_taken_for_a_deletion(engine: Failing, shelf: Shelf) -> None:
    shelf.put(PRINTER)
    outbox.enqueue("question", ["1"])
    drain(engine=engine)
    shelf.unreadable = {"1"}
    outbox.enqueue("question", ["1"])
    drain(engine=engine)
    assert found(engine) == {"1"}


def test_a_document_that_the_engine_refuses_does_not_hold_up_the_others(engine: Failing, shelf: Shelf) -> None:
    shelf.put(PRINTER, PASSWORD)
    engine.refuses = frozenset({"1"})
    outbox.enqueue("question", ["1", "2"])
    assert drain(engine=engine) == 1
    assert found(engine) == {"2"}
    entry = OutboxEntry.objects.get()
    assert (entry.object_id, entry.last_error, entry.attempts) == ("1", "too odd", 1)


def test_a_change_during_the_work_is_not_settled_with_it(engine: Failing, shelf: Shelf) -> None:
    """The line written while the worker loads is another line: deleting the first one leaves it."""
    shelf.put(PRINTER)
    outbox.enqueue("question", ["1"])
    load = shelf.load

    def load_and_change(ids: object) -> list[object]:
        documents = load(ids)
        if len(shelf.loads) == 1:
            shelf.put(replace(PRINTER, title="The scanner hums"))
            outbox.enqueue("question", ["1"])
        return documents  # type: ignore[return-value]

    shelf.load = load_and_change  # type: ignore[assignment,method-assign]
    shelf.register()
    drain(engine=engine)
    assert outbox.pending_count() == 1
    drain(engine=engine)
    assert found(engine, "scanner") == {"1"}


def test_a_stale_batch_that_arrives_last_does_not_win(engine: Failing, shelf: Shelf) -> None:
    """A worker read the old state, stalled, and writes after another one wrote the new state."""
    shelf.put(PRINTER)
    stale_version = outbox.next_version()
    stale = shelf.load(["1"])
    shelf.put(replace(PRINTER, title="The scanner hums"))
    outbox.enqueue("question", ["1"])
    drain(engine=engine)
    with engine.writing():
        engine.apply(stale, [], version=stale_version)
    assert found(engine, "scanner") == {"1"}


def test_a_stale_write_does_not_resurrect_within_a_batch_order(engine: Failing, shelf: Shelf) -> None:
    shelf.put(PRINTER)
    outbox.enqueue("question", ["1"])
    drain(engine=engine)
    shelf.remove("1")
    outbox.enqueue("question", ["1"])
    drain(engine=engine)
    outbox.enqueue("question", ["1"])
    drain(engine=engine)
    assert found(engine) == set()


def test_versions_only_rise_and_follow_the_clock() -> None:
    before = int(timezone.now().timestamp() * 1_000_000)
    versions = [outbox.next_version() for _ in range(20)]
    assert versions == sorted(set(versions))
    assert versions[0] >= before


def test_versions_rise_although_the_clock_was_set_back() -> None:
    ahead = int(timezone.now().timestamp() * 1_000_000) + 10**12
    IndexClock.objects.create(pk=1, version=ahead)
    assert outbox.next_version() == ahead + 1
    assert outbox.next_version() == ahead + 2


def test_lines_claimed_by_one_worker_are_not_given_to_another() -> None:
    outbox.enqueue("question", range(5))
    first = outbox.claim(3, ignore_leases=False)
    second = outbox.claim(10, ignore_leases=False)
    assert [line.object_id for line in first] == ["0", "1", "2"]
    assert [line.object_id for line in second] == ["3", "4"]
    assert outbox.claim(10, ignore_leases=False) == []


def test_lines_of_a_worker_that_died_are_given_out_again() -> None:
    outbox.enqueue("question", [1])
    outbox.claim(1, ignore_leases=False)
    OutboxEntry.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    assert len(outbox.claim(1, ignore_leases=False)) == 1


def test_the_only_writer_does_not_wait_for_a_dead_one_s_lease() -> None:
    outbox.enqueue("question", [1])
    outbox.claim(1, ignore_leases=False)
    assert len(outbox.claim(1, ignore_leases=True)) == 1


def test_the_oldest_lines_come_first() -> None:
    outbox.enqueue("question", [9])
    outbox.enqueue("question", [3])
    assert [line.object_id for line in outbox.claim(5, ignore_leases=True)] == ["9", "3"]


def test_the_age_of_the_oldest_line() -> None:
    assert outbox.oldest_pending_seconds() == 0.0
    outbox.enqueue("question", [1, 2])
    OutboxEntry.objects.filter(object_id="1").update(created_at=timezone.now() - timedelta(seconds=90))
    assert 90 <= outbox.oldest_pending_seconds() < 120


def test_enqueueing_nothing_is_nothing() -> None:
    assert outbox.enqueue("question", []) == 0
    assert outbox.pending_count() == 0


def test_ten_thousand_are_said_in_few_statements(django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    with django_assert_max_num_queries(80):
        outbox.enqueue("question", range(10_000))


def test_draining_costs_few_statements_for_many_documents(
    engine: Failing,
    shelf: Shelf,
    django_assert_max_num_queries,  # type: ignore[no-untyped-def]
) -> None:
    shelf.put(*(question(n, f"Number {n}") for n in range(BATCH - 1)))
    outbox.enqueue("question", range(BATCH - 1))
    with django_assert_max_num_queries(12):
        drain(engine=engine)


def test_keys_waiting() -> None:
    outbox.enqueue("question", ["1"])
    outbox.enqueue("article", ["2"])
    assert outbox.pending_keys() == {("question", "1"), ("article", "2")}
    assert str(OutboxEntry.objects.first()) == DocumentKey("question", "1").uid
