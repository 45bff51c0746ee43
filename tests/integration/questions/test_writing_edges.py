"""Mentions where scripts meet, cards of what is hidden, every door of the text, and drawing all of it anew."""

import pytest
from django.core.management import call_command
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.core.events import _receivers, receives
from portal.core.link_cards import with_link_cards
from portal.core.markdown import render_markdown
from portal.core.mentions import MOST
from portal.questions.events import MembersMentioned
from portal.questions.models import Answer, Comment, Question
from portal.questions.selectors.bodies import body_html
from portal.questions.services.answers import answer_delete, answer_restore
from portal.questions.services.merging import merge_undo, questions_merge
from portal.questions.services.questions import question_delete, question_edit, question_restore
from tests.factories.accounts import member
from tests.factories.events import committed
from tests.factories.questions import accept, answer, comment, question
from tests.integration.api.conftest import Caller
from tests.unit.core.test_markdown import HOSTILE, Found, assert_harmless

from .scene import signed_in

BASE = "http://127.0.0.1:8000"
SECRET = "zanzibarquokka is not for everybody"
QUIET = [
    "`@kenji`", "```\n@kenji\n```", "kenji@kenji.example", "me+@kenji", "mailto:a@kenji", "https://x.example/@kenji/1",
    "[@kenji](/x)", "\\@kenji", "x@kenji", "@@kenji", "привет@kenji", "مرحبا@kenji", "１@kenji",
]  # fmt: skip
LOUD = [
    "(@kenji)", "«@kenji»", "“@kenji”", "— @kenji —", "@kenji, спасибо", "@kenji،", "؟@kenji", "、@kenjiさん、",
    "「@kenji」", "ありがとう@kenjiさん", "感谢@kenji！", "**@kenji**", "> @kenji", "# @kenji", "1. @kenji",
]  # fmt: skip


@pytest.fixture(autouse=True)
def base(settings):
    settings.PORTAL_BASE_URL = BASE


@pytest.fixture
def heard():
    """The mentions that were announced."""
    told = []

    @receives(MembersMentioned)
    def listen(event):
        told.append(event)

    yield told
    _receivers[MembersMentioned].remove(listen)


@pytest.mark.django_db
class TestMentions:
    def test_in_code_addresses_and_behind_letters_nobody_is_linked_nor_told(self, heard):
        member("kenji")
        asked = question()
        for text in QUIET:
            html = comment(asked, body=f"so\n\n{text}\n\nso").body_html
            assert "/members/kenji/" not in html, text
        assert heard == []

    def test_behind_punctuation_of_any_script_she_is_linked_and_told_each_time(self, heard):
        kenji, asked = member("kenji"), question()
        for text in LOUD:
            html = comment(asked, body=text).body_html
            assert html.count("/members/kenji/") == 1, text
        assert [event.member_ids for event in heard] == [(kenji.pk,)] * len(LOUD)

    def test_who_left_is_neither_linked_nor_told_and_takes_no_place_of_the_ten(self, heard):
        gone = member("kenji")
        type(gone).objects.filter(pk=gone.pk).update(is_active=False)
        here = [member(f"crowd{number}") for number in range(MOST + 1)]
        names = ["kenji", *(user.username for user in here)]
        html = question(body=" ".join(f"@{name}" for name in names)).body_html
        assert "@kenji" in html and "/members/kenji/" not in html
        assert html.count("/members/") == MOST
        assert set(heard[0].member_ids) == {user.pk for user in here[:MOST]}

    def test_an_edit_beyond_the_ten_tells_nobody_twice(self, heard):
        people = [member(f"crowd{number}") for number in range(MOST)]
        text = " ".join(f"@{user.username}" for user in people)
        asked, late = question(body=text), member("latecomer")
        heard.clear()
        with committed():
            question_edit(user=asked.author, question_id=asked.pk, version=1, body=f"{text} @latecomer")
        assert heard == []
        with committed():
            question_edit(user=asked.author, question_id=asked.pk, version=2, body=f"@latecomer {text}")
        assert [event.member_ids for event in heard] == [(late.pk,)]

    def test_the_preview_tells_nobody(self, heard):
        member("kenji")
        Client().post("/en/questions/preview/", {"body": "@kenji"})
        signed_in(member()).post(f"/en/questions/{question().pk}/answer/", {"body": "@kenji", "preview": "1"})
        assert heard == []

    def test_a_name_follows_the_language_of_the_post_and_not_of_who_draws_it_anew(self):
        member("kenji")
        asked = question(body="@kenji さん", language="ja")
        Question.objects.filter(pk=asked.pk).update(body_html="")
        call_command("render_posts", verbosity=0)
        asked.refresh_from_db()
        assert 'href="/ja/members/kenji/"' in asked.body_html


@pytest.mark.django_db
class TestCardsOfWhatIsHidden:
    def doors(self, speaking):
        """Every place that shows a post's words, for readers who might be favoured."""
        for reader in (None, member(), member(staff=True)):
            yield signed_in(reader).get(speaking.get_absolute_url()).content.decode()
            yield signed_in(reader).get(f"/en/questions/{speaking.pk}/history/").content.decode()
            yield Caller(reader).get(f"questions/{speaking.pk}").content.decode()
        yield Client().get("/feeds/questions.atom").content.decode()
        yield Client().post("/en/questions/preview/", {"body": speaking.body}).content.decode()

    @pytest.mark.parametrize("form", ["{}", "as in {} yesterday", "- {}", "> {}", "<{}>"])
    def test_of_a_deleted_question_no_form_of_link_shows_the_title(self, form):
        asked = question(title=SECRET)
        speaking = question(body=form.format(f"{BASE}/en/questions/{asked.pk}/"))
        assert SECRET in Client().get(speaking.get_absolute_url()).content.decode()
        with committed():
            question_delete(user=asked.author, question_id=asked.pk)
        for text in self.doors(speaking):
            assert "zanzibarquokka" not in text

    def test_of_an_answer_that_is_gone_or_under_what_is_gone(self):
        given_one = answer(question(title=SECRET))
        path = f"{BASE}/en/questions/{given_one.question_id}/#answer-{given_one.pk}"
        staff = member(staff=True)
        shown = lambda: SECRET in with_link_cards([render_markdown(path)])[0]  # noqa: E731
        assert shown()
        answer_delete(user=staff, answer_id=given_one.pk)
        assert not shown()
        answer_restore(user=staff, answer_id=given_one.pk)
        assert shown()
        question_delete(user=staff, question_id=given_one.question_id)
        assert not shown()
        question_restore(user=staff, question_id=given_one.question_id)
        assert shown()

    def test_a_question_that_was_joined_shows_no_title_of_its_own_until_it_is_parted(self):
        source, target, staff = question(title=SECRET), question(), member(staff=True)
        path = f"{BASE}/en/questions/{source.pk}/"
        with committed():
            merge = questions_merge(user=staff, source_id=source.pk, target_id=target.pk, reason="")
        assert SECRET not in with_link_cards([render_markdown(path)])[0]
        with committed():
            merge_undo(user=staff, merge_id=merge.pk)
        assert SECRET in with_link_cards([render_markdown(path)])[0]

    def test_an_answer_under_the_number_of_another_question_shows_its_own(self):
        shown_one, hidden = answer(question(title="An open title here")), question(title=SECRET)
        with committed():
            question_delete(user=hidden.author, question_id=hidden.pk)
        html = with_link_cards([render_markdown(f"{BASE}/en/questions/{hidden.pk}/#answer-{shown_one.pk}")])[0]
        assert SECRET not in html

    def test_an_accepted_answer_is_called_so_only_while_it_is(self):
        given_one = accept(answer(question()))
        path = f"{BASE}/en/questions/{given_one.question_id}/#answer-{given_one.pk}"
        assert "Accepted answer" in with_link_cards([render_markdown(path)])[0]
        Question.objects.update(accepted_answer=None)
        assert "Accepted answer" not in with_link_cards([render_markdown(path)])[0]

    def test_any_number_of_links_costs_one_look_for_each_kind(self, django_assert_max_num_queries):
        targets = [question() for _ in range(3)]
        text = "\n\n".join(f"{BASE}/en/questions/{each.pk}/" for each in targets * 20)
        html = render_markdown(text)
        with django_assert_max_num_queries(1):
            with_link_cards([html, html])

    @pytest.mark.parametrize("number", ["0", "9" * 18, "9" * 19, "9" * 300])
    def test_numbers_beyond_any_table_stay_links(self, number):
        for tail in ("", f"#answer-{number}"):
            html = render_markdown(f"{BASE}/en/questions/{number}/{tail}")
            assert with_link_cards([html]) == [html]


@pytest.mark.django_db
class TestEveryDoor:
    @pytest.mark.parametrize("language", ["en", "ru", "ja", "ar"])
    def test_without_a_script_a_text_is_looked_at_and_posted(self, language):
        asked, client = question(), signed_in(member())
        address = f"/{language}/questions/{asked.pk}/answer/"
        page = client.post(address, {"body": "**Turn** it.\n\n`x < 1`", "preview": "1"}).content.decode()
        assert "<strong>Turn</strong>" in page and f'<html lang="{language}"' in page
        assert "style=" not in page.split("<main", 1)[1] and " onclick" not in page
        assert not Answer.objects.exists()
        assert client.post(address, {"body": "**Turn** it."}).status_code == 302
        assert Answer.objects.get().body_html == "<p><strong>Turn</strong> it.</p>\n"

    def test_pages_api_and_preview_draw_the_same(self):
        member("kenji")
        text = "Hi @kenji\n\n```python\nx = 1\n```\n\n<b onclick=x>b</b> ![p](https://evil.example/p.png)"
        author = member()
        by_api = Caller(author).post("questions", {"title": "What is this light?", "body": text, "language": "en"})
        preview = Client().post("/en/questions/preview/", {"body": text}).content.decode()
        assert by_api.json()["body_html"] == question(body=text).body_html == preview
        assert "evil.example/p.png" in preview and "<img" not in preview

    @settings(max_examples=25)
    @given(st.lists(st.one_of(HOSTILE, st.text(max_size=15), st.sampled_from([*LOUD, *QUIET])), max_size=8))
    def test_no_text_makes_the_preview_fail_or_run(self, parts):
        text = "\n".join(parts)
        reply = Client().post("/en/questions/preview/", {"body": text})
        assert reply.status_code in (200, 429)
        html = reply.content.decode()
        assert not {"script", "iframe", "object", "embed", "style", "form", "base", "meta"} & Found(html).tags
        assert not [name for _tag, name, _value in Found(html).attributes if name.startswith("on") or name == "style"]


@pytest.mark.django_db
class TestDrawnAnew:
    @settings(max_examples=20)
    @given(st.lists(st.one_of(HOSTILE, st.sampled_from([*LOUD, *QUIET])), min_size=1, max_size=6))
    def test_drawing_twice_is_drawing_once_and_harmless(self, parts):
        text = "\n\n".join(parts)
        first = body_html(text, language="en")
        assert_harmless(first)
        assert body_html(text, language="en") == first

    def test_every_kind_follows_a_member_who_left_and_came_back(self):
        kenji = member("kenji")
        asked = question(body="@kenji")
        posts = [asked, answer(asked, body="@kenji"), comment(asked, body="@kenji")]
        for active in (False, True):
            type(kenji).objects.filter(pk=kenji.pk).update(is_active=active)
            call_command("render_posts", verbosity=0)
            for post in posts:
                post.refresh_from_db()
                assert ("/members/kenji/" in post.body_html) is active
        assert (Question.objects.count(), Answer.objects.count(), Comment.objects.count()) == (1, 1, 1)
