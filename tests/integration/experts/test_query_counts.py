"""How many queries a page takes: the same for three rows and for thirty, and never more than twenty."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.factories.accounts import member
from tests.factories.experts import profile
from tests.factories.questions import accept, answer, question, topic, vote

pytestmark = pytest.mark.django_db
MOST = 20

PAGES = [
    "members/",
    "members/?q=person",
    "members/?sort=newest",
    "members/busy/",
    "members/busy/?tab=answers",
    "members/busy/?tab=questions",
    "members/busy/?tab=reputation",
    "experts/",
    "experts/?topic=labels&language=en",
    "badges/",
    "topics/",
    "topics/?q=lab",
    "topics/labels/",
    "topics/labels/?tab=unanswered",
    "account/profile/",
    "account/settings/",
    "account/tokens/",
    "account/email/",
]


def some_life(busy, reader, start: int, count: int) -> None:
    """People who ask, answer and vote under many topics; ``busy`` does everything as often."""
    for place in range(start, start + count):
        name = f"Label matter {place}"
        topic(name, parent=topic("Labels"), ru=f"Дело {place}", ar=f"أمر {place}")
        asker, helper = member(f"person-{place}"), member(f"helper-{place}")
        profile(helper, role="Technician", company="Kumo", languages={"en": "native", "ja": "reads"})
        slugs = ("labels", f"label-matter-{place}")
        accept(answer(question(asker, topics=slugs), busy))
        given = answer(question(busy, topics=slugs), helper)
        vote(given, reader)
        accept(given)


@pytest.fixture
def busy():
    """A member with a full profile, and one who reads."""
    someone, reader = member("busy"), member("reader")
    topic("Labels", ru="Этикетки")
    profile(someone, bio="Busy.", role="All of it", languages={"en": "native"}, topics=("labels",))
    return someone, reader


def queries(client, path: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as taken:
        response = client.get(f"/en/{path}")
    assert response.status_code == 200, path
    return len(taken)


@pytest.mark.parametrize("signed_in", [False, True])
def test_pages_do_not_ask_more_for_more_rows(busy, signed_in):
    someone, reader = busy
    client = Client()
    if signed_in:
        client.force_login(someone)
    pages = [page for page in PAGES if signed_in or not page.startswith("account/")]
    some_life(someone, reader, 0, 3)
    few = {}
    for page in pages:
        queries(client, page)  # what is kept in memory from the first request on
        few[page] = queries(client, page)
    some_life(someone, reader, 3, 30)
    many = {page: queries(client, page) for page in pages}
    assert {page: count for page, count in many.items() if count > MOST} == {}
    assert {page: (few[page], many[page]) for page in pages if many[page] > few[page] + 1} == {}
