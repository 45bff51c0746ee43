"""The small parts that every app leans on: permissions, language, sections, context, refusals, robots."""

from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from portal.core import errors, home
from portal.core.clock import now
from portal.core.context import site
from portal.core.health import comes_from_inside
from portal.core.home import Section, page_sections, register_section
from portal.core.language import PLAIN_PREFIXES, LanguageMiddleware, asked_language
from portal.core.permissions import is_member, may_moderate, require_member, require_moderator
from portal.core.robots import CLOSED, robots

FACTORY = RequestFactory()


def person(*, signed=True, active=True, staff=False):
    """Returns somebody as requests carry them."""
    return SimpleNamespace(is_authenticated=signed, is_active=active, is_staff=staff, pk=1)


class TestPermissions:
    @pytest.mark.parametrize(
        ("who", "is_one", "moderates"),
        [
            (None, False, False),
            (AnonymousUser(), False, False),
            (person(signed=False, staff=True), False, False),
            (person(active=False), False, False),
            (person(active=False, staff=True), False, False),
            (person(), True, False),
            (person(staff=True), True, True),
        ],
    )
    def test_kinds_of_people(self, who, is_one, moderates):
        assert is_member(who) is is_one
        assert may_moderate(who) is moderates
        for require, allowed in ((require_member, is_one), (require_moderator, moderates)):
            if allowed:
                require(who)
                continue
            with pytest.raises(errors.NotAllowed if is_one else errors.SignInNeeded):
                require(who)


class TestLanguageOfTheCaller:
    @pytest.mark.parametrize(
        ("header", "language"),
        [
            ("ru", "ru"),
            ("ru-RU,ru;q=0.9,en;q=0.5", "ru"),
            ("de, ja;q=0.7, en;q=0.3", "ja"),
            ("ar-EG", "ar"),
            ("en;q=0.1, ja;q=0.9", "ja"),
            ("de,fr", None),
            ("", None),
            ("*", None),
            (";;;q=,", None),
            ("x" * 5000, None),
        ],
    )
    def test_the_first_that_is_ours(self, header, language):
        assert asked_language(FACTORY.get("/api/v1/search", headers={"Accept-Language": header})) == language

    @given(st.text(st.characters(codec="latin-1", exclude_characters="\r\n"), max_size=600))
    def test_any_header_names_one_of_ours_or_none(self, header):
        found = asked_language(FACTORY.get("/", headers={"Accept-Language": header}))
        assert found in (None, "en", "ru", "ja", "ar")

    @pytest.mark.parametrize("prefix", PLAIN_PREFIXES)
    def test_what_is_not_there_for_machines_is_not_looked_for_under_a_language(self, prefix):
        request = FACTORY.get(f"{prefix}nothing")
        with translation.override("en"):
            reply = LanguageMiddleware(lambda _r: HttpResponse(status=404)).process_response(
                request, HttpResponse(status=404)
            )
        assert reply.status_code == 404
        assert reply.headers["Content-Language"] == "en"
        assert "Accept-Language" in reply.headers["Vary"]

    @pytest.mark.django_db
    @pytest.mark.parametrize(
        ("header", "target"),
        [
            ("ja", "/ja/questions/"),
            ("ru-RU,en;q=0.3", "/ru/questions/"),
            ("de", "/en/questions/"),
            ("", "/en/questions/"),
        ],
    )
    def test_an_address_without_a_language_leads_to_the_readers(self, client, header, target):
        led = client.get("/questions/", headers={"Accept-Language": header})
        assert (led.status_code, led.headers["Location"]) == (302, target)


class TestSections:
    @pytest.fixture(autouse=True)
    def empty(self, monkeypatch):
        monkeypatch.setattr(home, "_sections", {})

    def section(self, name, order, **context):
        return Section(name, order, f"{name}.html", lambda request: context)

    def test_they_come_in_their_order_then_by_name(self):
        for name, order in (("c", 2), ("b", 1), ("a", 2)):
            register_section("home", self.section(name, order))
        assert [template for template, _context in page_sections("home", FACTORY.get("/"))] == [
            "b.html", "a.html", "c.html",
        ]  # fmt: skip

    def test_each_page_has_its_own(self):
        register_section("home", self.section("a", 1))
        assert page_sections("member", FACTORY.get("/")) == []

    def test_registering_again_replaces(self):
        register_section("home", self.section("a", 1, text="old"))
        register_section("home", self.section("a", 1, text="new"))
        assert page_sections("home", FACTORY.get("/")) == [("a.html", {"text": "new"})]

    def test_the_context_is_gathered_for_the_request(self):
        register_section("home", Section("a", 1, "a.html", lambda request: {"path": request.path}))
        assert page_sections("home", FACTORY.get("/ja/")) == [("a.html", {"path": "/ja/"})]


def test_templates_know_the_community_and_its_languages(settings):
    settings.PORTAL_NAME = "Square"
    found = site(FACTORY.get("/"))
    assert found["site_name"] == "Square"
    assert [code for code, _name in found["interface_languages"]] == ["en", "ru", "ja", "ar"]


def test_the_clock_is_aware_and_goes_forward():
    first, second = now(), now()
    assert first.utcoffset() is not None
    assert first.utcoffset().total_seconds() == 0
    assert second >= first


class TestRefusals:
    KINDS = (errors.SignInNeeded, errors.NotAllowed, errors.NotFound, errors.StateForbids, errors.Stale)

    @pytest.mark.parametrize("kind", KINDS)
    def test_each_speaks_by_default_and_with_words_of_its_own(self, kind):
        assert str(kind())
        assert str(kind("Other words.")) == "Other words."
        assert 400 <= kind.status < 500

    def test_codes_and_statuses_are_told_apart(self):
        kinds = (errors.PortalError, *self.KINDS, errors.Invalid, errors.TooMany)
        assert len({kind.code for kind in kinds}) == len(kinds)
        assert len({kind.status for kind in kinds}) == len(kinds)

    @pytest.mark.parametrize("language", ["ru", "ja", "ar"])
    def test_words_are_in_the_language_of_who_reads_them_not_of_who_raised_them(self, language):
        with translation.override("en"):
            refusal, english = errors.NotFound(), str(errors.NotFound())
        with translation.override(language):
            assert str(refusal) == translation.gettext(english)

    def test_fields_are_a_copy(self):
        said = ["Too short."]
        refusal = errors.Invalid({"title": said})
        said.append("later")
        assert refusal.fields == {"title": ["Too short."]}

    @pytest.mark.parametrize(("given_seconds", "kept"), [(-5, 1), (0, 1), (1, 1), (90, 90)])
    def test_one_never_comes_back_at_once(self, given_seconds, kept):
        assert errors.TooMany(given_seconds).retry_after == kept


class TestRobots:
    def test_everything_closed_is_named_and_the_sitemap_is_absolute(self):
        text = robots(FACTORY.get("/robots.txt", SERVER_NAME="127.0.0.1", SERVER_PORT="8123")).content.decode()
        lines = text.splitlines()
        assert lines[0] == "User-agent: *"
        assert {f"Disallow: {path}" for path in CLOSED} <= set(lines)
        assert "Sitemap: http://127.0.0.1:8123/sitemap.xml" in lines
        assert "Disallow: /" not in lines

    @pytest.mark.parametrize("path", ["/cms/", "/api/", "/*/account/", "/*/search/", "/*/questions/ask/"])
    def test_what_robots_should_not_walk(self, path):
        assert path in CLOSED

    @pytest.mark.parametrize("method", ["post", "put", "delete"])
    def test_it_only_reads(self, method):
        assert robots(getattr(FACTORY, method)("/robots.txt")).status_code == 405


@given(st.ip_addresses(), st.booleans())
def test_figures_are_told_only_inside(address, proxied):
    more = {"HTTP_X_FORWARDED_FOR": "127.0.0.1"} if proxied else {}
    request = FACTORY.get("/metrics", REMOTE_ADDR=str(address), **more)
    assert comes_from_inside(request) == (address.is_private and not proxied)
