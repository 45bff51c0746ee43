"""The frame of the pages for staff: who gets in, in which language, and that nobody keeps them."""

import pytest
from django.urls import reverse

from portal.core.staff import staff_pages
from tests.factories.accounts import member
from tests.factories.browsers import browser

pytestmark = pytest.mark.django_db


def addresses():
    """Returns the index and every page that it leads to."""
    return [reverse("staff"), *(reverse(page.url_name) for page in staff_pages())]


def test_a_stranger_is_led_to_sign_in_and_back():
    for address in addresses():
        led = browser().get(address)
        assert led.status_code == 302
        assert led["Location"].endswith(f"/account/login/?next={address}")


def test_a_member_is_refused():
    for address in addresses():
        assert browser(member()).get(address).status_code == 403


def test_staff_read_them_in_their_own_language_whatever_the_browser_says():
    for language in ("en", "ru", "ja", "ar"):
        client = browser(member(staff=True, language=language))
        for address in addresses():
            reply = client.get(address, headers={"Accept-Language": "de, en;q=0.5"})
            assert reply.status_code == 200
            assert f'<html lang="{language}"' in reply.content.decode()
            assert reply["Cache-Control"] == "private, no-store"
            assert reply["Content-Language"] == language
            assert "unsafe" not in reply["Content-Security-Policy"]
            assert " style=" not in reply.content.decode()


def test_the_index_leads_to_each():
    page = browser(member(staff=True)).get("/staff/").content.decode()
    for entry in staff_pages():
        assert f'href="{reverse(entry.url_name)}"' in page
        assert str(entry.label) in page


def test_each_is_built_in_twenty_queries(django_assert_max_num_queries):
    client = browser(member(staff=True))
    for address in addresses():
        with django_assert_max_num_queries(20):
            client.get(address)


def test_only_reading_is_offered():
    assert browser(member(staff=True)).post("/staff/").status_code == 405


def test_the_menu_leads_staff_there_and_nobody_else():
    assert 'href="/staff/"' in browser(member(staff=True)).get("/en/").content.decode()
    assert 'href="/staff/"' not in browser(member()).get("/en/").content.decode()
    assert 'href="/staff/"' not in browser().get("/en/").content.decode()
