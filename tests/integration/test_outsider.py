"""Never leak: what is taken away is gone from every place at once, also while the index still holds it.

Each case puts words that stand nowhere else into one thing, takes that thing away, and then reads every surface as
several outsiders do. The index is left as it was on purpose: the database must be asked again for every hit.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client

from portal.questions.models import Question
from portal.questions.services.answers import answer_delete, answer_restore
from portal.questions.services.comments import comment_delete
from portal.questions.services.merging import questions_merge
from portal.questions.services.questions import question_delete, question_restore
from search.engines import forget_engines
from search.indexing import drain
from tests.factories.accounts import member, token
from tests.factories.questions import accept, answer, comment, question, topic, vote

pytestmark = pytest.mark.django_db

SECRET = "zanzibarquokka"


@pytest.fixture(autouse=True)
def index(settings: Any, tmp_path: Path) -> Iterator[None]:
    """An index of this test alone, and no limits."""
    settings.SEARCH = {**settings.SEARCH, "EMBEDDED_PATH": tmp_path / "search"}
    settings.PORTAL_LIMITS = False
    cache.clear()
    forget_engines()
    call_command("search_rebuild", verbosity=0)
    yield
    forget_engines()


@dataclass
class Reader:
    """Somebody who reads: by pages with a session, by the API with a token."""

    name: str
    user: Any = None

    def client(self) -> Client:
        """A browser of this reader."""
        client = Client(raise_request_exception=False)
        if self.user is not None:
            client.force_login(self.user, backend="portal.accounts.backends.PortalBackend")
        return client

    def headers(self) -> dict[str, str]:
        """What the API is told."""
        return {"Authorization": f"Bearer {token(self.user)}"} if self.user is not None else {}


def surfaces(asked: Question) -> list[str]:
    """Every address that could show something of a question, its answers, comments and people."""
    author = asked.author.username if asked.author else "nobody"
    addresses = [
        "/en/",
        *(f"/en/questions/?tab={tab}" for tab in ("hot", "newest", "active", "unanswered")),
        "/en/questions/?topic=leaks",
        f"/en/search/?q={SECRET}",
        "/en/search/?q=leaks&topic=leaks",
        "/en/search/?q=",
        f"/en/search/suggest/?q={SECRET[:9]}",
        f"/en/search/similar/?title={SECRET}+and+more",
        f"/en/questions/ask/similar/?title={SECRET}+and+more",
        f"/en/questions/ask/begin/?title={SECRET}+and+more",
        f"/en/questions/ask/?title={SECRET}+and+more",
        "/en/topics/",
        "/en/topics/leaks/",
        "/en/members/",
        f"/en/members/{author}/",
        *(f"/en/members/{author}/?tab={tab}" for tab in ("answers", "questions", "reputation")),
        "/en/experts/",
        "/en/questions/to-confirm/",
        "/api/v1/to-confirm",
        "/feeds/questions.atom",
        "/feeds/questions.atom?topic=leaks",
        "/sitemap-questions.xml",
        "/api/v1/questions?limit=100",
        "/api/v1/questions?topic=leaks",
        f"/api/v1/questions?author={author}",
        f"/api/v1/search?q={SECRET}",
        f"/api/v1/search?q={SECRET}&language=en&type=question",
        f"/api/v1/suggest?q={SECRET[:9]}",
        f"/api/v1/similar?title={SECRET}+and+more&language=en",
        f"/api/v1/members/{author}",
    ]
    return addresses + own_surfaces(asked)


def own_surfaces(asked: Question) -> list[str]:
    """The addresses of a question itself, its answers and comments."""
    number = asked.pk
    own = [asked.get_absolute_url(), f"/en/questions/{number}/", f"/en/questions/{number}/history/"]
    own += [f"/en/questions/{number}/history/version/1/", f"/en/questions/{number}/history/compare/1/1/"]
    own += ["/en/questions/suggestions/", f"/en/questions/suggest/question/{number}/", "/staff/edits/"]
    own += [f"/api/v1/questions/{number}/{what}" for what in ("revisions", "revisions/1", "suggestions")]
    own += [f"/en/questions/ask/{act}/question/{number}/" for act in ("candidate", "answered")]
    own += [
        f"/api/v1/questions/{number}",
        f"/api/v1/questions/{number}/answers",
        f"/api/v1/questions/{number}/comments",
    ]
    for said in asked.comments.all():
        own += [f"/api/v1/comments/{said.pk}", f"/en/questions/comments/{said.pk}/"]
        own.append(f"/en/questions/comments/{said.pk}/history/")
    for each in asked.answers.all():
        own += [f"/api/v1/answers/{each.pk}", f"/api/v1/answers/{each.pk}/comments"]
        own.append(f"/en/questions/{number}/history/{each.pk}/")
        own += [f"/en/questions/answers/{each.pk}/versions/", f"/api/v1/answers/{each.pk}/passport"]
        own.append(f"/en/questions/{number}/history/{each.pk}/version/1/")
        own += [f"/api/v1/answers/{each.pk}/{what}" for what in ("revisions", "revisions/1", "suggestions")]
    return own


def readers() -> list[Reader]:
    """Outsiders of each kind; staff may see what was deleted only through the way back, not on these surfaces."""
    return [Reader("stranger"), Reader("member", member()), Reader("staff", member(staff=True))]


def shown(reader: Reader, address: str) -> str:
    """What a reader is shown at an address, without the words that she typed herself."""
    if address.startswith("/api/"):
        reply = reader.client().get(address, headers=reader.headers())
    else:
        reply = reader.client().get(address, follow=True)
    assert reply.status_code < 500, (address, reply.status_code)
    text = reply.content.decode()
    if "application/json" in reply["Content-Type"]:
        return json.dumps(json.loads(text), ensure_ascii=False)
    typed = (f"{name}{sign}{SECRET}" for name in ("q", "title") for sign in ("=", "%3D", "%253D"))
    for own_words in (f'value="{SECRET}', f"“{SECRET}”", *typed):
        text = text.replace(own_words, "")
    return text


def where_shown(asked: Question, who: list[Reader] | None = None) -> set[str]:
    """The addresses that show the secret words to any of the readers."""
    return {address for reader in (who or readers()) for address in surfaces(asked) if SECRET in shown(reader, address)}


@pytest.fixture
def story() -> Question:
    """A question with an accepted answer, comments, votes and a topic; in the index."""
    topic("Leaks")
    asked = question(member("asker"), title="Where does the water come from?", topics=("leaks",))
    given = answer(asked, member("helper"), body="From the valve.")
    accept(given)
    vote(given)
    vote(asked)
    comment(asked, body="Which valve?")
    comment(given, body="It helped.")
    return asked


def told(asked: Question, **changed: str) -> Question:
    """Writes words into the question as if they had always been there, and brings them into the index."""
    html = {name.replace("body", "body_html"): f"<p>{text}</p>" for name, text in changed.items() if name == "body"}
    Question.objects.filter(pk=asked.pk).update(**changed, **html)
    call_command("search_rebuild", verbosity=0)
    return Question.objects.get(pk=asked.pk)


class TestQuestions:
    def test_the_words_are_shown_while_the_question_is_there(self, story: Question) -> None:
        """What makes the other cases able to fail: the surfaces do show what they may."""
        asked = told(story, title=f"Where is the {SECRET} of the valve?")
        places = where_shown(asked, [Reader("stranger")])
        for needed in (
            "/en/questions/?tab=newest",
            f"/en/search/?q={SECRET}",
            "/en/topics/leaks/",
            "/feeds/questions.atom",
            "/api/v1/questions?limit=100",
            f"/api/v1/search?q={SECRET}",
            f"/api/v1/suggest?q={SECRET[:9]}",
            f"/api/v1/questions/{asked.pk}",
        ):
            assert needed in places, needed

    @pytest.mark.parametrize("by", ["asker", "staff"])
    @pytest.mark.parametrize("part", ["title", "body"])
    def test_a_deleted_question_is_shown_nowhere(self, story: Question, by: str, part: str) -> None:
        words = {"title": f"Where is the {SECRET} of the valve?", "body": f"It is the {SECRET} that I mean."}
        asked = told(story, **{part: words[part]})
        user = member(staff=True) if by == "staff" else asked.author
        if by == "asker":
            for given in asked.answers.all():
                answer_delete(user=given.author, answer_id=given.pk)
        question_delete(user=user, question_id=asked.pk)
        assert where_shown(asked) == set()

    def test_it_is_shown_again_when_it_comes_back(self, story: Question) -> None:
        asked = told(story, title=f"Where is the {SECRET} of the valve?")
        staff = member(staff=True)
        before = where_shown(asked, [Reader("stranger")])
        question_delete(user=staff, question_id=asked.pk)
        drain()
        question_restore(user=staff, question_id=asked.pk)
        drain()
        assert where_shown(asked, [Reader("stranger")]) == before

    def test_counts_do_not_tell_of_it_either(self, story: Question) -> None:
        client = Client()
        asked = told(story, title=f"Where is the {SECRET} of the valve?")
        question_delete(user=member(staff=True), question_id=asked.pk)
        drain()
        topics = client.get("/api/v1/topics").json()["results"]
        assert [row["questions_count"] for row in topics if row["slug"] == "leaks"] == [0]
        assert client.get(f"/api/v1/search?q={SECRET}").json()["results"] == []
        facets = client.get("/api/v1/search?q=").json()["facets"]
        assert "leaks" not in json.dumps(facets)


class TestJoined:
    def test_the_words_of_a_joined_question_go_with_the_one_that_it_was_joined_with(self, story: Question) -> None:
        staff = member(staff=True)
        source = question(member(), body=f"It is the {SECRET} of the valve that I mean.", topics=("leaks",))
        questions_merge(user=staff, source_id=source.pk, target_id=story.pk)
        drain()
        stranger = [Reader("stranger")]
        assert {story.get_absolute_url(), f"/api/v1/search?q={SECRET}"} <= where_shown(story, stranger)
        question_delete(user=staff, question_id=story.pk)
        assert where_shown(story, stranger) | where_shown(source, stranger) == set()


class TestAnswersAndComments:
    def test_a_deleted_answer_is_shown_nowhere_and_back_again(self, story: Question) -> None:
        given = answer(story, member("second"), body=f"It is the {SECRET} at work.")
        call_command("search_rebuild", verbosity=0)
        assert f"/api/v1/answers/{given.pk}" in where_shown(story, [Reader("stranger")])
        answer_delete(user=given.author, answer_id=given.pk)
        drain()
        assert where_shown(story) == set()
        answer_restore(user=given.author, answer_id=given.pk)
        assert f"/api/v1/answers/{given.pk}" in where_shown(story, [Reader("stranger")])

    @pytest.mark.parametrize("under", ["question", "answer"])
    def test_a_deleted_comment_is_shown_nowhere(self, story: Question, under: str) -> None:
        post = story if under == "question" else story.answers.get()
        said = comment(post, body=f"Was it the {SECRET}?")
        assert story.get_absolute_url() in where_shown(story, [Reader("stranger")])
        comment_delete(user=said.author, comment_id=said.pk)
        assert where_shown(story) == set()

    def test_comments_go_with_their_answer(self, story: Question) -> None:
        given = story.answers.get()
        comment(given, body=f"Was it the {SECRET}?")
        answer_delete(user=member(staff=True), answer_id=given.pk)
        drain()
        assert where_shown(story) == set()


class TestPeople:
    def test_a_members_address_is_shown_nowhere(self, story: Question) -> None:
        author = story.author
        type(author).objects.filter(pk=author.pk).update(email=f"{SECRET}@example.org")
        call_command("search_rebuild", verbosity=0)
        assert where_shown(story) == set()

    def test_a_member_who_is_put_out_is_no_result_any_more(self, story: Question) -> None:
        author = story.author
        type(author).objects.filter(pk=author.pk).update(display_name=f"Mx {SECRET}")
        call_command("search_rebuild", verbosity=0)
        found = f"/api/v1/search?q={SECRET}"
        assert found in where_shown(story, [Reader("stranger")])
        type(author).objects.filter(pk=author.pk).update(is_active=False)
        gone = where_shown(story, [Reader("stranger")])
        assert found not in gone
        assert "/en/members/" not in gone


ACTS: list[tuple[str, Callable[[Client, Question], Any]]] = [
    ("vote", lambda client, asked: client.post(f"/en/questions/vote/question/{asked.pk}/", {"value": "1"})),
    ("comment", lambda client, asked: client.post(f"/en/questions/comment/question/{asked.pk}/", {"body": "Hm?"})),
    ("answer", lambda client, asked: client.post(f"/en/questions/{asked.pk}/answer/", {"body": "So."})),
    ("edit", lambda client, asked: client.get(f"/en/questions/{asked.pk}/edit/")),
    ("delete", lambda client, asked: client.post(f"/en/questions/{asked.pk}/delete/")),
    ("history", lambda client, asked: client.get(f"/en/questions/{asked.pk}/history/")),
    ("version", lambda client, asked: client.get(f"/en/questions/{asked.pk}/history/version/1/")),
    ("comparison", lambda client, asked: client.get(f"/en/questions/{asked.pk}/history/compare/1/1/")),
    ("suggest", lambda client, asked: client.get(f"/en/questions/suggest/question/{asked.pk}/")),
    ("api", lambda client, asked: client.get(f"/api/v1/questions/{asked.pk}")),
]


@pytest.mark.parametrize(("name", "act"), ACTS, ids=[name for name, _act in ACTS])
def test_what_is_gone_answers_every_act_like_what_never_was(name: str, act: Any, story: Question) -> None:
    question_delete(user=member(staff=True), question_id=story.pk)
    client = Reader("member", member()).client()
    gone = act(client, story)
    never = act(client, Question(pk=story.pk + 1000))
    assert (gone.status_code, never.status_code) == (404, 404)


def test_everybodys_pages_hold_no_third_party_and_no_inline_code(story: Question) -> None:
    for reader in readers():
        for address in surfaces(story):
            if address.startswith(("/api/", "/feeds/", "/sitemap")):
                continue
            reply = reader.client().get(address, follow=True)
            page = reply.content.decode()
            assert "unsafe-inline" not in reply["Content-Security-Policy"], address
            assert "<style" not in page and " style=" not in page and "javascript:" not in page, address
            assert 'src="http' not in page and "src='http" not in page, address
