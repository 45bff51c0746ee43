"""Writes that wait a moment only."""

import pytest
from django.db import DatabaseError, connection, transaction

from portal.core.models import Source
from portal.core.patience import brief_transaction


def busy_timeout():
    """Returns how long SQLite waits for its writer, in milliseconds; 0 on other databases."""
    if connection.vendor != "sqlite":
        return 0
    connection.ensure_connection()
    (found,) = connection.connection.execute("PRAGMA busy_timeout").fetchone()
    return found


@pytest.mark.django_db(transaction=True)
class TestBriefTransaction:
    def test_what_is_written_stays(self):
        with brief_transaction():
            Source.objects.create(name="one")
        assert Source.objects.filter(name="one").exists()

    def test_an_error_takes_it_back_and_goes_on(self):
        with pytest.raises(RuntimeError), brief_transaction():
            Source.objects.create(name="one")
            raise RuntimeError
        assert not Source.objects.exists()

    def test_others_wait_as_long_as_before(self):
        before = busy_timeout()
        with brief_transaction(milliseconds=7):
            assert busy_timeout() == (7 if before else 0)
        with pytest.raises(RuntimeError), brief_transaction(milliseconds=7):
            raise RuntimeError
        assert busy_timeout() == before

    def test_a_failure_inside_a_larger_transaction_spoils_nothing_of_it(self):
        with transaction.atomic():
            Source.objects.create(name="kept")
            with pytest.raises(DatabaseError), brief_transaction():
                Source.objects.create(name="kept")
            Source.objects.create(name="later")
        assert set(Source.objects.values_list("name", flat=True)) == {"kept", "later"}
