"""What the tests of the API share: a caller who speaks JSON as a script from outside would."""

import json
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from tests.factories.accounts import token


class Caller:
    """Calls to the API with a member's token, or as a stranger. A crash is an answer here, no exception."""

    def __init__(self, user: Any = None, **headers: str) -> None:
        self.client = Client(raise_request_exception=False)
        self.headers = dict(headers)
        if user is not None:
            self.headers["Authorization"] = f"Bearer {token(user)}"

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """One request; ``headers`` are written with underscores for dashes; a dict or list goes as JSON."""
        sent = self.headers | {name.replace("_", "-"): value for name, value in headers.items()}
        content_type = sent.pop("Content-Type", "application/json")
        data = body if isinstance(body, bytes | str) else b"" if body is None else json.dumps(body)
        where = path if path.startswith(("/", "http")) else f"/api/v1/{path}"
        return self.client.generic(method, where, data, content_type=content_type, headers=sent)

    def get(self, path: str, **headers: str) -> Any:
        """GET."""
        return self.call("GET", path, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        """POST."""
        return self.call("POST", path, body, **headers)

    def put(self, path: str, body: Any = None, **headers: str) -> Any:
        """PUT."""
        return self.call("PUT", path, body, **headers)

    def patch(self, path: str, body: Any = None, **headers: str) -> Any:
        """PATCH."""
        return self.call("PATCH", path, body, **headers)

    def delete(self, path: str, **headers: str) -> Any:
        """DELETE."""
        return self.call("DELETE", path, **headers)

    def walk(self, path: str) -> list[dict[str, Any]]:
        """All rows of a list, following ``next`` as a stranger would."""
        rows: list[dict[str, Any]] = []
        following: str | None = path
        while following:
            told = self.get(following).json()
            rows += told["results"]
            following = told["next"] and told["next"].removeprefix("http://testserver")
        return rows


@pytest.fixture
def caller() -> Callable[..., Caller]:
    """Makes callers: ``caller(user)``, ``caller()`` for a stranger."""
    return Caller


@pytest.fixture
def stranger() -> Caller:
    """A caller without a token."""
    return Caller()


@pytest.fixture(autouse=True)
def no_limits(settings: Any) -> Iterator[None]:
    """Lifts the limits on rates (``limited`` sets them back) and forgets what was counted."""
    settings.PORTAL_LIMITS = False
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def limited(settings: Any, monkeypatch: pytest.MonkeyPatch, no_limits: None) -> None:
    """Sets the limits back, at a moment that stands still: a window must not end in the middle of a test."""
    settings.PORTAL_LIMITS = True
    monkeypatch.setattr("portal.core.limits.time", SimpleNamespace(time=lambda: 1_800_000_010.0))


def problem_of(response: Any, status: int) -> dict[str, Any]:
    """Returns the problem document of an answer, after checking that it is a whole one of this status."""
    assert response.status_code == status, response.content[:500]
    assert response.headers["Content-Type"] == "application/problem+json"
    told: dict[str, Any] = json.loads(response.content)
    assert told["status"] == status
    assert {"type", "title", "detail", "code", "instance"} <= told.keys()
    assert told["detail"].strip()
    return told
