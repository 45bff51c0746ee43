"""What people type: topics in any language, forms sent twice, limits, and words kept through the whole sign-in."""

import re
from html import unescape

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import translation
from django.utils.translation import gettext
from hypothesis import given
from hypothesis import strategies as st

from portal.core.errors import Invalid
from portal.core.limits import LIMITS
from portal.core.topics import MOST_TOPICS, topics_by_words
from portal.questions.forms import EditForm, QuestionForm, SettleForm, language_choices
from portal.questions.models import Answer, Comment, Question, Vote
from portal.questions.services.texts import BODY_LONGEST, body_errors, title_errors
from portal.questions.views.conversation import KEPT
from tests.factories.accounts import member
from tests.factories.questions import question, topic

from .scene import signed_in

pytestmark = pytest.mark.django_db
TEXT = {"title": "Where is the reset button?", "body": "I **cannot** find it.", "language": "en", "topics": ""}


@pytest.fixture(autouse=True)
def fresh_cache():
    """Tokens and limits of this test alone."""
    cache.clear()
    yield
    cache.clear()


class TestTopics:
    @pytest.fixture(autouse=True)
    def tree(self):
        topic("Printing", ru="Печать", ja="印刷", ar="الطباعة")
        topic("Battery", ru="Батарея", ja="電池", ar="البطارية")
        topic("C++")
        topic("C#")

    @pytest.mark.parametrize(
        ("text", "slugs"),
        [
            ("printing, battery", ["printing", "battery"]),
            ("Battery,Printing", ["battery", "printing"]),
            ("印刷、電池", ["printing", "battery"]),
            ("الطباعة، البطارية", ["printing", "battery"]),
            ("Печать; Батарея", ["printing", "battery"]),
            ("печать, БАТАРЕЯ", ["printing", "battery"]),
            ("Печать\nbattery", ["printing", "battery"]),
            ("PRINTING", ["printing"]),
            ("c++, C#", ["c-plus-plus", "c-sharp"]),
            (" , ,, ", []),
            ("", []),
            ("printing, Printing, Печать, 印刷", ["printing"]),
            ("  printing  ", ["printing"]),
        ],
    )
    def test_named_in_any_language_with_any_comma(self, text, slugs):
        assert [each.slug for each in topics_by_words(text=text)] == slugs

    @pytest.mark.parametrize("text", ["nonsense", "printing, nonsense", "print", "Печатъ", "🖨", "' OR 1=1"])
    def test_what_is_not_there_is_named(self, text):
        with pytest.raises(Invalid) as refused:
            topics_by_words(text=text)
        (said,) = refused.value.fields["topics"]
        assert text.split(", ")[-1] in str(said)

    def test_six_are_too_many(self):
        names = [topic(f"Thing {number}").name for number in range(MOST_TOPICS + 1)]
        assert len(topics_by_words(text=",".join(names[:MOST_TOPICS]))) == MOST_TOPICS
        with pytest.raises(Invalid):
            topics_by_words(text=",".join(names))

    def test_the_form_offers_the_names_of_the_readers_language(self):
        page = unescape(signed_in(member()).get("/ru/questions/ask/").content.decode())
        assert '<option value="Печать">' in page
        assert '<option value="Printing">' not in page

    def test_an_edit_begins_with_the_topics_and_keeps_them(self):
        asked = question(topics=("printing", "c-plus-plus"))
        client = signed_in(asked.author)
        form = client.get(f"/en/questions/{asked.pk}/edit/").content.decode()
        (kept,) = re.findall(r'<input[^>]*name="topics"[^>]*value="([^"]*)"', form)
        client.post(f"/en/questions/{asked.pk}/edit/", {**TEXT, "topics": unescape(kept), "version": "1"})
        assert set(Question.objects.get().topics.slugs()) == {"printing", "c-plus-plus"}


class TestForms:
    def test_every_language_is_offered_in_its_own_words(self):
        assert language_choices() == [("en", "English"), ("ru", "Русский"), ("ja", "日本語"), ("ar", "العربيّة")]

    @pytest.mark.parametrize("name", ["title", "body", "topics", "language"])
    def test_a_character_that_a_database_refuses_is_refused_at_its_field(self, name):
        form = QuestionForm(TEXT | {name: "some\x00thing"})
        assert not form.is_valid()
        assert name in form.errors

    def test_a_refusal_stands_at_the_field_that_it_names_or_above(self):
        form = QuestionForm(TEXT)
        form.is_valid()
        form.refuse(Invalid({"title": ["Too dull."], "space": ["No such space."]}))
        assert form.errors["title"] == ["Too dull."]
        assert form.non_field_errors() == ["No such space."]

    def test_each_form_has_a_token_of_its_own(self):
        assert QuestionForm()["once"].value() != QuestionForm()["once"].value()

    def test_a_long_title_of_an_import_can_be_kept_but_not_written(self):
        long = TEXT | {"title": "x" * 200, "version": "1"}
        assert EditForm(long).is_valid()
        assert not QuestionForm(long).is_valid()

    @pytest.mark.parametrize("status", ["", "open", "answered", "nonsense"])
    def test_staff_choose_among_what_there_is(self, status):
        assert not SettleForm({"status": status}).is_valid()

    def test_a_duplicate_without_its_earlier_question_comes_back_with_the_reason(self):
        asked = question()
        page = signed_in(member(staff=True)).post(f"/en/questions/{asked.pk}/settle/", {"status": "duplicate"})
        assert page.status_code == 422
        assert "Name the earlier question" in page.content.decode()

    @given(st.text(max_size=200))
    def test_a_title_is_fine_or_told_what_is_wrong(self, title):
        title = " ".join(title.split())
        assert bool(title_errors(title)) == (not 5 <= len(title) <= 150)

    @given(st.text(max_size=50), st.integers(1, 60))
    def test_a_body_is_fine_or_told_what_is_wrong(self, body, longest):
        wrong = not body.strip() or "\x00" in body or len(body) > longest
        assert bool(body_errors(body, longest=longest)) == wrong


class TestOnce:
    """Each form of a real page, sent twice as an impatient hand or a reload does, makes one thing."""

    def token(self, client, address, action):
        """Returns the token of the form that posts to ``action``."""
        forms = re.findall(r"<form\b.*?</form>", client.get(address).content.decode(), re.DOTALL)
        (form,) = [each for each in forms if f'action="{action}"' in each]
        return re.findall(r'name="once" value="([^"]+)"', form)[0]

    def twice(self, client, action, form):
        """Sends a form twice; both answers lead to one place."""
        first, second = client.post(action, form), client.post(action, form)
        assert (first.status_code, second.status_code) == (302, 302)
        assert first["Location"] == second["Location"]

    def test_a_question(self):
        client = signed_in(member())
        token = self.token(client, "/en/questions/ask/", "/en/questions/ask/")
        self.twice(client, "/en/questions/ask/", TEXT | {"once": token})
        assert Question.objects.count() == 1

    @pytest.mark.parametrize(("what", "table"), [("answer", Answer), ("comment", Comment)])
    def test_an_answer_and_a_comment(self, what, table):
        asked, client = question(), signed_in(member())
        action = {
            "answer": f"/en/questions/{asked.pk}/answer/",
            "comment": f"/en/questions/comment/question/{asked.pk}/",
        }[what]
        page = {"answer": asked.get_absolute_url(), "comment": f"{action}write/"}[what]
        token = self.token(client, page, action)
        self.twice(client, action, {"body": "Only once, please.", "once": token})
        assert table.objects.count() == 1

    def test_two_pages_make_two_things(self):
        client = signed_in(member())
        for number in range(2):
            token = self.token(client, "/en/questions/ask/", "/en/questions/ask/")
            client.post("/en/questions/ask/", TEXT | {"once": token, "body": f"Words {number}."})
        assert Question.objects.count() == 2

    def test_two_pages_with_the_same_words_make_one(self):
        client = signed_in(member())
        led = []
        for _ in range(2):
            token = self.token(client, "/en/questions/ask/", "/en/questions/ask/")
            led.append(client.post("/en/questions/ask/", TEXT | {"once": token, "declined": "1"})["Location"])
        assert led[0] == led[1] == Question.objects.get().get_absolute_url()

    def test_a_token_of_another_member_holds_nobody_up(self):
        for _ in range(2):
            signed_in(member()).post("/en/questions/ask/", TEXT | {"once": "the-same"})
        assert Question.objects.count() == 2

    def test_a_reply_and_a_comment_of_one_page_are_two(self):
        asked, client = question(), signed_in(member())
        page = client.get(asked.get_absolute_url()).content.decode()
        tokens = re.findall(r'name="once" value="([^"]+)"', page)
        assert len(tokens) == len(set(tokens)) >= 2

    def test_a_refused_answer_can_be_put_right_and_sent_again(self):
        asked, client = question(), signed_in(member())
        action = f"/en/questions/{asked.pk}/answer/"
        assert client.post(action, {"body": "<!-- -->", "once": "t"}).status_code == 422
        assert client.post(action, {"body": "Words.", "once": "t"}).status_code == 302
        assert Answer.objects.count() == 1


@pytest.fixture
def limited(settings):
    """A portal whose limits are in force."""
    settings.PORTAL_LIMITS = True


class TestLimits:
    # The action, the address and the form of each thing that is counted.
    COUNTED = [
        ("ask", "/en/questions/ask/", TEXT),
        ("answer", "/en/questions/{q}/answer/", {"body": "Like so."}),
        ("comment", "/en/questions/comment/question/{q}/", {"body": "I see."}),
    ]

    @pytest.mark.parametrize(("action", "address", "form"), COUNTED)
    def test_beyond_the_limit_a_page_says_when_to_come_back(self, limited, monkeypatch, action, address, form):
        monkeypatch.setitem(LIMITS, action, (2, 600))
        asked, client = question(), signed_in(member())
        address = address.format(q=asked.pk)
        assert [client.post(address, form).status_code for _ in range(2)] == [302, 302]
        before = (Question.objects.count(), Answer.objects.count(), Comment.objects.count())
        refused = client.post(address, form)
        assert refused.status_code == 429
        assert 1 <= int(refused["Retry-After"]) <= 600
        assert "That was a lot in a short time" in refused.content.decode()
        assert (Question.objects.count(), Answer.objects.count(), Comment.objects.count()) == before

    def test_the_same_form_passes_when_the_limit_is_over(self, limited, monkeypatch):
        monkeypatch.setitem(LIMITS, "ask", (1, 600))
        client = signed_in(member())
        client.post("/en/questions/ask/", TEXT | {"once": "kept", "title": "What was asked just before?"})
        assert client.post("/en/questions/ask/", TEXT | {"once": "held"}).status_code == 429
        cache.clear()
        assert client.post("/en/questions/ask/", TEXT | {"once": "held"}).status_code == 302

    def test_a_part_of_a_page_gets_words_alone(self, limited, monkeypatch):
        monkeypatch.setitem(LIMITS, "vote", (1, 60))
        asked, client = question(), signed_in(member())
        address, part = f"/en/questions/vote/question/{asked.pk}/", {"HX-Request": "true"}
        client.post(address, {"value": "1"}, headers=part)
        refused = client.post(address, {"value": "0"}, headers=part)
        assert (refused.status_code, "<html" in refused.content.decode()) == (429, False)
        assert refused.headers["Retry-After"]
        assert Vote.objects.get().value == 1

    @pytest.mark.parametrize("language", ["ru", "ja", "ar"])
    def test_it_is_said_in_the_readers_language(self, limited, monkeypatch, language):
        monkeypatch.setitem(LIMITS, "preview", (1, 60))
        client = Client()
        client.post(f"/{language}/questions/preview/", {"body": "x"})
        refused = client.post(f"/{language}/questions/preview/", {"body": "x"})
        with translation.override(language):
            words = gettext("That was a lot in a short time. Please wait a little and try again.")
        assert (refused.status_code, words in unescape(refused.content.decode())) == (429, True)

    def test_a_stranger_cannot_fill_the_sessions(self, limited, monkeypatch):
        monkeypatch.setitem(LIMITS, "keep", (2, 600))
        statuses = [Client().post("/en/questions/ask/", TEXT).status_code for _ in range(4)]
        assert statuses == [302, 302, 429, 429]

    def test_reading_is_not_limited_by_what_is_written(self, limited, monkeypatch):
        monkeypatch.setitem(LIMITS, "ask", (1, 600))
        client = signed_in(member())
        for _ in range(3):
            client.post("/en/questions/ask/", TEXT)
        assert client.get("/en/questions/ask/").status_code == 200


class TestThroughSignIn:
    @pytest.mark.parametrize(
        ("language", "title"),
        [("en", "Where is it?"), ("ru", "Где кнопка?"), ("ja", "ボタンはどこですか"), ("ar", "أين الزر؟")],
    )
    def test_what_a_stranger_typed_is_in_the_form_when_she_is_back(self, language, title):
        topic("Reset")
        who = member(password="Kestrel-lantern-47")
        client = Client()
        typed = {"title": title, "body": f"**{title}**\n\n- a\n- b", "language": language, "topics": "Reset"}
        led = client.post(f"/{language}/questions/ask/", typed)
        assert led["Location"].startswith(f"/{language}/account/login/?next=")
        assert not Question.objects.exists()
        assert client.get(led["Location"]).status_code == 200
        back = client.post(led["Location"], {"login": who.username, "password": "Kestrel-lantern-47"})
        assert back["Location"] == f"/{language}/questions/ask/"
        page = unescape(client.get(back["Location"]).content.decode())
        assert f'value="{title}"' in page
        assert f"**{title}**" in page
        assert f'<option value="{language}" selected' in page
        assert client.post(back["Location"], typed).status_code == 302
        assert Question.objects.get().title == title

    def test_a_short_link_keeps_its_words_too(self):
        who = member(password="Kestrel-lantern-47")
        client = Client()
        led = client.get("/en/questions/ask/", {"title": "lamp blinks blue & red"})
        back = client.post(led["Location"], {"login": who.username, "password": "Kestrel-lantern-47"})
        assert 'value="lamp blinks blue &amp; red"' in client.get(back["Location"]).content.decode()

    def test_it_is_shown_once_and_then_forgotten(self):
        client, who = Client(), member()
        client.post("/en/questions/ask/", TEXT)
        client.force_login(who, backend="portal.accounts.backends.PortalBackend")
        assert TEXT["title"] in client.get("/en/questions/ask/").content.decode()
        assert TEXT["title"] not in client.get("/en/questions/ask/").content.decode()

    def test_another_browser_finds_nothing(self):
        Client().post("/en/questions/ask/", TEXT)
        assert TEXT["title"] not in signed_in(member()).get("/en/questions/ask/").content.decode()

    def test_a_stranger_can_keep_no_more_than_a_post_may_hold(self):
        client = Client()
        client.post("/en/questions/ask/", TEXT | {"body": "x" * (BODY_LONGEST * 3), "extra": "y" * 1000})
        kept = client.session[KEPT]
        assert len(kept["body"]) == BODY_LONGEST
        assert set(kept) <= {"title", "body", "language", "topics"}

    def test_an_empty_form_keeps_nothing_and_sets_no_cookie(self):
        client = Client()
        client.get("/en/questions/ask/")
        assert "sessionid" not in client.cookies
