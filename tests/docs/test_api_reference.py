"""docs/reference/api.md names every call, and nothing that is not there."""

import re
from pathlib import Path

import pytest

from portal.api.application import api
from portal.api.problems import CODES
from portal.core.limits import LIMITS
from portal.questions.models import Status
from portal.questions.services.texts import TITLE_LONGEST, TITLE_SHORTEST

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "reference" / "api.md").read_text()
NAMED = re.findall(r"^\| `(GET|POST|PUT|PATCH|DELETE) (/\S*)`( 🔑)? \|", PAGE, re.MULTILINE)
SCHEMA = api.get_openapi_schema()
CALLS = {
    (method.upper(), path.removeprefix("/api/v1")): call
    for path, calls in SCHEMA["paths"].items()
    for method, call in calls.items()
}


def test_every_call_is_named_once_and_no_other() -> None:
    assert sorted((method, path) for method, path, _key in NAMED) == sorted(CALLS)


@pytest.mark.parametrize(("method", "path", "key"), NAMED)
def test_a_key_marks_what_needs_a_token(method: str, path: str, key: str) -> None:
    assert bool(key) == ({} not in CALLS[method, path]["security"])


@pytest.mark.parametrize("call", sorted(CALLS))
def test_every_parameter_of_a_call_is_spoken_of(call: tuple[str, str]) -> None:
    method, path = call
    (line,) = [line for line in PAGE.splitlines() if line.startswith(f"| `{method} {path}`")]
    general = {"cursor", "limit"}
    if path == "/search" or path == "/similar":
        general = set()
    for parameter in CALLS[call]["parameters"]:
        if parameter["in"] == "query" and parameter["name"] not in general | {"cursor"}:
            assert f"`{parameter['name']}`" in line, parameter["name"]


@pytest.mark.parametrize("shape", ["Question", "Result"])
def test_the_members_of_the_main_shapes_are_listed(shape: str) -> None:
    listed = " ".join(PAGE.split())
    for name in SCHEMA["components"]["schemas"][shape]["properties"]:
        assert re.search(rf"[`, ]{name}[`, ]", listed), name


def test_problems_are_those_that_are_answered() -> None:
    told = {(int(status), code) for status, code in re.findall(r"^\| (\d{3}) \| `([a-z-]+)` \|", PAGE, re.MULTILINE)}
    assert told <= set(CODES.items())
    assert {status for status, _code in told} >= {400, 401, 403, 404, 405, 409, 412, 413, 422, 428, 429, 500}


def test_every_status_of_a_question_is_named() -> None:
    for status in Status.values:
        assert f"`{status}`" in PAGE


def test_the_figures_are_those_of_the_code() -> None:
    words = " ".join(PAGE.split())
    (asked, window), (answers, _), (comments, _) = LIMITS["ask"], LIMITS["answer"], LIMITS["comment"]
    assert (asked, window) == (6, 600) and "6 questions in ten minutes" in words
    assert f"give {answers} answers, make {comments} comments, cast {LIMITS['vote'][0]} votes" in words
    assert f"change {LIMITS['edit'][0]} posts, with all writes together at {LIMITS['api-write'][0]}" in words
    assert f"search {LIMITS['search'][0]} times a minute" in words
    assert f"similar questions {LIMITS['suggest'][0]} times" in words
    assert f"{TITLE_SHORTEST} to {TITLE_LONGEST} characters" in words
