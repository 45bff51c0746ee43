"""The deployment examples hold together with the code they are about."""

from __future__ import annotations

import configparser
import re
import shutil
import subprocess
from typing import Any
from xml.etree import ElementTree

import pytest
import yaml

from portal.settings.environment import read_environment
from tests.architecture.sources import ROOT

FOLDER = ROOT / "deployment"
NODE = ROOT / "tests" / "elasticsearch_node"


def node_version() -> str:
    """The Elasticsearch that the tests run on."""
    space = {"m": "http://maven.apache.org/POM/4.0.0"}
    found = ElementTree.parse(NODE / "pom.xml").find(".//m:elasticsearch.version", space)
    assert found is not None
    assert found.text
    return found.text


def compose() -> dict[str, dict[str, object]]:
    """The services of the compose file."""
    services: dict[str, dict[str, object]] = yaml.safe_load((FOLDER / "compose.yaml").read_text())["services"]
    return services


def test_the_image_is_the_version_that_was_tested() -> None:
    text = (FOLDER / "elasticsearch.Dockerfile").read_text()
    assert f"FROM elasticsearch:{node_version()}" in text
    assert "analysis-kuromoji" in text


def test_the_three_servers_are_there() -> None:
    assert set(compose()) == {"db", "search", "cache"}
    assert str(compose()["db"]["image"]).startswith("postgres:")
    assert str(compose()["cache"]["image"]).startswith("redis:")


@pytest.mark.parametrize("name", ["db", "search", "cache"])
def test_no_server_is_open_to_the_world(name: str) -> None:
    ports = compose()[name]["ports"]
    assert isinstance(ports, list)
    assert all(str(port).startswith("127.0.0.1:") for port in ports)


def cluster() -> dict[str, dict[str, Any]]:
    """The services of the cluster's compose file."""
    services: dict[str, dict[str, Any]] = yaml.safe_load((FOLDER / "compose.cluster.yaml").read_text())["services"]
    return services


def test_three_nodes_know_each_other_and_only_this_machine_knows_them() -> None:
    names = set(cluster())
    assert len(names) == 3
    for name, node in cluster().items():
        settings = node["environment"]
        assert settings["node.name"] == name
        assert set(settings["discovery.seed_hosts"].split(",")) == names
        assert set(settings["cluster.initial_master_nodes"].split(",")) == names
        assert "discovery.type" not in settings, "a node that stays single joins nobody"
        assert node["build"]["dockerfile"] == "elasticsearch.Dockerfile"
        assert [port for port in node["ports"] if not port.startswith("127.0.0.1:")] == []
    assert len({volume for node in cluster().values() for volume in node["volumes"]}) == 3, "each has data of its own"


def test_the_address_in_the_cluster_s_example_is_one_that_the_portal_takes() -> None:
    text = (FOLDER / "compose.cluster.yaml").read_text()
    [urls] = re.findall(r"ELASTICSEARCH_URL=(\S+)", text)
    assert read_environment({"ELASTICSEARCH_URL": urls}).elasticsearch_url == urls
    ports = {port.split(":")[1] for node in cluster().values() for port in node["ports"]}
    assert {url.rpartition(":")[2] for url in urls.split(",")} == ports


def test_no_password_is_written_down() -> None:
    assert compose()["db"]["environment"]["POSTGRES_PASSWORD"].startswith("${POSTGRES_PASSWORD:?")  # type: ignore[index]


def service() -> dict[str, str]:
    """The [Service] part of the unit."""
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(FOLDER / "hiroba.service")
    return dict(parser["Service"])


def test_the_unit_runs_the_command() -> None:
    given = service()
    assert given["ExecStart"].endswith("/bin/portal")
    assert given["User"] != "root"
    assert int(given["TimeoutStopSec"]) > 8, "bin/portal takes up to 8 s to end what it started"


def test_the_proxy_sets_what_the_portal_trusts() -> None:
    text = (FOLDER / "nginx.conf").read_text()
    for header in ("Host", "X-Forwarded-For", "X-Forwarded-Proto"):
        assert re.search(rf"proxy_set_header\s+{header}\s", text), header
    assert "$proxy_add_x_forwarded_for" not in text, "what a stranger sends must not get through"
    assert re.search(r"location = /metrics \{ return 404; \}", text)


def test_variables_in_the_examples_exist() -> None:
    known = (ROOT / "docs" / "reference" / "settings.md").read_text()
    for path in (*FOLDER.iterdir(), ROOT / "docs" / "howto" / "operate.md", ROOT / "README.md"):
        for name in re.findall(r"\b(PORTAL_[A-Z_]+|[A-Z]+_URL)\b", path.read_text()):
            assert f"`{name}`" in known, f"{path.name} names {name}"


def test_every_file_is_told_of() -> None:
    text = (FOLDER / "README.md").read_text()
    for path in FOLDER.iterdir():
        assert path.name == "README.md" or f"`{path.name}`" in text


def ci_script() -> str:
    """What CI runs."""
    return (ROOT / ".ci" / "run").read_text()


def test_ci_requires_everything() -> None:
    assert "bin/test --all-required" in ci_script()
    assert subprocess.run(["bash", "-n", ROOT / ".ci" / "run"], check=False).returncode == 0


@pytest.mark.parametrize(
    "package", ["chromium", "redis-server", "postgresql", "gettext", "openjdk-17-jdk-headless", "maven"]
)
def test_ci_installs_what_the_tests_ask_for(package: str) -> None:
    assert re.search(rf"\b{package}\b", ci_script())


def test_commands_can_be_run() -> None:
    for name in ("bin/portal", "bin/test", ".ci/run", "tests/elasticsearch_node/start"):
        assert (ROOT / name).stat().st_mode & 0o111 == 0o111, name


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
def test_make_tells_its_targets() -> None:
    said = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for target in ("run", "test", "lint", "types", "translate", "bench", "screenshots", "shell", "lock"):
        assert re.search(rf"^\s+{target}\s+\S", said, re.MULTILINE), target
