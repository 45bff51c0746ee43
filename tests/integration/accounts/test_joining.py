"""From a stranger to a member: signing up, proving the address, coming back to where one was."""

import re
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client

from portal.accounts.models import User
from tests.factories.accounts import member

pytestmark = pytest.mark.django_db

PASSWORD = "seven quiet lanterns"
LINK = re.compile(r"https?://testserver(/\S+)")


@pytest.fixture(autouse=True)
def _without_limits(settings):
    """The tests sign up often from one address; limits have tests of their own."""
    settings.ACCOUNT_RATE_LIMITS = False


def join(client: Client, username: str = "mira", *, language: str = "en", **more: str):
    fields = {"email": f"{username}@example.org", "username": username, "password1": PASSWORD, **more}
    return client.post(f"/{language}/account/signup/", fields)


def link_in(message) -> str:
    """The path of the one link of a mail."""
    links = LINK.findall(message.body)
    assert len(links) == 1, message.body
    return links[0]


def confirm(client: Client, path: str):
    """Opens the link of the mail and presses the button of its page."""
    page = client.get(path)
    assert page.status_code == 200
    action = re.search(r'<form class="form" method="post" action="([^"]+)"', page.text).group(1)
    hidden = dict(re.findall(r'<input type="hidden" name="(next)" value="([^"]*)"', page.text))
    return client.post(action, hidden)


def test_the_whole_way_in(client):
    response = join(client)
    assert response.status_code == 302
    assert "/en/account/confirm-email/" in response["Location"]
    assert client.get(response["Location"]).status_code == 200
    assert client.get("/en/account/settings/").status_code != 200, "nobody is in before the address is proven"
    assert mail.outbox[0].to == ["mira@example.org"]
    response = confirm(client, link_in(mail.outbox[0]))
    assert response.status_code == 302 and response["Location"] == "/en/"
    assert client.get("/en/account/settings/").status_code == 200
    assert EmailAddress.objects.get(email="mira@example.org").verified


def test_the_page_one_came_from_is_kept_from_joining_to_confirming(client):
    target = "/ru/questions/ask/?" + urlencode({"title": "Почему принтер печатает & мигает?", "body": "a=b"})
    login_page = client.get("/ru/account/login/?" + urlencode({"next": target}))
    links = re.findall(r'href="(/ru/account/signup/\?[^"]+)"', login_page.text)
    assert links, "the way from signing in to joining keeps the page"
    signup_page = client.get(links[-1].replace("&amp;", "&"))
    kept = re.search(r'name="next" value="([^"]*)"', signup_page.text).group(1).replace("&amp;", "&")
    assert kept == target
    join(client, language="ru", next=target)
    assert confirm(client, link_in(mail.outbox[0]))["Location"] == target


def test_the_mail_opened_in_another_browser_leads_back_too(client):
    target = "/en/questions/ask/?title=Paper"
    join(client, next=target)
    other = Client()
    response = confirm(other, link_in(mail.outbox[0]))
    assert response["Location"] == target
    to_sign_in = other.get(target)
    assert to_sign_in.status_code == 302
    back = parse_qs(urlsplit(to_sign_in["Location"]).query)["next"][0]
    response = other.post("/en/account/login/", {"login": "mira", "password": PASSWORD, "next": back})
    assert 'value="Paper"' in other.get(response["Location"]).text


def test_what_a_stranger_typed_is_still_there_once_she_is_a_member(client):
    typed = {"title": "Why does it stop after page two?", "body": "It **worked** yesterday.", "language": "en"}
    led = client.post("/en/questions/ask/", typed)
    assert led.status_code == 302 and led["Location"].startswith("/en/account/login/?next=")
    target = parse_qs(urlsplit(led["Location"]).query)["next"][0]
    join(client, next=target)
    response = confirm(client, link_in(mail.outbox[0]))
    page = client.get(response["Location"]).text
    assert typed["title"] in page and typed["body"] in page


def test_without_a_page_another_browser_is_led_to_sign_in(client):
    join(client, language="ja")
    assert confirm(Client(), link_in(mail.outbox[0]))["Location"] == "/ja/account/login/"


def test_the_language_of_the_page_becomes_the_members_and_the_mails(client):
    join(client, language="ar")
    assert User.objects.get(username="mira").language == "ar"
    assert link_in(mail.outbox[0]).startswith("/ar/account/confirm-email/")


def test_a_used_link_says_so_kindly(client):
    join(client)
    path = link_in(mail.outbox[0])
    confirm(client, path)
    page = Client().get(path)
    assert page.status_code == 200
    assert "does not work any more" in page.text or "Is this your address?" in page.text
    assert "does not work any more" in Client().get("/en/account/confirm-email/nonsense/").text


def test_signing_in_before_the_link_was_opened_asks_for_it(client):
    join(client)
    other = Client()
    response = other.post("/en/account/login/", {"login": "mira", "password": PASSWORD})
    assert response.status_code == 302 and "confirm-email" in response["Location"]
    assert other.get("/en/account/settings/").status_code == 302


def test_a_second_try_with_another_address_is_possible(client):
    join(client)
    page = client.get("/en/account/signup/", follow=True)
    assert page.status_code == 200
    assert 'name="username"' in page.text, "a slip in the address must not lock anybody out"


@pytest.mark.parametrize(
    "name", ["admin", "Admin", "STAFF", "api", "ask", "settings me", "root", "hiroba", "a b", "x@y", "<b>", "a", ""]
)
def test_names_that_cannot_be_had(client, name):
    response = join(client, name, email="someone@example.org")
    assert response.status_code == 200
    assert "field-invalid" in response.text
    assert not User.objects.exists() and not mail.outbox


@pytest.mark.parametrize("name", ["Мира", "ミラ", "ميرا", "mira.sato-2+1"])
def test_names_in_any_script(client, name):
    assert join(client, name, email="someone@example.org").status_code == 302
    assert User.objects.get().username == name


def test_a_taken_name_in_another_case_is_taken(client):
    member("Mira")
    assert "This username is taken." in join(client, "mIRA", email="other@example.org").text


@pytest.mark.parametrize("password", ["short", "password12", "1234567890", ""])
def test_weak_passwords(client, password):
    response = join(client, password1=password)
    assert response.status_code == 200 and not User.objects.exists()


def test_a_known_address_gets_the_same_answer_as_a_new_one(client):
    member("mira", email="mira@example.org", language="ru")
    known = join(Client(), "another", email="mira@example.org")
    new = join(Client(), "newcomer", email="new@example.org")
    assert (known.status_code, known["Location"]) == (new.status_code, new["Location"])
    assert not User.objects.filter(username="another").exists()
    to_known = next(message for message in mail.outbox if message.to == ["mira@example.org"])
    assert "/ru/account/password/reset/" in to_known.body, "in the member's own language"
    assert "/account/confirm-email/" not in to_known.body


def test_a_robot_that_fills_everything_in_makes_nobody(client):
    response = join(client, nickname="Buy now")
    person = join(Client(), "person", email="person@example.org")
    assert (response.status_code, response["Location"]) == (person.status_code, person["Location"])
    assert not User.objects.filter(username="mira").exists()
    assert [message.to for message in mail.outbox] == [["person@example.org"]]


def test_the_form_has_no_inline_style(client):
    page = client.get("/en/account/signup/").text
    assert "style=" not in page and 'name="nickname"' in page
    assert not re.search(r"\son\w+=", page)


def test_a_member_who_never_opened_the_mail_is_met_by_nobody(client):
    join(client)
    assert client.get("/en/members/mira/").status_code == 404
    assert "mira" not in client.get("/en/members/").text
    confirm(client, link_in(mail.outbox[0]))
    assert Client().get("/en/members/mira/").status_code == 200
