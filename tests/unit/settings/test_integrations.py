"""What each variable makes of the settings of an outside system."""

import json
import os
import runpy
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.settings.environment import ROOT, BadEnvironment, read_environment

VARIABLES = ("DATABASE_URL", "ELASTICSEARCH_URL", "REDIS_URL", "EMAIL_URL", "PORTAL_HOSTS", "PORTAL_BIND",
             "PORTAL_PORT", "PORTAL_RATE_LIMITS", "PORTAL_DATA_DIR", "PORTAL_WORKERS", "PORTAL_DEMO")  # fmt: skip


@pytest.fixture
def made(monkeypatch, tmp_path):
    """Runs a module of the integrations anew under these variables and returns what it defines."""

    def run(name, **variables):
        for each in VARIABLES:
            monkeypatch.delenv(each, raising=False)
        monkeypatch.setenv("PORTAL_DATA_DIR", str(tmp_path))
        for key, value in variables.items():
            monkeypatch.setenv(key, value)
        return runpy.run_path(str(ROOT / "portal" / "settings" / "integrations" / f"{name}.py"))

    return run


class TestDatabase:
    def test_a_file_in_the_data_folder(self, made, tmp_path):
        found = made("database")["DATABASES"]["default"]
        assert found["ENGINE"] == "django.db.backends.sqlite3"
        assert found["NAME"] == tmp_path / "portal.sqlite3"

    def test_two_writers_wait_for_each_other(self, made):
        options = made("database")["DATABASES"]["default"]["OPTIONS"]
        assert options["transaction_mode"] == "IMMEDIATE"
        assert options["timeout"] >= 10
        assert "journal_mode=WAL" in options["init_command"]
        assert "foreign_keys=ON" in options["init_command"]

    def test_another_file_is_opened_the_same_way(self, made):
        found = made("database", DATABASE_URL="sqlite:////tmp/other.sqlite3")["DATABASES"]["default"]
        assert str(found["NAME"]) == "/tmp/other.sqlite3"
        assert found["OPTIONS"]["transaction_mode"] == "IMMEDIATE"

    def test_postgresql(self, made):
        url = "postgresql://hiroba:s%40cret@db.example.org:5433/community"
        found = made("database", DATABASE_URL=url)["DATABASES"]["default"]
        assert found["ENGINE"] == "django.db.backends.postgresql"
        assert (found["HOST"], found["PORT"], found["NAME"]) == ("db.example.org", 5433, "community")
        assert (found["USER"], found["PASSWORD"]) == ("hiroba", "s@cret")
        assert found["CONN_HEALTH_CHECKS"] is True
        assert found["CONN_MAX_AGE"] == 60
        assert "transaction_mode" not in found.get("OPTIONS", {})


class TestMail:
    @pytest.mark.parametrize(
        ("url", "expected"),
        [
            ("", {"EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend"}),
            ("console:", {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}),
            ("file:/srv/mail", {"EMAIL_FILE_PATH": "/srv/mail"}),
            ("smtp://mail.example.org", {"EMAIL_PORT": 25, "EMAIL_USE_TLS": False, "EMAIL_USE_SSL": False}),
            ("smtps://mail.example.org", {"EMAIL_PORT": 465, "EMAIL_USE_SSL": True, "EMAIL_USE_TLS": False}),
            ("smtp+tls://mail.example.org", {"EMAIL_PORT": 587, "EMAIL_USE_TLS": True, "EMAIL_USE_SSL": False}),
            ("smtp+tls://mail.example.org:2525", {"EMAIL_PORT": 2525, "EMAIL_HOST": "mail.example.org"}),
            (
                "smtp://robot%40example.org:p%3Aw%2F@mail.example.org",
                {"EMAIL_HOST_USER": "robot@example.org", "EMAIL_HOST_PASSWORD": "p:w/"},
            ),
        ],
    )
    def test_each_kind_of_address(self, made, url, expected):
        found = made("email", EMAIL_URL=url)
        assert {name: found[name] for name in expected} == expected

    def test_by_default_mails_are_files_of_the_data_folder(self, made, tmp_path):
        assert made("email")["EMAIL_FILE_PATH"] == tmp_path / "mail"

    def test_the_sender_is_of_the_site(self, made):
        assert "community@localhost" in made("email")["DEFAULT_FROM_EMAIL"]
        found = made("email", PORTAL_HOSTS="help.example.org, other.example.org")
        assert "community@help.example.org" in found["DEFAULT_FROM_EMAIL"]

    def test_a_silent_server_is_not_waited_for_long(self, made):
        assert 0 < made("email", EMAIL_URL="smtp://mail.example.org")["EMAIL_TIMEOUT"] <= 60


class TestOthers:
    def test_the_cache_is_each_process_own_or_shared(self, made):
        assert made("cache")["CACHES"]["default"]["BACKEND"].endswith("LocMemCache")
        found = made("cache", REDIS_URL="redis://cache.example.org:6379/2")["CACHES"]["default"]
        assert found["BACKEND"].endswith("RedisCache")
        assert found["LOCATION"] == "redis://cache.example.org:6379/2"

    def test_the_search(self, made, tmp_path):
        found = made("search")["SEARCH"]
        assert (found["ELASTICSEARCH_URL"], found["EMBEDDED_PATH"]) == (None, tmp_path / "search")
        assert found["BUDGET_MS"] == 300
        other = made("search", ELASTICSEARCH_URL="https://es.example.org:9200")["SEARCH"]
        assert other["ELASTICSEARCH_URL"] == "https://es.example.org:9200"

    def test_links_of_the_cms_lead_to_the_site(self, made):
        assert made("cms", PORTAL_PORT="8123")["WAGTAILADMIN_BASE_URL"] == "http://127.0.0.1:8123"
        found = made("cms", PORTAL_HOSTS="help.example.org")
        assert found["WAGTAILADMIN_BASE_URL"] == "https://help.example.org"

    def test_the_cms_asks_nobody_outside(self, made):
        found = made("cms")
        assert found["WAGTAIL_GRAVATAR_PROVIDER_URL"] is None
        assert found["WAGTAIL_ENABLE_UPDATE_CHECK"] is False

    def test_nothing_that_runs_in_a_browser_is_taken_as_an_upload(self, made):
        found = made("cms")
        assert not {"svg"} & set(found["WAGTAILIMAGES_EXTENSIONS"])
        assert not {"html", "htm", "svg", "js", "xml", "swf"} & set(found["WAGTAILDOCS_EXTENSIONS"])
        assert found["WAGTAILDOCS_INLINE_CONTENT_TYPES"] == []

    def test_limits_of_signing_in_are_lifted_with_all_others(self, made):
        assert made("accounts")["ACCOUNT_RATE_LIMITS"]
        assert made("accounts", PORTAL_RATE_LIMITS="0")["ACCOUNT_RATE_LIMITS"] is False

    def test_the_policy_of_pages_lets_nothing_inline_or_foreign_in(self, made):
        rules = made("csp")["CONTENT_SECURITY_POLICY"]["DIRECTIVES"]
        assert rules["default-src"] == ["'none'"]
        sources = {source for given_sources in rules.values() for source in given_sources}
        assert sources <= {"'none'", "'self'", "data:"}

    def test_names_of_pages_and_of_the_house_are_not_names_of_members(self, made):
        taken = set(made("accounts")["ACCOUNT_USERNAME_BLACKLIST"])
        assert {"admin", "staff", "api", "cms", "search", "questions", "members", "root"} <= taken
        assert all(name == name.lower() for name in taken)


def production(**variables):
    """Returns chosen settings as a process of its own reads them in production."""
    wanted = ("DEBUG", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_PROXY_SSL_HEADER", "ALLOWED_HOSTS",
              "CSRF_TRUSTED_ORIGINS", "PORTAL_BASE_URL", "PORTAL_LIMITS", "SECRET_KEY")  # fmt: skip
    code = (
        "import json, portal.settings.production as s; "
        f"print(json.dumps({{name: getattr(s, name) for name in {wanted!r}}}))"
    )
    kept = {name: value for name, value in os.environ.items() if name not in VARIABLES}
    done = subprocess.run(
        [sys.executable, "-c", code], env={**kept, **variables}, cwd=ROOT, capture_output=True, text=True, check=False
    )
    return json.loads(done.stdout) if done.returncode == 0 else done.stderr


class TestProduction:
    def test_on_this_machine_alone(self, tmp_path):
        found = production(PORTAL_DATA_DIR=str(tmp_path), PORTAL_SECRET_KEY="k", PORTAL_PORT="8123")
        assert found["DEBUG"] is False
        assert found["SESSION_COOKIE_SECURE"] is found["CSRF_COOKIE_SECURE"] is False
        assert found["SECURE_PROXY_SSL_HEADER"] is None
        assert found["PORTAL_BASE_URL"] == "http://127.0.0.1:8123"
        assert found["PORTAL_LIMITS"] is True

    def test_for_the_world(self, tmp_path):
        found = production(
            PORTAL_DATA_DIR=str(tmp_path), PORTAL_SECRET_KEY="k", PORTAL_HOSTS="help.example.org,b.example.org"
        )
        assert found["SESSION_COOKIE_SECURE"] is found["CSRF_COOKIE_SECURE"] is True
        assert found["SECURE_PROXY_SSL_HEADER"] == ["HTTP_X_FORWARDED_PROTO", "https"]
        assert set(found["ALLOWED_HOSTS"]) >= {"help.example.org", "b.example.org", "127.0.0.1"}
        assert "*" not in found["ALLOWED_HOSTS"]
        assert found["CSRF_TRUSTED_ORIGINS"] == ["https://help.example.org", "https://b.example.org"]
        assert found["PORTAL_BASE_URL"] == "https://help.example.org"

    def test_a_bad_variable_stops_it_and_is_named(self, tmp_path):
        said = production(PORTAL_DATA_DIR=str(tmp_path), PORTAL_PORT="eighty")
        assert "PORTAL_PORT must be a number" in said.strip().splitlines()[-1]


HOSTS = st.lists(st.from_regex(r"[a-z][a-z0-9-]{0,10}\.example\.org", fullmatch=True), max_size=4)
SPACES = st.sampled_from(["", " ", "  ", "\t"])


@given(HOSTS, SPACES)
def test_hosts_are_read_whatever_stands_between_them(hosts, space):
    assert read_environment({"PORTAL_HOSTS": f"{space},{space}".join(hosts)}).hosts == tuple(hosts)


@given(st.integers(-10, 70_000), SPACES)
def test_a_port_is_taken_exactly_within_its_bounds(port, space):
    variables = {"PORTAL_PORT": f"{space}{port}{space}"}
    if 1 <= port <= 65_535:
        assert read_environment(variables).port == port
    else:
        with pytest.raises(BadEnvironment, match="PORTAL_PORT"):
            read_environment(variables)


@given(st.ip_addresses(), st.booleans(), st.booleans())
def test_limits_and_hosts_hang_on_who_reaches_the_portal(address, hosts, limits):
    variables = {"PORTAL_BIND": str(address), "PORTAL_RATE_LIMITS": "1" if limits else "0"}
    variables |= {"PORTAL_HOSTS": "help.example.org"} if hosts else {}
    inside = address.is_loopback
    if not inside and (not limits or not hosts):
        with pytest.raises(BadEnvironment):
            read_environment(variables)
        return
    found = read_environment(variables)
    assert found.loopback == (inside and not hosts)
    assert found.limits is limits


@given(st.sampled_from(["DATABASE_URL", "ELASTICSEARCH_URL", "REDIS_URL", "EMAIL_URL"]), st.text(max_size=40))
def test_an_address_is_kept_as_it_is_or_refused_by_name(name, text):
    if "\x00" in text:
        return
    try:
        found = read_environment({name: text})
    except BadEnvironment as told:
        assert str(told).startswith(name)
    else:
        assert getattr(found, name.lower()) == text.strip()
