"""Members named with @: who becomes a link, who is told, who is offered while somebody types."""

import pytest
from django.test import Client

from portal.core.events import _receivers, receives
from portal.core.mentions import MOST
from portal.questions.events import MembersMentioned
from portal.questions.selectors.mentions import mention_suggestions
from portal.questions.services.answers import answer_edit
from portal.questions.services.questions import question_delete, question_edit
from tests.factories.accounts import member
from tests.factories.events import committed
from tests.factories.questions import answer, comment, question

pytestmark = pytest.mark.django_db


@pytest.fixture
def heard():
    """The mentions that were announced."""
    told = []

    @receives(MembersMentioned)
    def listen(event):
        told.append(event)

    yield told
    _receivers[MembersMentioned].remove(listen)


@pytest.fixture
def kenji():
    return member("kenji", display_name="Kenji Mori")


class TestLinks:
    def test_a_member_becomes_a_link_under_the_language_of_the_post(self, kenji):
        assert 'href="/ru/members/kenji/"' in question(body="Спасибо, @kenji", language="ru").body_html

    def test_the_case_of_a_name_does_not_matter(self, kenji):
        html = answer(body="Thanks, @Kenji").body_html
        assert '<a href="/en/members/kenji/"' in html and ">@Kenji</a>" in html

    @pytest.mark.parametrize("change", [{"is_active": False}])
    def test_one_who_left_and_one_who_never_was_are_text(self, kenji, change):
        type(kenji).objects.filter(pk=kenji.pk).update(**change)
        html = comment(question(), body="@kenji or @nobody-there").body_html
        assert "<a" not in html and "@kenji" in html

    def test_the_preview_shows_the_same(self, kenji):
        shown = Client().post("/en/questions/preview/", {"body": "Hi @kenji"}).content.decode()
        assert shown == question(body="Hi @kenji").body_html


class TestAnnounced:
    def test_in_a_question(self, heard, kenji):
        asked = question(body="Do you know, @kenji?")
        (event,) = heard
        assert (event.question_id, event.answer_id, event.comment_id) == (asked.pk, None, None)
        assert (event.member_ids, event.actor_id) == ((kenji.pk,), asked.author_id)

    def test_in_an_answer(self, heard, kenji):
        given = answer(body="As @kenji said")
        assert (heard[0].question_id, heard[0].answer_id, heard[0].comment_id) == (given.question_id, given.pk, None)

    def test_in_a_comment_under_an_answer(self, heard, kenji):
        given = answer()
        said = comment(given, body="@kenji?")
        (event,) = heard
        assert (event.question_id, event.answer_id, event.comment_id) == (given.question_id, given.pk, said.pk)

    def test_nobody_is_told_of_herself(self, heard, kenji):
        comment(question(), kenji, body="I am @kenji")
        assert heard == []

    def test_an_edit_tells_only_those_whom_it_added(self, heard, kenji):
        mira = member("mira")
        given = answer(body="@kenji")
        heard.clear()
        with committed():
            answer_edit(user=given.author, answer_id=given.pk, version=1, body="@kenji and @mira")
        assert [event.member_ids for event in heard] == [(mira.pk,)]
        with committed():
            answer_edit(user=given.author, answer_id=given.pk, version=2, body="@mira, and @kenji!")
        assert len(heard) == 1

    def test_an_edit_of_the_title_alone_tells_nobody(self, heard, kenji):
        asked = question(body="@kenji")
        heard.clear()
        with committed():
            question_edit(user=asked.author, question_id=asked.pk, version=1, title="Another title altogether")
        assert heard == []

    def test_once_for_a_name_written_twice_or_otherwise(self, heard, kenji):
        question(body="@kenji @Kenji @kenji")
        assert [event.member_ids for event in heard] == [(kenji.pk,)]

    def test_not_more_than_a_few_at_once(self, heard):
        names = [member(f"crowd{number}").username for number in range(MOST + 3)]
        question(body=" ".join(f"@{name}" for name in names))
        assert len(heard[0].member_ids) == MOST

    def test_nothing_is_announced_of_what_was_never_saved(self, heard, kenji):
        from portal.core.errors import Invalid

        with pytest.raises(Invalid):
            question(title="no", body="@kenji")
        assert heard == []


class TestOffered:
    def client(self, user):
        client = Client(raise_request_exception=False)
        if user is not None:
            client.force_login(user, backend="portal.accounts.backends.PortalBackend")
        return client

    def test_a_stranger_is_offered_nobody(self, kenji):
        reply = self.client(None).get("/en/questions/mentions/?q=ken", headers={"HX-Request": "true"})
        assert reply.status_code == 401 and "kenji" not in reply.content.decode()

    def test_by_the_beginning_of_a_name(self, kenji):
        reader = member()
        for typed in ("ken", "KEN", "Kenji", "mor", "Mori"):
            assert [user.pk for user in mention_suggestions(user=reader, words=typed)] == [kenji.pk], typed
        assert mention_suggestions(user=reader, words="enji") == []

    def test_what_is_told_of_a_member(self, kenji):
        told = self.client(member()).get("/en/questions/mentions/?q=ken").json()
        assert told == {"results": [{"username": "kenji", "name": "Kenji Mori", "photo": ""}]}

    def test_not_oneself_nor_one_who_left(self, kenji):
        assert mention_suggestions(user=kenji, words="ken") == []
        type(kenji).objects.filter(pk=kenji.pk).update(is_active=False)
        assert mention_suggestions(user=member(), words="ken") == []

    def test_those_in_the_thread_come_first_and_alone_before_a_letter_is_typed(self, kenji):
        other = member("kenneth")
        type(kenji).objects.filter(pk=kenji.pk).update(reputation=900)
        asked = question()
        comment(answer(asked), other, body="Which one?")
        found = mention_suggestions(user=asked.author, words="ken", question_id=asked.pk)
        assert [user.username for user in found] == ["kenneth", "kenji"]
        alone = {user.pk for user in mention_suggestions(user=member(), words="", question_id=asked.pk)}
        assert kenji.pk not in alone and {other.pk, asked.author_id} < alone

    def test_a_deleted_thread_has_nobody_in_it(self, kenji):
        asked = question(kenji)
        question_delete(user=kenji, question_id=asked.pk)
        assert mention_suggestions(user=member(), words="", question_id=asked.pk) == []

    def test_who_asked_anonymously_is_not_given_away(self, kenji):
        asked = question(kenji)
        type(asked).objects.filter(pk=asked.pk).update(anonymous=True)
        assert mention_suggestions(user=member(), words="", question_id=asked.pk) == []

    @pytest.mark.parametrize(
        "query", ["q=%00", "q=&question=abc", "question=99999999999999999999", "q=" + "x" * 500, ""]
    )
    def test_odd_questions_are_answered(self, query):
        assert self.client(member()).get(f"/en/questions/mentions/?{query}").json() == {"results": []}

    def test_it_takes_few_queries(self, kenji, django_assert_max_num_queries):
        asked = question()
        reader = member()
        with django_assert_max_num_queries(4):
            mention_suggestions(user=reader, words="ken", question_id=asked.pk)
