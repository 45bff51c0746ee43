"""Signing in and out, and choosing a new password."""

import re

import pytest
from django.core import mail
from django.test import Client

from portal.accounts.models import User
from tests.factories.accounts import member

pytestmark = pytest.mark.django_db

PASSWORD = "seven quiet lanterns"
FOREIGN = [
    "https://evil.example/",
    "//evil.example/",
    "http:evil.example",
    "\\\\evil.example",
    "/\\evil.example",
    "javascript:alert(1)",
    " //evil.example",
    "https:/evil.example",
    "http://testserver.evil.example/",
]


@pytest.fixture(autouse=True)
def _without_limits(settings):
    settings.ACCOUNT_RATE_LIMITS = False


@pytest.fixture
def mira():
    return member("mira", password=PASSWORD, language="ru")


def sign_in(client, *, login="mira", password=PASSWORD, **more):
    return client.post("/en/account/login/", {"login": login, "password": password, **more})


@pytest.mark.parametrize("login", ["mira", "MIRA", "mira@example.org", "Mira@Example.org"])
def test_by_name_or_by_address(client, mira, login):
    response = sign_in(client, login=login)
    assert response.status_code == 302
    assert response["Location"] == "/ru/", "home in the member's own language"


@pytest.mark.parametrize("login", ["mira", "nobody", "nobody@example.org", "mira@example.org"])
def test_a_wrong_password_and_an_unknown_name_look_the_same(client, mira, login):
    response = sign_in(client, login=login, password="not this one at all")
    assert response.status_code == 200
    assert "is not right" in response.text
    assert "unknown" not in response.text.lower()


def test_next_is_followed_when_it_is_ours(client, mira):
    assert sign_in(client, next="/ja/questions/?tab=active")["Location"] == "/ja/questions/?tab=active"


@pytest.mark.parametrize("target", FOREIGN)
def test_next_never_leads_elsewhere(client, mira, target):
    response = sign_in(client, next=target)
    assert response["Location"] == "/ru/", target


@pytest.mark.parametrize("target", FOREIGN)
def test_next_never_leads_elsewhere_for_who_is_signed_in_already(client, mira, target):
    client.force_login(mira)
    response = client.get("/en/account/login/", {"next": target})
    assert response.status_code == 302 and response["Location"] == "/ru/"


@pytest.mark.parametrize("target", FOREIGN)
def test_leaving_never_leads_elsewhere(client, mira, target):
    client.force_login(mira)
    response = client.post("/en/account/logout/", {"next": target})
    assert response.status_code == 302 and response["Location"] == "/en/"


def test_signing_out_needs_a_press(client, mira):
    client.force_login(mira)
    assert client.get("/en/account/logout/").status_code == 200
    assert client.get("/en/account/settings/").status_code == 200
    client.post("/en/account/logout/")
    assert client.get("/en/account/settings/").status_code == 302


def test_a_closed_account_cannot_sign_in(client, mira):
    User.objects.filter(pk=mira.pk).update(is_active=False)
    assert sign_in(client)["Location"] == "/en/account/inactive/"
    assert "closed" in client.get("/en/account/inactive/").text
    assert client.get("/en/account/settings/").status_code == 302
    assert sign_in(client, password="wrong wrong wrong").status_code == 200, "only who knows the password is told"


def test_a_demo_account_signs_in_on_this_machine_only(client, mira, settings):
    User.objects.filter(pk=mira.pk).update(demo=True)
    settings.PORTAL_LOOPBACK = False
    assert sign_in(client)["Location"] == "/en/account/inactive/"
    assert client.get("/en/account/settings/").status_code == 302
    settings.PORTAL_LOOPBACK = True
    assert sign_in(client)["Location"] == "/ru/"
    assert client.get("/en/account/settings/").status_code == 200
    settings.PORTAL_LOOPBACK = False
    assert client.get("/en/account/settings/").status_code == 302, "an open session ends too"


def test_a_new_password_by_mail(client, mira):
    response = client.post("/en/account/password/reset/", {"email": "mira@example.org"})
    assert response.status_code == 302
    assert client.get(response["Location"]).status_code == 200
    body = mail.outbox[0].body
    path = re.search(r"https?://testserver(/ru/account/password/reset/key/\S+)", body).group(1)
    assert "mira" in body
    page = client.get(path, follow=True)
    action = page.redirect_chain[-1][0]
    response = client.post(action, {"password1": "eight loud lanterns", "password2": "eight loud lanterns"})
    assert response.status_code == 302
    assert sign_in(Client(), password="eight loud lanterns").status_code == 302
    again = Client().get(path, follow=True)
    assert again.status_code == 200
    assert 'name="password1"' not in again.text, "once is enough"


def test_a_reset_answers_the_same_for_an_unknown_address(client, mira):
    known = client.post("/en/account/password/reset/", {"email": "mira@example.org"})
    unknown = client.post("/en/account/password/reset/", {"email": "nobody@example.org"})
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert client.get(known["Location"]).text.count("mira") == 0
    to_unknown = next(message for message in mail.outbox if message.to == ["nobody@example.org"])
    assert "/password/reset/key/" not in to_unknown.body


def test_too_many_wrong_passwords_are_stopped(client, mira, settings):
    settings.ACCOUNT_RATE_LIMITS = {}
    for _ in range(5):
        sign_in(client, password="wrong wrong wrong")
    response = sign_in(client)
    assert response.status_code == 200 and "Too many tries" in response.text
    settings.ACCOUNT_RATE_LIMITS = False
    assert sign_in(client).status_code == 302


def test_a_limit_answers_429_with_the_time_to_wait(client, settings):
    settings.ACCOUNT_RATE_LIMITS = {"signup": "2/m/ip"}
    fields = {"email": "a@example.org", "username": "", "password1": ""}
    answers = [client.post("/ja/account/signup/", fields) for _ in range(4)]
    assert answers[0].status_code == 200
    assert answers[-1].status_code == 429
    assert int(answers[-1]["Retry-After"]) > 0
    assert "<html" in answers[-1].text and 'lang="ja"' in answers[-1].text
