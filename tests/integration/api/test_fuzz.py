"""Whatever is sent to whichever call: an answer in the API's own form, and never a crash.

The calls are taken from the OpenAPI document, so that a new one is tried without anybody thinking of it.
"""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.api.application import api
from portal.questions.models import Question
from tests.factories.accounts import member, token
from tests.factories.questions import answer, comment, topic

from .conftest import Caller

pytestmark = pytest.mark.django_db

CALLS = sorted(
    (method.upper(), path, tuple(parameter["name"] for parameter in call["parameters"] if parameter["in"] == "query"))
    for path, calls in api.get_openapi_schema()["paths"].items()
    for method, call in calls.items()
)
HOSTILE = [
    "", "0", "-1", "1", "2", "999999999999999999", "9" * 400, "1e9", "null", "\x00", "\ud800", "%", "é", "ラ",
    "'; DROP TABLE users; --", "../..", "<script>", "1" * 9_000, "\u202e", "true", "[]", "{}", "*", 'W/"1"',
]  # fmt: skip
words = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=60))
scalars = st.one_of(
    st.none(), st.booleans(), st.integers(), st.integers(-3, 3), st.floats(allow_nan=True, allow_infinity=True), words
)
values = st.recursive(
    scalars,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(words, inner, max_size=4)),
    max_leaves=8,
)
FIELDS = ["title", "body", "language", "topics", "space", "value", "parent_id", "official", "note", "limit", "exclude"]
objects = st.dictionaries(st.sampled_from(FIELDS), values, max_size=6)
sensible = st.fixed_dictionaries(
    {"title": st.just("Why is the light red?"), "body": st.just("It was green."), "language": st.just("en")},
    optional={"value": scalars, "parent_id": scalars, "topics": values, "space": scalars, "exclude": values},
)
bodies = st.one_of(
    objects.map(json.dumps), sensible.map(json.dumps), values.map(json.dumps), st.binary(max_size=60), st.just("")
)
headers = st.fixed_dictionaries(
    {},
    optional={
        "If_Match": st.one_of(st.just('"1"'), words),
        "Idempotency_Key": words,
        "Accept_Language": words,
        "Content-Type": words,
        "Accept": words,
    },
)


def sent(text: str) -> str:
    """Returns the text as a header can carry it."""
    return text.encode("utf-8", "replace").decode("latin-1").replace("\r", "").replace("\n", "")


def quoted(text: str) -> str:
    """Returns the text as part of an address: what cannot be encoded as it is goes as bytes."""
    return "".join(f"%{byte:02x}" for byte in text.encode("utf-8", "surrogatepass"))


@pytest.fixture
def callers(db: Any) -> list[Caller]:
    """A stranger, the asker, another member, staff and somebody with a broken token, before a small portal."""
    topic("Printing")
    asked = answer().question
    comment(asked)
    people = [asked.author, member(), member(staff=True)]
    tokens = [token(person) for person in people]
    known = [Caller(Authorization=f"Bearer {text}") for text in tokens]
    return [Caller(), Caller(Authorization="Bearer x"), *known]


SETTINGS = settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)


def check(response: Any) -> None:
    """Checks the form of an answer, whatever it says."""
    assert response.status_code < 500, response.content[:300]
    if response.status_code == 204:
        assert response.content == b""
    elif response.status_code >= 400:
        assert response.headers["Content-Type"] == "application/problem+json"
        assert response.json()["status"] == response.status_code
    else:
        assert response.headers["Content-Type"].startswith("application/json")
        response.json()


@SETTINGS
@given(data=st.data())
def test_no_call_ever_crashes(callers: list[Caller], data: st.DataObject) -> None:
    method, path, names = data.draw(st.sampled_from(CALLS))
    ids = [str(pk) for pk in Question.objects.values_list("pk", flat=True)[:2]]
    places = st.one_of(st.sampled_from([*ids, "1", "2"]), words)
    for part in [part for part in path.split("/") if part.startswith("{")]:
        path = path.replace(part, quoted(data.draw(places)))
    asked = data.draw(st.dictionaries(st.sampled_from([*names, "x"]), words, max_size=4))
    query = "&".join(f"{name}={quoted(value)}" for name, value in asked.items())
    body = data.draw(bodies) if method != "GET" else None
    given_headers = {name: sent(value) for name, value in data.draw(headers).items()}
    caller = data.draw(st.sampled_from(callers))
    check(caller.call(method, f"{path}?{query}" if query else path, body, **given_headers))


@SETTINGS
@given(path=words, method=st.sampled_from(["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "BREW"]))
def test_no_address_ever_crashes(callers: list[Caller], path: str, method: str) -> None:
    response = callers[2].call(method, f"/api/v1/{quoted(path)}")
    assert response.status_code < 500
