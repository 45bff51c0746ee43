"""How many queries each page may take: twenty, whatever is on it."""

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from portal.accounts.models import User
from portal.knowledge.models import ArticlePage
from tests.factories.accounts import member
from tests.factories.knowledge import article, article_comment, author, document, image
from tests.factories.questions import topic

pytestmark = pytest.mark.django_db
MOST = 20


@pytest.fixture
def busy() -> ArticlePage:
    """A knowledge base of thirty articles and news by authors with photos; one long page with twenty comments."""
    topics = [topic("Printing", ru="Печать"), topic("Paper")]
    authors = [author(photo=image(f"face {n}"), en="Engineer", ru="Инженер") for n in range(4)]
    links = [article(by=authors[n % 4], topics=topics, news=n % 3 == 0) for n in range(30)]
    picture, film = image("Long", size=(1500, 800)), document()
    body: list[dict[str, Any]] = [
        {"type": "text", "value": f'<p>See <a linktype="page" id="{page.pk}">this</a>.</p>'} for page in links[:23]
    ]
    body.append({"type": "image", "value": {"image": picture.pk, "alt": "A", "caption": ""}})
    body.append({"type": "video", "value": {"title": "V", "file": film.pk, "captions": None, "link": ""}})
    page = article("The long one", by=authors[0], body=body, topics=topics)
    article("Длинная", by=authors[0], language="ru", translation_of=page)
    writers = [member() for _number in range(5)]
    roots = [article_comment(page, f"Root {n}", by=writers[n % 5]) for n in range(10)]
    for number, root in enumerate(roots):
        article_comment(page, f"Reply {number}", by=writers[(number + 1) % 5], parent_id=root.pk)
    return page


@pytest.mark.parametrize("reader", ["stranger", "member", "staff"])
@pytest.mark.parametrize("path", ["/en/", "/en/knowledge/", "/en/news/", "/en/knowledge/?topic=printing", "page"])
def test_every_page_keeps_to_its_budget(
    busy: ArticlePage, client: Client, path: str, reader: str, django_assert_max_num_queries: Any
) -> None:
    if reader != "stranger":
        client.force_login(member(staff=reader == "staff"))
    url = busy.url if path == "page" else path
    client.get(url)  # renditions are made on a picture's first showing
    with django_assert_max_num_queries(MOST):
        response = client.get(url)
    assert response.status_code == 200
    assert response.content.count(b'<article class="card card-link">') >= 9 or path == "page"


def test_an_article_that_nobody_has_read_yet_keeps_to_it_too(
    busy: ArticlePage, client: Client, django_assert_max_num_queries: Any
) -> None:
    client.get(busy.url)
    cache.clear()
    with django_assert_max_num_queries(MOST + 8):  # the renditions of its picture and authors are looked up once
        client.get(busy.url)
    with django_assert_max_num_queries(MOST):
        assert client.get(busy.url).status_code == 200


def test_a_list_does_not_grow_with_what_is_on_it(client: Client) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    by = author()
    counts = []
    for _round in range(2):
        for _number in range(6):
            article(by=by)
        client.get("/en/knowledge/")
        with CaptureQueriesContext(connection) as queries:
            client.get("/en/knowledge/")
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_lists_go_on_where_the_page_before_ended(client: Client) -> None:
    by = author()
    titles = {article(f"Number {n:02}", by=by).title for n in range(45)}
    seen: list[str] = []
    url = "/en/knowledge/"
    for _page in range(3):
        html = client.get(url).content.decode()
        seen += [title for title in titles if f">{title}<" in html]
        url = "/en/knowledge/" + next(
            (part.split('"')[0] for part in html.split('href="') if part.startswith("?after=")), ""
        )
    assert sorted(seen) == sorted(titles)


@pytest.mark.parametrize("query", ["after=x", "after=WzFd", "after=%00", "topic=none", "topic=%00", "topic=a&topic=b"])
def test_odd_questions_are_no_server_error(client: Client, query: str) -> None:
    article()
    assert client.get(f"/en/knowledge/?{query}").status_code in (200, 400)


def test_the_locale_is_asked_for_once_a_page(busy: ArticlePage, client: Client) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.get(busy.url)
    with CaptureQueriesContext(connection) as queries:
        client.get(busy.url)
    asked = [query for query in queries.captured_queries if 'FROM "wagtailcore_locale"' in query["sql"]]
    assert len(asked) <= 1
    assert User.objects.count() > 5
