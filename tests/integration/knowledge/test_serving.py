"""How a page is found and sent: sites, addresses, headers, and what a stranger's page must not carry."""

from typing import Any
from urllib.parse import quote

import pytest
from django.http import HttpRequest
from django.test import Client, RequestFactory, override_settings
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wagtail.models import Site
from wagtail.models.sites import get_site_for_hostname

from portal.knowledge.models import ArticlePage, HomePage, KnowledgeIndexPage
from portal.knowledge.services.articles import section_create
from portal.knowledge.views.serve import _site
from tests.factories.accounts import member
from tests.factories.knowledge import article, article_comment

pytestmark = pytest.mark.django_db
HOSTS = ["localhost", "help.example.com", "127.0.0.1"]
PORTS = [80, 8000, 443]


def request_to(host: str, port: int) -> HttpRequest:
    return RequestFactory().get("/en/", SERVER_NAME=host, SERVER_PORT=str(port), HTTP_HOST=f"{host}:{port}")


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sets(st.tuples(st.sampled_from(HOSTS), st.sampled_from(PORTS)), min_size=1, max_size=5),
    st.integers(0, 5),
    st.sampled_from(HOSTS),
    st.sampled_from(PORTS),
)
def test_the_site_is_the_one_that_wagtail_would_find(
    known: set[tuple[str, int]], default: int, host: str, port: int
) -> None:
    home = HomePage.objects.get(locale__language_code="en")
    Site.objects.all().delete()
    for place, (name, number) in enumerate(sorted(known)):
        Site.objects.create(hostname=name, port=number, root_page=home, is_default_site=place == default)
    try:
        expected: Site | None = get_site_for_hostname(host, port)
    except Site.DoesNotExist:
        expected = None
    if default >= len(known) and expected is None:
        with override_settings(ALLOWED_HOSTS=["*"]):
            assert _site(request_to(host, port)) in (None, *Site.objects.filter(hostname=host))
    elif default < len(known):
        with override_settings(ALLOWED_HOSTS=["*"]):
            assert _site(request_to(host, port)) == expected


def test_without_any_site_there_is_no_page_and_no_error(client: Client) -> None:
    Site.objects.all().delete()
    assert client.get("/en/knowledge/").status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/en/nothing/",
        "/en/knowledge/nothing/",
        "/en/knowledge/a/b/c/",
        "/ja/news/x/",
        "/en/%D0%BF/",
        "/en/knowledge/%00/",
    ],
)
def test_what_is_not_there_is_told_in_the_readers_language(client: Client, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 404
    assert f'lang="{path[1:3]}"' in response.content.decode()


def test_an_address_without_its_last_slash_leads_to_the_page(client: Client) -> None:
    page = article()
    assert client.get(page.url.rstrip("/")).headers["Location"] == page.url


@pytest.mark.parametrize(
    ("title", "language"),
    [("Калибровка принтера", "ru"), ("プリンターの調整", "ja"), ("معايرة الطابعة", "ar"), ("Größe & Maß", "en")],
)
def test_titles_of_any_script_make_addresses_that_work(client: Client, title: str, language: str) -> None:
    page = article(title, language=language)
    response = client.get(page.url)
    assert response.status_code == 200
    html = response.content.decode()
    assert f'lang="{language}"' in html
    assert f'<html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}">' in html
    assert quote(page.slug) in page.url or page.slug in page.url


def test_an_article_of_a_section_is_found_by_its_whole_path(client: Client) -> None:
    staff = member(staff=True)
    section = section_create(user=staff, language="en", title="Printing", intro="Paper and labels.")
    page = article("Inside", parent=section)
    assert page.url == "/en/knowledge/printing/inside/"
    html = client.get(page.url).content.decode()
    assert '<a href="/en/knowledge/printing/">Printing</a>' in html
    assert client.get("/en/knowledge/inside/").status_code == 404
    listed = client.get("/en/knowledge/printing/").content.decode()
    assert "Paper and labels." in listed and "Inside" in listed
    index = client.get("/en/knowledge/").content.decode()
    assert "Inside" in index and "Paper and labels." in index


def test_the_same_address_in_another_language_is_another_page(client: Client) -> None:
    article("Manual", slug="manual")
    russian = article("Руководство", slug="manual", language="ru")
    assert "Руководство" in client.get(russian.url).content.decode()
    assert client.get("/ja/knowledge/manual/").status_code == 404


def test_a_page_under_a_withdrawn_index_is_still_found_and_the_index_is_not(client: Client) -> None:
    page = article()
    KnowledgeIndexPage.objects.get(locale=page.locale).unpublish()
    assert client.get("/en/knowledge/").status_code == 404
    assert client.get(page.url).status_code == 200


@pytest.mark.parametrize("path", ["/en/", "/en/knowledge/", "/en/news/", "page"])
def test_a_strangers_page_carries_nothing_of_its_reader(client: Client, path: str) -> None:
    page = article()
    article_comment(page)
    response = client.get(page.url if path == "page" else path)
    html = response.content.decode()
    assert not response.cookies
    assert "csrfmiddlewaretoken" not in html and "nonce" not in html
    assert "Cookie" not in response.headers.get("Vary", "") or path  # Vary is Django's; no cookie is set either way


def test_a_page_sends_the_headers_of_the_house(client: Client) -> None:
    response = client.get(article().url)
    assert response.headers["X-Frame-Options"] == "DENY"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Referrer-Policy"] == "same-origin"
    assert response.headers["Content-Language"] == "en"


def test_head_and_get_alike(client: Client) -> None:
    page = article()
    assert client.head(page.url).status_code == 200
    assert client.head(page.url).content == b""


def test_words_of_an_editor_are_escaped(client: Client) -> None:
    page = article('<script>alert("t")</script>', summary="<img src=x onerror=alert(1)> & more", slug="x")
    for path in (page.url, "/en/knowledge/", "/en/"):
        html = client.get(path).content.decode()
        assert '<script>alert("t")' not in html and "<img src=x" not in html
    index = KnowledgeIndexPage.objects.get(locale=page.locale)
    index.intro = "<b>bold</b>"
    index.save_revision().publish()
    assert "<b>bold</b>" not in client.get("/en/knowledge/").content.decode()


def test_dates_of_a_page_are_told(client: Client, settings: Any) -> None:
    from datetime import UTC, date, datetime, timedelta

    moment = datetime(2024, 3, 1, 9, 30, tzinfo=UTC)
    page = article("Old but good", published_at=moment, reviewed_at=date(2026, 1, 15))
    html = client.get(page.url).content.decode()
    assert 'datetime="2024-03-01T09:30:00+00:00"' in html
    assert 'datetime="2026-01-15"' in html and "Reviewed" in html
    assert "Updated" not in html
    ArticlePage.objects.filter(pk=page.pk).update(last_published_at=moment + timedelta(days=3))
    assert "Updated" in client.get(page.url).content.decode()


def test_seo_words_win_where_an_editor_wrote_them(client: Client) -> None:
    page = article("Short")
    page.seo_title, page.search_description = "A longer title for machines", "What machines show"
    page.save_revision().publish()
    html = client.get(page.url).content.decode()
    assert "<title>A longer title for machines · " in html
    assert '<meta name="description" content="What machines show">' in html
