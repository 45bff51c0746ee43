"""What is done to accounts, without pages around it."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser
from django.core.management import CommandError, call_command
from django.utils import timezone

from portal.accounts.models import ApiToken, User, shown_name
from portal.accounts.selectors import (
    member_visible_to,
    members_visible_to,
    reading_languages,
    signed_in,
    token_digest,
    tokens_of,
)
from portal.accounts.services import (
    STAFF_GROUP,
    member_create,
    photo_set,
    settings_update,
    token_create,
    token_delete,
    token_use,
)
from portal.core.errors import Invalid, NotFound, SignInNeeded
from tests.factories.accounts import member, token

pytestmark = pytest.mark.django_db

STRANGERS = [None, AnonymousUser()]


# Who others may meet


def test_who_is_met_and_who_is_not():
    proven = member("proven")
    scripted = get_user_model().objects.create_user("scripted", email="s@example.org")
    waiting = User.objects.create(username="waiting", email="w@example.org")
    EmailAddress.objects.create(user=waiting, email="w@example.org", verified=False)
    changing = member("changing")
    EmailAddress.objects.create(user=changing, email="new@example.org", verified=False)
    User.objects.create(username="closed", is_active=False)
    assert set(members_visible_to(None)) == {proven, scripted, changing}
    assert member_visible_to(None, "scripted") == scripted
    for name in ("waiting", "closed", "nobody", "", "PROVEN", "a\x00b"):
        with pytest.raises(NotFound):
            member_visible_to(proven, name)


def test_a_reader_wants_her_own_languages_and_then_the_pages():
    assert reading_languages(None, "ja") == ("ja",)
    assert reading_languages(AnonymousUser(), "en") == ("en",)
    assert reading_languages(member(reads=("ru", "ja")), "en") == ("ru", "ja", "en")
    assert reading_languages(member(reads=("ru", "en", "ru")), "en") == ("ru", "en")


def test_who_sent_a_request(rf):
    request = rf.get("/")
    request.user = AnonymousUser()
    with pytest.raises(SignInNeeded):
        signed_in(request)
    request.user = member()
    assert signed_in(request) == request.user


def test_the_name_that_others_see():
    plain, named = member("plain"), member("named", display_name="Named One")
    assert plain.shown_name == shown_name(plain) == plain.get_full_name() == "plain"
    assert named.shown_name == shown_name(named) == named.get_full_name() == "Named One"


# Making members


def test_a_member_is_made_ready_to_sign_in():
    made = member_create(username="mira", email=" Mira@Example.ORG ", password="seven quiet lanterns", language="ja")
    assert made.email == "mira@example.org" and made.language == "ja" and not made.is_staff
    assert made.check_password("seven quiet lanterns")
    address = EmailAddress.objects.get(user=made)
    assert (address.email, address.verified, address.primary) == ("mira@example.org", True, True)


def test_without_a_password_nobody_can_guess_it():
    made = member_create(username="mira", email="mira@example.org")
    assert not made.has_usable_password() and not made.check_password("")


def test_staff_may_publish():
    made = member_create(username="omar", email="omar@example.org", staff=True)
    assert made.is_staff and list(made.groups.values_list("name", flat=True)) == [STAFF_GROUP]
    assert not made.is_superuser


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"username": "taken"}, "username"),
        ({"username": "two words"}, "username"),
        ({"username": "at@sign"}, "username"),
        ({"username": ""}, "username"),
        ({"username": "x" * 61}, "username"),
        ({"email": "no address"}, "email"),
        ({"email": "taken@example.org"}, "email"),
        ({"email": "TAKEN@example.org"}, "email"),
    ],
)
def test_a_member_that_cannot_be(fields, wrong):
    member("taken")
    with pytest.raises(Invalid) as refused:
        member_create(**{"username": "mira", "email": "mira@example.org", **fields})
    assert list(refused.value.fields) == [wrong]
    assert User.objects.count() == 1, "nothing is left half made"


# Tokens


def test_a_token_is_its_members_and_is_kept_as_a_hash_only():
    mira = member()
    text = token_create(user=mira, name="  backup  ")
    row = ApiToken.objects.get()
    assert token_use(text=text) == mira
    assert row.name == "backup" and row.digest == token_digest(text) and text.endswith(row.hint)
    assert text not in str(vars(row)) and len(text) > 40
    assert str(row) == f"backup …{row.hint}"


@pytest.mark.parametrize("text", ["", "hiroba_", "hiroba_nonsense", "\x00", "x" * 10_000])
def test_what_is_no_token(text):
    token(member())
    with pytest.raises(SignInNeeded):
        token_use(text=text)


def test_a_closed_account_has_no_working_token(settings):
    mira = member()
    text = token(mira)
    User.objects.filter(pk=mira.pk).update(demo=True)
    assert token_use(text=text) == mira
    settings.PORTAL_LOOPBACK = False
    with pytest.raises(SignInNeeded):
        token_use(text=text)
    User.objects.filter(pk=mira.pk).update(demo=False, is_active=False)
    with pytest.raises(SignInNeeded):
        token_use(text=text)


def test_reading_through_a_token_writes_once_a_minute(django_assert_num_queries):
    text = token(member())
    assert ApiToken.objects.get().last_used_at is None
    token_use(text=text)
    first = ApiToken.objects.get().last_used_at
    with django_assert_num_queries(1):
        token_use(text=text)
    assert ApiToken.objects.get().last_used_at == first
    ApiToken.objects.update(last_used_at=timezone.now() - timedelta(minutes=2))
    token_use(text=text)
    assert ApiToken.objects.get().last_used_at > first


def test_only_its_owner_takes_a_token_back():
    mira, other = member(), member()
    text = token(mira)
    row = tokens_of(user=mira).get()
    assert not tokens_of(user=other).exists()
    with pytest.raises(NotFound):
        token_delete(user=other, token_id=row.pk)
    assert token_use(text=text) == mira
    token_delete(user=mira, token_id=row.pk)
    with pytest.raises(NotFound):
        token_delete(user=mira, token_id=row.pk)
    with pytest.raises(SignInNeeded):
        token_use(text=text)


@pytest.mark.parametrize("name", ["", "   "])
def test_a_token_says_what_it_is_for(name):
    with pytest.raises(Invalid) as refused:
        token_create(user=member(), name=name)
    assert "name" in refused.value.fields


@pytest.mark.parametrize("user", STRANGERS)
def test_strangers_do_nothing(user):
    acts = (
        lambda: token_create(user=user, name="x"),
        lambda: token_delete(user=user, token_id=1),
        lambda: settings_update(user=user, display_name="x", language="en", reads=[]),
        lambda: photo_set(user=user, upload=None),
    )
    for act in acts:
        with pytest.raises(SignInNeeded):
            act()


# Settings and commands


def test_settings_touch_nothing_else():
    mira = member()
    User.objects.filter(pk=mira.pk).update(reputation=77)
    settings_update(user=mira, display_name="  Mira  ", language="ar", reads=["ar"])
    mira.refresh_from_db()
    assert (mira.display_name, mira.language, mira.reads, mira.reputation) == ("Mira", "ar", ["ar"], 77)


def test_the_commands_for_scripts(capsys, client):
    call_command(
        "create_member", "mira", "--email", "mira@example.org", "--password", "seven quiet lanterns", "--staff"
    )
    made = User.objects.get(username="mira")
    assert made.is_staff and made.language == "en"
    response = client.post("/en/account/login/", {"login": "mira", "password": "seven quiet lanterns"})
    assert response.status_code == 302 and response["Location"] == "/en/"
    call_command("create_api_token", "mira")
    assert token_use(text=capsys.readouterr().out.split()[-1]) == made


@pytest.mark.parametrize(
    "arguments",
    [("create_member", "taken", "--email", "new@example.org"), ("create_member", "a b", "--email", "x@y.zz")],
)
def test_a_command_that_cannot_says_which_field(arguments):
    member("taken")
    with pytest.raises(CommandError, match="username"):
        call_command(*arguments)


def test_no_token_for_nobody():
    with pytest.raises(CommandError, match="nobody"):
        call_command("create_api_token", "nobody")
