"""A question on paper: all of it, for whoever may read it, and nothing that paper cannot do."""

import re

import pytest
from django.utils.html import escape

from portal.questions.models import Answer, Question
from portal.questions.services.answers import answer_delete
from portal.questions.services.counters import questions_recount
from portal.questions.services.merging import questions_merge
from portal.questions.services.questions import question_delete
from portal.questions.views import pages
from tests.factories.accounts import member
from tests.factories.experts import source
from tests.factories.questions import accept, answer, comment, question, topic

from .scene import signed_in

pytestmark = pytest.mark.django_db


def printed(client, asked, more=""):
    """Returns the sheet of a question."""
    response = client.get(f"{asked.get_absolute_url()}?print=1{more}")
    assert response.status_code == 200
    return response.text


def many(count):
    """Returns a question with so many answers, the later ones with more votes."""
    asked, who = question(), member()
    Answer.objects.bulk_create(
        Answer(
            question=asked,
            author=who,
            language="en",
            body="x",
            body_html=f"<p>Way {number}.</p>",
            score=number,
            imported_score=number,
        )
        for number in range(count)
    )
    questions_recount(ids=[asked.pk])
    return asked


class TestWhoMayPrint:
    """The outsider first."""

    def test_what_nobody_sees_is_printed_for_nobody(self, client):
        asked = question()
        question_delete(user=asked.author, question_id=asked.pk)
        for reader in (None, member(), asked.author):
            assert signed_in(reader).get(f"{asked.get_absolute_url()}?print=1").status_code == 404
        assert client.get("/en/questions/999999/x/?print=1").status_code == 404

    def test_a_deleted_answer_or_comment_is_not_on_paper(self, client):
        given = answer(body="Never mind it.")
        below = comment(answer(given.question), body="Mind the roller.")
        answer_delete(user=given.author, answer_id=given.pk)
        sheet = printed(client, given.question)
        assert "Never mind it." not in sheet and "Mind the roller." in sheet
        answer_delete(user=member(staff=True), answer_id=below.answer_id)
        assert "Mind the roller." not in printed(client, given.question)

    def test_who_asked_anonymously_is_named_to_nobody_not_even_on_her_own_paper(self):
        asked = question(member("hidden-asker"), anonymous=True)
        comment(asked, asked.author)
        for reader in (None, member(), asked.author, member(staff=True)):
            sheet = printed(signed_in(reader), asked)
            assert "hidden-asker" not in sheet and "you, anonymously" not in sheet
            assert "Anonymous" in sheet

    def test_a_question_that_was_joined_is_printed_where_it_is_now(self, client):
        given, gone = answer(), question()
        questions_merge(user=member(staff=True), source_id=gone.pk, target_id=given.question_id)
        led = client.get(f"{gone.get_absolute_url()}?print=1")
        assert led.status_code == 301
        assert led["Location"].endswith("?print=1")


class TestTheSheet:
    def test_it_has_every_answer_and_comment_in_their_order(self, client):
        asked = many(64)
        best = Answer.objects.order_by("-score").first()
        for _ in range(9):
            comment(best, body="Folded on the page, not on paper.")
        sheet = printed(client, asked)
        assert [int(number) for number in re.findall(r"Way (\d+)\.", sheet)] == list(range(63, -1, -1))
        assert sheet.count("Folded on the page, not on paper.") == 9
        assert "64 answers" in sheet and "Page 1" not in sheet

    def test_very_many_come_in_parts(self, client, monkeypatch):
        monkeypatch.setattr(pages, "PRINTED_ANSWERS", 20)
        asked = many(50)
        first, last = printed(client, asked), printed(client, asked, "&page=3")
        assert "Page 1 of 3" in first and 'href="?print=1&amp;page=2"' in first
        assert "Page 3 of 3" in last and re.findall(r"Way (\d+)\.", last) == [str(n) for n in range(9, -1, -1)]

    def test_another_order_is_kept(self, client):
        asked = question()
        old, new = answer(asked, body="The old way."), answer(asked, body="The new way.")
        Answer.objects.filter(pk=old.pk).update(score=4, imported_score=4)
        sheet = printed(client, asked, "&sort=newest")
        assert sheet.index("The new way.") < sheet.index("The old way.")
        page = client.get(f"{asked.get_absolute_url()}?sort=newest&page=1").text
        assert 'href="?sort=newest&amp;print=1"' in page
        assert new.pk

    def test_it_says_what_was_accepted_and_where_a_text_is_from(self, client):
        topic("Firmware", ru="Прошивка")
        given = accept(answer(question(title="Why <so> hot?", topics=("firmware",))))
        Question.objects.filter(pk=given.question_id).update(
            source=source(), source_key="7", source_url="https://printing.example/q/7", source_licence="CC BY-SA 4.0"
        )
        sheet = printed(client, given.question)
        for words in ("Accepted answer", escape("Why <so> hot?"), "Firmware", "CC BY-SA 4.0", given.author.username):
            assert words in sheet, words
        assert "https://printing.example/q/7" in sheet

    def test_nothing_there_is_pressed_but_the_way_back_and_the_button(self, client):
        given = answer()
        for reader in (None, given.question.author, member(staff=True)):
            sheet = printed(signed_in(reader), given.question)
            assert "<form" not in sheet and "site-header" not in sheet and "site-footer" not in sheet
            assert sheet.count("<button") == 1
            assert not re.findall(r"<script(?![^>]* src=)|<style|\son\w+=|\sstyle=", sheet)

    def test_links_say_where_they_lead(self, client, settings):
        kenji = member("kenji")
        asked = question(
            body="See [the manual](https://example.org/m?a=1&b=2), https://example.org/plain, [ours](/en/topics/) "
            f"and @{kenji.username}."
        )
        sheet = printed(client, asked)
        assert "(https://example.org/m?a=1&amp;b=2)</span>" in sheet
        assert f"({settings.PORTAL_BASE_URL}/en/topics/)</span>" in sheet
        assert "(https://example.org/plain)" not in sheet, "its words are its address"
        assert sheet.count("print-address") == 2

    def test_it_is_no_page_to_be_found(self, client, settings):
        asked = question(language="ru")
        sheet = client.get(f"/ar/questions/{asked.pk}/{asked.slug}/?print=1").text
        assert '<meta name="robots" content="noindex">' in sheet
        assert f'<link rel="canonical" href="{settings.PORTAL_BASE_URL}{asked.get_absolute_url()}">' in sheet
        assert '<html lang="ar" dir="rtl" class="printed">' in sheet

    def test_it_costs_no_more_queries_for_many(self, django_assert_max_num_queries):
        few, lots, reader = many(2), many(80), signed_in(member())
        printed(reader, few)
        with django_assert_max_num_queries(16) as first:
            printed(reader, few)
        with django_assert_max_num_queries(len(first)):
            printed(reader, lots)

    def test_an_earlier_name_of_the_question_leads_to_its_sheet(self, client):
        given = answer()
        for query in ("?print=1", f"?answer={given.pk}", ""):
            led = client.get(f"/en/questions/{given.question_id}/earlier-name/{query}")
            assert (led.status_code, led["Location"]) == (301, given.question.get_absolute_url() + query)
