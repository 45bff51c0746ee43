"""The pages of questions, as a browser without JavaScript meets them."""

import re

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.utils import translation
from django.utils.html import escape

from portal.questions.models import Answer, Comment, Question, Status
from portal.questions.services.life import question_settle
from tests.factories.accounts import member
from tests.factories.questions import accept, answer, comment, question, topic, vote

pytestmark = pytest.mark.django_db

TEXT = {"title": "Where is the reset button?", "body": "I **cannot** find it.", "language": "en", "topics": ""}


def signed_in(user):
    client = Client()
    client.force_login(user, backend="portal.accounts.backends.PortalBackend")
    return client


class TestReading:
    @pytest.mark.parametrize("tab", ["", "hot", "newest", "active", "unanswered"])
    def test_lists_show_what_was_asked(self, client, tab):
        asked = question(title="Why is the lamp blue?")
        page = client.get("/en/questions/", {"tab": tab} if tab else {})
        assert page.status_code == 200
        assert asked.title in page.content.decode()
        assert asked.get_absolute_url() in page.content.decode()

    def test_an_empty_list_invites_to_ask(self, client):
        page = client.get("/en/questions/").content.decode()
        assert "No questions here" in page
        assert 'href="/en/questions/ask/"' in page

    def test_an_unknown_tab_is_not_found(self, client):
        assert client.get("/en/questions/?tab=nonsense").status_code == 404

    def test_a_cursor_that_cannot_be_read_is_refused_not_guessed(self, client):
        question()
        for cursor in ("x", "W10", "%00", "eyJhIjoxfQ", "WyJhIiwxXQ"):
            assert client.get("/en/questions/", {"after": cursor}).status_code == 400

    def test_paging_shows_each_question_once(self, client):
        titles = {question(title=f"Question number {number}?").title for number in range(45)}
        seen, address = [], "/en/questions/?tab=newest"
        while address:
            page = client.get(address).content.decode()
            seen += re.findall(r"Question number \d+\?", re.sub(r"<title>.*?</title>", "", page))
            following = re.search(r'href="([^"]+)" rel="next"', page)
            address = "/en/questions/" + following.group(1).replace("&amp;", "&") if following else None
            assert len(seen) <= len(titles), address
        assert sorted(seen) == sorted(titles)

    def test_a_question_shows_its_answers_by_score_of_equals_the_accepted_one_first(self, client):
        asked = question()
        answer(asked, body="The earlier way.")
        high, low = answer(asked, body="The popular way."), answer(asked, body="The accepted way.")
        vote(high)
        accept(low)
        page = client.get(asked.get_absolute_url()).content.decode()
        assert page.index("The popular way.") < page.index("The accepted way.") < page.index("The earlier way.")
        assert "Accepted answer" in page

    def test_an_old_address_leads_to_the_right_one(self, client):
        asked = question(title="How do I turn it on?")
        for address in (f"/en/questions/{asked.pk}/", f"/en/questions/{asked.pk}/something-else/"):
            moved = client.get(address)
            assert (moved.status_code, moved["Location"]) == (301, asked.get_absolute_url())

    def test_what_is_not_there_is_a_page_in_the_readers_language(self, client):
        page = client.get("/ru/questions/123456/")
        assert page.status_code == 404
        assert '<html lang="ru"' in page.content.decode()

    def test_a_strangers_page_has_no_form_that_changes_anything(self, client):
        given = answer()
        comment(given)
        page = client.get(given.question.get_absolute_url())
        assert "csrfmiddlewaretoken" not in page.content.decode()
        assert "csrftoken" not in page.cookies
        assert 'href="/en/account/login/?next=' in page.content.decode()

    def test_a_deleted_answer_is_not_on_the_page(self, client):
        given = answer(body="Something regrettable.")
        signed_in(given.author).post(f"/en/questions/answers/{given.pk}/delete/")
        assert "regrettable" not in client.get(given.question.get_absolute_url()).content.decode()

    def test_hostile_markdown_does_not_run(self, client):
        asked = question(
            title="<script>alert(1)</script> title",
            body='<img src=x onerror=alert(1)> <a href="javascript:alert(2)">x</a> <style>*{}</style> text',
        )
        page = client.get(asked.get_absolute_url()).content.decode()
        main = page[page.index("<main") : page.index("</main>")]
        for bad in ("<script>alert", "onerror", "javascript:", "<style"):
            assert bad not in main

    def test_rows_cost_no_more_queries_each(self, client, django_assert_max_num_queries):
        topic("Battery", ru="Батарея")
        for _ in range(20):
            answer(question(topics=("battery",)))
        with django_assert_max_num_queries(8):
            client.get("/en/questions/")

    def test_answers_cost_no_more_queries_each(self, django_assert_max_num_queries):
        topic("Battery")
        asked = question(topics=("battery",))
        for _ in range(15):
            comment(answer(asked))
        client = signed_in(asked.author)
        client.get(asked.get_absolute_url())
        with django_assert_max_num_queries(16):
            client.get(asked.get_absolute_url())


class TestAsking:
    def test_a_stranger_is_led_to_sign_in_under_her_language(self, client):
        led = client.get("/ja/questions/ask/")
        assert led.status_code == 302
        assert led["Location"] == "/ja/account/login/?next=/ja/questions/ask/"

    def test_a_stranger_finds_what_she_typed_after_signing_in(self):
        client = Client()
        led = client.post("/ru/questions/ask/", TEXT | {"title": "Где кнопка сброса?", "language": "ru"})
        assert led["Location"].startswith("/ru/account/login/")
        member("olga", password="Kestrel-lantern-47")
        client.post("/ru/account/login/", {"login": "olga", "password": "Kestrel-lantern-47"})
        page = client.get("/ru/questions/ask/").content.decode()
        assert "Где кнопка сброса?" in page
        assert "I **cannot** find it." in page

    @pytest.mark.parametrize("title", ["Где кнопка?", "a & b = c?", "x" * 4000])
    def test_a_link_with_a_title_survives_signing_in(self, title):
        client = Client()
        led = client.get("/en/questions/ask/", {"title": title})
        member("nina", password="Kestrel-lantern-47")
        back = client.post(led["Location"], {"login": "nina", "password": "Kestrel-lantern-47"})
        page = client.get(back["Location"] if title[0] != "x" else "/en/questions/ask/").content.decode()
        assert escape(title) in page

    def test_the_words_of_a_search_become_the_title(self):
        page = signed_in(member()).get("/en/questions/ask/?title=lamp+blinks+blue").content.decode()
        assert 'value="lamp blinks blue"' in page

    def test_asking_leads_to_the_question(self):
        topic("Reset", ja="リセット")
        page = signed_in(member()).post("/en/questions/ask/", TEXT | {"topics": "リセット"})
        asked = Question.objects.get()
        assert (page.status_code, page["Location"]) == (302, asked.get_absolute_url())
        assert list(asked.topics.slugs()) == ["reset"]

    def test_a_form_sent_twice_makes_one_question(self):
        client = signed_in(member())
        first = client.post("/en/questions/ask/", TEXT | {"once": "abc"})
        second = client.post("/en/questions/ask/", TEXT | {"once": "abc"})
        assert Question.objects.count() == 1
        assert first["Location"] == second["Location"]

    @pytest.mark.parametrize(
        "changed", [{"title": "a"}, {"body": ""}, {"language": "xx"}, {"topics": "no such topic"}, {"title": "x" * 200}]
    )
    def test_a_refused_form_comes_back_with_all_that_was_typed(self, changed):
        page = signed_in(member()).post("/en/questions/ask/", TEXT | {"once": "tok"} | changed)
        assert page.status_code == 422
        assert not Question.objects.exists()
        shown = page.content.decode()
        assert "Please look at these again" in shown
        if "body" not in changed:
            assert "I **cannot** find it." in shown

    def test_after_a_refusal_the_same_form_can_be_sent_again(self):
        client = signed_in(member())
        client.post("/en/questions/ask/", TEXT | {"once": "tok", "body": "<b></b>"})
        client.post("/en/questions/ask/", TEXT | {"once": "tok"})
        assert Question.objects.count() == 1

    def test_the_preview_is_the_same_rendering(self):
        client = signed_in(member())
        shown = client.post("/en/questions/preview/", {"body": TEXT["body"]}).content.decode()
        client.post("/en/questions/ask/", TEXT)
        assert shown == Question.objects.get().body_html


class TestDoing:
    def test_answering_leads_to_the_answer(self):
        asked = question()
        page = signed_in(member()).post(f"/en/questions/{asked.pk}/answer/", {"body": "Under the lid."})
        assert page["Location"] == Answer.objects.get().get_absolute_url()

    def test_a_refused_answer_keeps_what_was_typed(self):
        asked = question()
        page = signed_in(member()).post(f"/en/questions/{asked.pk}/answer/", {"body": "x" * 60_001})
        assert page.status_code == 422
        assert "1 character too long" in page.content.decode()

    def test_votes_work_without_javascript_and_with_htmx(self):
        asked = question()
        client = signed_in(member())
        plain = client.post(f"/en/questions/vote/question/{asked.pk}/", {"value": "1"})
        assert plain["Location"] == asked.get_absolute_url()
        part = client.post(f"/en/questions/vote/question/{asked.pk}/", {"value": "-1"}, headers={"HX-Request": "true"})
        assert part.status_code == 200
        assert "<html" not in part.content.decode()
        assert Question.objects.get().score == -1

    def test_a_refused_vote_says_why_in_plain_words(self):
        asked = question()
        client = signed_in(asked.author)
        told = client.post(f"/en/questions/vote/question/{asked.pk}/", {"value": "1"}, headers={"HX-Request": "true"})
        assert told.status_code == 409
        assert told["Content-Type"].startswith("text/plain")

    def test_comments_and_replies(self):
        given = answer()
        client = signed_in(member())
        client.post(f"/en/questions/comment/answer/{given.pk}/", {"body": "Thanks!"})
        first = Comment.objects.get()
        client.post(f"/en/questions/comment/answer/{given.pk}/", {"body": "It works.", "parent_id": first.pk})
        page = client.get(given.question.get_absolute_url()).content.decode()
        assert page.index("Thanks!") < page.index("It works.")

    def test_an_edit_on_a_stale_page_shows_both_and_overwrites_nothing(self):
        asked = question()
        client = signed_in(asked.author)
        form = {**TEXT, "version": "1", "note": ""}
        client.post(f"/en/questions/{asked.pk}/edit/", form | {"body": "The first change."})
        page = client.post(f"/en/questions/{asked.pk}/edit/", form | {"body": "The second change."})
        assert page.status_code == 412
        shown = page.content.decode()
        assert "The first change." in shown
        assert "The second change." in shown
        assert Question.objects.get().body == "The first change."

    @pytest.mark.parametrize("act", ["edit", "delete", "settle"])
    def test_a_member_may_not_touch_anothers_question(self, act):
        asked = question()
        assert signed_in(member()).post(f"/en/questions/{asked.pk}/{act}/", {}).status_code == 403
        assert Question.objects.filter(pk=asked.pk, deleted_at=None).exists()

    @pytest.mark.parametrize("act", ["answer", "edit", "delete", "settle"])
    def test_a_stranger_is_led_to_sign_in(self, client, act):
        asked = question()
        led = client.post(f"/en/questions/{asked.pk}/{act}/", {"body": "x"})
        assert led.status_code == 302
        assert led["Location"].startswith("/en/account/login/")

    def test_delete_says_how_it_comes_back_and_it_does(self):
        asked = question()
        client = signed_in(asked.author)
        page = client.post(f"/en/questions/{asked.pk}/delete/", follow=True).content.decode()
        assert f"/en/questions/{asked.pk}/restore/" in page
        client.post(f"/en/questions/{asked.pk}/restore/")
        assert client.get(asked.get_absolute_url()).status_code == 200

    def test_staff_settle_and_open_again(self):
        asked = question()
        client = signed_in(member(staff=True))
        client.post(f"/en/questions/{asked.pk}/settle/", {"status": "closed", "reason": "Answered in the manual."})
        assert "Answered in the manual." in client.get(asked.get_absolute_url()).content.decode()
        client.post(f"/en/questions/{asked.pk}/settle/", {"status": "reopened"})
        assert Question.objects.get().status == "open"

    def test_a_wrong_number_of_the_earlier_question_comes_back_with_the_form(self):
        asked = question()
        client = signed_in(member(staff=True))
        sent = {"status": "duplicate", "duplicate_of": "987654", "reason": "Seen before."}
        page = client.post(f"/en/questions/{asked.pk}/settle/", sent)
        assert page.status_code == 422
        assert 'value="987654"' in page.content.decode()
        assert "Seen before." in page.content.decode()
        assert Question.objects.get().status == "open"

    def test_history_shows_every_version(self, client):
        asked = question()
        signed_in(asked.author).post(
            f"/en/questions/{asked.pk}/edit/", {**TEXT, "version": "1", "note": "Clearer words"}
        )
        page = client.get(f"/en/questions/{asked.pk}/history/").content.decode()
        assert "Clearer words" in page
        assert asked.title in page


def test_who_only_reads_is_sent_no_editor():
    asked = question(body="```python\nprint(1)\n```")
    address, parts = asked.get_absolute_url(), ("editor.js", "editor-files.js", "editor-mentions.js", 'data-part="bar"')
    read = Client().get(address).content.decode()
    assert not [part for part in parts if part in read]
    assert "code.js" in read and 'data-part="copy"' in read
    client = signed_in(member())
    written = client.get(address).content.decode()
    assert [part for part in parts if part in written] == list(parts)
    question_settle(user=member(staff=True), question_id=asked.pk, status="archived")
    assert "editor.js" not in client.get(address).content.decode()


@pytest.mark.parametrize("language", ["en", "ru", "ja", "ar"])
def test_a_badge_calls_a_status_what_the_model_calls_it(language):
    named = {"needs_details", "closed", "duplicate", "obsolete", "archived"}
    with translation.override(language):
        for status in Status:
            drawn = render_to_string("questions/status_badge.html", {"status": str(status)}).strip()
            expected = f'<span class="badge badge-{status}">{escape(status.label)}</span>' if status in named else ""
            assert drawn == expected
        assert render_to_string("questions/status_badge.html", {"status": "published"}).strip() == ""
