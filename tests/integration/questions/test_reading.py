"""What a question's page says to those who only read it: who helped, data for search engines, links to pass on."""

import re
from html.parser import HTMLParser

import pytest

from portal.questions.models import Question
from portal.questions.services.answers import answer_delete, answer_edit
from portal.questions.services.questions import question_delete
from tests.factories.accounts import member
from tests.factories.questions import accept, answer, question, vote

pytestmark = pytest.mark.django_db


VOID = ("meta", "link", "img", "input", "br", "hr", "use", "source")


class Microdata(HTMLParser):
    """Reads the items of a page: ``items`` are the outermost, each {"type", name: [values]}."""

    def __init__(self, html):
        super().__init__()
        self.items, self.open, self.depth, self.text = [], [], 0, None
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        said = dict(attrs)
        void = tag in VOID
        self.depth += not void
        name, value = said.get("itemprop"), said.get("content", said.get("href"))
        if "itemscope" in said:
            item = {"type": said["itemtype"].rpartition("/")[2]}
            (self.open[-1][0].setdefault(name, []) if name else self.items).append(item)
            self.open.append((item, self.depth))
        elif name and void:
            self.open[-1][0].setdefault(name, []).append(value)
        elif name:
            self.text = (self.open[-1][0].setdefault(name, []), self.depth, [])

    def handle_endtag(self, tag):
        if tag in VOID:
            return
        if self.text and self.text[1] == self.depth:
            self.text[0].append(" ".join("".join(self.text[2]).split()))
            self.text = None
        if self.open and self.open[-1][1] == self.depth:
            self.open.pop()
        self.depth -= 1

    def handle_data(self, data):
        if self.text:
            self.text[2].append(data)


def told(client, asked):
    """Returns the items that a question's page tells machines."""
    return Microdata(client.get(asked.get_absolute_url()).text).items


def helped(client, asked):
    page = client.get(asked.get_absolute_url()).text
    part = re.search(r"<h2>Who helped</h2>(.*?)</section>", page, re.DOTALL)
    return re.findall(r"<bdi>([^<]+)</bdi>", part[1]) if part else []


class TestStructuredData:
    def test_a_question_with_answers_is_told_whole(self, client, settings):
        asked = question(member("nadia", display_name="Nadia <N>"), title="Why so <hot> & loud?", body="It **is** hot.")
        best, other = answer(asked, body="Clean the fan."), answer(asked, body="Wait.")
        vote(best)
        accept(best)
        asked.refresh_from_db()
        (page,) = told(client, asked)
        assert page["type"] == "QAPage"
        (entity,) = page["mainEntity"]
        assert entity["type"] == "Question"
        assert (entity["name"], entity["text"]) == (["Why so <hot> & loud?"], ["It is hot."])
        assert (entity["answerCount"], entity["upvoteCount"]) == (["2"], ["0"])
        assert entity["author"] == [
            {"type": "Person", "name": ["Nadia <N>"], "url": ["http://testserver/en/members/nadia/"]}
        ]
        assert entity["dateCreated"] == [asked.created_at.isoformat()]
        (accepted,), (suggested,) = entity["acceptedAnswer"], entity["suggestedAnswer"]
        assert (accepted["text"], accepted["upvoteCount"]) == (["Clean the fan."], ["1"])
        assert accepted["url"] == [f"http://testserver{asked.get_absolute_url()}#answer-{best.pk}"]
        assert suggested["text"] == ["Wait."]
        assert suggested["url"][0].endswith(f"#answer-{other.pk}")

    @pytest.mark.parametrize("status", ["closed", "duplicate", "archived"])
    def test_what_nobody_can_answer_is_no_such_page(self, client, status):
        asked = answer().question
        Question.objects.filter(pk=asked.pk).update(status=status)
        assert told(client, asked) == []

    def test_without_an_answer_it_is_none_either(self, client):
        assert told(client, question()) == []

    def test_an_anonymous_asker_is_named_to_no_machine(self, client):
        asked = answer(question(member("hidden-asker"))).question
        Question.objects.filter(pk=asked.pk).update(anonymous=True)
        (page,) = told(client, asked)
        assert "author" not in page["mainEntity"][0]
        assert "hidden-asker" not in client.get(asked.get_absolute_url()).text

    def test_there_is_no_script_in_the_page_for_it(self, client):
        page = client.get(answer().question.get_absolute_url()).text
        assert not re.findall(r"<script(?![^>]* src=)", page)


class TestWhoHelped:
    def test_answers_with_more_votes_come_first_then_editors(self, client):
        asked = question(member("asker"))
        first, second = answer(asked, member("less")), answer(asked, member("more"))
        vote(second)
        staff = member("editor", staff=True)
        answer_edit(user=staff, answer_id=first.pk, version=1, body="Better words.")
        assert helped(client, asked) == ["more", "less", "editor"]

    def test_the_asker_and_who_only_mended_her_own_words_are_not_among_them(self, client):
        asked = question(member("asker"))
        answer(asked, asked.author)
        own = answer(asked, member("helper"))
        answer_edit(user=own.author, answer_id=own.pk, version=1, body="My own words again.")
        assert helped(client, asked) == ["helper"]

    def test_a_deleted_answer_helped_nobody(self, client):
        given = answer(question(), member("helper"))
        answer_delete(user=given.author, answer_id=given.pk)
        assert helped(client, given.question) == []

    def test_whoever_is_banned_is_not_shown(self, client):
        given = answer(question(), member("helper"))
        given.author.is_active = False
        given.author.save()
        assert helped(client, given.question) == []

    def test_many_are_counted(self, client):
        asked = question()
        for _ in range(14):
            answer(asked)
        page = client.get(asked.get_absolute_url()).text
        assert len(helped(client, asked)) == 12
        assert "and 2 more" in page


class TestPassingOn:
    def test_each_post_has_an_address_to_share(self, client):
        given = answer()
        page = client.get(given.question.get_absolute_url()).text
        shared = re.findall(r'copy-link" href="([^"]+)" data-share="([^"]+)"', page)
        title = given.question.title
        assert shared == [(given.question.get_absolute_url(), title), (given.get_absolute_url(), title)]

    def test_programs_find_the_feed_in_the_head_and_people_below(self, client):
        asked = question()
        page = client.get(asked.get_absolute_url()).text
        assert page.count(f'href="/feeds/questions/{asked.pk}.atom"') == 2

    def test_an_outsider_of_a_deleted_question_gets_none_of_it(self, client):
        given = answer()
        question_delete(user=member(staff=True), question_id=given.question_id)
        for address in (given.question.get_absolute_url(), f"/feeds/questions/{given.question_id}.atom"):
            assert client.get(address).status_code == 404
