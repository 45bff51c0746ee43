"""How allauth behaves here: languages of mails and links, where one is led, and what the forms say."""

import re

import pytest
from allauth.account.adapter import get_adapter
from django.contrib.auth.models import AnonymousUser
from django.core import mail
from django.template.loader import get_template
from django.utils import translation

from portal.accounts import forms
from portal.accounts.adapter import PortalAccountAdapter
from portal.accounts.models import User
from portal.experts.forms import ProfileForm
from tests.factories.accounts import member
from tests.factories.questions import topic

pytestmark = pytest.mark.django_db

PASSWORD = "seven quiet lanterns"
LANGUAGES = ["en", "ru", "ja", "ar"]


@pytest.fixture(autouse=True)
def _without_limits(settings):
    settings.ACCOUNT_RATE_LIMITS = False


def links(message) -> list[str]:
    return re.findall(r"http://testserver(/\S+)", message.body)


# Mails


@pytest.mark.parametrize("own", LANGUAGES)
@pytest.mark.parametrize("seen_on", ["en", "ar"])
def test_a_member_is_written_to_in_her_own_language_whatever_the_page(client, own, seen_on):
    member("mira", language=own, password=PASSWORD)
    client.post(f"/{seen_on}/account/password/reset/", {"email": "mira@example.org"})
    (message,) = mail.outbox
    (link,) = links(message)
    assert link.startswith(f"/{own}/account/password/reset/key/")
    assert client.get(link, follow=True).status_code == 200


@pytest.mark.parametrize("seen_on", LANGUAGES)
def test_a_stranger_is_written_to_in_the_language_of_the_page(client, seen_on):
    client.post(f"/{seen_on}/account/password/reset/", {"email": "nobody@example.org"})
    (message,) = mail.outbox
    assert links(message) == [f"/{seen_on}/account/signup/"]


def test_a_further_address_is_written_to_in_the_members_language(client):
    client.force_login(member(language="ja"))
    client.post("/en/account/email/", {"email": "second@example.org", "action_add": ""})
    (link,) = links(mail.outbox[0])
    assert link.startswith("/ja/account/confirm-email/")


def test_the_name_of_the_community_is_in_each_subject_and_no_example_domain(client, settings):
    settings.PORTAL_NAME = "Larkmoss & Friends"
    member("mira")
    client.post("/en/account/password/reset/", {"email": "mira@example.org"})
    client.post("/en/account/password/reset/", {"email": "nobody@example.org"})
    fields = {"username": "noor", "password1": PASSWORD}
    client.post("/en/account/signup/", {**fields, "email": "noor@example.org"})
    client.post("/en/account/signup/", {**fields, "username": "nour", "email": "mira@example.org"})
    assert len(mail.outbox) == 4
    for message in mail.outbox:
        assert "Larkmoss & Friends" in message.subject, "the words of a subject are not escaped"
        assert "\n" not in message.subject and "example.com" not in message.body
        assert message.body.startswith("Hello") and "&amp;" not in message.body


def test_a_name_cannot_break_a_mail_apart(client):
    member("mira", display_name="Mira\r\nBcc: all@example.org <b>")
    client.post("/en/account/password/reset/", {"email": "mira@example.org"})
    (message,) = mail.outbox
    assert message.recipients() == ["mira@example.org"]
    assert "\n" not in message.subject


MAILS = [
    "account_already_exists",
    "email_confirmation",
    "email_confirmation_signup",
    "password_reset_key",
    "unknown_account",
]


@pytest.mark.parametrize("name", MAILS)
def test_each_mail_is_ours(name):
    for part in ("subject", "message"):
        origin = get_template(f"account/email/{name}_{part}.txt").origin.name
        assert "portal/templates" in origin, origin


PAGES = [
    "account_inactive",
    "email",
    "email_confirm",
    "login",
    "logout",
    "password_change",
    "password_reset",
    "password_reset_done",
    "password_reset_from_key",
    "password_reset_from_key_done",
    "password_set",
    "reauthenticate",
    "signup",
    "signup_closed",
    "verification_sent",
    "verified_email_required",
]


@pytest.mark.parametrize("name", PAGES)
def test_each_page_is_ours(name):
    assert "portal/templates" in get_template(f"account/{name}.html").origin.name


# Where one is led


@pytest.mark.parametrize(("language", "home"), [("ru", "/ru/"), ("ar", "/ar/"), ("xx", "/ja/"), ("", "/ja/")])
def test_home_is_in_the_members_language_else_in_the_pages(rf, language, home):
    request = rf.get("/")
    request.user = User(username="mira", language=language)
    with translation.override("ja"):
        assert PortalAccountAdapter(request).get_login_redirect_url(request) == home


def test_a_stranger_goes_home_in_the_language_of_the_page(rf):
    request = rf.get("/")
    request.user = AnonymousUser()
    adapter = PortalAccountAdapter(request)
    with translation.override("ar"):
        assert adapter.get_logout_redirect_url(request) == "/ar/"
        assert adapter.get_signup_redirect_url(request) == "/ar/"


@pytest.mark.parametrize("entrance", ["login", "signup"])
def test_who_is_signed_in_is_led_home_or_on(client, entrance):
    client.force_login(member(language="ja"))
    assert client.get(f"/en/account/{entrance}/")["Location"] == "/ja/"
    assert client.get(f"/en/account/{entrance}/?next=/ru/topics/")["Location"] == "/ru/topics/"


def test_the_adapter_is_the_portals():
    assert isinstance(get_adapter(), PortalAccountAdapter)


# Forms


@pytest.mark.parametrize(
    "form", [forms.SignupForm, forms.LoginForm, forms.ResetPasswordForm, forms.ReauthenticateForm, forms.AddEmailForm]
)
def test_fields_carry_labels_not_placeholders_and_no_style(form):
    made = form(user=User()) if form in (forms.ReauthenticateForm, forms.AddEmailForm) else form()
    for name, field in made.fields.items():
        assert not {"placeholder", "style"} & set(field.widget.attrs), name
        assert name in form.words or name == "nickname"


def test_password_fields_help_the_password_manager():
    assert forms.SignupForm().fields["password1"].widget.attrs["autocomplete"] == "new-password"
    assert forms.LoginForm().fields["password"].widget.attrs["autocomplete"] == "current-password"


def test_the_settings_form_names_each_language_in_its_own_letters():
    choices = dict(forms.SettingsForm().fields["language"].choices)
    assert choices == {"en": "English", "ru": "Русский", "ja": "日本語", "ar": "العربيّة"}


def test_the_profile_form_reads_topics_in_any_language_and_levels():
    topic("Labels", ru="Этикетки", ja="ラベル")
    topic("Billing")
    form = ProfileForm({"topics": "ラベル、 billing", "language_ja": "native", "language_en": ""})
    assert form.is_valid(), form.errors
    assert form.cleaned_data["topics"] == ["labels", "billing"]
    assert form.levels() == {"ja": "native"}
    assert [field.name for field in form.language_fields] == [f"language_{code}" for code in LANGUAGES]


def test_the_profile_form_says_which_topic_is_not_there():
    topic("Labels")
    form = ProfileForm({"topics": "labels, labelz"})
    assert not form.is_valid() and "labelz" in form.errors["topics"][0]


def test_six_topics_are_one_too_many():
    for place in range(6):
        topic(f"Matter {place}")
    form = ProfileForm({"topics": ", ".join(f"Matter {place}" for place in range(6))})
    assert not form.is_valid() and "5" in form.errors["topics"][0]
