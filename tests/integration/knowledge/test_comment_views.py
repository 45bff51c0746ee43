"""Comments on an article's page and in the staff's list."""

import re

import pytest
from django.test import Client

from portal.accounts.models import User
from portal.knowledge.models import ArticleComment, ArticlePage, KnowledgeIndexPage
from tests.factories.accounts import member
from tests.factories.knowledge import article, article_comment

pytestmark = pytest.mark.django_db


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_a_stranger_reads_comments_and_is_led_to_sign_in(client: Client) -> None:
    page = article()
    article_comment(page, "It was the *cable*.")
    html = client.get(page.url).content.decode()
    assert "It was the <em>cable</em>." in html
    assert "/en/account/login/" in html
    assert f'action="/en/comments/{page.pk}/"' not in html
    answer = client.post(f"/en/comments/{page.pk}/", {"body": "Me too"})
    assert answer.status_code == 302 and "/account/login/" in answer.url
    assert ArticleComment.objects.count() == 1


def test_a_member_comments_and_lands_at_the_comment() -> None:
    page, user = article(), member()
    client = signed_in(user)
    answer = client.post(f"/en/comments/{page.pk}/", {"body": "Me too", "follow": "on"})
    comment = ArticleComment.objects.get()
    assert (answer.status_code, answer.url) == (302, f"{page.url}#comment-{comment.pk}")
    assert comment.followup and comment.user == user
    html = client.get(page.url).content.decode()
    assert f'id="comment-{comment.pk}"' in html and "1 comment<" in html


def test_a_reply_goes_through_a_page_that_works_without_javascript() -> None:
    page, client = article(), signed_in(member())
    parent = article_comment(page, "Which cable?")
    form = client.get(f"/en/comments/{page.pk}/?parent_id={parent.pk}").content.decode()
    assert "Which cable?" in form and f'value="{parent.pk}"' in form
    client.post(f"/en/comments/{page.pk}/", {"body": "The blue one", "parent_id": parent.pk})
    assert ArticleComment.objects.get(comment="The blue one").reply_to_id == parent.pk


@pytest.mark.parametrize("parent", ["x", "-1", "0", "99999999", "9" * 30])
def test_an_odd_parent_is_no_server_error(parent: str) -> None:
    page, client = article(), signed_in(member())
    assert client.get(f"/en/comments/{page.pk}/?parent_id={parent}").status_code in (200, 422)
    assert client.post(f"/en/comments/{page.pk}/", {"body": "Hi", "parent_id": parent}).status_code == 422
    assert not ArticleComment.objects.exists()


def test_a_reply_past_the_deepest_level_is_told_so_and_leaves_nothing() -> None:
    page, client = article(), signed_in(member())
    parent = article_comment(page, "0")
    for level in range(1, 4):
        parent = article_comment(page, str(level), parent_id=parent.pk)
    answer = client.post(f"/en/comments/{page.pk}/", {"body": "Deeper", "parent_id": parent.pk})
    assert answer.status_code == 422
    assert "Deeper" in answer.content.decode()
    assert ArticleComment.objects.count() == 4
    assert f"parent_id={parent.pk}" not in client.get(page.url).content.decode()


def test_what_was_typed_is_kept_where_it_cannot_be_posted() -> None:
    page, client = article(), signed_in(member())
    answer = client.post(f"/en/comments/{page.pk}/", {"body": "long " * 700})
    assert answer.status_code == 422
    assert "long long" in answer.content.decode()


def test_comments_have_a_limit(settings: object) -> None:
    settings.PORTAL_LIMITS = True
    page, client = article(), signed_in(member())
    answers = [client.post(f"/en/comments/{page.pk}/", {"body": f"Number {n}"}) for n in range(12)]
    assert answers[0].status_code == 302
    assert answers[-1].status_code == 429 and int(answers[-1].headers["Retry-After"]) > 0


def test_deleting_reporting_and_approving_take_a_post() -> None:
    page, author, reader, staff = article(), member(), member(), member(staff=True)
    comment = article_comment(page, by=author)
    for act in ("report", "remove", "approve"):
        path = f"/en/comments/{comment.pk}/{act}/"
        assert signed_in(staff).get(path).status_code == 405
        assert Client().post(path).status_code == 302
    assert signed_in(reader).post(f"/en/comments/{comment.pk}/remove/").status_code == 403
    assert signed_in(reader).post(f"/en/comments/{comment.pk}/approve/").status_code == 403
    assert signed_in(reader).post(f"/en/comments/{comment.pk}/report/").status_code == 302
    assert signed_in(author).post(f"/en/comments/{comment.pk}/remove/").status_code == 302
    assert ArticleComment.objects.get().is_removed
    assert signed_in(reader).post(f"/en/comments/{comment.pk}/report/").status_code == 404


def test_forms_are_guarded_against_forgery() -> None:
    page, client = article(), Client(enforce_csrf_checks=True)
    client.force_login(member())
    assert client.post(f"/en/comments/{page.pk}/", {"body": "Hi"}).status_code == 403


def test_closed_comments_say_so(client: Client) -> None:
    page = article()
    ArticlePage.objects.filter(pk=page.pk).update(comments_open=False)
    html = signed_in(member()).get(page.url).content.decode()
    assert "Comments on this page are closed." in html
    assert "<textarea" not in html
    assert signed_in(member()).post(f"/en/comments/{page.pk}/", {"body": "Hi"}).status_code == 409


def test_comments_bring_nothing_of_another_site(client: Client) -> None:
    page = article()
    article_comment(page, "![x](https://pixel.example/x.png)", by=member(email="someone@example.org"))
    html = client.get(page.url).content.decode()
    assert "gravatar" not in html and "someone@example.org" not in html
    assert not re.search(r'<img[^>]+src="https?:', html)
    assert not re.search(r"\sstyle=|\son[a-z]+=", html)


def test_an_unknown_page_answers_in_the_portals_own_words(client: Client) -> None:
    html = client.get("/ja/knowledge/nothing-here/").content.decode()
    assert 'lang="ja"' in html
    assert "site-header" in html


def test_the_staffs_list_shows_what_waits_and_acts() -> None:
    page, staff = article(), member(staff=True)
    KnowledgeIndexPage.objects.update(comments_policy="all")
    comment = article_comment(page, "Please let me in")
    assert signed_in(member()).get("/cms/reports/comments/").status_code in (302, 403)
    client = signed_in(staff)
    html = client.get("/cms/reports/comments/").content.decode()
    assert "Please let me in" in html and page.title in html
    client.post("/cms/reports/comments/", {"act": "approve", "comment": comment.pk})
    assert ArticleComment.objects.get().is_public
    assert "Please let me in" not in client.get("/cms/reports/comments/").content.decode()
    client.post("/cms/reports/comments/", {"act": "remove", "comment": comment.pk})
    assert "Please let me in" in client.get("/cms/reports/comments/?removed=1").content.decode()
    client.post("/cms/reports/comments/?removed=1", {"act": "restore", "comment": comment.pk})
    assert not ArticleComment.objects.get().is_removed
    for nonsense in ({"act": "explode", "comment": comment.pk}, {"act": "remove", "comment": "x"}, {}):
        assert client.post("/cms/reports/comments/", nonsense).status_code == 302
