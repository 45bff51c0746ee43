"""Comments under articles: what the services keep right where xtd left it to chance."""

import random

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.contenttypes.models import ContentType
from django_comments.models import Comment, CommentFlag
from django_comments_xtd.models import XtdComment
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wagtail.models import PageViewRestriction

from portal.core.errors import Invalid, NotAllowed, NotFound, SignInNeeded, StateForbids
from portal.knowledge.models import ArticleComment, ArticlePage, CommentsPolicy, KnowledgeIndexPage, NewsPage
from portal.knowledge.selectors.comments import (
    article_comments,
    article_comments_visible_to,
    comments_removed,
    comments_to_look_at,
)
from portal.knowledge.services.comments import (
    article_comment_approve,
    article_comment_create,
    article_comment_flag,
    article_comment_remove,
    article_comment_restore,
)
from portal.knowledge.services.threads import threads_recount
from tests.factories.accounts import member
from tests.factories.knowledge import article, article_comment

pytestmark = pytest.mark.django_db


def texts(views: list) -> list:
    return [(None if view.removed else view.comment.comment, texts(view.replies)) for view in views]


def test_a_stranger_may_not_comment_and_a_member_may() -> None:
    page = article()
    for stranger in (None, AnonymousUser()):
        with pytest.raises(SignInNeeded):
            article_comment_create(user=stranger, page_id=page.pk, body="Hello there")
    assert not ArticleComment.objects.exists()
    comment = article_comment(page, "**Thanks**, that was it.")
    assert "<strong>Thanks</strong>" in comment.body_html
    assert texts(article_comments(user=AnonymousUser(), page=page).threads) == [("**Thanks**, that was it.", [])]


def test_a_comment_is_bound_to_the_concrete_page_of_one_language() -> None:
    english = article("Calibration", news=True)
    japanese = article("調整", language="ja", news=True, translation_of=english)
    comment = article_comment(english)
    assert comment.content_type == ContentType.objects.get_for_model(NewsPage)
    assert comment.object_pk == str(english.pk)
    assert comment.content_object == NewsPage.objects.get(pk=english.pk)
    assert article_comments(user=None, page=english).count == 1
    assert article_comments(user=None, page=japanese).count == 0


def test_deleting_a_page_deletes_its_comments_and_no_others() -> None:
    page, other = article(), article()
    article_comment(page)
    kept = article_comment(other)
    page.delete()
    assert [row.pk for row in Comment.objects.all()] == [kept.pk]
    assert XtdComment.objects.count() == ArticleComment.objects.count() == 1


@pytest.mark.parametrize("body", ["", "   \n ", "a\x00b", "x" * 3001, "<script>alert(1)</script>"])
def test_words_that_nobody_could_read_are_refused(body: str) -> None:
    page = article()
    with pytest.raises(Invalid) as refusal:
        article_comment_create(user=member(), page_id=page.pk, body=body)
    assert list(refusal.value.fields) == ["body"]
    assert not Comment.objects.exists()


def test_what_members_write_is_cleaned() -> None:
    page = article()
    comment = article_comment(page, 'Look <img src="https://tracker.example/x.png"> <b onclick="x()">here</b>')
    assert "onclick" not in comment.body_html
    assert "<img" not in comment.body_html


def test_threads_go_three_levels_deep_and_no_orphan_stays() -> None:
    page = article()
    parent = article_comment(page, "level 0")
    for level in range(1, 4):
        parent = article_comment(page, f"level {level}", parent_id=parent.pk)
        assert parent.level == level
    before = Comment.objects.count()
    with pytest.raises(Invalid) as refusal:
        article_comment_create(user=member(), page_id=page.pk, body="too deep", parent_id=parent.pk)
    assert list(refusal.value.fields) == ["parent_id"]
    assert Comment.objects.count() == XtdComment.objects.count() == before


@pytest.mark.parametrize("where", ["another page", "nowhere", "removed"])
def test_a_reply_needs_a_comment_that_is_there(where: str) -> None:
    page, user = article(), member()
    parent = article_comment(article() if where == "another page" else page, by=user)
    parent_id = parent.pk + 1000 if where == "nowhere" else parent.pk
    if where == "removed":
        article_comment_remove(user=user, comment_id=parent.pk)
    with pytest.raises(Invalid):
        article_comment_create(user=member(), page_id=page.pk, body="Me too", parent_id=parent_id)


def test_saving_a_reply_again_counts_it_once() -> None:
    page = article()
    root = article_comment(page)
    reply = article_comment(page, parent_id=root.pk)
    article_comment(page, parent_id=reply.pk)
    for _again in range(3):
        reply.refresh_from_db()
        reply.save()
        root.refresh_from_db()
        root.save()
    root.refresh_from_db()
    reply.refresh_from_db()
    assert (root.nested_count, reply.nested_count) == (2, 1)


def test_removing_and_restoring_keep_the_counts() -> None:
    page, staff = article(), member(staff=True)
    root = article_comment(page)
    reply = article_comment(page, parent_id=root.pk)
    article_comment(page, parent_id=reply.pk)
    article_comment_remove(user=staff, comment_id=reply.pk)
    root.refresh_from_db()
    assert root.nested_count == 1
    article_comment_restore(user=staff, comment_id=reply.pk)
    root.refresh_from_db()
    assert root.nested_count == 2


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 10_000))
def test_counts_and_order_follow_from_the_rows_alone(seed: int) -> None:
    page = getattr(test_counts_and_order_follow_from_the_rows_alone, "page", None)
    if page is None or not ArticlePage.objects.filter(pk=page.pk).exists():
        page = test_counts_and_order_follow_from_the_rows_alone.page = article()
    rng, user = random.Random(seed), member()
    made = [article_comment_create(user=user, page_id=page.pk, body=f"{seed} root")]
    for number in range(rng.randint(1, 8)):
        parent = rng.choice([one for one in made if one.level < 3])
        made.append(article_comment_create(user=user, page_id=page.pk, body=f"{seed} {number}", parent_id=parent.pk))
    thread = made[0].thread_id
    XtdComment.objects.filter(thread_id=thread).update(nested_count=rng.randint(0, 9), order=rng.randint(1, 9))
    threads_recount(ids=[thread])
    assert threads_recount(ids=[thread]) == 0
    rows = {row.pk: row for row in XtdComment.objects.filter(thread_id=thread)}
    below: dict[int, int] = dict.fromkeys(rows, 0)
    for row in rows.values():
        while row.parent_id != row.pk:
            row = rows[row.parent_id]
            below[row.pk] += 1
    assert {pk: row.nested_count for pk, row in rows.items()} == below
    assert sorted(row.order for row in rows.values()) == list(range(1, len(rows) + 1))
    assert all(rows[row.parent_id].order < row.order for row in rows.values() if row.parent_id != row.pk)


def test_a_form_sent_twice_makes_one_comment() -> None:
    page, user = article(), member()
    first = article_comment(page, "Same words", by=user)
    assert article_comment(page, "Same words", by=user).pk == first.pk
    assert article_comment(page, "Same words", by=member()).pk != first.pk
    assert article_comment(page, "Same words", by=user, parent_id=first.pk).pk != first.pk


def test_a_closed_page_takes_no_comments() -> None:
    page = article()
    ArticlePage.objects.filter(pk=page.pk).update(comments_open=False)
    with pytest.raises(StateForbids):
        article_comment_create(user=member(), page_id=page.pk, body="Hello")


def test_nobody_comments_on_or_reads_under_a_page_that_she_may_not_see() -> None:
    page, user = article(), member()
    article_comment(page)
    PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.GROUPS)
    for reader in (None, user):
        with pytest.raises(NotFound):
            article_comments_visible_to(reader, page.pk)
    with pytest.raises(NotFound):
        article_comment_create(user=user, page_id=page.pk, body="Hello")
    page.unpublish()
    with pytest.raises(NotFound):
        article_comments_visible_to(member(staff=True), page.pk)


def hold(policy: str) -> None:
    KnowledgeIndexPage.objects.update(comments_policy=policy)


def test_a_held_comment_is_seen_by_its_author_and_the_staff_until_it_is_let_through() -> None:
    hold(CommentsPolicy.ALL)
    page, author, staff = article(), member(), member(staff=True)
    comment = article_comment(page, "I wait", by=author)
    assert not comment.is_public
    for reader in (None, AnonymousUser(), member()):
        assert article_comments(user=reader, page=page).threads == []
        assert not article_comments_visible_to(reader, page.pk).exists()
    for reader in (author, staff):
        assert [view.waiting for view in article_comments(user=reader, page=page).threads] == [True]
        assert article_comments_visible_to(reader, page.pk).count() == 1
    for anyone in (author, member()):
        with pytest.raises(NotAllowed):
            article_comment_approve(user=anyone, comment_id=comment.pk)
    article_comment_approve(user=staff, comment_id=comment.pk)
    assert texts(article_comments(user=None, page=page).threads) == [("I wait", [])]
    assert list(comments_to_look_at()) == []


def test_only_a_first_comment_waits_where_the_staff_set_it_so(settings: object) -> None:
    settings.PORTAL_LIMITS = True
    hold(CommentsPolicy.FIRST)
    page, user, staff = article(), member(), member(staff=True)
    first = article_comment(page, "One", by=user)
    assert not first.is_public
    assert not article_comment(page, "Two", by=user).is_public
    article_comment_approve(user=staff, comment_id=first.pk)
    assert article_comment(page, "Three", by=user).is_public
    assert article_comment(page, "From the staff", by=staff).is_public
    settings.PORTAL_LIMITS = False
    assert article_comment(page, "Limits are lifted", by=member()).is_public


def test_nobody_replies_to_a_comment_that_waits() -> None:
    hold(CommentsPolicy.ALL)
    page, staff = article(), member(staff=True)
    waiting = article_comment(page)
    with pytest.raises(Invalid):
        article_comment_create(user=staff, page_id=page.pk, body="Hm", parent_id=waiting.pk)


def test_reports_reach_the_staff_once_each() -> None:
    page, reader, staff = article(), member(), member(staff=True)
    comment = article_comment(page, "Buy my watches")
    with pytest.raises(SignInNeeded):
        article_comment_flag(user=None, comment_id=comment.pk)
    with pytest.raises(StateForbids):
        article_comment_flag(user=comment.user, comment_id=comment.pk)
    for _again in range(2):
        article_comment_flag(user=reader, comment_id=comment.pk)
    assert [row.pk for row in comments_to_look_at()] == [comment.pk]
    assert [flag.user for flag in comments_to_look_at()[0].reports] == [reader]
    assert article_comments(user=reader, page=page).threads[0].flagged
    article_comment_approve(user=staff, comment_id=comment.pk)
    assert not comments_to_look_at().exists()
    assert CommentFlag.objects.filter(flag=CommentFlag.MODERATOR_APPROVAL, user=staff).count() == 1


def test_removal_by_author_or_staff_is_kept_and_can_be_undone() -> None:
    page, author, staff = article(), member(), member(staff=True)
    root = article_comment(page, "Root", by=author)
    article_comment(page, "Reply", parent_id=root.pk)
    with pytest.raises(NotAllowed):
        article_comment_remove(user=member(), comment_id=root.pk)
    article_comment_remove(user=staff, comment_id=root.pk)
    assert texts(article_comments(user=None, page=page).threads) == [(None, [("Reply", [])])]
    assert [row.removed_by for row in comments_removed()] == [staff]
    assert CommentFlag.objects.filter(flag=CommentFlag.MODERATOR_DELETION, user=staff).exists()
    for anyone in (author, member()):
        with pytest.raises(NotAllowed):
            article_comment_restore(user=anyone, comment_id=root.pk)
    article_comment_restore(user=staff, comment_id=root.pk)
    assert texts(article_comments(user=None, page=page).threads) == [("Root", [("Reply", [])])]
    with pytest.raises(NotFound):
        article_comment_restore(user=staff, comment_id=root.pk)


def test_a_removed_comment_without_replies_is_gone_from_the_page() -> None:
    page, author = article(), member()
    comment = article_comment(page, by=author)
    article_comment_remove(user=author, comment_id=comment.pk)
    assert article_comments(user=None, page=page).threads == []
    with pytest.raises(NotFound):
        article_comment_remove(user=author, comment_id=comment.pk)


def test_a_page_of_comments_takes_three_queries(django_assert_max_num_queries: object) -> None:
    page, reader = article(), member()
    parents = [article_comment(page, f"Root {number}") for number in range(6)]
    for number in range(14):
        article_comment(page, f"Reply {number}", parent_id=parents[number % 6].pk)
    with django_assert_max_num_queries(3):
        view = article_comments(user=reader, page=page)
        assert view.count == 20
        assert sum(len(thread.replies) for thread in view.threads) == 14
        assert all(entry.comment.user.shown_name for entry in view.threads)
