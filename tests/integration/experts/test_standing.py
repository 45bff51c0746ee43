"""Standing: who helps with what, in which language."""

import pytest
from django.core.management import CommandError, call_command

from portal.core.paging import decode_cursor
from portal.experts.models import Standing
from portal.experts.rules import STANDING_ACCEPTED
from portal.experts.selectors.standings import experts_page, experts_top, member_topics, topics_with_experts
from portal.experts.services.standings import standing_recompute
from portal.questions.services.answers import answer_delete, answer_edit, answer_restore
from portal.questions.services.questions import question_delete, question_edit
from tests.factories.accounts import member
from tests.factories.events import committed
from tests.factories.questions import accept, answer, question, topic, vote

pytestmark = pytest.mark.django_db


def standing(user) -> dict[tuple[str, str], int]:
    """Points by (topic slug, language); "" is any."""
    found = Standing.objects.filter(user=user).values_list("topic__slug", "language", "points")
    return {(slug or "", language): points for slug, language, points in found}


@pytest.fixture
def helper():
    return member("helper")


@pytest.fixture
def labels():
    """Labels lie below Printing."""
    return topic("Labels", parent=topic("Printing"))


def test_votes_and_acceptances_add_up_in_the_topic_those_above_it_and_the_language(helper, labels):
    given = answer(question(topics=("labels",)), helper, language="ru")
    vote(given)
    vote(given)
    accept(given)
    points = 2 + STANDING_ACCEPTED
    assert standing(helper) == {
        (slug, language): points for slug in ("", "labels", "printing") for language in ("", "ru")
    }
    row = Standing.objects.get(user=helper, topic=labels, language="ru")
    assert (row.answers, row.accepted, row.votes) == (1, 1, 2)


def test_an_answer_under_two_topics_counts_once_in_all(helper, labels):
    vote(answer(question(topics=("labels", "printing")), helper))
    assert standing(helper)["", ""] == 1 and standing(helper)["printing", ""] == 1


@pytest.mark.parametrize("value", [0, -1])
def test_an_answer_that_helped_nobody_gives_no_standing(helper, labels, value):
    vote(answer(question(topics=("labels",)), helper), value=value)
    assert standing(helper) == {}


def test_ones_own_question_accepted_gives_none(helper):
    accept(answer(question(helper), helper))
    assert standing(helper) == {}


def test_questions_give_none():
    asked = question()
    vote(asked)
    assert standing(asked.author) == {}


def test_it_follows_what_happens_to_the_posts(helper, labels):
    topic("Billing")
    staff, asked = member(staff=True), question(topics=("labels",))
    given = answer(asked, helper)
    vote(given)
    with committed():
        question_edit(user=staff, question_id=asked.pk, version=1, topics=["billing"])
    assert set(standing(helper)) == {("", ""), ("", "en"), ("billing", ""), ("billing", "en")}
    with committed():
        answer_edit(user=helper, answer_id=given.pk, version=1, language="ja")
    assert ("billing", "ja") in standing(helper) and ("billing", "en") not in standing(helper)
    with committed():
        answer_delete(user=staff, answer_id=given.pk)
    assert standing(helper) == {}
    with committed():
        answer_restore(user=staff, answer_id=given.pk)
    assert standing(helper)["billing", "ja"] == 1
    with committed():
        question_delete(user=staff, question_id=asked.pk)
    assert standing(helper) == {}


def test_a_ring_of_topics_does_not_turn_for_ever(helper, labels):
    above = labels.parent
    above.parent = labels
    above.save()
    vote(answer(question(topics=("labels",)), helper))
    assert standing(helper)["printing", ""] == 1


def test_recomputing_changes_nothing_and_mends_what_is_wrong(helper, labels):
    vote(answer(question(topics=("labels",)), helper))
    before = standing(helper)
    assert standing_recompute(user_ids=[helper.pk]) == 0
    Standing.objects.filter(topic=labels).update(points=900)
    Standing.objects.filter(topic__isnull=True).delete()
    Standing.objects.create(user=helper, topic=topic("Billing"), points=5)
    assert standing_recompute(user_ids=[helper.pk]) == 5
    assert standing(helper) == before


def test_the_command_mends_reputation_and_standing(helper, capsys):
    vote(answer(question(), helper))
    Standing.objects.all().delete()
    type(helper).objects.filter(pk=helper.pk).update(reputation=0)
    call_command("recompute_reputation", "helper")
    assert "1 sums of reputation and 2 rows" in capsys.readouterr().out
    call_command("recompute_reputation")
    assert "0 sums of reputation and 0 rows" in capsys.readouterr().out
    with pytest.raises(CommandError):
        call_command("recompute_reputation", "nobody")


def test_the_list_is_ordered_filtered_and_paged(labels):
    people = []
    for votes in (1, 3, 2):
        given = answer(question(topics=("labels",)), member())
        for _ in range(votes):
            vote(given)
        people.append(given.author)
    one, three, two = people
    assert [row.user for row in experts_top(viewer=None, topic=labels)] == [three, two, one]
    assert experts_top(viewer=None, topic=labels, language="ja") == []
    first = experts_page(viewer=None, topic=labels, size=2)
    assert [row.user for row in first.rows] == [three, two] and len(decode_cursor(first.next, 2)) == 2
    second = experts_page(viewer=None, topic=labels, size=2, cursor=first.next)
    assert [row.user for row in second.rows] == [one] and second.next is None
    assert {found.slug for found in topics_with_experts()} == {"labels", "printing"}
    assert {row.topic.slug for row in member_topics(member=three)} == {"printing", "labels"}


def test_who_is_gone_is_no_expert(labels, helper):
    vote(answer(question(topics=("labels",)), helper))
    assert [row.user for row in experts_top(viewer=None)] == [helper]
    type(helper).objects.filter(pk=helper.pk).update(is_active=False)
    assert experts_top(viewer=None) == []


def test_the_page_explains_what_standing_rests_on(client, labels, helper):
    given = answer(question(topics=("labels",)), helper)
    vote(given)
    accept(given)
    page = client.get("/en/experts/?topic=printing&language=en").text
    assert "helper" in page and "4 points" in page and "1 accepted answer" in page and "1 vote" in page
    assert "adds 3 points" in page
    empty = client.get("/en/experts/?topic=printing&language=ar").text
    assert "helper" not in empty and "Nobody has standing here yet" in empty


@pytest.mark.parametrize("query", ["?topic=no-such", "?topic=%00", "?topic=../x"])
def test_a_topic_that_is_not_there(client, query):
    assert client.get(f"/en/experts/{query}").status_code == 404


@pytest.mark.parametrize("query", ["?language=xx", "?language=", "?language=%3Cscript%3E"])
def test_a_language_that_is_not_ours_is_any(client, query, helper):
    vote(answer(question(), helper))
    page = client.get(f"/en/experts/{query}")
    assert page.status_code == 200 and "helper" in page.text and "<script>" not in page.text


@pytest.mark.parametrize("cursor", ["x", "!!", "W10", "WzEsInkiXQ", "WzEse31d"])
def test_a_broken_cursor_is_refused(client, cursor):
    assert client.get(f"/en/experts/?after={cursor}").status_code == 400
