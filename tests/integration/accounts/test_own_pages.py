"""A member's own pages: settings, addresses, password, tokens."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client

from portal.accounts.models import ApiToken
from portal.accounts.services import token_use
from portal.core.errors import SignInNeeded
from tests.factories.accounts import member, token

pytestmark = pytest.mark.django_db

OWN = ["", "settings/", "tokens/", "email/", "password/change/", "profile/"]


@pytest.fixture(autouse=True)
def _without_limits(settings):
    settings.ACCOUNT_RATE_LIMITS = False


@pytest.fixture
def mira(client):
    someone = member("mira", password="seven quiet lanterns")
    client.force_login(someone)
    return someone


@pytest.mark.parametrize("path", OWN)
@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_stranger_is_led_to_sign_in_and_back(path, language):
    response = Client().get(f"/{language}/account/{path}")
    assert response.status_code == 302
    assert response["Location"] == f"/{language}/account/login/?next=/{language}/account/{path}"


@pytest.mark.parametrize("path", OWN[1:])
def test_each_page_in_right_to_left_with_its_switcher(client, mira, path):
    text = client.get(f"/ar/account/{path}").text
    assert 'dir="rtl"' in text and 'lang="ar"' in text
    for language in ("en", "ru", "ja"):
        assert f'href="/{language}/account/{path}"' in text
    assert "style=" not in text and "<script>" not in text


@pytest.mark.parametrize(
    "path", ["login", "signup", "password/reset", "confirm-email", "inactive", "password/reset/done", "logout"]
)
def test_the_entrance_pages_keep_their_switcher_and_the_way_back(client, path):
    if path == "logout":
        client.force_login(member())
    text = client.get(f"/ja/account/{path}/?next=/ja/questions/").text
    assert f'href="/ru/account/{path}/?next=/ja/questions/"' in text
    assert '<main class="site-main"' in text and "style=" not in text


def test_settings_are_kept_and_the_page_answers_in_the_new_language(client, mira):
    response = client.post("/en/account/settings/", {"display_name": " Мира ", "language": "ru", "reads": ["ru", "ja"]})
    assert response.status_code == 302 and response["Location"] == "/ru/account/settings/"
    mira.refresh_from_db()
    assert (mira.display_name, mira.language, mira.reads) == ("Мира", "ru", ["ru", "ja"])
    page = client.get("/ru/account/settings/").text
    assert 'value="Мира"' in page


@pytest.mark.parametrize(
    "wrong", [{"language": "xx"}, {"language": ""}, {"reads": ["en", "xx"]}, {"display_name": "x" * 121}]
)
def test_settings_that_cannot_be(client, mira, wrong):
    response = client.post("/en/account/settings/", {"display_name": "", "language": "en", **wrong})
    assert response.status_code == 422
    assert "error-summary" in response.text
    mira.refresh_from_db()
    assert mira.language == "en" and mira.display_name == ""


def test_a_token_is_shown_once_works_and_can_be_taken_back(client, mira):
    page = client.post("/en/account/tokens/", {"name": "backup script"})
    text = re.search(r"hiroba_[\w-]+", page.text).group(0)
    assert token_use(text=text) == mira
    assert "no-store" in page["Cache-Control"] or "no-cache" in page["Cache-Control"]
    again = client.get("/en/account/tokens/").text
    assert text not in again and "backup script" in again
    row = ApiToken.objects.get()
    assert text not in (row.digest, row.hint) and row.digest != text
    client.post(f"/en/account/tokens/{row.pk}/revoke/")
    with pytest.raises(SignInNeeded):
        token_use(text=text)


def test_a_token_needs_a_name(client, mira):
    assert client.post("/en/account/tokens/", {"name": "   "}).status_code == 422
    assert not ApiToken.objects.exists()


def test_nobody_sees_or_takes_back_anothers_token(client, mira):
    token(member("other"))
    theirs = ApiToken.objects.get()
    assert theirs.hint not in client.get("/en/account/tokens/").text
    assert client.post(f"/en/account/tokens/{theirs.pk}/revoke/").status_code == 404
    assert client.get(f"/en/account/tokens/{theirs.pk}/revoke/").status_code == 405
    assert ApiToken.objects.filter(pk=theirs.pk).exists()


def test_a_further_address_is_added_confirmed_and_chosen(client, mira):
    client.post("/en/account/email/", {"email": "second@example.org", "action_add": ""})
    path = re.search(r"http://testserver(/\S+)", mail.outbox[0].body).group(1)
    page = client.get("/en/account/email/").text
    assert "second@example.org" in page and "Not confirmed yet" in page
    action = re.search(r'<form class="form" method="post" action="([^"]+)"', client.get(path).text).group(1)
    client.post(action)
    client.post("/en/account/email/", {"email": "second@example.org", "action_primary": ""})
    mira.refresh_from_db()
    assert mira.email == "second@example.org"
    client.post("/en/account/email/", {"email": "mira@example.org", "action_remove": ""})
    assert [address.email for address in EmailAddress.objects.filter(user=mira)] == ["second@example.org"]
    client.post("/en/account/email/", {"email": "second@example.org", "action_remove": ""})
    assert EmailAddress.objects.filter(user=mira).exists(), "the address we write to stays"


def test_a_taken_address_is_not_told_of(client, mira):
    member("other", email="other@example.org")
    page = client.post("/en/account/email/", {"email": "other@example.org", "action_add": ""}, follow=True).text
    new = client.post("/en/account/email/", {"email": "free@example.org", "action_add": ""}, follow=True).text
    assert ("belongs to another" in page) == ("belongs to another" in new)


def test_the_password_is_changed_with_the_old_one_only(client, mira):
    wanted = {"password1": "eight loud lanterns", "password2": "eight loud lanterns"}
    refused = client.post("/en/account/password/change/", {"oldpassword": "wrong", **wanted})
    assert refused.status_code == 200 and "This is not your password now." in refused.text
    client.post("/en/account/password/change/", {"oldpassword": "seven quiet lanterns", **wanted})
    mira.refresh_from_db()
    assert mira.check_password("eight loud lanterns")
    assert client.get("/en/account/settings/").status_code == 200, "still signed in"


def test_the_drawn_picture_is_kept_by_browsers(client):
    first = client.get("/avatars/mira.svg")
    assert first.status_code == 200 and first["Content-Type"] == "image/svg+xml"
    assert "max-age" in first["Cache-Control"] and "public" in first["Cache-Control"]
    assert "<script" not in first.text and "style=" not in first.text
    again = client.get("/avatars/mira.svg", headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304 and not again.content
    assert client.get("/avatars/omar.svg")["ETag"] != first["ETag"]
    assert client.get("/avatars/مِيرا.svg").status_code == 200
    assert "Set-Cookie" not in first, "a shared cache may keep it"


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_pictures_are_only_read(client, method):
    assert getattr(client, method)("/avatars/mira.svg").status_code == 405
