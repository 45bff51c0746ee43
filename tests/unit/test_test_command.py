"""``bin/test`` tells plainly what failed and what could not be run, and never calls a missing thing a success."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def command() -> ModuleType:
    """The command as a module."""
    loader = SourceFileLoader("bin_test", str(ROOT / "bin" / "test"))
    spec = importlib.util.spec_from_loader("bin_test", loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["bin_test"] = module
    loader.exec_module(module)
    return module


REPORT = """<?xml version="1.0"?><testsuites><testsuite name="pytest" errors="{errors}" failures="{failures}"
skipped="{skipped}" tests="{tests}">{cases}</testsuite></testsuites>"""


def pytest_that_reports(folder: Path, code: int = 0, **counts: object) -> list[str]:
    """A command that leaves a report as pytest does."""
    counts = {"errors": 0, "failures": 0, "skipped": 0, "tests": 0, "cases": ""} | counts
    report = folder / "report-to-copy.xml"
    report.write_text(REPORT.format(**counts))
    script = (
        "import shutil, sys; place = sys.argv[-1].split('=', 1)[1];"
        f"shutil.copy({str(report)!r}, place); sys.exit({code})"
    )
    return [sys.executable, "-c", script]


@pytest.fixture
def results(command: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of its own for reports."""
    monkeypatch.setattr(command, "RESULTS", tmp_path)
    return tmp_path


SKIPPED = '<testcase><skipped message="Redis: redis-server is not installed"/></testcase>'


def test_counts_come_from_the_report(command: ModuleType, results: Path) -> None:
    outcome = command.run_tests(
        "tests", "r.xml", pytest_that_reports(results, 0, tests=10, skipped=1, cases=SKIPPED), False
    )
    assert outcome.passed
    assert outcome.counts == {"passed": 9, "failed": 0, "skipped": 1}
    assert outcome.not_run == ["Redis: redis-server is not installed"]


def test_with_all_required_a_skip_is_a_failure(command: ModuleType, results: Path) -> None:
    outcome = command.run_tests(
        "tests", "r.xml", pytest_that_reports(results, 0, tests=10, skipped=1, cases=SKIPPED), True
    )
    assert not outcome.passed


def test_errors_count_as_failures(command: ModuleType, results: Path) -> None:
    outcome = command.run_tests("tests", "r.xml", pytest_that_reports(results, 1, tests=5, errors=1, failures=2), False)
    assert not outcome.passed
    assert outcome.counts == {"passed": 2, "failed": 3, "skipped": 0}


FAILED_CASE = """<testcase classname="tests.unit.test_a.TestB" name="test_c"><failure message="no">def test_c():
    assert given == 1
E   assert 2 == 1
here.py:3: AssertionError</failure></testcase>"""


def test_what_failed_is_named_at_the_end(
    command: ModuleType, results: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    outcome = command.run_tests(
        "tests", "r.xml", pytest_that_reports(results, 1, tests=2, failures=1, cases=FAILED_CASE), False
    )
    assert command.tell([outcome], False) == 1
    end = capsys.readouterr().out.partition("=== What failed\n")[2].splitlines()
    assert end[:2] == ["tests.unit.test_a.TestB::test_c", "E   assert 2 == 1"]
    assert end[-1] == "1 passed, 1 failed, 0 skipped"


def test_no_report_is_a_failure(command: ModuleType, results: Path) -> None:
    outcome = command.run_tests("tests", "r.xml", [sys.executable, "-c", "import sys; sys.exit(4)"], False)
    assert not outcome.passed
    assert "ended with 4" in outcome.output


def test_an_old_report_is_not_taken_for_the_new_one(command: ModuleType, results: Path) -> None:
    (results / "r.xml").write_text(REPORT.format(errors=0, failures=0, skipped=0, tests=99, cases=""))
    outcome = command.run_tests("tests", "r.xml", [sys.executable, "-c", "pass"], False)
    assert outcome.counts == {}
    assert "left no report" in outcome.output


def test_servers_that_could_not_start_are_told(command: ModuleType, results: Path) -> None:
    script = (
        "import os, pathlib, sys; pathlib.Path(os.environ['TESTS_NOT_RUN_FILE']).write_text('PostgreSQL: missing\\n');"
        "sys.exit(1)"
    )
    outcome = command.run_tests("tests", "r.xml", [sys.executable, "-c", script], False)
    assert outcome.counts == {}
    (results / "report").mkdir()
    steps = pytest_that_reports(results, 0, tests=1)
    outcome = command.run_tests("tests", "r.xml", [*steps[:2], f"{script.rsplit(';', 1)[0]};{steps[2]}"], False)
    assert outcome.not_run == ["PostgreSQL: missing"]


@pytest.mark.parametrize(
    ("passed", "output", "still_passed", "told"),
    [
        (True, "No known vulnerabilities found", True, False),
        (False, "Found 2 known vulnerabilities in 1 package", False, False),
        (True, "wagtail  Dependency not found on PyPI and could not be audited: wagtail", True, True),
        (False, "requests.exceptions.ConnectionError: Max retries exceeded", True, True),
        (False, "Found 1 known vulnerability in 1 package\nx could not be audited: x", False, True),
    ],
)
def test_an_audit_that_asked_nobody(
    command: ModuleType, passed: bool, output: str, still_passed: bool, told: bool
) -> None:
    outcome = command.Outcome("pip-audit", passed, 1.0, output)
    command.judge_audit(outcome)
    assert outcome.passed is still_passed
    assert bool(outcome.not_run) is told


def test_the_last_line_counts_everything(command: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    outcomes = [
        command.Outcome("lint", True, 1.0),
        command.Outcome("types", False, 1.0, "error"),
        command.Outcome("tests", False, 1.0, not_run=["Redis: x"], counts={"passed": 7, "failed": 2, "skipped": 1}),
    ]
    assert command.tell(outcomes, False) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[-1] == "8 passed, 3 failed, 1 skipped"
    assert any("FAILED  types" in line for line in lines)
    assert "  Redis: x" in lines


def test_all_well_is_zero(command: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    assert (
        command.tell([command.Outcome("tests", True, 1.0, counts={"passed": 3, "failed": 0, "skipped": 0})], True) == 0
    )
    assert capsys.readouterr().out.splitlines()[-1] == "3 passed, 0 failed, 0 skipped"


def test_steps_are_not_steered_by_our_own_environment(command: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTAL_DATA_DIR", "/elsewhere")
    monkeypatch.setenv("DATABASE_URL", "sqlite:///elsewhere")
    given = command.environment(TESTS_ALL_REQUIRED="1")
    assert "PORTAL_DATA_DIR" not in given
    assert "DATABASE_URL" not in given
    assert given["TESTS_ALL_REQUIRED"] == "1"


def test_every_gate_of_the_project_is_among_the_checks(command: ModuleType) -> None:
    words = " ".join(" ".join(map(str, given)) for given in command.checks().values())
    for tool in ("mypy", "lint-imports", "ruff check", "ruff format --check", "djade", "djhtml", "pip-audit"):
        assert tool.split()[0] in words
    assert "portal/templates/base.html" in words


def test_every_test_belongs_to_a_run(command: ModuleType) -> None:
    """What one run leaves out by its mark or its folder, another picks up."""
    runs = {report: given[given.index("pytest") :] for report, given in command.test_runs().values()}
    chosen = {report: given[given.index("-m") + 1] for report, given in runs.items()}
    assert chosen["questions"] == chosen["sqlite"] == f"not ({chosen['portal']})"
    assert chosen["servers"].startswith("not (")
    folder = runs["questions"][-1]
    assert (ROOT / folder).is_dir()
    assert runs["sqlite"][-1] == f"--ignore={folder}"
    # No other folder is named: these two go through all of ``testpaths``.
    assert not [word for report in ("sqlite", "portal") for word in runs[report] if word.startswith("tests/")]


def test_the_servers_get_what_touches_the_database(command: ModuleType) -> None:
    """And nothing else: the same test again would say nothing new."""
    (servers,) = [given for report, given in command.test_runs().values() if report == "servers"]
    assert "--only-database" in servers
    own_data = "tests/integration/importers/test_stackexchange_portal.py"
    files = ["tests/search/test_outbox.py", "tests/search/test_matching.py", own_data]
    listing = [sys.executable, "-m", "pytest", "--collect-only", "-q", "--only-database", *files]
    told = subprocess.run(listing, cwd=ROOT, capture_output=True, text=True, check=False).stdout
    assert "test_outbox.py::" in told
    assert "test_matching.py::" not in told
    assert f"{own_data}::" not in told
    assert "deselected" in told


def test_a_run_keeps_its_output_apart(command: ModuleType, results: Path) -> None:
    steps = pytest_that_reports(results, 0, tests=1)
    log = results / "own.log"
    given = [*steps[:2], f"print('said'); {steps[2]}"]
    assert command.run_tests("tests", "r.xml", given, False, log).passed
    assert log.read_text() == "said\n"


def test_a_failing_check_is_a_failure(command: ModuleType) -> None:
    assert not command.run_check("x", [sys.executable, "-c", "print('why'); raise SystemExit(1)"]).passed
    assert "why" in command.run_check("x", [sys.executable, "-c", "print('why'); raise SystemExit(1)"]).output
    assert command.run_check("x", [sys.executable, "-c", ""]).passed
