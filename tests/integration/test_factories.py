"""The factories that every test builds on make what the real services make."""

import pytest

from portal.core.errors import StateForbids
from portal.core.events import _receivers, receives
from portal.questions.events import AnswerAccepted, VoteChanged
from portal.questions.models import Status
from tests.factories.accounts import member, token
from tests.factories.questions import accept, answer, comment, question, topic, vote

pytestmark = pytest.mark.django_db


@pytest.fixture
def told():
    """The events that were told to a receiver while the test ran."""
    heard = []
    receives(AnswerAccepted, VoteChanged)(heard.append)
    yield heard
    for kind in (AnswerAccepted, VoteChanged):
        _receivers[kind].remove(heard.append)


def test_a_member_can_sign_in_and_has_a_verified_address():
    someone = member("ines", password="a long enough one", display_name="Inês", reads=("ru", "en"))
    assert someone.may_sign_in() and someone.check_password("a long enough one")
    assert someone.shown_name == "Inês" and someone.reads == ["ru", "en"]
    assert someone.emailaddress_set.get().verified
    assert not someone.is_staff and member(staff=True).is_staff
    assert token(someone) != token(someone)


def test_members_differ():
    assert member().username != member().username


def test_a_question_with_its_topics_answers_and_comments(told):
    topic("Printing", ru="Печать")
    asked = question(topics=("printing",))
    given = answer(asked)
    comment(asked)
    reply = comment(given, parent=comment(given))
    assert reply.parent is not None
    assert vote(given) == 1 and vote(given, value=-1) == 0
    assert accept(given).accepted_at is not None
    asked.refresh_from_db()
    assert asked.status == Status.ACCEPTED
    assert asked.accepted_answer == given
    assert asked.comments_count == 1
    assert [type(event) for event in told] == [VoteChanged, VoteChanged, AnswerAccepted]


def test_the_factories_do_not_go_around_the_rules():
    mine = question()
    with pytest.raises(StateForbids):
        vote(mine, mine.author)
