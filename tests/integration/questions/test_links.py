"""Questions that speak of each other are linked while they do, and only where both are seen."""

import pytest
from django.test import override_settings

from portal.questions.models import QuestionLink
from portal.questions.selectors.detail import question_page
from portal.questions.selectors.links import questions_linked
from portal.questions.services.answers import answer_delete, answer_edit, answer_restore
from portal.questions.services.comments import comment_delete
from portal.questions.services.links import links_sync
from portal.questions.services.merging import merge_undo, questions_merge
from portal.questions.services.questions import question_delete, question_edit
from tests.factories.accounts import member
from tests.factories.events import committed
from tests.factories.questions import answer, comment, question


def link(address):
    """Returns the HTML of a link."""
    return f'<p>See <a href="{address}" rel="nofollow">there</a>.</p>'


def links():
    """Every related link."""
    found = QuestionLink.objects.filter(kind="related").order_by("question", "target")
    return list(found.values_list("question", "target"))


class TestAddresses:
    @override_settings(PORTAL_BASE_URL="https://square.example")
    @pytest.mark.parametrize(
        ("address", "number"),
        [
            ("/en/questions/12/why-is-it/", 12),
            ("/questions/12/", 12),
            ("/ja/questions/12/?a=1&amp;b=2#answer-3", 12),
            ("https://square.example/ar/questions/12/لماذا/", 12),
            ("https://square.example/zh-hans/questions/12", 12),
            ("https://elsewhere.example/en/questions/12/why/", None),
            ("//elsewhere.example/en/questions/12/", None),
            ("mailto:a@square.example/questions/12/", None),
            ("/en/questions/", None),
            ("/en/questions/12/history/4/", None),
            ("/en/questions/ask/", None),
            ("/en/questions/" + "9" * 30, None),
            ("https://[broken/questions/12/", None),
        ],
    )
    def test_only_pages_of_questions_here_count(self, address, number):
        assert questions_linked(link(address)) == ([number] if number else [])

    def test_each_counts_once_and_text_does_not(self):
        html = link("/en/questions/2/") + link("/ru/questions/1/") + link("/en/questions/2/x/") + "/en/questions/3/"
        assert questions_linked(html) == [2, 1]
        assert questions_linked("<code>&lt;a href=&quot;/en/questions/3/&quot;&gt;</code>") == []


@pytest.mark.django_db
class TestLinking:
    def test_a_link_in_a_question_links_the_two_and_goes_with_it(self):
        other = question()
        asked = question(body=f"As in {other.get_absolute_url()} but [worse]({other.get_absolute_url()}).")
        assert links() == [(asked.pk, other.pk)]
        assert question_page(user=member(), question_id=other.pk).linked == [asked]
        with committed():
            question_edit(user=asked.author, question_id=asked.pk, version=1, body="As nowhere else.")
        assert links() == []

    def test_answers_and_comments_count_as_long_as_they_are_there(self):
        asked, one, two = question(), question(), question()
        given = answer(asked, body=f"See [this]({one.get_absolute_url()}).")
        said = comment(given, body=f"And [that]({two.get_absolute_url()}).")
        both = [(asked.pk, one.pk), (asked.pk, two.pk)]
        assert links() == both
        with committed():
            answer_delete(user=given.author, answer_id=given.pk)
        assert links() == []
        with committed():
            answer_restore(user=given.author, answer_id=given.pk)
        assert links() == both
        with committed():
            comment_delete(user=said.author, comment_id=said.pk)
            answer_edit(user=given.author, answer_id=given.pk, version=1, body="See nothing.")
        assert links() == []

    def test_itself_and_what_never_was_are_no_links(self):
        asked = question()
        answer(asked, body=f"[Here]({asked.get_absolute_url()}) and [there](/en/questions/999999999/).")
        assert links() == []

    def test_what_is_gone_is_not_shown(self):
        other = question()
        asked = question(body=f"As in [this]({other.get_absolute_url()}).")
        question_delete(user=member(staff=True), question_id=other.pk)
        assert question_page(user=member(), question_id=asked.pk).linked == []
        assert links() == [(asked.pk, other.pk)]

    def test_what_an_import_brought_stays(self):
        from portal.core.models import Source

        asked, other = question(), question()
        QuestionLink.objects.create(
            question=asked, target=other, source=Source.objects.create(name="dump"), source_key="1"
        )
        assert links_sync(ids=[asked.pk]) == 0
        assert links() == [(asked.pk, other.pk)]

    def test_a_link_to_a_joined_question_leads_where_it_went_and_back(self):
        staff, source, target = member(staff=True), question(), question()
        asked = question(body=f"As in [this]({source.get_absolute_url()}).")
        speaks = answer(source, body=f"Not as in [that]({asked.get_absolute_url()}).")
        before = links()
        with committed():
            merge = questions_merge(user=staff, source_id=source.pk, target_id=target.pk)
        assert links() == sorted([(asked.pk, target.pk), (target.pk, asked.pk)])
        with committed():
            question_edit(user=asked.author, question_id=asked.pk, version=1, title="Another title for the same")
        assert (asked.pk, target.pk) in links()
        with committed():
            merge_undo(user=staff, merge_id=merge.pk)
        assert links() == before
        assert speaks.question_id == source.pk

    def test_telling_it_twice_changes_nothing(self):
        other = question()
        asked = question(body=f"As in [this]({other.get_absolute_url()}).")
        assert links_sync(ids=[asked.pk, other.pk]) == 0
