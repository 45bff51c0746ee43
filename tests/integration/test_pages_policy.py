"""Every kind of page: the content policy, no inline code, nothing from elsewhere, no cookie for strangers."""

import re
from html.parser import HTMLParser

import pytest
from django.test import Client
from django.urls import path

from portal import urls as portal_urls
from portal.core.errors import Invalid, NotAllowed, NotFound, SignInNeeded, Stale, StateForbids, TooMany
from portal.questions.services.life import question_settle
from portal.questions.services.suggestions import suggestion_create
from tests.factories.accounts import member
from tests.factories.questions import answer, comment, question, topic
from tests.factories.versions import release

pytestmark = pytest.mark.django_db
LANGUAGES = ("en", "ru", "ja", "ar")
STRANGERS_PAGES = (
    "/", "/questions/", "/questions/?tab=newest", "/questions/{q}/{slug}/", "/questions/{q}/{slug}/?print=1",
    "/questions/{q}/history/",
    "/questions/{q}/history/version/1/", "/questions/{q}/history/compare/1/1/",
    "/questions/{q}/history/compare/1/1/?view=rendered", "/questions/suggestions/", "/topics/",
    "/topics/battery/", "/search/?q=lamp", "/search/suggest/?q=la", "/search/similar/?title=why+is+the+lamp",
    "/members/", "/members/nadia/", "/experts/", "/knowledge/", "/news/", "/account/login/", "/account/signup/",
    "/account/password/reset/", "/nothing/here/", "/questions/999999/", "/questions/?tab=nonsense",
    "/questions/?after=nonsense", "/questions/ask/", "/questions/ask/begin/", "/questions/ask/candidate/question/{q}/",
    "/questions/ask/answered/question/{q}/", "/questions/to-confirm/", "/questions/answers/{a}/versions/",
)  # fmt: skip
MEMBERS_PAGES = (
    "/", "/questions/ask/", "/questions/{q}/{slug}/", "/questions/{q}/edit/", "/questions/answers/{a}/edit/",
    "/questions/answers/{a}/versions/", "/questions/answers/{own}/official/",
    "/questions/answers/{said}/official/lift/",
    "/questions/suggestions/", "/questions/suggestions/?tab=mine", "/questions/suggest/question/{q}/",
    "/questions/{q}/settle/", "/account/settings/", "/members/nadia/", "/account/email/", "/account/logout/",
    "/account/drafts/",
    "/account/bookmarks/", "/questions/{q}/sign/", "/questions/votes/question/{q}/", "/questions/?tab=wanted",
    "/questions/{q}/duplicate/", "/questions/{q}/duplicate/targets/?q=lamp", "/questions/{q}/merge/",
    "/questions/comments/{c}/edit/", "/questions/comments/{c}/history/",
    "/inbox/", "/account/follows/", "/account/notifications/", "/follow/question/{q}/",
    "/questions/{q}/merge/?target={other}", "/questions/{repeat}/contest/", "/questions/comment/answer/{a}/write/",
    "/questions/{q}/history/{a}/", "/questions/{q}/history/{a}/version/1/", "/questions/suggestions/{edit}/",
    "/questions/suggestions/{edit}/improve/", "/questions/suggestions/{edit}/?view=rendered", "/questions/to-confirm/",
    "/questions/reveal/question/{secret}/", "/questions/{secret}/{secret}/",
)  # fmt: skip
STAFF_PAGES = (
    "/staff/", "/staff/edits/", "/staff/edits/?status=accepted", "/staff/duplicates/", "/staff/releases/",
    "/staff/releases/product/lamp/", "/staff/releases/{release}/", "/staff/votes/", "/staff/questions/",
    "/staff/deleted/", "/staff/deleted/?kind=answer",
    "/staff/questions/?act=nonsense", "/staff/audit/", "/staff/audit/?action=nonsense",
)  # fmt: skip
MACHINES = ("/healthz", "/readyz", "/metrics", "/robots.txt", "/sitemap.xml", "/sitemap-questions.xml",
            "/feeds/questions.atom", "/api/v1/docs", "/api/v1/questions", "/api/v1/nothing", "/nothing")  # fmt: skip


class Page(HTMLParser):
    """What the policy cares about in a page."""

    def __init__(self, html):
        super().__init__()
        self.inline, self.loaded, self.handlers, self.styles = [], [], [], []
        self.element, self.attributes, self.text = "", {}, ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.element, self.attributes, self.text = tag, given, ""
        self.handlers += [name for name in given if name.startswith("on")]
        self.styles += [value for name, value in attrs if name == "style"]
        for name in ("src", "srcset", "poster", "data"):
            self.loaded += [given[name]] if given.get(name) else []
        if tag == "link" and given.get("rel") in ("stylesheet", "icon", "preload", "modulepreload", "manifest"):
            self.loaded.append(given.get("href", ""))
        if tag == "use":
            self.loaded.append(given.get("href", ""))

    def handle_data(self, data):
        if self.element in ("script", "style") and data.strip() and "json" not in self.attributes.get("type", ""):
            self.inline.append(data.strip()[:60])

    def handle_endtag(self, tag):
        self.element = ""


@pytest.fixture
def filled():
    """A portal with something on its pages; returns how addresses are filled in."""
    topic("Battery")
    who = member("nadia", staff=True)
    asked = question(who, title="Why is the lamp blue?", topics=("battery",))
    given = answer(asked)
    said = comment(given)
    other = question(who, title="Why is the lamp red?")
    repeat = question(who, title="Why is the lamp blue again?")
    question_settle(user=who, question_id=repeat.pk, status="duplicate", duplicate_of=asked.pk)
    edit = suggestion_create(
        user=member(), kind="answer", post_id=given.pk, version=given.version, reason="Words", body="Open the cover."
    )
    made = release(by=who)
    return {
        "q": asked.pk,
        "a": given.pk,
        "c": said.pk,
        "slug": asked.slug,
        "who": who,
        "other": other.pk,
        "own": answer(other, who).pk,
        "said": answer(other, who, official=True).pk,
        "repeat": repeat.pk,
        "edit": edit.pk,
        "release": made.pk,
        "secret": question(who, anonymous=True).pk,
    }


def assert_policy(reply):
    """Asserts that an answer carries a policy which lets nothing inline and nothing foreign in."""
    policy = reply.headers["Content-Security-Policy"]
    rules = {rule.split()[0]: rule.split()[1:] for rule in policy.split(";") if rule.strip()}
    assert "unsafe" not in policy
    assert not re.search(r"https?:|\*|//|\bblob:", policy)
    assert rules["default-src"] == ["'none'"]
    assert rules["script-src"] == ["'self'"]
    assert rules["style-src"] == ["'self'"]
    assert rules["frame-ancestors"] == ["'none'"]
    assert rules["base-uri"] == ["'none'"]
    assert rules["form-action"] == ["'self'"]
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    assert reply.headers["Referrer-Policy"] == "same-origin"


def assert_clean(reply):
    """Asserts that a page keeps to the policy, so that nothing on it is refused by browsers."""
    page = Page(reply.content.decode())
    assert page.inline == []
    assert page.handlers == []
    assert page.styles == []
    for address in page.loaded:
        assert address.startswith(("/static/", "/media/", "/avatars/", "/documents/", "data:image/")), address
        assert not address.startswith("//")


class TestStrangers:
    @pytest.mark.parametrize("address", STRANGERS_PAGES)
    def test_each_page_keeps_the_policy_in_each_language(self, filled, address):
        for language in LANGUAGES:
            reply = Client().get(f"/{language}{address.format(**filled)}")
            assert reply.status_code in (200, 301, 302, 400, 404), language
            assert_policy(reply)
            assert_clean(reply)
            if reply.status_code in (200, 404) and "<html" in reply.content.decode():
                direction = "rtl" if language == "ar" else "ltr"
                assert f'<html lang="{language}" dir="{direction}"' in reply.content.decode()
                assert reply.headers["X-Frame-Options"] == "DENY"
                assert reply.headers["Content-Language"] == language

    @pytest.mark.parametrize("address", [a for a in STRANGERS_PAGES if "account" not in a])
    def test_reading_sets_no_cookie(self, filled, address):
        client = Client()
        reply = client.get(f"/en{address.format(**filled)}")
        assert not reply.cookies
        assert not client.cookies

    @pytest.mark.parametrize("address", ["/account/login/", "/account/signup/"])
    def test_a_form_sets_only_its_token_kept_from_other_sites(self, filled, address):
        cookies = Client().get(f"/en{address}").cookies
        assert set(cookies) <= {"csrftoken", "sessionid"}
        assert all(cookie["samesite"] == "Lax" for cookie in cookies.values())


@pytest.mark.parametrize("address", MEMBERS_PAGES)
def test_pages_of_members_keep_the_policy(filled, address):
    client = Client()
    client.force_login(filled["who"], backend="portal.accounts.backends.PortalBackend")
    reply = client.get(f"/en{address.format(**filled)}", follow=True)
    assert reply.status_code == 200
    assert_policy(reply)
    assert_clean(reply)


@pytest.mark.parametrize("address", STAFF_PAGES)
def test_pages_of_the_staff_keep_the_policy_in_their_language_and_are_nobody_elses(filled, address):
    address = address.format(**filled)
    for language in ("en", "ar"):
        client = Client(headers={"Accept-Language": language})
        client.force_login(member(staff=True, language=language), backend="portal.accounts.backends.PortalBackend")
        reply = client.get(address)
        assert reply.status_code == 200
        assert f'<html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}"' in reply.content.decode()
        assert_policy(reply)
        assert_clean(reply)
    client.force_login(member(), backend="portal.accounts.backends.PortalBackend")
    refused = client.get(address)
    assert refused.status_code == 403
    assert_policy(refused)
    assert Client().get(address).status_code == 302


@pytest.mark.parametrize("address", MACHINES)
def test_answers_to_machines_keep_the_policy_too(filled, address):
    reply = Client().get(address, REMOTE_ADDR="127.0.0.1")
    assert_policy(reply)
    assert not reply.cookies


def test_hostile_posts_bring_nothing_foreign_onto_the_page(filled):
    body = (
        '![x](https://evil.example/x.png) <img srcset="//evil.example/y"> <video src=//evil.example/v></video> '
        '<p style="background:url(//evil.example)">x</p> <svg><use href="//evil.example#a"></use></svg> '
        '<iframe src="https://evil.example"></iframe> <link rel=stylesheet href=//evil.example/s.css> '
        "<b onclick=x>b</b>"
    )
    asked = question(body=body)
    comment(answer(asked, body=body), body=body)
    reply = Client().get(asked.get_absolute_url())
    assert_clean(reply)
    assert "<iframe" not in reply.content.decode()


REFUSALS = {
    "not-allowed": (NotAllowed(), 403),
    "not-found": (NotFound(), 404),
    "forbidden": (StateForbids(), 409),
    "stale": (Stale(), 412),
    "invalid": (Invalid({"title": ["<b>Too short</b>"]}), 422),
    "too-many": (TooMany(17), 429),
    "broken": (ValueError("secret of the house"), 500),
}


def raising(error):
    """Returns a view that raises."""

    def view(request):
        raise error

    return view


class Failing:
    """The portal's addresses and one for each way to fail."""

    urlpatterns = [path(f"en/fail/{name}/", raising(error)) for name, (error, _status) in REFUSALS.items()] + [
        *(path(f"{code}/broken/", raising(ValueError("secret of the house"))) for code in ("ru", "ja", "ar")),
        path("en/fail/sign-in/", raising(SignInNeeded())),
        *portal_urls.urlpatterns,
    ]
    handler429 = portal_urls.handler429


class TestErrors:
    @pytest.fixture(autouse=True)
    def failing(self, settings):
        settings.ROOT_URLCONF = Failing

    @pytest.mark.parametrize("name", REFUSALS)
    def test_each_is_a_page_with_the_same_headers(self, name):
        reply = Client(raise_request_exception=False).get(f"/en/fail/{name}/")
        text = reply.content.decode()
        assert reply.status_code == REFUSALS[name][1]
        assert_policy(reply)
        assert_clean(reply)
        assert '<meta name="robots" content="noindex">' in text
        assert f'<p class="error-code">{reply.status_code}</p>' in text
        assert "secret of the house" not in text
        assert "Traceback" not in text
        assert "<b>Too short" not in text
        assert reply.headers.get("Retry-After") == ("17" if name == "too-many" else None)

    @pytest.mark.parametrize("code", ["ru", "ja", "ar"])
    def test_when_something_breaks_the_page_speaks_the_readers_language(self, code):
        reply = Client(raise_request_exception=False).get(f"/{code}/broken/")
        assert reply.status_code == 500
        assert f'<html lang="{code}" dir="{"rtl" if code == "ar" else "ltr"}"' in reply.content.decode()
        assert_policy(reply)

    @pytest.mark.parametrize("name", ["not-allowed", "invalid", "too-many"])
    def test_a_part_of_a_page_gets_words_alone(self, name):
        reply = Client().get(f"/en/fail/{name}/", headers={"HX-Request": "true"})
        assert reply.status_code == REFUSALS[name][1]
        assert reply.headers["Content-Type"].startswith("text/plain")
        assert "<" not in reply.content.decode()
        assert_policy(reply)

    def test_who_must_sign_in_is_led_there_and_back(self):
        reply = Client().get("/en/fail/sign-in/?a=1&b=2")
        assert reply.status_code == 302
        assert reply.headers["Location"] == "/en/account/login/?next=/en/fail/sign-in/%3Fa%3D1%26b%3D2"
        part = Client().get("/en/fail/sign-in/", headers={"HX-Request": "true"})
        assert part.status_code == 401

    @pytest.mark.parametrize("referer", ["https://evil.example/x", "//evil.example", "javascript:alert(1)"])
    def test_a_referrer_from_elsewhere_is_no_way_out_of_the_portal(self, referer):
        member("olga", password="Kestrel-lantern-47")
        client = Client()
        led = client.post("/en/fail/sign-in/", headers={"Referer": referer})
        back = client.post(led["Location"], {"login": "olga", "password": "Kestrel-lantern-47"})
        assert back.status_code != 302 or (back["Location"].startswith("/") and not back["Location"].startswith("//"))

    def test_a_form_without_its_token_is_refused_kindly(self):
        client = Client(enforce_csrf_checks=True)
        client.force_login(member(), backend="portal.accounts.backends.PortalBackend")
        reply = client.post("/en/questions/ask/", {"title": "Is it safe?", "body": "x", "language": "en"})
        assert reply.status_code == 403
        assert "Please send it again" in reply.content.decode()
        assert_policy(reply)
        assert_clean(reply)

    def test_a_host_that_is_not_ours_is_refused(self):
        reply = Client(raise_request_exception=False).get("/en/", headers={"Host": "evil.example"})
        assert reply.status_code == 400
        assert "evil.example" not in reply.content.decode()
        assert_policy(reply)


class TestCms:
    def test_the_admin_has_a_policy_of_its_own(self):
        client = Client()
        client.force_login(member(staff=True), backend="portal.accounts.backends.PortalBackend")
        policy = client.get("/cms/", follow=True).headers["Content-Security-Policy"]
        assert "default-src 'self'" in policy
        assert "unsafe-eval" not in policy
        assert not re.search(r"https?:|//|\*", policy)
        assert "object-src 'none'" in policy

    @pytest.mark.parametrize("address", ["/cms/", "/cms/login/", "/cms/pages/", "/cms/nothing/"])
    def test_a_stranger_at_the_cms_meets_no_inline_script_that_would_run(self, address):
        policy = Client().get(address).headers["Content-Security-Policy"]
        assert "script-src 'self';" in policy
        assert "unsafe-inline" not in policy.split("script-src")[1].split(";")[0]

    @pytest.mark.parametrize("address", ["/cms", "/en/cms/", "/cmsx/", "/en/questions/cms/"])
    def test_only_below_its_own_address(self, address):
        assert_policy(Client().get(address))
