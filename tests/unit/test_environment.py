"""The variables that an operator sets: what they mean, and what is refused with one line."""

from __future__ import annotations

import stat
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.settings.environment import (
    ROOT,
    BadEnvironment,
    Environment,
    ensure_data_dir,
    read_environment,
    secret_key,
)

TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=30)
NAMES = (
    "PORTAL_DATA_DIR", "PORTAL_PORT", "PORTAL_BIND", "PORTAL_HOSTS", "PORTAL_WORKERS", "PORTAL_DEMO",
    "PORTAL_SEARCH_RETENTION_DAYS", "PORTAL_SEARCH_HOLDOUT_PERCENT", "PORTAL_SERIAL_VOTES",
    "PORTAL_SERIAL_VOTES_PERCENT",
    "PORTAL_RATE_LIMITS", "DATABASE_URL", "ELASTICSEARCH_URL", "REDIS_URL", "EMAIL_URL", "PORTAL_SECRET_KEY",
)  # fmt: skip


def test_nothing_set_is_a_portal_on_this_machine() -> None:
    found = read_environment({})
    assert found.data_dir == ROOT / "var"
    assert (found.bind, found.port, found.workers) == ("127.0.0.1", 8000, 1)
    assert found.demo
    assert found.limits
    assert found.loopback
    assert not found.database_url
    assert not found.elasticsearch_url


@pytest.mark.parametrize(
    ("name", "default", "highest", "field"),
    [
        ("PORTAL_SEARCH_RETENTION_DAYS", 90, 3650, "retention_days"),
        ("PORTAL_SEARCH_HOLDOUT_PERCENT", 5, 50, "holdout_percent"),
        ("PORTAL_NOTE_DAYS", 180, 3650, "note_days"),
    ],
)
def test_how_much_is_kept(name: str, default: int, highest: int, field: str) -> None:
    assert getattr(read_environment({}), field) == default
    for value in (0, 1, highest):
        assert getattr(read_environment({name: str(value)}), field) == value
    for value in ("-1", str(highest + 1), "many", "5.5", "５"):
        with pytest.raises(BadEnvironment, match=f"^{name} must be a number from 0 to {highest}, not '{value}'.$"):
            read_environment({name: value})


def test_drafts_are_kept_for_a_while() -> None:
    assert read_environment({}).draft_days == 90
    for value in (1, 3650):
        assert read_environment({"PORTAL_DRAFT_DAYS": str(value)}).draft_days == value
    for value in ("0", "3651", "long"):
        with pytest.raises(
            BadEnvironment, match=f"^PORTAL_DRAFT_DAYS must be a number from 1 to 3650, not '{value}'.$"
        ):
            read_environment({"PORTAL_DRAFT_DAYS": value})


def test_empty_means_not_set() -> None:
    assert read_environment(dict.fromkeys(NAMES, "")) == read_environment({})
    assert read_environment(dict.fromkeys(NAMES, "  ")).port == 8000


@pytest.mark.parametrize("port", ["eighty", "0", "65536", "-1", "8000.0", "８０００", "1e3", "0x50", "80 80"])
def test_bad_ports(port: str) -> None:
    with pytest.raises(BadEnvironment, match="PORTAL_PORT must be a number from 1 to 65535"):
        read_environment({"PORTAL_PORT": port})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORTAL_WORKERS", "0"),
        ("PORTAL_WORKERS", "many"),
        ("PORTAL_DEMO", "yes"),
        ("PORTAL_RATE_LIMITS", "off"),
        ("PORTAL_BIND", "localhost"),
        ("PORTAL_BIND", "256.0.0.1"),
        ("DATABASE_URL", "mysql://db/x"),
        ("DATABASE_URL", "postgresql:///nameless"),
        ("DATABASE_URL", "postgresql://db:port/x"),
        ("ELASTICSEARCH_URL", "search:9200"),
        ("ELASTICSEARCH_URL", "http://"),
        ("ELASTICSEARCH_URL", "http://one:9200,two:9200"),
        ("ELASTICSEARCH_URL", "http://one:9200,http://two:99999"),
        ("REDIS_URL", "http://cache"),
        ("EMAIL_URL", "smtp://"),
        ("EMAIL_URL", "mail.example.org"),
    ],
)
def test_what_cannot_work_is_named(name: str, value: str) -> None:
    with pytest.raises(BadEnvironment) as told:
        read_environment({name: value})
    assert name in str(told.value)
    assert "\n" not in str(told.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "postgresql://hiroba:secret@db:5432/hiroba"),
        ("DATABASE_URL", "postgres://hiroba@127.0.0.1/hiroba"),
        ("DATABASE_URL", "sqlite:////tmp/other.sqlite3"),
        ("ELASTICSEARCH_URL", "https://user:secret@search:9200"),
        ("ELASTICSEARCH_URL", "http://one:9200,https://user:secret@two:9200,http://three:9201"),
        ("REDIS_URL", "rediss://cache:6379/1"),
        ("EMAIL_URL", "smtp+tls://user:secret@mail.example.org:587"),
        ("EMAIL_URL", "console:"),
        ("EMAIL_URL", "file:/tmp/mail"),
    ],
)
def test_what_works_is_kept_as_it_is(name: str, value: str) -> None:
    assert getattr(read_environment({name: value}), name.lower()) == value


def test_limits_are_lifted_on_this_machine_only() -> None:
    assert read_environment({"PORTAL_RATE_LIMITS": "0"}).limits is False
    assert read_environment({"PORTAL_RATE_LIMITS": "0", "PORTAL_BIND": "::1"}).limits is False
    with pytest.raises(BadEnvironment, match="PORTAL_RATE_LIMITS=0"):
        read_environment({"PORTAL_RATE_LIMITS": "0", "PORTAL_BIND": "0.0.0.0", "PORTAL_HOSTS": "example.org"})


def test_the_world_needs_a_host_name() -> None:
    with pytest.raises(BadEnvironment, match="PORTAL_HOSTS"):
        read_environment({"PORTAL_BIND": "0.0.0.0"})


@pytest.mark.parametrize(
    ("variables", "alone"),
    [
        ({}, True),
        ({"PORTAL_BIND": "127.0.0.2"}, True),
        ({"PORTAL_BIND": "::1"}, True),
        ({"PORTAL_HOSTS": "community.example.org"}, False),
        ({"PORTAL_BIND": "192.0.2.1", "PORTAL_HOSTS": "community.example.org"}, False),
    ],
)
def test_who_reaches_the_portal(variables: dict[str, str], alone: bool) -> None:
    """Demo accounts and cookies without TLS hang on it: a proxy before a loopback address serves the world too."""
    assert read_environment(variables).loopback is alone


def test_hosts_are_separated_by_commas() -> None:
    assert read_environment({"PORTAL_HOSTS": " a.example.org, b.example.org ,"}).hosts == (
        "a.example.org",
        "b.example.org",
    )


def test_a_relative_folder_counts_from_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert read_environment({"PORTAL_DATA_DIR": "data"}).data_dir == tmp_path / "data"


@given(st.dictionaries(st.sampled_from(NAMES), TEXT, max_size=4))
def test_any_value_is_taken_or_refused_in_one_line(variables: dict[str, str]) -> None:
    try:
        found = read_environment(variables)
    except BadEnvironment as told:
        assert "\n" not in str(told).replace("\\n", "")
        assert any(name in str(told) for name in NAMES)
    else:
        assert isinstance(found, Environment)
        assert 1 <= found.port <= 65535
        assert found.data_dir.is_absolute()


def test_the_data_folder_is_made(tmp_path: Path) -> None:
    ensure_data_dir(tmp_path / "a" / "b")
    assert list((tmp_path / "a" / "b").iterdir()) == []


@pytest.mark.parametrize("place", ["/dev/null/var", "/proc/portal"])
def test_a_folder_that_cannot_be_written(place: str) -> None:
    with pytest.raises(BadEnvironment, match=place):
        ensure_data_dir(Path(place))


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("")
    with pytest.raises(BadEnvironment, match="PORTAL_DATA_DIR"):
        ensure_data_dir(tmp_path / "var")


def test_the_key_is_made_once_and_for_its_owner(tmp_path: Path) -> None:
    given_folder = read_environment({"PORTAL_DATA_DIR": str(tmp_path)})
    key = secret_key(given_folder)
    assert len(key) >= 50
    assert secret_key(given_folder) == key
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["secret_key"]


def test_a_given_key_is_not_written_down(tmp_path: Path) -> None:
    found = read_environment({"PORTAL_DATA_DIR": str(tmp_path), "PORTAL_SECRET_KEY": "given"})
    assert secret_key(found) == "given"
    assert list(tmp_path.iterdir()) == []


def test_processes_that_start_together_agree_on_the_key(tmp_path: Path) -> None:
    found = read_environment({"PORTAL_DATA_DIR": str(tmp_path)})
    keys: list[str] = []
    barrier = threading.Barrier(8)

    def ask() -> None:
        barrier.wait()
        keys.append(secret_key(found))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(keys)) == 1
    assert keys[0]


def test_the_nodes_of_a_cluster_may_be_written_with_blanks_and_a_last_comma() -> None:
    found = read_environment({"ELASTICSEARCH_URL": " http://one:9200 , http://two:9200, "})
    assert found.elasticsearch_url == "http://one:9200,http://two:9200"
