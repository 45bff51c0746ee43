"""What is announced: which event, once, after the commit, and never for what was refused or changed nothing."""

import dataclasses
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict

import pytest
from django.db import transaction

from portal.core.errors import PortalError
from portal.core.events import DomainEvent, _receivers, receives
from portal.questions import events
from portal.questions.services.answers import answer_create, answer_delete, answer_restore
from portal.questions.services.comments import comment_create
from portal.questions.services.life import question_settle
from portal.questions.services.questions import question_create, question_delete, question_restore
from portal.questions.services.votes import vote_cast
from tests.factories.accounts import member
from tests.factories.events import committed
from tests.factories.questions import accept, vote

from .scene import scene
from .test_rights_table import TABLE

pytestmark = pytest.mark.django_db

KINDS_OF_EVENTS = [kind for kind in vars(events).values() if isinstance(kind, type) and issubclass(kind, DomainEvent)]
# Those that others are kinds of are never announced themselves.
CONCRETE = tuple(
    kind
    for kind in KINDS_OF_EVENTS
    if not any(other is not kind and issubclass(other, kind) for other in KINDS_OF_EVENTS)
)


@pytest.fixture
def heard() -> Iterator[list[DomainEvent]]:
    """Everything announced about questions while a test runs."""
    told: list[DomainEvent] = []

    @receives(*CONCRETE)
    def listen(event: DomainEvent) -> None:
        told.append(event)

    yield told
    for kind in CONCRETE:
        _receivers[kind].remove(listen)


@contextmanager
def only(heard: list[DomainEvent]) -> Iterator[None]:
    """Forgets what was announced before the block, and commits at its end."""
    heard.clear()
    with committed():
        yield


# Act, who, and the event it announces.
ONE = [
    ("ask", "member", events.QuestionAsked),
    ("edit question", "asker", events.QuestionEdited),
    ("delete question", "staff", events.QuestionDeleted),
    ("close", "staff", events.QuestionStatusChanged),
    ("archive", "staff", events.QuestionStatusChanged),
    ("ask for details", "staff", events.QuestionStatusChanged),
    ("lock", "staff", events.QuestionStatusChanged),
    ("answer", "member", events.AnswerPosted),
    ("answer officially", "staff", events.AnswerPosted),
    ("edit answer", "author", events.AnswerEdited),
    ("delete answer", "author", events.AnswerDeleted),
    ("accept", "asker", events.AnswerAccepted),
    ("comment", "member", events.CommentPosted),
    ("comment below", "member", events.CommentPosted),
    ("vote question up", "member", events.VoteChanged),
    ("vote answer down", "member", events.VoteChanged),
]


@pytest.mark.parametrize(("act", "who", "kind"), ONE)
def test_each_act_announces_one_event_after_the_commit(heard, act, who, kind):
    at = scene()
    with only(heard):
        TABLE[act][0](at.people[who], at)
        assert heard == []
    assert [type(event) for event in heard] == [kind]
    assert heard[0].actor_id == at.people[who].pk
    assert heard[0].at.tzinfo is not None


@pytest.mark.parametrize("act", [name for name, (_act, letters) in TABLE.items() if letters[2] != "."])
@pytest.mark.parametrize("kind", ["stranger", "member"])
def test_what_is_refused_is_not_announced(heard, act, kind):
    at = scene()
    with only(heard), pytest.raises(PortalError), transaction.atomic():
        TABLE[act][0](at.people[kind], at)
    assert heard == []


@pytest.mark.parametrize("act", ["ask", "answer", "comment", "vote question up", "close", "edit answer", "accept"])
def test_what_is_taken_back_is_not_announced(heard, act):
    at = scene()
    with only(heard), pytest.raises(RuntimeError), transaction.atomic():
        TABLE[act][0](at.people["staff"], at)
        raise RuntimeError
    assert heard == []


def test_an_answer_names_its_question_and_both_authors(heard):
    at = scene()
    with only(heard):
        given = answer_create(user=at.people["member"], question_id=at.asked.pk, body="Like so.")
    told = asdict(heard[0])
    told.pop("at")
    assert told == {
        "actor_id": at.people["member"].pk,
        "question_id": at.asked.pk,
        "author_id": at.people["asker"].pk,
        "answer_id": given.pk,
        "answer_author_id": at.people["member"].pk,
    }


def test_accepting_another_answer_tells_of_both(heard):
    at = scene()
    accept(at.given)
    other = answer_create(user=at.people["member"], question_id=at.asked.pk, body="Better so.")
    heard.clear()
    accept(other)
    assert [(type(event), event.answer_id) for event in heard] == [
        (events.AnswerUnaccepted, at.given.pk),
        (events.AnswerAccepted, other.pk),
    ]
    assert heard[0].answer_author_id == at.people["author"].pk


def test_accepting_twice_tells_once(heard):
    at = scene()
    heard.clear()
    accept(at.given)
    accept(at.given)
    assert [type(event) for event in heard] == [events.AnswerAccepted]


def test_taking_back_what_was_not_accepted_tells_nothing(heard):
    from portal.questions.services.answers import answer_unaccept

    at = scene()
    with only(heard):
        answer_unaccept(user=at.people["asker"], answer_id=at.given.pk)
    assert heard == []


def test_deleting_and_bringing_back_tell_of_each(heard):
    at = scene()
    staff = at.people["staff"]
    with only(heard):
        answer_delete(user=staff, answer_id=at.given.pk)
        answer_restore(user=staff, answer_id=at.given.pk)
        question_delete(user=staff, question_id=at.asked.pk)
        question_restore(user=staff, question_id=at.asked.pk)
    assert [type(event) for event in heard] == [
        events.AnswerDeleted,
        events.AnswerRestored,
        events.QuestionDeleted,
        events.QuestionRestored,
    ]


def test_a_vote_tells_from_what_to_what(heard):
    at = scene()
    voter = at.people["member"]
    heard.clear()
    for value in (1, 1, -1, 0, 0):
        vote(at.given, voter, value)
    assert [(event.old, event.new) for event in heard] == [(0, 1), (1, -1), (-1, 0)]
    assert {(event.kind, event.post_id, event.author_id) for event in heard} == {
        ("answer", at.given.pk, at.people["author"].pk)
    }


def test_a_vote_of_zero_where_none_was_tells_nothing(heard):
    at = scene()
    with only(heard):
        vote_cast(user=at.people["member"], kind="question", post_id=at.asked.pk, value=0)
    assert heard == []


@pytest.mark.parametrize("kind", ["question", "answer"])
def test_a_comment_names_its_place(heard, kind):
    at = scene()
    post = at.asked if kind == "question" else at.given
    with only(heard):
        said = comment_create(user=at.people["member"], kind=kind, post_id=post.pk, body="I see.")
    told = heard[0]
    assert (told.comment_id, told.question_id) == (said.pk, at.asked.pk)
    assert told.answer_id == (at.given.pk if kind == "answer" else None)


@pytest.mark.parametrize("status", ["closed", "obsolete", "archived"])
def test_a_change_of_status_names_the_new_one(heard, status):
    at = scene()
    with only(heard):
        question_settle(user=at.people["staff"], question_id=at.asked.pk, status=status)
    assert [event.status for event in heard] == [status]


def test_what_an_imported_author_wrote_is_announced_without_one(heard):
    at = scene()
    type(at.asked).objects.filter(pk=at.asked.pk).update(author=None, author_name="Somebody once")
    with only(heard):
        answer_create(user=at.people["member"], question_id=at.asked.pk, body="Like so.")
    assert heard[0].author_id is None


def test_a_listener_that_fails_undoes_nothing(heard, caplog):
    @receives(events.QuestionAsked)
    def stumble(event: DomainEvent) -> None:
        raise ValueError("over a stone")

    try:
        with committed():
            asked = question_create(user=member(), title="Does it still stand?", body="It should.", language="en")
    finally:
        _receivers[events.QuestionAsked].remove(stumble)
    asked.refresh_from_db()
    assert [type(event) for event in heard] == [events.QuestionAsked]
    assert "stumble" in caplog.text


def test_every_event_says_when_and_by_whom_and_cannot_be_changed():
    assert {events.QuestionAsked, events.CommentPosted, events.QuestionsMerged} <= set(CONCRETE)
    assert not {DomainEvent, events.QuestionEvent, events.AnswerEvent} & set(CONCRETE)
    for kind in CONCRETE:
        assert {"at", "actor_id"} <= {field.name for field in dataclasses.fields(kind)}, kind
        assert kind.__dataclass_params__.frozen, kind
        assert kind.__doc__, kind
