"""An edit on a page that has grown stale never overwrites: three versions are shown, and the editor decides."""

import re
from html import unescape

import pytest
from django.test import Client

from portal.questions.models import Answer, Draft, Question, Revision
from portal.questions.selectors.versions import newest_version, post_version
from portal.questions.services.answers import answer_edit
from portal.questions.services.life import question_lock
from portal.questions.services.questions import question_edit
from tests.factories.accounts import member
from tests.factories.questions import answer, question, topic

from .scene import everything, signed_in

pytestmark = pytest.mark.django_db

BASE = "Open the cover.\n\nTake the sheet out.\nClose it.\n\nTurn it on."
MINE = BASE.replace("Turn it on.", "Turn it on and wait.").replace("Take the sheet", "Take the torn sheet")
APART = BASE.replace("Open the cover.", "Open the rear cover.")
CLASH = APART.replace("Take the sheet out.", "Pull the sheet out.")


def seen(page):
    """What a page says, as a reader sees it."""
    return unescape(page.content.decode())


def hidden(page):
    """The hidden fields of the form that saves."""
    form = page.content.decode().split('class="form merge"')[1].split("</form>")[0]
    return {
        name: unescape(value)
        for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form)
        if name != "csrfmiddlewaretoken"
    }


@pytest.fixture
def given():
    """An answer by somebody who is editing it, with her browser."""
    writer = member()
    made = answer(user=writer, body=BASE)
    return made, signed_in(writer), f"/en/questions/answers/{made.pk}/edit/"


def by_staff(made, body):
    """The staff were faster."""
    answer_edit(user=member(staff=True), answer_id=made.pk, version=made.version, body=body)
    made.refresh_from_db()


class TestAnswer:
    def test_a_stale_form_changes_nothing_and_shows_all_three(self, given):
        made, client, address = given
        by_staff(made, CLASH)
        before = everything()
        page = client.post(address, {"body": MINE, "version": "1", "note": "Clearer.", "once": "t"})
        assert page.status_code == 412
        assert everything() == before
        for words in ("Take the sheet out.", "Pull the sheet out.", "Take the torn sheet out."):
            assert words in seen(page)
        assert "Turn it on and wait." in seen(page)
        assert "Open the rear cover." in seen(page)
        assert "Clearer." in seen(page)
        assert "1 passage was changed by both of you" in seen(page)
        assert Draft.objects.get().fields["body"] == MINE

    def test_what_does_not_overlap_is_put_together(self, given):
        made, client, address = given
        by_staff(made, APART)
        page = client.post(address, {"body": MINE, "version": "1"})
        assert "they are put together below" in seen(page)
        saved = client.post(address, hidden(page))
        assert saved.status_code == 302
        made.refresh_from_db()
        assert made.body == APART.replace("Turn it on.", "Turn it on and wait.").replace("the sheet", "the torn sheet")
        assert made.version == 3
        assert not Draft.objects.exists()

    @pytest.mark.parametrize(
        ("choice", "line"),
        [
            ({"pick": "mine"}, "Take the torn sheet out."),
            ({"pick": "theirs"}, "Pull the sheet out."),
            ({"pick": "edit", "own": "Pull the torn sheet out.\r\nSlowly."}, "Pull the torn sheet out.\nSlowly."),
        ],
    )
    def test_a_passage_is_decided(self, given, choice, line):
        made, client, address = given
        by_staff(made, CLASH)
        page = client.post(address, {"body": MINE, "version": "1"})
        number = re.search(r'name="pick-(\d+)"', page.content.decode()).group(1)
        chosen = {f"{name}-{number}": value for name, value in choice.items()}
        assert client.post(address, {**hidden(page), **chosen, "note": "Together."}).status_code == 302
        made.refresh_from_db()
        assert made.body == f"Open the rear cover.\n\n{line}\nClose it.\n\nTurn it on and wait."
        assert Revision.objects.filter(answer=made).last().note == "Together."

    def test_without_a_choice_nothing_is_saved_and_nothing_is_lost(self, given):
        made, client, address = given
        by_staff(made, CLASH)
        page = client.post(address, {"body": MINE, "version": "1"})
        before = everything()
        again = client.post(address, {**hidden(page), "note": "Kept?"})
        assert again.status_code == 422
        assert "Choose for each passage" in seen(again)
        assert everything() == before
        assert hidden(again)["mine-body"] == MINE
        assert "Kept?" in seen(again)

    def test_the_whole_text_can_be_written_instead(self, given):
        made, client, address = given
        by_staff(made, CLASH)
        page = client.post(address, {"body": MINE, "version": "1"})
        whole = seen(page).split('id="merge-body"')[1].split(">", 1)[1].split("</textarea>")[0]
        for line in ("Open the rear cover.", "Pull the sheet out.", "Take the torn sheet out.", "Turn it on and wait."):
            assert line in whole
        assert client.post(address, {**hidden(page), "whole": "1", "body": "All new."}).status_code == 302
        made.refresh_from_db()
        assert made.body == "All new."

    def test_a_third_edit_meanwhile_is_met_again(self, given):
        made, client, address = given
        by_staff(made, APART)
        page = client.post(address, {"body": MINE, "version": "1"})
        by_staff(made, f"First write to us.\n\n{APART}")
        again = client.post(address, hidden(page))
        assert again.status_code == 412
        assert "First write to us." in seen(again)
        assert client.post(address, hidden(again)).status_code == 302
        made.refresh_from_db()
        for words in ("rear cover", "torn sheet", "and wait", "First write to us."):
            assert words in made.body

    def test_the_same_edit_sent_twice_is_saved_once(self, given):
        made, client, address = given
        form = {"body": MINE, "version": "1"}
        assert client.post(address, {**form, "once": "t"}).status_code == 302
        for token in ("t", "another", ""):
            second = client.post(address, {**form, "once": token})
            assert second.status_code == 302
            assert second["Location"] == made.get_absolute_url()
        made.refresh_from_db()
        assert made.version == 2
        assert not Draft.objects.exists()

    def test_what_an_import_brought_as_html_is_met_as_markdown(self, given):
        made, client, address = given
        html = "<p>Open the cover.</p><p>Close it.</p>"
        Answer.objects.filter(pk=made.pk).update(body=html, body_html=html, body_format="html")
        Revision.objects.filter(answer=made).delete()
        made.refresh_from_db()
        by_staff(made, "Open the cover.\n\nClose it.\n\nTheirs.")
        page = client.post(address, {"body": "Mine.\n\nOpen the cover.\n\nClose it.", "version": "1"})
        assert page.status_code == 412
        assert client.post(address, hidden(page)).status_code == 302
        made.refresh_from_db()
        assert made.body == "Mine.\n\nOpen the cover.\n\nClose it.\n\nTheirs."

    def test_where_the_beginning_is_not_kept_both_are_offered_whole(self, given):
        made, client, address = given
        by_staff(made, CLASH)
        Revision.objects.filter(answer=made, number=1).delete()
        page = client.post(address, {"body": MINE, "version": "1"})
        assert "is not kept" in seen(page)
        for line in {*MINE.split("\n"), *CLASH.split("\n")}:
            assert line in seen(page)


class TestQuestion:
    @pytest.fixture
    def asked(self):
        """A question with two topics, and its asker's browser."""
        for name in ("Printing", "Paper", "Trays"):
            topic(name)
        asker = member()
        made = question(asker, title="Why does it stop?", body=BASE, topics=("printing", "paper"))
        return made, signed_in(asker), f"/en/questions/{made.pk}/edit/"

    def edited(self, made, **words):
        """The staff were faster."""
        question_edit(user=member(staff=True), question_id=made.pk, version=made.version, **words)

    FORM = {"title": "Why does it stop?", "body": BASE, "language": "en", "topics": "printing, paper", "version": "1"}

    def test_title_language_topics_and_text_are_put_together(self, asked):
        made, client, address = asked
        self.edited(made, title="Why does the printer stop?", topics=["printing", "trays"])
        page = client.post(address, {**self.FORM, "language": "ja", "body": MINE})
        assert page.status_code == 412
        form = {**hidden(page), "topics": re.search(r'name="topics" value="([^"]*)"', seen(page)).group(1)}
        assert client.post(address, form).status_code == 302
        made.refresh_from_db()
        assert (made.title, made.language, made.body) == ("Why does the printer stop?", "ja", MINE)
        assert newest_version(made).topics == ["printing", "trays"]

    def test_a_title_that_both_changed_is_asked(self, asked):
        made, client, address = asked
        self.edited(made, title="Why does the printer stop?")
        page = client.post(address, {**self.FORM, "title": "Why does it always stop?"})
        for title in ("Why does it stop?", "Why does the printer stop?", "Why does it always stop?"):
            assert title in seen(page)
        assert client.post(address, hidden(page)).status_code == 422
        form = {**hidden(page), "topics": "printing, paper", "pick-title": "edit", "own-title": "Why, always?"}
        assert client.post(address, form).status_code == 302
        made.refresh_from_db()
        assert made.title == "Why, always?"

    def test_a_language_that_both_changed_is_asked(self, asked):
        made, client, address = asked
        self.edited(made, language="ru")
        page = client.post(address, {**self.FORM, "language": "ja"})
        form = {**hidden(page), "topics": "printing"}
        assert client.post(address, form).status_code == 422
        assert client.post(address, {**form, "pick-language": "theirs"}).status_code == 302
        made.refresh_from_db()
        assert (made.language, newest_version(made).topics) == ("ru", ["printing"])

    def test_a_choice_that_cannot_be_saved_comes_back_with_what_is_wrong(self, asked):
        made, client, address = asked
        self.edited(made, title="Why does the printer stop?")
        page = client.post(address, {**self.FORM, "title": "Why does it always stop?"})
        form = {**hidden(page), "topics": "printing", "pick-title": "edit", "own-title": "?"}
        refused = client.post(address, form)
        assert refused.status_code == 422
        assert "at least 5 characters" in seen(refused)
        assert Question.objects.get().title == "Why does the printer stop?"

    def test_a_lock_meanwhile_is_said(self, asked):
        made, client, address = asked
        question_lock(user=member(staff=True), question_id=made.pk, locked=True)
        assert client.post(address, {**self.FORM, "body": MINE}).status_code == 409

    def test_a_draft_that_began_from_an_older_version_goes_on_as_a_conflict(self, asked):
        made, client, address = asked
        self.edited(made, body=CLASH)
        client.post(address, {**self.FORM, "body": MINE})  # kept as a draft, the page closed
        page = client.get(f"{address}?draft=question-edit-{made.pk}")
        assert page.status_code == 200
        assert hidden(page)["mine-body"] == MINE
        assert "Pull the sheet out." in seen(page)


class TestWhoMay:
    def test_a_stranger_is_led_to_sign_in_and_another_member_is_refused(self, given):
        made, _client, address = given
        by_staff(made, CLASH)
        form = {"merge": "1", "base": "1", "version": "2", "mine-body": MINE, "whole": "1", "body": "Mine now."}
        other = signed_in(member())
        before = everything()
        assert Client().post(address, form).status_code == 302
        assert other.post(address, form).status_code == 403
        assert everything() == before

    @pytest.mark.parametrize("nonsense", [{}, {"base": "x", "version": "y"}, {"base": "99", "version": "-1"}])
    def test_a_form_that_makes_no_sense_changes_nothing(self, given, nonsense):
        made, client, address = given
        by_staff(made, CLASH)
        before = everything()
        assert client.post(address, {"merge": "1", **nonsense}).status_code in (302, 412, 422)
        assert everything() == before


class TestVersions:
    def test_each_version_can_be_read_again(self):
        made = answer(body="One.")
        for number, body in ((1, "Two."), (2, "Three.")):
            answer_edit(user=made.author, answer_id=made.pk, version=number, body=body)
        made.refresh_from_db()
        assert [post_version(made, number).body for number in (1, 2, 3)] == ["One.", "Two.", "Three."]

    def test_an_imported_history_is_counted_from_its_end(self):
        made = answer(body="As it is.")
        Revision.objects.filter(answer=made).update(number=3)
        for number, body in ((1, "Long ago."), (2, "Later.")):
            Revision.objects.create(question=made.question, answer=made, number=number, body=body)
        answer_edit(user=made.author, answer_id=made.pk, version=1, body="Now.")
        made.refresh_from_db()
        assert post_version(made, 1).body == "As it is."
        assert post_version(made, 2).body == "Now."

    @pytest.mark.parametrize("number", [0, -1, 4, 10**18])
    def test_there_is_none_outside(self, number):
        made = answer()
        assert post_version(made, number) is None
