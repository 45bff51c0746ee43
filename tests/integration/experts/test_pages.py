"""The pages of people and topics together: in every language, for a stranger and a member, and on the home page."""

import re

import pytest
from django.test import RequestFactory

from portal.core.home import page_sections
from portal.experts.selectors.profiles import member_articles
from tests.factories.accounts import member
from tests.factories.experts import profile
from tests.factories.knowledge import article, author
from tests.factories.questions import accept, answer, question, topic, vote

pytestmark = pytest.mark.django_db

PUBLIC = [
    "members/",
    "members/?q=zzz",
    "members/?sort=newest",
    "members/helper/",
    "members/helper/?tab=answers",
    "members/helper/?tab=questions",
    "members/helper/?tab=reputation",
    "experts/",
    "experts/?topic=printing&language=en",
    "badges/",
    "topics/",
    "topics/printing/",
]
OWN = ["account/profile/", "account/settings/", "account/tokens/", "account/email/"]


@pytest.fixture
def helper():
    topic("Printing", ru="Печать", ja="印刷", ar="الطباعة")
    given = answer(question(topics=("printing",)), member("helper", staff=True))
    vote(given)
    accept(given)
    profile(given.author, bio="I help.", role="Engineer", languages={"en": "native"}, topics=("printing",))
    given.author.refresh_from_db()
    return given.author


@pytest.mark.parametrize("language", ["en", "ru", "ja", "ar"])
def test_every_page_stands_in_every_language(client, helper, language):
    pages = list(PUBLIC)
    for _ in range(2):
        for path in pages:
            response = client.get(f"/{language}/{path}")
            assert response.status_code == 200, path
            text = response.text
            assert f'<html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}">' in text
            assert text.count("<h1>") == 1, path
            assert not re.search(r'\sstyle="|\son\w+="|<style|<script>|javascript:', text), path
            for other in ("en", "ru", "ja", "ar"):
                assert f'href="/{other}/{path.partition("?")[0]}' in text, f"the switcher of {path}"
        client.force_login(helper)
        pages = [*PUBLIC, *OWN]


@pytest.mark.parametrize("path", PUBLIC[:1] + PUBLIC[3:4] + ["experts/", "badges/", "topics/", "topics/printing/"])
@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_what_is_only_read_takes_nothing(client, helper, path, method):
    assert getattr(client, method)(f"/en/{path}").status_code == 405


def test_every_form_has_labels_and_every_field_an_id_once(client, helper):
    client.force_login(helper)
    for path in [*PUBLIC, *OWN]:
        text = client.get(f"/en/{path}").text
        ids = re.findall(r'\sid="([^"]+)"', text)
        assert len(ids) == len(set(ids)), (path, sorted(one for one in ids if ids.count(one) > 1))
        for field in re.findall(r"<(?:input|select|textarea)\b[^>]*>", text):
            if re.search(r'type="(hidden|submit)"', field):
                continue
            name = re.search(r'\sid="([^"]+)"', field)
            assert "aria-label" in field or (name and f'for="{name.group(1)}"' in text), (path, field)


def section(helper, language="en"):
    """What the home page gets of the people who help, for a reader of a language."""
    request = RequestFactory().get(f"/{language}/")
    request.user, request.LANGUAGE_CODE = helper, language
    return dict(page_sections("home", request))["experts/home_section.html"]


def test_the_home_page_shows_who_helps(helper):
    assert [row.user for row in section(helper)["experts"]] == [helper]
    assert [row.user for row in section(helper, "ja")["experts"]] == [helper], "from all languages where one is quiet"


def test_the_home_page_prefers_who_helps_in_its_language(helper):
    japanese = []
    for _ in range(3):
        given = answer(question(), member(), language="ja")
        vote(given)
        japanese.append(given.author)
    assert {row.user for row in section(helper, "ja")["experts"]} == set(japanese)


def test_a_home_page_without_helpers_stays_quiet():
    assert section(member())["experts"] == []


def test_an_authors_articles_are_on_her_page_in_its_language(client):
    omar = author("Omar Haddad", user=member("omar", staff=True))
    article("Calibrating a printer", by=omar)
    article("Калибровка", by=omar, language="ru")
    article("By somebody else")
    hidden = article("The zanzibar article", by=omar)
    hidden.unpublish()
    page = client.get("/en/members/omar/").text
    assert "Calibrating a printer" in page
    for words in ("Калибровка", "somebody else", "zanzibar"):
        assert words not in page
    assert [one.title for one in member_articles(viewer=None, member=omar.user, language="ru")] == ["Калибровка"]
