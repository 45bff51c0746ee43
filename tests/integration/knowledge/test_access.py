"""The one door to pages: outsiders first."""

import pytest
from django.contrib.auth.models import AnonymousUser, Group
from django.test import Client
from wagtail.models import Page, PageViewRestriction

from portal.accounts.models import User
from portal.core.errors import NotFound
from portal.knowledge.models import ArticlePage, KnowledgeIndexPage
from portal.knowledge.selectors.access import article_visible_to, articles_visible_to, pages_visible_to
from portal.knowledge.selectors.articles import articles_of
from portal.knowledge.services.articles import article_create, section_create
from tests.factories.accounts import member
from tests.factories.knowledge import article, author

pytestmark = pytest.mark.django_db


def sees(user: object, page: ArticlePage) -> bool:
    return articles_visible_to(user).filter(pk=page.pk).exists()


def close(page: Page, kind: str, *groups: Group) -> PageViewRestriction:
    restriction = PageViewRestriction.objects.create(page=page, restriction_type=kind, password="open sesame")
    restriction.groups.set(groups)
    return restriction


def test_drafts_are_seen_by_nobody(client: Client) -> None:
    draft = article("Secret plans", publish=False)
    for reader in (None, AnonymousUser(), member(), member(staff=True)):
        assert not sees(reader, draft)
        with pytest.raises(NotFound):
            article_visible_to(reader, draft.pk)
    assert client.get("/en/knowledge/secret-plans/").status_code == 404
    assert "Secret plans" not in client.get("/en/knowledge/").content.decode()
    assert "Secret plans" not in client.get("/en/").content.decode()


@pytest.mark.parametrize(
    ("kind", "readers"),
    [
        (PageViewRestriction.LOGIN, {"member", "insider", "staff", "root"}),
        (PageViewRestriction.GROUPS, {"insider", "root"}),
        (PageViewRestriction.PASSWORD, {"root"}),
    ],
)
def test_restrictions_hold_for_the_page_and_all_below_it(kind: str, readers: set[str]) -> None:
    group = Group.objects.create(name="Insiders")
    people = {
        "stranger": AnonymousUser(),
        "nobody": None,
        "member": member(),
        "insider": member(),
        "staff": member(staff=True),
        "root": User.objects.create_superuser("root", "root@example.org"),
    }
    people["insider"].groups.add(group)
    section = section_create(user=people["staff"], language="en", title="For some")
    inside, outside = article(parent=section), article()
    close(section, kind, group)
    for name, reader in people.items():
        assert sees(reader, outside)
        assert sees(reader, inside) is (name in readers), name
        assert pages_visible_to(reader).filter(pk=section.pk).exists() is (name in readers), name


def test_a_closed_page_is_nowhere_for_an_outsider(client: Client) -> None:
    page = article("Roadmap for partners", news=True)
    close(page, PageViewRestriction.GROUPS)
    for path in ("/en/", "/en/news/", "/sitemap-pages.xml"):
        assert "oadmap" not in client.get(path).content.decode()
    answer = client.get(page.url)
    assert answer.status_code == 302 and "/account/login/" in answer.url
    client.force_login(member())
    assert client.get(page.url).status_code in (302, 403)


def test_a_restricted_page_leads_to_sign_in_in_the_same_language(client: Client) -> None:
    page = article("社内向け", language="ja")
    close(page, PageViewRestriction.LOGIN)
    answer = client.get(page.url)
    assert answer.url.startswith("/ja/account/login/?next=/ja/knowledge/")
    client.force_login(member())
    assert client.get(page.url).status_code == 200


def test_an_alias_is_as_closed_as_its_source() -> None:
    page = article("Closed")
    alias = page.create_alias(parent=KnowledgeIndexPage.objects.get(locale=page.locale), update_slug="copy")
    assert sees(None, alias)
    close(page, PageViewRestriction.GROUPS)
    assert not sees(None, page)
    assert not sees(None, alias)


@pytest.mark.parametrize("number", [0, -1, 2**31, 2**70])
def test_numbers_that_name_no_article(number: int) -> None:
    with pytest.raises(NotFound):
        article_visible_to(None, number)


def test_an_index_is_no_article() -> None:
    with pytest.raises(NotFound):
        article_visible_to(None, KnowledgeIndexPage.objects.first().pk)


def test_only_the_staff_publishes() -> None:
    by = author()
    from portal.core.errors import NotAllowed, SignInNeeded

    for user, refusal in ((AnonymousUser(), SignInNeeded), (member(), NotAllowed)):
        with pytest.raises(refusal):
            article_create(user=user, language="en", title="Mine", summary="Now", author=by)
    assert not ArticlePage.objects.exists()


def test_lists_are_of_one_language_where_asked() -> None:
    english, russian = article("A"), article("Б", language="ru", news=True)
    assert [page.pk for page in articles_of(None)] == [russian.pk, english.pk]
    assert [page.pk for page in articles_of(None, language="ru")] == [russian.pk]


def test_the_door_costs_one_query_where_nothing_is_closed(django_assert_num_queries: object) -> None:
    article()
    reader = member()
    with django_assert_num_queries(2):
        assert len(articles_visible_to(reader)) == 1
