"""Who asked anonymously decides on edits and suggests them below her question: she is named at no door by that."""

import pytest

from portal.questions.models import Revision, Suggestion
from portal.questions.selectors.credit import credits_of, posts_improved
from portal.questions.services.questions import question_edit
from portal.questions.services.suggestions import suggestion_accept, suggestion_reject
from tests.factories.accounts import member, token
from tests.factories.events import committed
from tests.factories.questions import answer, question
from tests.integration.notifications.telling import mailed, told

from .scene import signed_in
from .suggesting import BODY, REASON, suggested

pytestmark = pytest.mark.django_db
NAME = "quokkalina"


@pytest.fixture(autouse=True)
def limits_off(settings):
    settings.PORTAL_LIMITS = False


@pytest.fixture
def asked():
    return question(member(NAME, display_name="Quokkalina Zant"), anonymous=True, body=BODY)


def everywhere(asked, made, post=None):
    """The pages and calls that show a suggestion, its post and its versions."""
    rest = f"{post.pk}/" if post else ""
    kept = f"answers/{post.pk}" if post else f"questions/{asked.pk}"
    pages = [
        asked.get_absolute_url(),
        f"/en/questions/{asked.pk}/history/{rest}",
        f"/en/questions/{asked.pk}/history/{rest}version/1/",
        f"/en/questions/{asked.pk}/history/{rest}compare/1/1/",
        f"/en/questions/suggestions/{made.pk}/",
        "/en/questions/suggestions/?status=accepted",
        "/en/questions/suggestions/?tab=mine",
        "/staff/edits/",
        f"/staff/edits/?status={made.status}",
    ]
    calls = [f"/api/v1/suggestions/{made.pk}", f"/api/v1/{kept}/suggestions", f"/api/v1/{kept}/revisions"]
    return pages, [*calls, f"/api/v1/{kept}/revisions/1", f"/api/v1/suggestions?status={made.status}"]


def read(who, addresses):
    """What a reader gets at pages and calls, by address; only what she may read."""
    pages, calls = addresses
    client = signed_in(who)
    headers = {"Authorization": f"Bearer {token(who)}"} if who else {}
    replies = {address: client.get(address) for address in pages}
    replies |= {address: client.get(address, headers=headers) for address in calls}
    assert all(reply.status_code < 500 for reply in replies.values())
    return {address: reply.content.decode() for address, reply in replies.items() if reply.status_code == 200}


def named_nowhere(asked, made, post=None):
    """Asserts that neither a stranger, a member, who suggested, who answered nor the staff read her name."""
    made.refresh_from_db()
    people = [None, member(), member(staff=True), made.author]
    people += [post.author] if post else []
    opened = 0
    for who in people:
        if who is not None and who.pk == asked.author_id:
            continue
        for address, text in read(who, everywhere(asked, made, post)).items():
            assert NAME not in text.casefold(), (who, address)
            assert f"avatars/{asked.author_id}" not in text, (who, address)
            opened += 1
    return opened


class TestDeciding:
    def test_accepted_by_her_nobody_reads_her_name(self, asked):
        made = suggested(asked, member("kindly"))
        suggestion_accept(user=asked.author, suggestion_id=made.pk, words="Thank you.")
        last = Revision.objects.filter(question=asked).last()
        assert (last.editor, last.approved_by) == (made.author, asked.author), "what is kept is true"
        assert named_nowhere(asked, made) > 20
        page = read(made.author, everywhere(asked, made))[f"/en/questions/suggestions/{made.pk}/"]
        assert "the asker, anonymously" in page and "Thank you." in page

    def test_declined_or_improved_by_her_neither(self, asked):
        first, second = suggested(asked, member("kindly")), suggested(asked, member("friendly"))
        suggestion_reject(user=asked.author, suggestion_id=first.pk, words="It is ten on my model.")
        named_nowhere(asked, first)
        suggestion_accept(user=asked.author, suggestion_id=second.pk, version=1, body=BODY.replace("ten", "12"))
        named_nowhere(asked, second)
        asked.refresh_from_db()
        assert credits_of(asked, [asked]) == {None: [second.author]}

    def test_she_herself_is_told_that_she_is_hidden(self, asked):
        made = suggested(asked)
        suggestion_accept(user=asked.author, suggestion_id=made.pk)
        page = signed_in(asked.author).get(f"/en/questions/{asked.pk}/history/").content.decode()
        assert "you, anonymously" in page

    def test_programs_get_no_one_in_her_place(self, asked):
        made = suggested(asked, member("kindly"))
        suggestion_accept(user=asked.author, suggestion_id=made.pk)
        for who in (made.author, asked.author, member(staff=True)):
            headers = {"Authorization": f"Bearer {token(who)}"}
            told = signed_in(None).get(f"/api/v1/suggestions/{made.pk}", headers=headers).json()
            assert (told["decided_by"], told["author"]["username"]) == (None, "kindly")
            version = signed_in(None).get(f"/api/v1/questions/{asked.pk}/revisions/2", headers=headers).json()
            assert (version["approved_by"], version["editor"]["username"]) == (None, "kindly")

    def test_the_reply_to_her_own_decision_names_nobody(self, asked):
        """What a program of hers writes into a log."""
        made = suggested(asked, member("kindly"))
        headers = {"Authorization": f"Bearer {token(asked.author)}"}
        reply = signed_in(None).post(
            f"/api/v1/suggestions/{made.pk}/accept", content_type="application/json", headers=headers
        )
        assert reply.status_code == 200 and reply.json()["status"] == "accepted"
        assert NAME not in reply.content.decode()


class TestToldByMail:
    def test_who_suggested_is_told_without_her_name(self, asked, mailoutbox):
        kindly = member("kindly")
        with committed():
            made = suggested(asked, kindly)
        with committed():
            suggestion_accept(user=asked.author, suggestion_id=made.pk)
        assert [title for _words, title in told(kindly)] == [asked.title]
        mailed()
        assert any(kindly.email in letter.to for letter in mailoutbox)
        for letter in mailoutbox:
            if asked.author.email in letter.to:
                continue
            whole = f"{letter.message().as_bytes().decode()} {letter.body}".casefold()
            assert NAME not in whole and "zant" not in whole
        for address in ("/en/inbox/", "/en/inbox/?tab=all"):
            assert NAME not in signed_in(kindly).get(address).content.decode().casefold()

    def test_an_answers_author_is_told_of_the_askers_edit_without_her_name(self, asked, mailoutbox):
        given = answer(asked, body=BODY)
        with committed():
            made = suggested(given, asked.author)
        assert [title for _words, title in told(given.author)][:1] == [asked.title]
        mailed()
        theirs = [letter for letter in mailoutbox if given.author.email in letter.to]
        assert theirs
        for letter in theirs:
            whole = f"{letter.message().as_bytes().decode()} {letter.body}".casefold()
            assert NAME not in whole and "zant" not in whole
        assert NAME not in signed_in(given.author).get("/en/inbox/").content.decode().casefold()
        assert Suggestion.objects.get().pk == made.pk


class TestSuggesting:
    def test_an_edit_of_hers_below_it_bears_no_name_waiting_or_decided(self, asked):
        given = answer(asked, body=BODY)
        made = suggested(given, asked.author)
        assert named_nowhere(asked, made, given) > 10
        suggestion_accept(user=given.author, suggestion_id=made.pk)
        assert named_nowhere(asked, made, given) > 20
        given.refresh_from_db()
        assert credits_of(asked, [given]) == {given.pk: []}
        assert posts_improved(viewer=None, member=asked.author) == 0
        page = signed_in(None).get(asked.get_absolute_url()).content.decode()
        assert "Improved by" not in page

    def test_what_she_does_elsewhere_bears_her_name(self, asked):
        """What makes the cases above able to fail."""
        given = answer(body=BODY)
        made = suggested(given, asked.author)
        page = signed_in(given.author).get(f"/en/questions/suggestions/{made.pk}/").content.decode()
        assert NAME in page.casefold()
        suggestion_accept(user=given.author, suggestion_id=made.pk)
        assert posts_improved(viewer=None, member=asked.author) == 1
        assert NAME in signed_in(None).get(f"/en/questions/{given.question_id}/history/{given.pk}/").content.decode()

    def test_her_answer_below_it_is_reviewed_by_her_without_a_name(self, asked):
        own = answer(asked, asked.author, body=BODY)
        made = suggested(own, member("kindly"))
        suggestion_reject(user=asked.author, suggestion_id=made.pk, words=REASON)
        assert named_nowhere(asked, made, own) > 10


def test_rolled_back_by_her_the_version_bears_no_name(asked):
    question_edit(user=asked.author, question_id=asked.pk, version=1, body="Other words.")
    address = f"/en/questions/{asked.pk}/history/version/1/restore/"
    assert signed_in(asked.author).post(address, {"version": "2"}).status_code == 302
    page = signed_in(None).get(f"/en/questions/{asked.pk}/history/").content.decode()
    assert "Brought version 1 back" in page and NAME not in page.casefold()
    told = signed_in(None).get(f"/api/v1/questions/{asked.pk}/revisions").json()["results"]
    assert [(row["number"], row["editor"], row["restores"]) for row in told] == [
        (3, None, 1), (2, None, None), (1, None, None),
    ]  # fmt: skip
