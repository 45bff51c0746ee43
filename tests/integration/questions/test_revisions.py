"""Every version is kept: numbers, editors, notes; what history pages show; imported HTML that becomes Markdown."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.core.markdown import clean_html, plain_text, render_markdown
from portal.questions.forms import body_initial, question_initial
from portal.questions.models import Answer, Post, Question, Revision
from portal.questions.selectors.revisions import history_page
from portal.questions.selectors.text import markdown_source
from portal.questions.services.answers import answer_edit
from portal.questions.services.questions import question_edit
from tests.factories.accounts import member
from tests.factories.questions import answer, question, topic

from .scene import signed_in

IMPORTED = (
    "<p>Press <kbd>Ctrl</kbd> and <strong>hold</strong>.</p><ul><li>one</li><li>two</li></ul>"
    '<pre><code>sudo reboot</code></pre><p>See <a href="https://example.org/a">this</a>.</p>'
)


def imported(post, html=IMPORTED):
    """Makes a post look as an import left it."""
    type(post).objects.filter(pk=post.pk).update(body=html, body_html=clean_html(html), body_format=Post.Format.HTML)
    post.refresh_from_db()
    return post


@pytest.mark.django_db
class TestNumbers:
    def test_they_count_from_one_without_holes_for_each_post_apart(self):
        asked = question()
        one, two = answer(asked), answer(asked)
        for version in (1, 2, 3):
            question_edit(user=asked.author, question_id=asked.pk, version=version, body=f"Version {version + 1}.")
        answer_edit(user=one.author, answer_id=one.pk, version=1, body="Other words.")
        numbers = Revision.objects.filter(question=asked).values_list("answer_id", "number").order_by("id")
        by_post: dict[object, list[int]] = {}
        for pk, number in numbers:
            by_post.setdefault(pk, []).append(number)
        assert by_post == {None: [1, 2, 3, 4], one.pk: [1, 2], two.pk: [1]}

    def test_the_newest_revision_is_what_the_post_says(self):
        topic("Battery")
        asked = question(topics=("battery",))
        edited = question_edit(
            user=asked.author, question_id=asked.pk, version=1, title="A clearer title", body="Clearer words."
        )
        last = Revision.objects.filter(question=asked).last()
        assert (last.title, last.body, last.topics) == (edited.title, edited.body, ["battery"])
        assert last.created_at == edited.updated_at == edited.edited_at

    def test_each_names_its_editor_and_her_note(self):
        asked, staff = question(), member(staff=True)
        question_edit(user=staff, question_id=asked.pk, version=1, body="Put right.", note="Spelling")
        first, second = Revision.objects.filter(question=asked)
        assert (first.editor, first.note) == (asked.author, "")
        assert (second.editor, second.note) == (staff, "Spelling")
        assert Question.objects.get(pk=asked.pk).edited_by == staff
        assert Question.objects.get(pk=asked.pk).author == asked.author

    def test_a_long_note_is_cut_to_its_column(self):
        given_answer = answer()
        answer_edit(user=given_answer.author, answer_id=given_answer.pk, version=1, body="Again.", note="n" * 500)
        assert Revision.objects.filter(answer=given_answer).last().note == "n" * 300

    def test_an_answers_version_has_no_title_and_no_topics(self):
        kept = Revision.objects.get(answer=answer())
        assert (kept.title, kept.topics) == ("", [])

    def test_the_words_before_an_edit_can_be_read_word_for_word(self):
        body = "  Spaces matter:\n\n    four of them\n\ttab <b>x</b> \u202e\u200f عربي"
        asked = question(body=body)
        question_edit(user=asked.author, question_id=asked.pk, version=1, body="Gone.")
        assert Revision.objects.filter(question=asked).first().body == body

    def test_a_change_of_language_alone_is_a_version_and_renders_nothing_anew(self):
        given_answer = answer()
        Answer.objects.filter(pk=given_answer.pk).update(body_html="<p>kept as it was</p>")
        edited = answer_edit(user=given_answer.author, answer_id=given_answer.pk, version=1, language="ja")
        assert (edited.language, edited.version) == ("ja", 2)
        assert edited.body_html == "<p>kept as it was</p>"


@pytest.mark.django_db
class TestHistory:
    def test_newest_first_of_the_right_post(self):
        asked = question()
        given_answer = answer(asked)
        question_edit(user=asked.author, question_id=asked.pk, version=1, body="Second.")
        answer_edit(user=given_answer.author, answer_id=given_answer.pk, version=1, body="Other.")
        found = history_page(user=None, question_id=asked.pk, answer_id=None)
        of_question = [entry.revision for entry in found.entries]
        assert (found.post, [r.number for r in of_question], of_question[0].body) == (asked, [2, 1], "Second.")
        found = history_page(user=None, question_id=asked.pk, answer_id=given_answer.pk)
        of_answer = [entry.revision.body for entry in found.entries]
        assert (found.post, of_answer) == (given_answer, ["Other.", given_answer.body])

    def test_its_page_costs_the_same_for_many_versions(self, django_assert_max_num_queries):
        asked = question()
        for version in range(1, 12):
            question_edit(user=asked.author, question_id=asked.pk, version=version, body=f"Words {version}.")
        client = signed_in(None)
        with django_assert_max_num_queries(6):
            page = client.get(f"/en/questions/{asked.pk}/history/").content.decode()
        assert [int(n) for n in re.findall(r"Version (\d+)", page)] == list(range(12, 0, -1))

    def test_old_words_are_shown_as_text_and_never_run(self):
        asked = question(body="<script>alert(1)</script> **bold** <img src=x onerror=alert(2)> words")
        question_edit(user=asked.author, question_id=asked.pk, version=1, body="Harmless.")
        page = signed_in(None).get(f"/en/questions/{asked.pk}/history/").content.decode()
        assert "&lt;script&gt;alert(1)&lt;/script&gt; **bold**" in page
        assert "<script>alert" not in page

    def test_robots_are_asked_to_stay_away(self):
        page = signed_in(None).get(f"/en/questions/{question().pk}/history/").content.decode()
        assert '<meta name="robots" content="noindex">' in page

    @pytest.mark.parametrize(("language", "word"), [("en", "Version"), ("ru", None), ("ja", None), ("ar", None)])
    def test_it_is_read_in_every_language(self, language, word):
        asked = question()
        page = signed_in(None).get(f"/{language}/questions/{asked.pk}/history/").content.decode()
        assert f'<html lang="{language}"' in page
        assert asked.title in page
        assert word is None or word in page

    def test_an_imported_post_without_versions_says_so(self):
        asked = question()
        Revision.objects.all().delete()
        page = signed_in(None).get(f"/en/questions/{asked.pk}/history/").content.decode()
        assert "Nothing was changed since this was imported." in page

    def test_an_editor_who_left_is_named_as_the_import_named_him(self):
        asked = question()
        Revision.objects.update(editor=None, editor_name="Ivan of the old forum")
        assert "Ivan of the old forum" in signed_in(None).get(f"/en/questions/{asked.pk}/history/").content.decode()


@pytest.mark.django_db
class TestImportedHtml:
    def test_the_form_offers_markdown_not_tags(self):
        asked = imported(question())
        words = markdown_source(asked)
        assert "**hold**" in words
        assert "- one" in words
        assert "[this](https://example.org/a)" in words
        assert "<p>" not in words
        assert question_initial(asked)["body"] == words == body_initial(asked)

    def test_saving_it_unchanged_keeps_what_readers_see(self):
        asked = imported(question())
        edited = question_edit(user=asked.author, question_id=asked.pk, version=1, body=markdown_source(asked))
        assert edited.body_format == Post.Format.MARKDOWN
        assert plain_text(edited.body_html) == plain_text(clean_html(IMPORTED))
        for tag in ("<strong>hold</strong>", "<li>one</li>", "sudo reboot", 'href="https://example.org/a"'):
            assert tag in edited.body_html

    def test_editing_only_the_title_keeps_the_imported_html(self):
        asked = imported(question())
        edited = question_edit(user=asked.author, question_id=asked.pk, version=1, title="A clearer title")
        assert (edited.body_format, edited.body) == (Post.Format.HTML, IMPORTED)

    def test_an_answer_edited_through_its_page_becomes_markdown(self):
        given_answer = imported(answer())
        client = signed_in(given_answer.author)
        form = client.get(f"/en/questions/answers/{given_answer.pk}/edit/").content.decode()
        assert "**hold**" in form
        moved = client.post(
            f"/en/questions/answers/{given_answer.pk}/edit/",
            {"body": "# Better\n\nPress **once**.", "version": "1", "note": ""},
        )
        assert moved.status_code == 302
        given_answer.refresh_from_db()
        assert (given_answer.body_format, given_answer.version) == (Post.Format.MARKDOWN, 2)
        assert "<strong>once</strong>" in given_answer.body_html

    def test_headings_and_quotes_survive_the_way_into_markdown(self):
        asked = imported(question(), "<h2>Steps</h2><blockquote><p>as I said</p></blockquote><ol><li>go</li></ol>")
        words = markdown_source(asked)
        assert "## Steps" in words
        assert "> as I said" in words
        assert re.search(r"^1\. go", words, re.MULTILINE)

    def test_hostile_html_of_an_import_stays_harmless_when_edited(self):
        asked = imported(question(), '<p onclick="x()">hi <script>alert(1)</script><a href="javascript:x">y</a></p>')
        edited = question_edit(
            user=asked.author, question_id=asked.pk, version=1, body=markdown_source(asked) + "\n\nMore."
        )
        assert not re.search(r"onclick|<script|href=\"javascript", edited.body_html)

    def test_markdown_is_handed_back_untouched(self):
        asked = question(body="*as* it __was__ <b>written</b>")
        assert markdown_source(asked) == "*as* it __was__ <b>written</b>"


WORD = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=8)
LINE = st.lists(WORD, min_size=1, max_size=5).map(" ".join)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["p", "li", "strong", "h3"]), LINE), min_size=1, max_size=5))
def test_any_simple_html_keeps_its_words_through_markdown(blocks):
    """The words that an editor gets from an import, saved again, are the words that readers saw before."""
    wrap = {"p": "<p>{}</p>", "li": "<ul><li>{}</li></ul>", "strong": "<p><strong>{}</strong></p>", "h3": "<h3>{}</h3>"}
    html = "".join(wrap[tag].format(text) for tag, text in blocks)
    words = markdown_source(ImportedBody(html))
    assert plain_text(render_markdown(words)).split() == plain_text(clean_html(html)).split()


class ImportedBody:
    """What ``markdown_source`` reads of a post."""

    body_format = Post.Format.HTML

    def __init__(self, body):
        self.body = body
