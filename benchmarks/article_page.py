"""What a long article costs the processor: as Wagtail renders it by itself, ours on first sight, ours when kept.

    .venv/bin/python benchmarks/article_page.py [ROUNDS]

The page has 25 blocks, 23 of them with a link to another page. Machines differ: read the ratios. All three ways go
through the whole middleware stack and draw the same template.
"""

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from unittest import mock

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.test")

import django

django.setup()

from django.core.cache import cache  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext, setup_databases, teardown_databases  # noqa: E402
from wagtail.models import Page  # noqa: E402

from portal.knowledge.models import ArticlePage, HomePage  # noqa: E402
from portal.knowledge.selectors.bodies import Body  # noqa: E402
from tests.factories.accounts import member  # noqa: E402
from tests.factories.knowledge import article, article_comment, author, image  # noqa: E402
from tests.factories.questions import topic  # noqa: E402


def long_page() -> ArticlePage:
    """Returns the article that is measured."""
    by, topics = author(photo=image("Face")), [topic("Printing"), topic("Paper")]
    linked = [article(by=by) for _number in range(23)]
    body = [
        {"type": "text", "value": f'<p>Before you go on, read <a linktype="page" id="{page.pk}">this</a> twice.</p>'}
        for page in linked
    ]
    body.append({"type": "image", "value": {"image": image("Head").pk, "alt": "The head", "caption": ""}})
    body.append({"type": "code", "value": {"language": "python", "filename": "", "code": "print('label')\n" * 20}})
    return article("The long one", by=by, body=body, topics=topics)


def comment(page: ArticlePage) -> None:
    """Writes twenty comments by five members under a page."""
    writers = [member() for _number in range(5)]
    for number in range(20):
        article_comment(page, f"Remark {number}", by=writers[number % 5])


@contextmanager
def by_itself() -> Iterator[None]:
    """Lets Wagtail find the page and render its body without what this project does about it."""

    def body(page: ArticlePage, *, keep: bool = True) -> Body:
        return Body(html="".join(str(child.render()) for child in page.body), headings=())

    with (
        mock.patch("portal.knowledge.selectors.articles.article_body", body),
        mock.patch.object(HomePage, "route", Page.route),
        mock.patch("portal.knowledge.views.serve._site", lambda request: None),
    ):
        yield


def cost(client: Client, url: str, rounds: int, before: Callable[[], None] = lambda: None) -> tuple[float, int]:
    """Returns the median processor milliseconds of a request, and its queries."""
    client.get(url)
    times = []
    for _round in range(rounds):
        before()
        start = time.process_time()
        assert client.get(url).status_code == 200
        times.append((time.process_time() - start) * 1000)
    before()
    with CaptureQueriesContext(connection) as queries:
        client.get(url)
    return median(times), len(queries)


def main(rounds: int) -> None:
    """Measures the article alone and with comments."""
    client, page = Client(SERVER_NAME="localhost"), long_page()
    print("Without comments:")
    compare(client, page.url, rounds)
    comment(page)
    print("With twenty comments, which are drawn anew each time:")
    compare(client, page.url, rounds)


def compare(client: Client, url: str, rounds: int) -> None:
    """Measures one page in the three ways and prints the figures."""
    with by_itself():
        alone, alone_queries = cost(client, url, rounds)
    first, first_queries = cost(client, url, rounds, cache.clear)
    kept, kept_queries = cost(client, url, rounds)
    for name, (milliseconds, queries) in {
        "Wagtail by itself": (alone, alone_queries),
        "first sight": (first, first_queries),
        "kept": (kept, kept_queries),
    }.items():
        print(f"{name:18} {milliseconds:7.1f} ms  {queries:3} queries  {milliseconds / alone:5.2f} of the first")


if __name__ == "__main__":
    # Not the test environment: it watches every template that is drawn, which costs more than drawing it.
    databases = setup_databases(verbosity=0, interactive=False)
    try:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 20)
    finally:
        teardown_databases(databases, verbosity=0)
