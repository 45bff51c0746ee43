"""Threads of comments: what each reader sees of them, also while many write at once."""

import random
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connections
from django.test import Client
from django_comments.models import Comment
from django_comments_xtd.models import XtdComment
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.core.clock import now
from portal.core.errors import NotFound
from portal.core.events import _receivers
from portal.knowledge.events import (
    ArticleCommentFlagged,
    ArticleCommentHeld,
    ArticleCommentRemoved,
    ArticleCommentShown,
    ArticleFollowAsked,
)
from portal.knowledge.forms import CommentForm
from portal.knowledge.models import ArticleComment, ArticlePage, KnowledgeIndexPage, NewsIndexPage
from portal.knowledge.selectors.comments import (
    CommentView,
    article_comment_visible_to,
    article_comments,
    article_comments_visible_to,
    comments_to_look_at,
    waits_for_staff,
)
from portal.knowledge.selectors.follows import address_verified, followers_to_tell
from portal.knowledge.services.comments import (
    article_comment_approve,
    article_comment_create,
    article_comment_flag,
    article_comment_remove,
    article_comment_restore,
)
from tests.factories.accounts import member
from tests.factories.events import committed
from tests.factories.knowledge import article, article_comment

pytestmark = pytest.mark.django_db


def every(views: list[CommentView]) -> Iterator[CommentView]:
    for view in views:
        yield view
        yield from every(view.replies)


def together(*acts: Callable[[], Any]) -> list[Exception]:
    """Runs the acts in threads that begin at the same moment; returns what they raised."""
    gate, raised = threading.Barrier(len(acts)), []

    def run(act: Callable[[], Any]) -> None:
        try:
            gate.wait()
            act()
        except Exception as error:
            raised.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


@pytest.mark.django_db(transaction=True)
class TestTogether:
    def test_eight_members_reply_in_the_same_moment(self) -> None:
        page, people = article(), [member() for _number in range(8)]
        root = article_comment(page)

        def reply(person: Any) -> None:
            for number in range(2):
                article_comment_create(
                    user=person, page_id=page.pk, body=f"{person.pk} says {number}", parent_id=root.pk
                )

        assert together(*(lambda person=person: reply(person) for person in people)) == []
        rows = list(XtdComment.objects.filter(thread_id=root.thread_id))
        assert sorted(row.order for row in rows) == list(range(1, 18))
        assert XtdComment.objects.get(pk=root.pk).nested_count == 16
        assert article_comments(user=None, page=page).count == 17

    def test_one_form_sent_eight_times_in_the_same_moment_makes_one_comment(self) -> None:
        page, person = article(), member()
        acts = [lambda: article_comment_create(user=person, page_id=page.pk, body="Once only")] * 8
        assert together(*acts) == []
        assert ArticleComment.objects.filter(comment="Once only").count() == 1

    def test_removing_and_replying_in_the_same_moment_leaves_right_counts(self) -> None:
        page, staff = article(), member(staff=True)
        root = article_comment(page)
        doomed = [article_comment(page, f"Doomed {number}", parent_id=root.pk) for number in range(4)]
        people = [member() for _number in range(4)]
        acts: list[Callable[[], Any]] = [
            lambda comment=comment: article_comment_remove(user=staff, comment_id=comment.pk) for comment in doomed
        ]
        acts += [
            lambda person=person: article_comment_create(
                user=person, page_id=page.pk, body="Staying", parent_id=root.pk
            )
            for person in people
        ]
        assert together(*acts) == []
        assert XtdComment.objects.get(pk=root.pk).nested_count == 4

    def test_a_comment_that_fails_half_way_leaves_nothing(self, monkeypatch: pytest.MonkeyPatch) -> None:
        page, root_writer = article(), member()
        root = article_comment(page, by=root_writer)

        def broken(**_ids: Any) -> int:
            raise RuntimeError("the counting fails")

        monkeypatch.setattr("portal.knowledge.services.comments.threads_recount", broken)
        with pytest.raises(RuntimeError):
            article_comment_create(user=member(), page_id=page.pk, body="Half", parent_id=root.pk)
        assert [row.pk for row in Comment.objects.all()] == [root.pk]
        assert XtdComment.objects.count() == ArticleComment.objects.count() == 1


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 100_000))
def test_each_reader_sees_exactly_what_is_hers_to_see(seed: int) -> None:
    rng = random.Random(seed)
    page, people, staff = article(), [member() for _number in range(3)], member(staff=True)
    made: list[ArticleComment] = []
    for number in range(rng.randint(1, 9)):
        parents = [one for one in made if one.level < 3]
        parent = rng.choice([None, *parents]) if parents else None
        made.append(
            article_comment_create(
                user=rng.choice(people), page_id=page.pk, body=f"{number}", parent_id=parent.pk if parent else None
            )
        )
    for one in made:
        state = rng.random()
        if state < 0.25:
            article_comment_remove(user=staff, comment_id=one.pk)
        elif state < 0.45:
            ArticleComment.objects.filter(pk=one.pk).update(is_public=False)
    rows = {row.pk: row for row in ArticleComment.objects.filter(page=page)}
    for reader in (None, *people, staff):
        view = article_comments(user=reader, page=page)
        shown = [entry.comment.pk for entry in every(view.threads) if not entry.removed]
        wanted = {
            pk
            for pk, row in rows.items()
            if not row.is_removed and (row.is_public or reader == staff or (reader and row.user_id == reader.pk))
        }
        assert len(shown) == len(set(shown))
        assert set(shown) == wanted
        assert set(article_comments_visible_to(reader, page.pk).values_list("pk", flat=True)) == wanted
        assert all(entry.replies for entry in every(view.threads) if entry.removed)
        assert view.count == sum(row.seen_by_all for row in rows.values())
        for entry in every(view.threads):
            if reader is None:
                assert not (entry.may_reply or entry.may_remove or entry.may_flag or entry.may_approve)
            assert not entry.may_approve or reader == staff


def test_the_words_of_a_removed_comment_are_not_on_the_page(client: Client) -> None:
    page, staff = article(), member(staff=True)
    root = article_comment(page, "Something unkind")
    article_comment(page, "Please stay kind", parent_id=root.pk)
    article_comment_remove(user=staff, comment_id=root.pk)
    for reader in (client, Client()):
        html = reader.get(page.url).content.decode()
        assert "Something unkind" not in html
        assert "This comment was removed." in html and "Please stay kind" in html


def test_a_comment_of_a_deleted_account_keeps_its_name(client: Client) -> None:
    page, writer = article(), member(display_name="Mira Sato")
    comment = article_comment(page, "I was here", by=writer)
    writer.delete()
    comment.refresh_from_db()
    assert comment.user is None
    html = client.get(page.url).content.decode()
    assert "Mira Sato" in html and "I was here" in html


def test_one_comment_is_looked_up_through_the_door_of_its_page() -> None:
    page, reader = article(), member()
    comment = article_comment(page)
    assert article_comment_visible_to(reader, comment.pk).page == page
    page.unpublish()
    for missing in (comment.pk, comment.pk + 1, 0, -5, 2**40):
        with pytest.raises(NotFound):
            article_comment_visible_to(reader, missing)


def test_comments_of_the_api_have_an_author_and_a_parent() -> None:
    page = article()
    root = article_comment(page)
    reply = article_comment(page, parent_id=root.pk)
    rows = list(article_comments_visible_to(None, page.pk))
    assert [(row.pk, row.reply_to_id) for row in rows] == [(root.pk, None), (reply.pk, root.pk)]
    assert rows[0].get_absolute_url() == f"{page.url}#comment-{root.pk}"


@pytest.fixture
def told() -> Iterator[list[Any]]:
    """Gathers the events of comments."""
    events: list[Any] = []
    kinds = (ArticleCommentShown, ArticleCommentHeld, ArticleCommentRemoved, ArticleCommentFlagged, ArticleFollowAsked)
    for kind in kinds:
        _receivers[kind].append(events.append)
    yield events
    for kind in kinds:
        _receivers[kind].remove(events.append)


def test_each_act_is_announced_once_and_after_the_commit(told: list[Any]) -> None:
    page, reader, staff = article(), member(), member(staff=True)
    comment = article_comment(page, by=reader)
    with committed():
        article_comment_flag(user=staff, comment_id=comment.pk)
        assert len(told) == 1
    with committed():
        article_comment_remove(user=staff, comment_id=comment.pk)
    with committed():
        article_comment_restore(user=staff, comment_id=comment.pk)
    assert [type(event) for event in told] == [ArticleCommentShown, ArticleCommentFlagged, ArticleCommentRemoved]
    assert {(event.comment_id, event.page_id, event.author_id) for event in told} == {(comment.pk, page.pk, reader.pk)}
    assert [event.actor_id for event in told] == [reader.pk, staff.pk, staff.pk]


def test_a_held_comment_is_announced_as_held_and_shown_once(told: list[Any]) -> None:
    KnowledgeIndexPage.objects.update(comments_policy="all")
    page, staff = article(), member(staff=True)
    comment = article_comment(page)
    for _again in range(2):
        with committed():
            article_comment_approve(user=staff, comment_id=comment.pk)
    assert [type(event) for event in told] == [ArticleCommentHeld, ArticleCommentShown]


def test_the_policy_of_news_is_its_own() -> None:
    NewsIndexPage.objects.update(comments_policy="all")
    page, news, reader = article(), article(news=True), member()
    assert not waits_for_staff(reader, page)
    assert waits_for_staff(reader, news)
    assert not waits_for_staff(member(staff=True), news)


def test_the_staff_sees_first_what_waits_longest() -> None:
    KnowledgeIndexPage.objects.update(comments_policy="all")
    page = article()
    waiting = [article_comment(page, f"Number {number}") for number in range(3)]
    assert [row.pk for row in comments_to_look_at()] == [row.pk for row in waiting]


def test_the_front_of_the_cms_says_how_many_wait(client: Client) -> None:
    KnowledgeIndexPage.objects.update(comments_policy="all")
    page = article()
    for number in range(2):
        article_comment(page, f"Number {number}")
    client.force_login(member(staff=True))
    assert "2 comments to look at" in client.get("/cms/").content.decode()


def test_who_follows_is_told_of_what_comes_after() -> None:
    page, early, late = article(), member(), member()
    article_comment(page, by=early, follow=True)
    news = article_comment(page, "News")
    moment = now()
    article_comment(page, by=late, follow=True)
    assert followers_to_tell(news, before=moment) == [early]
    assert followers_to_tell(news, before=now()) == [early, late]


def test_an_address_counts_as_verified_in_any_case_of_letters() -> None:
    user = member(email="mira@example.org")
    user.email = "MIRA@example.org"
    assert address_verified(user)
    user.email = "other@example.org"
    assert not address_verified(user)


class TestForm:
    @pytest.mark.parametrize("body", ["Thanks!", "  spaces stay  ", "многострочный\nтекст", "```\ncode\n```"])
    def test_words_come_through_as_they_were_written(self, body: str) -> None:
        form = CommentForm(article(), {"body": body, "once": "t"})
        assert form.is_valid()
        assert form.cleaned_data == {"body": body, "once": "t", "parent_id": None, "follow": False}

    @pytest.mark.parametrize("body", ["", " ", "\n\n", "x" * 3001])
    def test_words_that_cannot_be_posted(self, body: str) -> None:
        form = CommentForm(article(), {"body": body})
        assert not form.is_valid()
        assert list(form.errors) == ["body"]

    def test_a_reply_is_checked_against_its_own_page(self) -> None:
        page, other = article(), article()
        parent = article_comment(other)
        assert "parent_id" in CommentForm(page, {"body": "Hi", "parent_id": parent.pk}).errors
        assert CommentForm(other, {"body": "Hi", "parent_id": parent.pk}).is_valid()

    def test_the_form_asks_a_member_for_nothing_that_the_account_knows(self) -> None:
        assert set(CommentForm(article()).fields) == {"body", "once", "parent_id", "follow"}


def test_a_page_that_moves_keeps_its_comments(client: Client) -> None:
    from portal.knowledge.services.articles import section_create

    section = section_create(user=member(staff=True), language="en", title="Printing")
    page = article("Moving")
    comment = article_comment(page, "Stays with the page")
    page.move(section, pos="last-child")
    moved = ArticlePage.objects.get(pk=page.pk)
    assert "Stays with the page" in client.get(moved.url).content.decode()
    comment.refresh_from_db()
    assert ArticleComment.objects.select_related("page").get(pk=comment.pk).get_absolute_url().startswith(moved.url)


def test_copying_a_page_copies_no_comments() -> None:
    page = article("Original")
    article_comment(page)
    copy = page.copy(update_attrs={"slug": "copy", "title": "Copy"})
    assert article_comments(user=None, page=copy).count == 0
    assert article_comments(user=None, page=page).count == 1
