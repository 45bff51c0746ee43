"""Taking turns by name, and what becomes of a write that another one kept from its turn: real waits, both databases."""

import contextlib
import threading

import pytest
from django.conf import settings
from django.db import OperationalError, connection, connections, transaction
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from portal.core.errors import Busy
from portal.core.locks import conflicts_told, is_lock_conflict, lock_number, named_lock
from portal.questions.models import Draft, Question, Vote
from portal.questions.services.holding import question_hold, questions_hold
from tests.factories.accounts import member
from tests.factories.questions import question
from tests.integration.api.conftest import Caller

pytestmark = pytest.mark.django_db(transaction=True)
SQLITE = connection.vendor == "sqlite"


@contextlib.contextmanager
def elsewhere(act):
    """Runs the block while another connection has done ``act`` in a transaction that is still open."""
    begun, done = threading.Event(), threading.Event()

    def run():
        try:
            with transaction.atomic():
                act()
                begun.set()
                done.wait(20)
        finally:
            begun.set()
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    begun.wait(20)
    try:
        yield
    finally:
        done.set()
        thread.join()


@pytest.fixture
def impatient():
    """This connection waits 50 ms for anybody, as an operator may have set it."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 50" if SQLITE else "SET lock_timeout = '50ms'")
    yield
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 20000" if SQLITE else "SET lock_timeout = 0")


def test_the_name_is_held_until_the_transaction_ends(impatient):
    with elsewhere(lambda: named_lock("a name")), pytest.raises(Busy), conflicts_told(), transaction.atomic():
        named_lock("a name")
    with transaction.atomic():
        named_lock("a name")


def test_it_is_not_taken_outside_of_a_transaction():
    with pytest.raises(transaction.TransactionManagementError):
        named_lock("a name")


def test_sqlite_transactions_begin_with_the_only_write_lock():
    # Why the name costs nothing there: who is in a transaction is alone.
    assert not SQLITE or settings.DATABASES["default"]["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


@given(st.text(max_size=40), st.text(max_size=40))
def test_names_have_numbers_of_their_own_that_fit_the_database(one, other):
    assert -(2**63) <= lock_number(one) < 2**63
    assert (lock_number(one) == lock_number(other)) == (one == other)


def test_what_is_no_wait_for_another_is_not_called_one():
    assert not is_lock_conflict(ValueError("locked"))
    assert not is_lock_conflict(OperationalError("database is locked"))  # nobody's word but the database's own
    with pytest.raises(OperationalError) as raised, conflicts_told():
        raise OperationalError("the disk is full")
    assert not is_lock_conflict(raised.value)


def test_of_two_that_wait_for_each_other_one_is_told_and_one_goes_on():
    first, second = question(), question()
    gate, raised, passed = threading.Barrier(2), [], []

    def cross(one, other):
        try:
            with conflicts_told(), transaction.atomic():
                questions_hold([one.pk])
                with contextlib.suppress(threading.BrokenBarrierError):
                    gate.wait(0.5)  # on SQLite the other one has not begun
                questions_hold([other.pk])
                passed.append(one)
        except Busy as error:
            raised.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=cross, args=pair) for pair in ((first, second), (second, first))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(passed) + len(raised) == 2
    assert passed
    assert SQLITE or len(raised) == 1


def test_a_page_says_so_and_changes_nothing(client, impatient):
    asked, voter = question(), member()
    client.force_login(voter)
    with elsewhere(lambda: question_hold(user=None, question_id=asked.pk)):
        answer = client.post(f"/en/questions/vote/question/{asked.pk}/", {"value": "1"})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")
    assert "Nothing was changed" in answer.content.decode()
    assert not Vote.objects.exists()
    assert client.post(f"/en/questions/vote/question/{asked.pk}/", {"value": "1"}).status_code == 302
    assert Vote.objects.count() == 1


def test_a_script_is_told_in_words_and_a_stranger_is_still_only_asked_to_sign_in(client, impatient):
    asked = question()
    client.force_login(member())
    with elsewhere(lambda: question_hold(user=None, question_id=asked.pk)):
        stranger = Client().post(f"/en/questions/vote/question/{asked.pk}/", {"value": "1"})
        answer = client.post(f"/en/questions/{asked.pk}/demand/", headers={"HX-Request": "true"})
    assert stranger.status_code == 302
    assert (answer.status_code, answer.headers["Content-Type"]) == (503, "text/plain; charset=utf-8")


def test_the_api_says_so_as_a_problem(impatient):
    asked, caller = question(), Caller(member())
    with elsewhere(lambda: question_hold(user=None, question_id=asked.pk)):
        answer = caller.put(f"questions/{asked.pk}/vote", {"value": 1})
    problem = answer.json()
    assert (answer.status_code, problem["code"], answer.headers["Retry-After"]) == (503, "unavailable", "2")
    assert "Nothing was changed" in problem["detail"]
    assert not Vote.objects.exists()


def test_what_was_written_is_kept_where_the_database_can_keep_it(client, impatient):
    asked, who = question(), member()
    client.force_login(who)
    with elsewhere(lambda: question_hold(user=None, question_id=asked.pk)):
        answer = client.post(f"/en/questions/{asked.pk}/answer/", {"body": "Turn the valve.", "language": "en"})
    assert answer.status_code == 503
    assert Question.objects.get(pk=asked.pk).answers_count == 0
    kept = list(Draft.objects.filter(owner=who).values_list("fields__body", flat=True))
    assert kept == ([] if SQLITE else ["Turn the valve."])  # there nobody can write while another one does
