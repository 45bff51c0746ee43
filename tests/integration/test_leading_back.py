"""Who comes by reading to an address that only takes forms is led to what it is about; every such address is tried."""

import re

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver, resolve

from portal.core.leading_back import FormsOnly
from portal.knowledge.services.comments import article_comment_create
from portal.questions.services.answers import answer_delete
from portal.questions.services.comments import comment_delete
from portal.questions.services.merging import questions_merge
from portal.questions.services.questions import question_delete
from tests.factories.accounts import member, token
from tests.factories.knowledge import article
from tests.factories.questions import answer, comment, question
from tests.factories.versions import product, releases

pytestmark = pytest.mark.django_db

PAGE = {"HTTP_ACCEPT": "text/html,application/xhtml+xml,*/*;q=0.8"}


def reading(user=None, **more):
    """A browser of somebody who reads; None for a stranger."""
    client = Client(**PAGE, **more)
    if user is not None:
        client.force_login(user, backend="portal.accounts.backends.PortalBackend")
    return client


def patterns(resolver, before=""):
    """Yields (address with names in it, pattern) of every view of the portal's own."""
    for each in resolver.url_patterns:
        path = before + str(each.pattern)
        if isinstance(each, URLPattern):
            if each.callback.__module__.startswith("portal.") and not path.startswith("api/"):
                yield path, each
        else:
            yield from patterns(each, path)


def filled(path, numbers):
    """Returns a pattern's address with something that there is for each name, None where a name is not known."""
    names = re.findall(r"<(?:\w+:)?(\w+)>", path)
    if not set(names) <= set(numbers) or "(?" in path:
        return None
    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(numbers[found[1]]), path)


@pytest.fixture
def numbers():
    """Something for every name that stands in an address."""
    given = answer()
    said = comment(given)
    made = releases("v1", of=product())[0]
    asked = given.question_id
    return {
        "question_id": asked, "answer_id": given.pk, "comment_id": said.pk, "kind": "answer", "post_id": given.pk,
        "release_id": made.pk, "suggestion_id": 1, "proposal_id": 1, "contest_id": 1, "merge_id": 1, "reversal_id": 1,
        "move_id": 1, "number": 1, "name": f"answer-{asked}", "token_id": 1, "note_id": 1, "mark": "none",
        "search_id": 1, "gap_id": 1, "act": "done", "change_id": 1,
    }  # fmt: skip


def forms_only(numbers):
    """Returns the addresses that a program which reads is told 405 of, by name."""
    staff = Client()
    staff.force_login(member(staff=True), backend="portal.accounts.backends.PortalBackend")
    found = {}
    for path, pattern in patterns(get_resolver()):
        address = filled(path, numbers)
        if address is not None and staff.get(address).status_code == 405:
            found[pattern.name] = address
    return found


def test_every_address_that_only_takes_forms_leads_somewhere_or_says_so(numbers):
    addresses = forms_only(numbers)
    assert len(addresses) > 45, "the walk finds them"
    for user in (None, member(), member(staff=True)):
        client = reading(user)
        for name, address in addresses.items():
            reply = client.get(address)
            words = reply.content.decode()
            if reply.status_code == 405:
                assert "only takes what a form sends" in words and "POST" in reply.headers["Allow"], name
            else:
                assert reply.status_code in (301, 302, 404), (name, reply.status_code)
                assert reply.status_code == 404 or reply.headers["Location"] != address, name
                end = client.get(address, follow=True)
                assert end.status_code in (200, 403, 404), (name, end.status_code, end.redirect_chain)


class TestQuestions:
    """Answers, questions and comments."""

    def test_the_thing_that_it_was_about(self, numbers):
        given_page = f"#answer-{numbers['answer_id']}"
        for user in (None, member()):
            client = reading(user)
            for name in ("accept", "delete", "restore", "confirm", "outdated/lift"):
                reply = client.get(f"/en/questions/answers/{numbers['answer_id']}/{name}/")
                assert reply.status_code == 302 and reply["Location"].endswith(given_page), name
                assert "no-store" in reply["Cache-Control"]
            assert client.get(f"/en/questions/vote/answer/{numbers['post_id']}/")["Location"].endswith(given_page)
            asked = client.get(f"/en/questions/{numbers['question_id']}/answer/")["Location"]
            assert resolve(asked).kwargs["question_id"] == numbers["question_id"]
            said = client.get(f"/en/questions/comments/{numbers['comment_id']}/delete/")["Location"]
            assert said == f"/en/questions/comments/{numbers['comment_id']}/"

    def test_what_is_deleted_is_not_there_for_outsiders(self, numbers):
        staff = member(staff=True)
        comment_delete(user=staff, comment_id=numbers["comment_id"])
        answer_delete(user=staff, answer_id=numbers["answer_id"])
        addresses = [
            f"/en/questions/comments/{numbers['comment_id']}/restore/",
            f"/en/questions/answers/{numbers['answer_id']}/restore/",
            f"/en/questions/vote/answer/{numbers['answer_id']}/",
        ]
        for user in (None, member()):
            assert [reading(user).get(each).status_code for each in addresses] == [404] * 3
        assert [reading(staff).get(each).status_code for each in addresses] == [404, 302, 302]
        question_delete(user=staff, question_id=numbers["question_id"])
        addresses += [f"/en/questions/{numbers['question_id']}/restore/", "/en/questions/999999/demand/"]
        for user in (None, member()):
            replies = [reading(user).get(each) for each in addresses]
            assert [reply.status_code for reply in replies] == [404] * 5
            said = {re.search(r"<h1>.*?</h1>", reply.content.decode())[0] for reply in replies}
            assert said == {"<h1>There is nothing here, or it is not open to you.</h1>"}
        assert reading(staff).get(addresses[3]).status_code == 302

    def test_what_was_joined_leads_where_it_is_now(self):
        source, target = question(), question()
        questions_merge(user=member(staff=True), source_id=source.pk, target_id=target.pk)
        reply = reading().get(f"/en/questions/{source.pk}/demand/")
        assert reply.status_code == 301 and reply["Location"] == target.get_absolute_url()

    def test_numbers_that_no_row_can_have(self):
        for address in (f"/en/questions/answers/{10**30}/accept/", f"/en/questions/{10**30}/demand/"):
            assert reading(member()).get(address).status_code == 404

    def test_after_signing_in_one_comes_back_to_the_thing(self, numbers):
        who = member()
        who.set_password("Xyz12345!q")
        who.save()
        address = f"/en/questions/answers/{numbers['answer_id']}/accept/"
        client = reading()
        sent = {"login": who.username, "password": "Xyz12345!q"}
        reply = client.post(f"/en/account/login/?next={address}", sent, follow=True)
        assert reply.status_code == 200 and reply.redirect_chain[-1][0].endswith(f"#answer-{numbers['answer_id']}")


class TestElsewhere:
    def test_a_comment_on_an_article(self):
        page, who = article(), member()
        said = article_comment_create(user=who, page_id=page.pk, body="It helped.")
        reply = reading(who).get(f"/en/comments/{said.pk}/report/")
        assert reply.status_code == 302 and reply["Location"].endswith(f"#comment-{said.pk}")
        assert reading().get("/en/comments/999999/report/").status_code == 404

    @pytest.mark.parametrize(
        ("address", "led"),
        [
            ("/en/inbox/read/", "/en/inbox/"),
            ("/en/account/searches/add/", "/en/account/searches/"),
            ("/en/account/tokens/1/revoke/", "/en/account/tokens/"),
            ("/staff/votes/1/undo/", "/staff/votes/"),
            ("/staff/merges/1/undo/", "/staff/"),
            ("/en/questions/ask/none/", "/en/questions/ask/"),
        ],
    )
    def test_the_nearest_page_above(self, address, led):
        assert reading(member(staff=True)).get(address)["Location"] == led

    def test_in_her_language(self, numbers, monkeypatch):
        monkeypatch.setattr("portal.core.leading_back._above", lambda path: None)
        reply = reading(member()).get("/ru/inbox/read/")
        assert reply.status_code == 405 and '<html lang="ru"' in reply.content.decode()
        assert str(FormsOnly.default) and reply.headers["Allow"] == "POST"
        assert "<a " in reply.content.decode()

    def test_programs_are_told_405_and_nothing_else(self, numbers):
        address = f"/en/questions/answers/{numbers['answer_id']}/accept/"
        plain = Client().get(address)
        assert (plain.status_code, plain.content) == (405, b"")
        assert reading(None, HTTP_HX_REQUEST="true").get(address).status_code == 405
        assert reading(member()).put(address).status_code == 405
        api = Client().get(
            f"/api/v1/answers/{numbers['answer_id']}/accept",
            headers={"Accept": "text/html", "Authorization": f"Bearer {token(member())}"},
        )
        assert api.status_code == 405 and api.json()["code"] == "method-not-allowed"

    def test_a_head_is_led_as_a_get(self, numbers):
        address = f"/en/questions/answers/{numbers['answer_id']}/accept/"
        assert reading().head(address).status_code == 302
