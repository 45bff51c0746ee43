"""The ids of all rows are read while others write: nothing is locked, nothing is left out."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection, transaction

from search import outbox
from search.models import OutboxEntry
from search.reading import primary_keys


def in_another_connection(task: Callable[[], object]) -> None:
    """Run something as another process would, and wait for it."""

    def run() -> None:
        try:
            task()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(30)


@pytest.mark.django_db
@pytest.mark.parametrize("rows", [0, 1, 3, 4, 7])
def test_every_row_once_and_in_order_whatever_the_page(rows: int) -> None:
    outbox.enqueue("row", range(rows))
    found = list(primary_keys(OutboxEntry.objects.all(), page=3))
    assert found == [str(pk) for pk in OutboxEntry.objects.order_by("pk").values_list("pk", flat=True)]
    assert len(found) == rows


@pytest.mark.django_db
def test_only_the_rows_of_the_queryset() -> None:
    outbox.enqueue("row", range(5))
    outbox.enqueue("other", range(5))
    assert len(list(primary_keys(OutboxEntry.objects.filter(document_type="row"), page=2))) == 5


@pytest.mark.django_db
def test_rows_that_go_and_come_meanwhile_shift_nothing() -> None:
    outbox.enqueue("row", range(6))
    every = list(OutboxEntry.objects.order_by("pk").values_list("pk", flat=True))
    found = []
    for place, key in enumerate(primary_keys(OutboxEntry.objects.all(), page=2)):
        found.append(key)
        if place == 1:
            OutboxEntry.objects.filter(pk__in=[every[0], every[4]]).delete()
            outbox.enqueue("row", ["new"])
    new = OutboxEntry.objects.get(object_id="new")
    assert found == [str(every[place]) for place in (0, 1, 2, 3, 5)] + [str(new.pk)]


@pytest.mark.django_db(transaction=True)
def test_the_reader_can_write_after_another_one_has_written() -> None:
    """A cursor that is still reading would make this fail on SQLite: the state it reads is not the newest any more."""
    outbox.enqueue("row", range(6))
    seen = 0
    for _ in primary_keys(OutboxEntry.objects.all(), page=2):
        seen += 1
        if seen <= 3:
            in_another_connection(lambda: outbox.enqueue("other", ["1"]))
            with transaction.atomic():
                OutboxEntry.objects.filter(object_id="5").update(attempts=seen)
    assert seen == 9
    assert OutboxEntry.objects.get(document_type="row", object_id="5").attempts == 3
