"""Every error under /api/ is a problem document in the caller's language, whoever raised it."""

import json
import logging
import re
from typing import Any

import pytest
from django.test import Client

from portal.accounts.models import User
from tests.factories.accounts import member, token
from tests.factories.questions import question

from .conftest import Caller, problem_of

pytestmark = pytest.mark.django_db

WORDS = {"title": "Why is the light red?", "body": "It was green.", "language": "en"}


class TestAddresses:
    """What is not there, and what takes another method."""

    @pytest.mark.parametrize(
        "path",
        ["/api/", "/api/v1", "/api/v2/questions", "/api/v1/nothing", "/api/v1/questions/", "/api/v1/questions/1/2/3",
         "/api/v1/%F0%28%8C%28", "/api/v1/" + "x" * 4_000, "/api/v1/../../etc", "/api/v1/вопросы"],
    )  # fmt: skip
    @pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
    def test_unknown_addresses_are_404_and_lead_nowhere(self, stranger: Caller, path: str, method: str) -> None:
        problem_of(stranger.call(method, path), 404)

    def test_the_problem_says_what_was_called(self, stranger: Caller) -> None:
        told = problem_of(stranger.get("nothing"), 404)
        assert told["instance"] == "/api/v1/nothing"
        assert told["code"] == "not-found"
        assert told["type"].endswith("#problem-not-found")

    def test_pages_keep_their_html_errors(self, stranger: Caller) -> None:
        response = stranger.get("/en/nothing/", Accept="text/html")
        assert response.status_code == 404
        assert response.headers["Content-Type"].startswith("text/html")

    @pytest.mark.parametrize(
        ("method", "path", "allowed"),
        [
            ("PUT", "questions", {"GET", "POST"}),
            ("DELETE", "questions", {"GET", "POST"}),
            ("POST", "questions/1", {"GET", "PATCH", "DELETE"}),
            ("GET", "answers/1/accept", {"POST", "DELETE"}),
            ("POST", "questions/1/vote", {"PUT"}),
            ("OPTIONS", "questions", {"GET", "POST"}),
            ("TRACE", "questions", {"GET", "POST"}),
            ("POST", "openapi.json", {"GET", "HEAD"}),
        ],
    )
    def test_another_method_is_405_and_says_which_are_taken(
        self, stranger: Caller, method: str, path: str, allowed: set[str]
    ) -> None:
        response = stranger.call(method, path)
        problem_of(response, 405)
        assert set(response.headers["Allow"].replace(" ", "").split(",")) == allowed

    def test_a_host_that_is_not_ours_is_malformed(self, stranger: Caller) -> None:
        problem_of(stranger.get("questions", Host="evil.example.org"), 400)


class TestTokens:
    """Who calls."""

    @pytest.mark.parametrize(
        "header",
        ["Bearer", "Bearer ", "Bearer nonsense", "Basic dXNlcjpwYXNz", "nonsense", "Bearer a b", "Bearer \xff\xfe",
         "Bearer " + "x" * 10_000],
    )  # fmt: skip
    @pytest.mark.parametrize("path", ["questions", "questions/1", "topics", "me", "members/anna"])
    def test_a_bad_token_is_refused_on_reads_too(self, stranger: Caller, path: str, header: str) -> None:
        response = stranger.get(path, Authorization=header)
        problem_of(response, 401)
        assert 'error="invalid_token"' in response.headers["WWW-Authenticate"]

    def test_without_one_the_answer_does_not_speak_of_a_bad_one(self, stranger: Caller) -> None:
        response = stranger.get("me")
        problem_of(response, 401)
        assert "invalid_token" not in response.headers["WWW-Authenticate"]

    def test_the_scheme_is_read_in_any_case(self, stranger: Caller) -> None:
        text = token(member("anna"))
        for scheme in ("Bearer", "bearer", "BEARER"):
            assert stranger.get("me", Authorization=f"{scheme} {text}").json()["username"] == "anna"

    def test_a_token_taken_back_or_of_a_closed_account_opens_nothing(self) -> None:
        anna, bo = member(), member()
        callers = [Caller(anna), Caller(bo)]
        anna.portal_tokens.all().delete()
        User.objects.filter(pk=bo.pk).update(is_active=False)
        for caller in callers:
            problem_of(caller.get("questions"), 401)
            problem_of(caller.post("questions", WORDS), 401)


class TestBodies:
    """What is sent."""

    @pytest.mark.parametrize(
        "body",
        [b"{", b"{]", b"nonsense", b"\xff\xfe\x00{}", '{"title": "\xe9"}'.encode("latin-1"), b'{"title": NaN}',
         b'{"title": Infinity}', b"[" * 100_000, b'{"a":' * 50_000, b'{"title": "a\x00b"}', b'\xef\xbb\xbf{}',
         '{"title": "x"}'.encode("utf-16"), b'{"value": ' + b"9" * 5_000 + b"}"],
    )  # fmt: skip
    def test_what_is_no_json_is_malformed(self, body: bytes) -> None:
        problem_of(Caller(member()).post("questions", body), 400)

    @pytest.mark.parametrize("body", [b"", [], [WORDS], "words", 7, True, None, b"null", b"   "])
    def test_what_is_no_object_is_malformed(self, body: Any) -> None:
        problem_of(Caller(member()).call("POST", "questions", json.dumps(body) if body == "words" else body), 400)

    def test_a_body_without_end_is_too_large(self) -> None:
        problem_of(Caller(member()).post("questions", WORDS | {"body": "b" * 2_600_000}), 413)

    def test_deep_nesting_that_can_be_read_is_a_bad_field(self) -> None:
        deep: Any = []
        for _ in range(300):
            deep = [deep]
        told = problem_of(Caller(member()).post("questions", WORDS | {"topics": deep}), 422)
        assert list(told["errors"]) == ["topics"]

    @pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "text/plain", "multipart/form-data", ""])
    def test_json_is_read_whatever_it_is_called(self, kind: str) -> None:
        response = Caller(member(), **{"Content-Type": kind}).post("questions", WORDS)
        assert response.status_code == 201

    @pytest.mark.parametrize("query", ["language=%00", "cursor=%00", "a%00b=1", "author=x%00"])
    def test_a_nul_in_an_address_is_malformed(self, stranger: Caller, query: str) -> None:
        problem_of(stranger.get(f"questions?{query}"), 400)
        problem_of(stranger.get("members/an%00na"), 400)

    @pytest.mark.parametrize("call", ["search?q=", "suggest?q=", "similar?body=x&title="])
    def test_a_nul_in_what_is_searched_for_is_a_blank(self, stranger: Caller, index: None, call: str) -> None:
        told = stranger.get(f"{call}red%00printer%00")
        assert told.status_code == 200
        assert told.json()["results"] == stranger.get(f"{call}red+printer").json()["results"]
        problem_of(stranger.get(f"{call}red&language=%00"), 400)

    def test_broken_percent_signs_do_no_harm(self, stranger: Caller) -> None:
        assert stranger.get("questions?author=%ff%fe&language=%zz&topic=%").json()["results"] == []

    def test_a_body_in_pieces_is_not_taken_for_none(self) -> None:
        caller = Caller(member())
        pieces = {"CONTENT_LENGTH": "", "HTTP_TRANSFER_ENCODING": "chunked"}
        problem_of(
            caller.client.generic("POST", "/api/v1/questions", json.dumps(WORDS), headers=caller.headers, **pieces), 411
        )

    def test_thousands_of_parameters_are_malformed(self, stranger: Caller) -> None:
        problem_of(stranger.get("questions?" + "&".join(f"p{n}=1" for n in range(1_200))), 400)


class TestFailures:
    """What we did wrong ourselves."""

    @pytest.fixture
    def broken(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def fail(**_asked: Any) -> None:
            raise RuntimeError("secret detail of the inside")

        monkeypatch.setattr("portal.api.questions.question_rows", fail)

    @pytest.mark.usefixtures("broken")
    def test_tells_nothing_and_notes_everything(self, stranger: Caller, caplog: pytest.LogCaptureFixture) -> None:
        with caplog.at_level(logging.ERROR):
            response = stranger.get("questions")
        problem_of(response, 500)
        assert b"secret" not in response.content
        assert "secret detail of the inside" in caplog.text


class TestLanguages:
    """Words for people are in the caller's language."""

    @pytest.mark.parametrize(
        ("own", "asked", "spoken"),
        [
            ("ru", None, "ru"),
            ("en", "ja", "ja"),
            ("ja", "ar-EG,ar;q=0.9,en;q=0.1", "ar"),
            ("ru", "*", "ru"),
            ("ru", "tlh, xx;q=0.5", "ru"),
            ("ru", ";;;q=,", "ru"),
        ],
    )
    def test_what_the_caller_names_else_the_members_own(self, own: str, asked: str | None, spoken: str) -> None:
        headers = {"Accept_Language": asked} if asked else {}
        response = Caller(member(language=own)).post("questions", {}, **headers)
        problem_of(response, 422)
        assert response.headers["Content-Language"] == spoken

    def test_a_missing_field_is_told_in_words_of_that_language(self) -> None:
        told = problem_of(Caller(member(language="ru")).post("questions", {}), 422)
        (words,) = told["errors"]["title"]
        assert re.search("[а-я]{4}", words), words

    def test_a_stranger_is_told_by_accept_language(self, stranger: Caller) -> None:
        assert stranger.get("nothing", Accept_Language="ja").headers["Content-Language"] == "ja"
        assert stranger.get("nothing").headers["Content-Language"] == "en"

    def test_one_callers_language_does_not_stay_for_the_next(self, stranger: Caller) -> None:
        Caller(member(language="ar")).get("me")
        assert stranger.get("questions").headers["Content-Language"] == "en"


class TestHeaders:
    """Who may keep what."""

    def test_what_a_token_sees_is_nobody_elses(self) -> None:
        asked = question()
        for path in ("questions", f"questions/{asked.pk}", "me", "questions/987654"):
            response = Caller(asked.author).get(path)
            assert response.headers["Cache-Control"] == "private, no-store"
            assert "Authorization" in response.headers["Vary"]

    def test_anonymous_answers_are_asked_for_again(self, stranger: Caller) -> None:
        response = stranger.get("questions")
        assert response.headers["Cache-Control"] == "no-cache"
        assert {"Authorization", "Accept-Language"} <= set(response.headers["Vary"].split(", "))

    def test_no_cookie_is_set_and_no_other_origin_let_in(self, stranger: Caller) -> None:
        asked = question()
        for caller in (stranger, Caller(asked.author)):
            response = caller.get(f"questions/{asked.pk}", Origin="https://elsewhere.example.org")
            assert not response.cookies
            assert not [name for name in response.headers if name.startswith("Access-Control")]

    @pytest.mark.parametrize("path", ["questions", "nothing", "openapi.json"])
    def test_the_headers_that_protect_pages_are_there(self, stranger: Caller, path: str) -> None:
        headers = stranger.get(path).headers
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"

    def test_writes_need_no_csrf_token_since_cookies_open_nothing(self) -> None:
        client = Client(enforce_csrf_checks=True)
        asked = client.post(
            "/api/v1/questions", WORDS, content_type="application/json",
            headers={"Authorization": f"Bearer {token(member())}"},
        )  # fmt: skip
        assert asked.status_code == 201
