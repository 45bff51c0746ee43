"""The lists of a member's page, read page after page while others write: nothing twice, nothing left out."""

from datetime import timedelta

import pytest
from django.utils import timezone

from portal.core.errors import PortalError
from portal.experts.models import Kind, ReputationEntry
from portal.experts.selectors.ledger import PAGE_SIZE, ledger_page
from portal.experts.selectors.profiles import member_answers, member_counts, member_questions
from portal.questions.models import Answer, Question
from portal.questions.services.answers import answer_delete
from tests.factories.accounts import member
from tests.factories.events import committed
from tests.factories.questions import accept, answer, question

pytestmark = pytest.mark.django_db


@pytest.fixture
def mira():
    return member("mira")


def asked_by(user, count: int, *, same_moment: bool = False) -> list[Question]:
    moment = timezone.now()
    rows = [
        Question(
            author=user,
            title=f"Question {place}",
            slug=f"question-{place}",
            body="b",
            body_html="b",
            language="en",
            created_at=moment if same_moment else moment - timedelta(hours=place),
        )
        for place in range(count)
    ]
    return Question.objects.bulk_create(rows)


def read_through(page_after, *, between=lambda: None) -> list[int]:
    """The ids of all rows, page after page; ``between`` happens before each further page."""
    seen, cursor = [], None
    for _ in range(50):
        page = page_after(cursor)
        seen += [row.pk for row in page.rows]
        cursor = page.next
        if cursor is None:
            return seen
        between()
    raise AssertionError("the pages never end")


@pytest.mark.parametrize("same_moment", [False, True])
@pytest.mark.parametrize("size", [1, 3, 7, 25])
def test_questions_come_newest_first_whole_and_once(mira, size, same_moment):
    made = asked_by(mira, 13, same_moment=same_moment)
    seen = read_through(lambda cursor: member_questions(viewer=None, member=mira, cursor=cursor, size=size))
    wanted = [row.pk for row in made]
    assert seen == (sorted(wanted, reverse=True) if same_moment else wanted)


def test_a_question_asked_meanwhile_moves_nothing(mira):
    made = [row.pk for row in asked_by(mira, 9)]
    seen = read_through(
        lambda cursor: member_questions(viewer=None, member=mira, cursor=cursor, size=2),
        between=lambda: question(mira),
    )
    assert seen == made


def test_an_answer_deleted_meanwhile_is_gone_and_no_other_is_missed(mira):
    made = [answer(question(), mira).pk for _ in range(9)]

    def delete_the_oldest_seen():
        oldest = Answer.objects.filter(author=mira, deleted_at=None).order_by("-created_at", "-id").first()
        with committed():
            answer_delete(user=mira, answer_id=oldest.pk)

    seen = read_through(
        lambda cursor: member_answers(viewer=None, member=mira, cursor=cursor, size=2), between=delete_the_oldest_seen
    )
    assert seen == list(reversed(made))


def test_the_ledger_is_read_through(mira, client):
    origin = timezone.now()
    ReputationEntry.objects.bulk_create(
        ReputationEntry(
            user=mira,
            kind=Kind.IMPORTED,
            amount=1,
            key=f"imported:{place}",
            created_at=origin - timedelta(days=place // 3),
        )
        for place in range(PAGE_SIZE * 2 + 5)
    )
    seen = read_through(lambda cursor: ledger_page(viewer=None, member=mira, cursor=cursor))
    assert len(seen) == len(set(seen)) == PAGE_SIZE * 2 + 5
    first = client.get("/en/members/mira/?tab=reputation")
    following = first.context["page"].next
    assert f"after={following}" in first.text and "To the beginning" not in first.text
    second = client.get(f"/en/members/mira/?tab=reputation&after={following}").text
    assert "To the beginning" in second and 'href="?tab=reputation"' in second


@pytest.mark.parametrize("tab", ["answers", "questions", "reputation"])
@pytest.mark.parametrize("cursor", ["x", "%00", "W10", "WzFd", "WyJ4IiwgMV0", "WyIyMDI2LTAxLTAxIiwgMV0"])
def test_a_cursor_that_nobody_gave_is_refused(mira, client, tab, cursor):
    assert client.get(f"/en/members/mira/?tab={tab}&after={cursor}").status_code == 400


def test_a_cursor_of_another_list_is_refused(mira):
    asked_by(mira, 3)
    cursor = member_questions(viewer=None, member=mira, size=1).next
    from portal.experts.selectors.standings import experts_page

    with pytest.raises(PortalError):
        experts_page(viewer=None, cursor=cursor)


def test_counts_are_those_of_the_lists(mira):
    staff = member(staff=True)
    given = [answer(question(), mira) for _ in range(3)]
    accept(given[0])
    accept(given[1])
    asked_by(mira, 2)
    counts = member_counts(viewer=None, member=mira)
    assert (counts.questions, counts.answers, counts.accepted) == (2, 3, 2)
    with committed():
        answer_delete(user=staff, answer_id=given[0].pk)
    counts = member_counts(viewer=None, member=mira)
    assert (counts.questions, counts.answers, counts.accepted) == (2, 2, 1)
    assert len(member_answers(viewer=None, member=mira).rows) == counts.answers
    assert len(member_questions(viewer=None, member=mira).rows) == counts.questions
