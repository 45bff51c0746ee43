"""manage.py render_posts: what was written is drawn anew, and nothing else changes."""

from io import StringIO

import pytest
from django.core.management import call_command

from portal.core.markdown import clean_html
from portal.questions.management.commands import render_posts
from portal.questions.models import Answer, Comment, Post, Question
from portal.questions.services.rendering import posts_render
from search.models import OutboxEntry
from tests.factories.accounts import member
from tests.factories.questions import answer, comment, question

pytestmark = pytest.mark.django_db


def run():
    out = StringIO()
    call_command("render_posts", stdout=out)
    return out.getvalue()


def spoil(post):
    """Gives a post the HTML of an earlier release."""
    type(post).objects.filter(pk=post.pk).update(body_html="<p>as it was</p>")


@pytest.fixture
def posts():
    asked = question(body="```python\nx = 1\n```")
    given = answer(asked, body="**b**")
    return [asked, given, comment(given, body="*i*")]


def test_every_kind_is_drawn_as_if_it_were_written_now(posts):
    wanted = [post.body_html for post in posts]
    for post in posts:
        spoil(post)
    told = run()
    for post, html in zip(posts, wanted, strict=True):
        post.refresh_from_db()
        assert post.body_html == html
    assert told.split("\n")[:3] == ["questions: 1 drawn anew", "answers: 1 drawn anew", "comments: 1 drawn anew"]


def test_a_second_run_changes_nothing(posts):
    assert "1 drawn" not in run()


def test_words_versions_and_times_stay(posts):
    kept = [(post.body, post.version, post.updated_at) for post in posts]
    for post in posts:
        spoil(post)
    run()
    for post, before in zip(posts, kept, strict=True):
        post.refresh_from_db()
        assert (post.body, post.version, post.updated_at) == before


def test_what_was_imported_as_html_is_cleaned_again():
    asked = question()
    html = "<p>old <b>bold</b></p><script>alert(1)</script>"
    Question.objects.filter(pk=asked.pk).update(body=html, body_format=Post.Format.HTML, body_html=html)
    run()
    asked.refresh_from_db()
    assert asked.body_html == clean_html(html) and "<script>" not in asked.body_html


def test_a_mention_of_one_who_left_becomes_text():
    user = member("kenji")
    asked = question(body="Thanks, @kenji")
    assert "<a" in asked.body_html
    type(user).objects.filter(pk=user.pk).update(is_active=False)
    run()
    asked.refresh_from_db()
    assert asked.body_html == "<p>Thanks, @kenji</p>\n"


def test_deleted_posts_come_along_for_the_way_back(posts):
    from portal.questions.services.answers import answer_delete

    answer_delete(user=posts[1].author, answer_id=posts[1].pk)
    spoil(posts[1])
    assert "answers: 1" in run()


def test_many_go_in_batches(monkeypatch):
    monkeypatch.setattr(render_posts, "BATCH", 2)
    asked = question()
    for _number in range(5):
        spoil(answer(asked))
    assert "answers: 5 drawn anew" in run()


def test_the_search_is_told_of_questions_that_changed(posts):
    spoil(posts[1])
    OutboxEntry.objects.all().delete()
    assert posts_render(kind=Answer, ids=[posts[1].pk]) == 1
    assert [(entry.document_type, entry.object_id) for entry in OutboxEntry.objects.all()] == [
        ("question", str(posts[0].pk))
    ]


def test_nothing_to_do_is_no_work(posts):
    OutboxEntry.objects.all().delete()
    assert posts_render(kind=Question, ids=[]) == 0
    assert posts_render(kind=Comment, ids=[posts[2].pk]) == 0
    assert not OutboxEntry.objects.exists()
