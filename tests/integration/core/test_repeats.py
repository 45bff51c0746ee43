"""What a deadlock cost is done again before anybody is told: real deadlocks where the database knows them."""

import contextlib
import threading
from types import SimpleNamespace

import pytest
from django.db import OperationalError, connection, connections, transaction
from django.test import Client

from portal.core.errors import Busy, StateForbids
from portal.core.locks import REPEATS, is_passing, repeated
from portal.questions.models import Answer, Comment, Question, Vote
from portal.questions.services import votes
from portal.questions.services.holding import questions_hold
from tests.factories.accounts import member
from tests.factories.questions import question
from tests.integration.api.conftest import Caller

pytestmark = pytest.mark.django_db(transaction=True)
SQLITE = connection.vendor == "sqlite"


def lost(state="40P01"):
    """Returns what Django raises where the database gave a transaction up with this state."""
    error = OperationalError("deadlock detected")
    error.__cause__ = type("Cause", (Exception,), {"sqlstate": state})()
    return error


class Act:
    """An act that fails so many times, and tells how often it was tried."""

    def __init__(self, times, error=None):
        self.left, self.tried, self.error = times, 0, error or lost()

    def __call__(self):
        self.tried += 1
        if self.tried <= self.left:
            raise self.error
        return "done"


class TestRepeated:
    def test_what_passes_is_done_once(self):
        act = Act(0)
        assert (repeated(act), act.tried) == ("done", 1)

    @pytest.mark.parametrize("times", [1, 2])
    def test_what_lost_is_done_again(self, times):
        act = Act(times)
        assert (repeated(act), act.tried) == ("done", times + 1)

    def test_twice_at_most_and_then_it_is_told(self):
        act = Act(9)
        with pytest.raises(Busy) as told:
            repeated(act)
        assert act.tried == REPEATS + 1 and told.value.repeated and not is_passing(told.value)

    def test_who_told_it_by_its_name_is_done_again_too(self):
        act = Act(1, Busy())
        assert (repeated(act), act.tried) == ("done", 2)

    @pytest.mark.parametrize("error", [ValueError("no"), StateForbids(), OperationalError("the disk is full")])
    def test_anything_else_is_no_reason(self, error):
        act = Act(9, error)
        with pytest.raises(type(error)):
            repeated(act)
        assert act.tried == 1

    def test_who_waited_for_a_lock_until_the_timeout_waited_enough(self):
        act = Act(9, lost("55P03"))
        with pytest.raises(OperationalError):
            repeated(act)
        assert act.tried == 1

    def test_inside_of_a_transaction_nothing_is_done_again(self):
        act = Act(1)
        with pytest.raises(OperationalError), transaction.atomic():
            repeated(act)
        assert act.tried == 1


@pytest.fixture
def crossing(monkeypatch):
    """Lets the first vote wait with its question in hand until the other one waits for it: they deadlock for sure.

    Returns the question that the voter holds and the one that she comes to want, what stands in between, and a way to
    run both.
    """
    first, second = question(), question()
    met = threading.Barrier(2)
    tried = []
    plain = votes.voted_hold

    def held_across(**wanted):
        found = plain(**wanted)
        tried.append(wanted["post_id"])
        with contextlib.suppress(threading.BrokenBarrierError):
            if len(tried) == 1:
                met.wait(2 if not SQLITE else 0.1)
        questions_hold([second.pk])
        return found

    def other():
        """Takes the two the other way round, and loses nothing: it waits longest for a deadlock to be looked for."""
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                if not SQLITE:
                    cursor.execute("SET LOCAL deadlock_timeout = '20s'")
                questions_hold([second.pk])
                with contextlib.suppress(threading.BrokenBarrierError):
                    met.wait(2 if not SQLITE else 0.1)
                questions_hold([first.pk])
        finally:
            connections.close_all()

    monkeypatch.setattr(votes, "voted_hold", held_across)

    @contextlib.contextmanager
    def running():
        thread = threading.Thread(target=other)
        thread.start()
        try:
            yield
        finally:
            thread.join()

    return SimpleNamespace(first=first, second=second, tried=tried, running=running)


class TestDeadlocks:
    def test_a_page_does_it_again_and_says_nothing(self, crossing):
        client, pk = Client(), crossing.first.pk
        client.force_login(member())
        with crossing.running():
            answer = client.post(f"/en/questions/vote/question/{pk}/", {"value": "1"})
        assert answer.status_code == 302
        assert Vote.objects.count() == 1 and Question.objects.get(pk=pk).score == 1
        assert SQLITE or len(crossing.tried) == 2

    def test_so_does_the_api_and_keeps_its_key(self, crossing):
        caller, path = Caller(member()), f"questions/{crossing.first.pk}/vote"
        with crossing.running():
            answer = caller.put(path, {"value": 1}, Idempotency_Key="k1")
        assert answer.status_code == 200 and answer.json()["score"] == 1
        again = caller.put(path, {"value": 1}, Idempotency_Key="k1")
        assert again.headers["Idempotency-Replayed"] == "true" and Vote.objects.count() == 1
        assert SQLITE or len(crossing.tried) == 2


class TestForms:
    """A form with a draft is sent once, whatever happened on its way."""

    @pytest.fixture
    def losing(self, monkeypatch):
        """Lets the first so many answers lose their transaction at its very end; on any database."""
        from portal.questions.services import answers

        plain, left = answers.answer_changed, [1]

        def lose(**what):
            plain(**what)
            if left[0] > 0:
                left[0] -= 1
                raise lost()

        monkeypatch.setattr(answers, "answer_changed", lose)
        return left

    def test_an_answer_is_there_once(self, losing):
        asked, client = question(), Client()
        client.force_login(member())
        reply = client.post(f"/en/questions/{asked.pk}/answer/", {"body": "Turn the valve.", "once": "a-token"})
        assert reply.status_code == 302 and Answer.objects.filter(question=asked).count() == 1
        assert Question.objects.get(pk=asked.pk).answers_count == 1
        assert Question.objects.get(pk=asked.pk).moves.count() == 1

    def test_where_it_never_passes_it_is_told_once_and_kept(self, losing):
        losing[0] = 99
        asked, who, client = question(), member(), Client()
        client.force_login(who)
        reply = client.post(f"/en/questions/{asked.pk}/answer/", {"body": "Turn the valve.", "once": "a-token"})
        assert reply.status_code == 503 and "Nothing was changed" in reply.content.decode()
        assert losing[0] == 99 - 1 - REPEATS, "told after three tries, not nine"
        assert not Answer.objects.exists()
        assert list(who.drafts.values_list("fields__body", flat=True)) == ["Turn the valve."]

    def test_a_form_that_leaves_a_message_leaves_one(self, losing):
        asked, client = question(), Client()
        given = Answer.objects.create(question=asked, author=asked.author, body="So.", body_html="<p>So.</p>")
        client.force_login(asked.author)
        page = client.post(f"/en/questions/answers/{given.pk}/delete/", follow=True).content.decode()
        assert page.count("The answer is deleted.") == 1
        assert Answer.objects.get(pk=given.pk).deleted_at is not None and not Comment.objects.exists()

    def test_the_limit_counts_what_was_done(self, losing, settings):
        settings.PORTAL_LIMITS = True
        asked, caller = question(), Caller(member())
        codes = [caller.post(f"questions/{asked.pk}/answers", {"body": f"Way {n}."}).status_code for n in range(5)]
        assert codes == [201, 201, 201, 201, 429]
