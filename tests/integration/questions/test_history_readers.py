"""History and comparisons as readers of four languages meet them: directions, long and empty ones, odd addresses."""

import re
from html import unescape

import pytest

from portal.core.markdown import clean_html
from portal.questions.models import Answer, Post, Question, Revision
from portal.questions.selectors import revisions as selectors
from portal.questions.services.answers import answer_edit
from portal.questions.services.questions import question_edit
from portal.questions.services.restoring import revision_restore
from portal.questions.services.suggestions import suggestion_accept
from tests.factories.accounts import member
from tests.factories.questions import answer, question, topic

from .scene import signed_in
from .suggesting import suggested

pytestmark = pytest.mark.django_db
LANGUAGES = ("en", "ru", "ja", "ar")
ARABIC = "اضغط على الزر الأحمر.\n\n```\nreboot --now\n```\n\nHub اضغط هنا."


def page_of(address, who=None, status=200, **params):
    """A page as a reader gets it."""
    reply = signed_in(who).get(address, params)
    assert reply.status_code == status, (address, reply.status_code)
    return reply.content.decode()


def versions(count, body="Words {}."):
    """A question in so many versions."""
    asked = question(body=body.format(1))
    for version in range(1, count):
        question_edit(user=asked.author, question_id=asked.pk, version=version, body=body.format(version + 1))
    return Question.objects.get(pk=asked.pk)


def arabic():
    """An Arabic question in two versions, one word and the code changed."""
    asked = question(title="لماذا يومض المصباح؟", body=ARABIC, language="ar")
    body = ARABIC.replace("الأحمر", "الأزرق").replace("--now", "--later")
    return question_edit(user=asked.author, question_id=asked.pk, version=1, body=body)


class TestLanguages:
    def test_every_page_about_versions_is_whole_in_each_language(self):
        asked = arabic()
        root = f"/{{}}/questions/{asked.pk}/history/"
        heads = set()
        for language in LANGUAGES:
            for rest in ("", "version/1/", "compare/1/2/", "compare/1/2/?view=rendered"):
                page = page_of(root.format(language) + rest)
                direction = "rtl" if language == "ar" else "ltr"
                head = re.search(r"<html[^>]*>", page)[0]
                assert f'lang="{language}"' in head and f'dir="{direction}"' in head, (language, rest)
                assert not re.search(r"%\([a-z]+\)|\{\{|\{%", page), "no placeholder is left"
                assert re.search(r'<a href="[^"]*" lang="ar" dir="auto">لماذا يومض المصباح؟</a>', page)
            heads.add(re.search(r"<h1>(.*?)</h1>", page_of(root.format(language)))[1])
        assert len(heads) == len(LANGUAGES), "the heading is in the reader's language"

    def test_a_link_in_a_page_stays_in_the_readers_language(self):
        asked = arabic()
        page = page_of(f"/ja/questions/{asked.pk}/history/").split("<main")[1].split("</main>")[0]
        links = set(re.findall(rf'href="(/[a-z]+/questions/{asked.pk}/history/[^"]*)"', page))
        assert links and all(link.startswith("/ja/") for link in links)

    def test_arabic_words_are_marked_whole_and_lines_go_their_own_way(self):
        page = page_of(f"/en/questions/{arabic().pk}/history/compare/1/2/")
        assert "اضغط على الزر <del>الأحمر</del>" in page and "اضغط على الزر <ins>الأزرق</ins>" in page
        rows = re.findall(r'<div class="diff-line" dir="(rtl|auto)">(.*?)</div>', page)
        by_line = {re.sub(r"<[^>]+>", "", text): direction for direction, text in rows}
        assert by_line["Hub اضغط هنا."] == "rtl", "a Latin word at its beginning does not turn an Arabic line"
        assert by_line["reboot --later"] == "auto", "code has a direction of its own"

    def test_a_post_that_changed_its_language_says_from_which_to_which(self):
        given = answer(language="en")
        answer_edit(user=given.author, answer_id=given.pk, version=1, language="ar")
        page = page_of(f"/ru/questions/{given.question_id}/history/{given.pk}/compare/1/2/")
        assert '<del lang="en">English</del>' in page and '<ins lang="ar">' in page


class TestLength:
    def test_one_version_alone_offers_no_choice(self):
        asked = question()
        page = page_of(f"/en/questions/{asked.pk}/history/", asked.author)
        assert 'name="from"' not in page and "Compare the chosen two" not in page
        assert "/restore/" not in page
        assert page.count('id="version-') == 1

    def test_a_full_page_and_one_more(self):
        asked = versions(selectors.PAGE_SIZE)
        root = f"/en/questions/{asked.pk}/history/"
        assert "?below=" not in page_of(root)
        question_edit(user=asked.author, question_id=asked.pk, version=selectors.PAGE_SIZE, body="One more.")
        first = page_of(root)
        assert first.count('id="version-') == selectors.PAGE_SIZE and '?below=2"' in first
        second = page_of(root, below=2)
        assert re.findall(r'id="version-(\d+)"', second) == ["1"]
        assert f'href="{root}"' in second or 'href="?"' in second, "and there is a way back to the newest"

    @pytest.mark.parametrize("below", ["0", "-1", "x", "", "9" * 40, "１２", "1.5", "2 or 1=1"])
    def test_a_begin_that_is_no_number_is_the_newest(self, below):
        asked = versions(3)
        found = re.findall(r'id="version-(\d+)"', page_of(f"/en/questions/{asked.pk}/history/", below=below))
        assert found == ["3", "2", "1"]

    def test_below_the_first_there_is_nothing_and_a_way_back(self):
        asked = versions(2)
        page = page_of(f"/en/questions/{asked.pk}/history/", below=1)
        assert 'id="version-' not in page

    def test_it_costs_as_many_queries_for_forty_versions_by_many_hands_as_for_four(self, django_assert_max_num_queries):
        costs = []
        for count in (4, 40):
            asked = versions(count)
            for number, revision in enumerate(Revision.objects.filter(question=asked)):
                if number % 2:
                    Revision.objects.filter(pk=revision.pk).update(editor=member(), approved_by=asked.author)
            client = signed_in(asked.author)
            client.get("/en/")
            with django_assert_max_num_queries(20) as counted:
                client.get(f"/en/questions/{asked.pk}/history/")
            costs.append(len(counted))
        assert costs[1] <= costs[0]

    def test_a_comparison_and_a_version_cost_few(self, django_assert_max_num_queries):
        asked = versions(5)
        client = signed_in(member())
        for rest in ("compare/1/5/", "compare/1/5/?view=rendered", "version/3/"):
            with django_assert_max_num_queries(12):
                assert client.get(f"/en/questions/{asked.pk}/history/{rest}").status_code == 200


class TestImports:
    def imported(self, html="<p>Press <strong>this</strong>.</p>"):
        """An answer as an import without history leaves it."""
        given = answer()
        Revision.objects.filter(answer=given).delete()
        Answer.objects.filter(pk=given.pk).update(
            body=html, body_html=clean_html(html), body_format=Post.Format.HTML, author_name="Ivan"
        )
        given.refresh_from_db()
        return given

    def test_its_first_edit_here_keeps_what_came(self):
        given = self.imported()
        root = f"/en/questions/{given.question_id}/history/{given.pk}/"
        assert "Nothing was changed since this was imported." in page_of(root)
        page_of(f"{root}version/1/", status=404)
        suggestion_accept(user=given.author, suggestion_id=suggested(given, body="Press **that**.").pk)
        assert re.findall(r'id="version-(\d+)"', page_of(root)) == ["2", "1"]
        page = page_of(f"{root}compare/1/2/")
        assert "Press **<del>this</del>**." in page and "Press **<ins>that</ins>**." in page
        rendered = page_of(f"{root}compare/1/2/", view="rendered")
        assert "<strong><ins>that</ins></strong>" in rendered

    def test_rolled_back_it_is_what_came_and_compares_as_the_same(self):
        given = self.imported()
        answer_edit(user=given.author, answer_id=given.pk, version=1, body="Press **that**.")
        back = revision_restore(user=given.author, kind="answer", post_id=given.pk, number=1, version=2)
        assert (back.body_format, back.body_html) == (Post.Format.HTML, given.body_html)
        assert "The words did not change." in page_of(
            f"/en/questions/{given.question_id}/history/{given.pk}/compare/1/3/"
        )

    def test_the_words_of_its_first_version_run_nowhere(self):
        given = self.imported('<p onclick="x()">Hi <script>alert(1)</script><img src="/a.png" onerror="x()"></p>')
        answer_edit(user=given.author, answer_id=given.pk, version=1, body="Harmless.")
        root = f"/en/questions/{given.question_id}/history/{given.pk}/"
        for rest in ("", "version/1/", "compare/1/2/", "compare/1/2/?view=rendered"):
            page = page_of(root + rest)
            assert not re.search(r"<script>alert|<[a-z][^>]*\son(?:click|error)=", page), rest


class TestAddresses:
    def test_the_same_two_the_other_way_round_are_a_comparison_too(self):
        asked = versions(2)
        page = page_of(f"/en/questions/{asked.pk}/history/compare/2/1/")
        assert "<del>2</del>" in page and "<ins>1</ins>" in page

    @pytest.mark.parametrize("numbers", ["0/1", "1/0", "1/99", "99/1", f"1/{'9' * 30}", f"{2**63}/1", f"1/{2**31}"])
    def test_numbers_of_no_version_are_not_found(self, numbers):
        asked = versions(2)
        for root in (f"/en/questions/{asked.pk}/history/", f"/ar/questions/{asked.pk}/history/"):
            page_of(f"{root}compare/{numbers}/", status=404)
            page_of(f"{root}version/{numbers.split('/')[1]}9/", status=404)

    @pytest.mark.parametrize("numbers", ["-1/2", "a/2", "1.5/2", "1/", "١/٢"])
    def test_what_is_no_number_is_not_found(self, numbers):
        page_of(f"/en/questions/{versions(2).pk}/history/compare/{numbers}/", status=404)

    def test_a_version_of_one_post_is_not_shown_below_another(self):
        asked = versions(3)
        given = answer(asked)
        page_of(f"/en/questions/{asked.pk}/history/{given.pk}/version/1/")
        for rest in ("version/2/", "compare/1/2/"):
            page_of(f"/en/questions/{asked.pk}/history/{given.pk}/{rest}", status=404)
        page_of(f"/en/questions/{versions(1).pk}/history/{given.pk}/", status=404)

    @pytest.mark.parametrize("view", ["", "both", "RENDERED", "source'"])
    def test_a_way_to_look_that_does_not_exist(self, view):
        page_of(f"/en/questions/{versions(2).pk}/history/compare/1/2/", status=404, view=view)

    def test_restoring_with_a_version_that_is_none_changes_nothing(self):
        asked = versions(2)
        client = signed_in(asked.author)
        for sent in ({}, {"version": ""}, {"version": "x"}, {"version": "9" * 30}, {"version": "-2"}, {"version": "1"}):
            reply = client.post(f"/en/questions/{asked.pk}/history/version/1/restore/", sent, follow=True)
            assert "Somebody changed this meanwhile." in reply.content.decode(), sent
        assert Revision.objects.filter(question=asked).count() == 2

    def test_bringing_back_what_stands_there_says_so(self):
        asked = versions(2)
        reply = signed_in(asked.author).post(
            f"/en/questions/{asked.pk}/history/version/2/restore/", {"version": "2"}, follow=True
        )
        assert reply.status_code == 409
        assert "This is what stands there now." in reply.content.decode()


class TestTopicsAndTitles:
    def test_a_title_with_signs_of_markup_is_text_on_both_sides(self):
        asked = question(title="Is 1 < 2 & <b>bold</b>?")
        question_edit(user=asked.author, question_id=asked.pk, version=1, title="Is 1 < 3 & <i>bold</i>?")
        page = page_of(f"/en/questions/{asked.pk}/history/compare/1/2/")
        title = page.split('<h3 class="diff-part">')[1]
        assert "<b>bold" not in page and "<i>bold" not in page
        sides = [unescape(re.sub(r"<[^>]+>", "", side)) for side in re.findall(r'diff-line"[^>]*>(.*?)</div>', title)]
        assert sides[:2] == ["Is 1 < 2 & <b>bold</b>?", "Is 1 < 3 & <i>bold</i>?"]

    def test_topics_alone_changed_are_told_without_a_text(self):
        topic("Battery"), topic("Pumps")
        asked = question(topics=("battery",))
        question_edit(user=asked.author, question_id=asked.pk, version=1, topics=["pumps"])
        page = page_of(f"/en/questions/{asked.pk}/history/compare/1/2/")
        assert "taken away:" in page and "added:" in page
        assert 'class="diff-line"' not in page and "The words did not change." not in page
