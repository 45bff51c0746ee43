"""The small parts of the API, by themselves."""

from typing import Any

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from portal.api.answering import answered, etag, next_address, nothing
from portal.api.idempotency import key_of, request_digest
from portal.api.middleware import ApiMiddleware, is_malformed
from portal.api.parsing import require_no_space
from portal.api.problems import CODES, MEDIA_TYPE, WORDS, field_name, field_words, on_refusal, problem
from portal.api.reference import curl_told, members_told
from portal.api.representations import html_as_markdown
from portal.api.schemas import Vote
from portal.api.search import MOST_EXCLUDED, excluded_of, values_of
from portal.core.errors import Invalid, NotAllowed, NotFound, PortalError, SignInNeeded, Stale, StateForbids, TooMany
from portal.core.markdown import clean_html

factory = RequestFactory()


class TestProblems:
    """Problem documents."""

    @pytest.mark.parametrize(
        ("error", "status", "code"),
        [
            (PortalError(), 400, "malformed"),
            (SignInNeeded(), 401, "sign-in-needed"),
            (NotAllowed(), 403, "not-allowed"),
            (NotFound(), 404, "not-found"),
            (StateForbids(), 409, "state-forbids"),
            (Stale(), 412, "stale"),
            (Invalid({"title": ["Too short."]}), 422, "invalid"),
            (TooMany(7), 429, "too-many"),
        ],
    )
    def test_each_refusal_has_its_own(self, error: PortalError, status: int, code: str) -> None:
        response = on_refusal(factory.get("/api/v1/x"), error)
        assert (response.status_code, response.headers["Content-Type"]) == (status, MEDIA_TYPE)
        assert f'"code": "{code}"' in response.content.decode()

    def test_headers_that_go_with_a_status(self) -> None:
        request = factory.get("/api/v1/x")
        assert on_refusal(request, TooMany(7)).headers["Retry-After"] == "7"
        assert on_refusal(request, SignInNeeded()).headers["WWW-Authenticate"].startswith("Bearer")

    def test_every_status_with_words_has_a_code(self) -> None:
        assert WORDS.keys() <= CODES.keys()

    @pytest.mark.parametrize("status", [400, 401, 402, 406, 415, 418, 451, 500, 503, 507])
    def test_any_status_can_be_told(self, status: int) -> None:
        response = problem(factory.get("/api/v1/x"), status)
        assert response.status_code == status
        assert b'"detail": "' in response.content

    @pytest.mark.parametrize(
        "error",
        [
            {"type": "missing"},
            {"type": "int_parsing"},
            {"type": "string_type"},
            {"type": "list_type"},
            {"type": "bool_parsing"},
            {"type": "literal_error", "ctx": {"expected": "'open' or 'closed'"}},
            {"type": "value_error", "ctx": {"error": "Of our own."}},
            {"type": "value_error"},
            {"type": "something_new"},
        ],
    )
    @pytest.mark.parametrize("language", ["en", "ru", "ja", "ar"])
    def test_every_kind_of_error_has_words_for_people(self, error: dict[str, Any], language: str) -> None:
        with translation.override(language):
            words = field_words(error)
        assert words.strip()
        assert "_error" not in words and "pydantic" not in words.lower()

    def test_choices_are_listed(self) -> None:
        words = field_words({"type": "literal_error", "ctx": {"expected": "'open' or 'closed'"}})
        assert "open, closed" in words

    @pytest.mark.parametrize(
        ("place", "name"),
        [
            (("body", "payload", "title"), "title"),
            (("body", "payload", "topics", 0), "topics"),
            (("query", "limit"), "limit"),
            (("body", "payload"), ""),
        ],
    )
    def test_fields_go_by_the_callers_names(self, place: tuple[str | int, ...], name: str) -> None:
        assert field_name(place) == name


class TestAnswering:
    """Pages and writes."""

    def test_next_is_the_same_call_with_another_cursor(self) -> None:
        request = factory.get("/api/v1/questions?topic=вода&cursor=old&limit=2", headers={"host": "localhost:8123"})
        address = next_address(request, "new")
        assert address is not None and address.startswith("http://localhost:8123/api/v1/questions?")
        assert "cursor=new" in address and "old" not in address and address.isascii()
        assert next_address(request, None) is None

    def test_a_write_tells_where_and_which_version(self) -> None:
        response = answered(Vote(value=1, score=3), status=201, location="http://x/1", version=4)
        assert (response.status_code, response.content) == (201, b'{"value":1,"score":3}')
        assert (response.headers["Location"], response.headers["ETag"]) == ("http://x/1", etag(4))

    def test_nothing_is_really_nothing(self) -> None:
        assert nothing().content == b""
        assert "Content-Type" not in nothing().headers


class TestKeys:
    """Idempotency keys."""

    @given(st.text(alphabet=st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=255))
    def test_any_visible_ascii_is_a_key(self, key: str) -> None:
        assert key_of(factory.post("/", headers={"Idempotency-Key": key})) == key

    @given(st.text(alphabet=st.characters(max_codepoint=255), max_size=300))
    def test_anything_else_is_refused(self, key: str) -> None:
        if not (0 < len(key) < 256 and all(33 <= ord(letter) <= 126 for letter in key)):
            with pytest.raises(PortalError):
                key_of(factory.post("/", headers={"Idempotency-Key": key}))

    def test_none_is_none(self) -> None:
        assert key_of(factory.post("/")) is None

    def test_calls_are_told_apart_by_method_address_and_body(self) -> None:
        calls = [
            factory.post("/a", b"1", content_type="text/plain"),
            factory.post("/a", b"2", content_type="text/plain"),
            factory.post("/b", b"1", content_type="text/plain"),
            factory.post("/a?x=1", b"1", content_type="text/plain"),
            factory.put("/a", b"1", content_type="text/plain"),
        ]
        assert len({request_digest(call) for call in calls}) == len(calls)
        assert request_digest(calls[0]) == request_digest(factory.post("/a", b"1", content_type="application/json"))


class TestFilters:
    """Commas in search filters, and what similar questions leave out."""

    @pytest.mark.parametrize(
        ("text", "values"),
        [("", ()), (",", ()), ("a", ("a",)), ("a, b ,a", ("a", "b")), (" , a,,", ("a",))],
    )
    def test_values_are_parted_by_commas(self, text: str, values: tuple[str, ...]) -> None:
        assert values_of(text) == values

    def test_their_number_is_bounded(self) -> None:
        assert len(values_of(",".join(map(str, range(500))))) == 20
        assert len(excluded_of(list(range(500)))) == MOST_EXCLUDED

    @pytest.mark.parametrize(
        ("given_ids", "found"),
        [
            (None, []),
            ("", []),
            (7, [("question", "7")]),
            ("7, 8", [("question", "7"), ("question", "8")]),
            (["7", 8, "article:9"], [("question", "7"), ("question", "8"), ("article", "9")]),
            ("007", [("question", "7")]),
            ("x,-1,1.5,٣," + "9" * 30, []),
        ],
    )
    def test_what_is_no_id_is_passed_by(self, given_ids: Any, found: list[tuple[str, str]]) -> None:
        assert excluded_of(given_ids) == found

    def test_there_are_no_spaces_yet(self) -> None:
        require_no_space(None)
        for space in ("", "secret", "1"):
            with pytest.raises(Invalid):
                require_no_space(space)


class TestMarkdown:
    """Foreign HTML told as Markdown."""

    @pytest.mark.parametrize(
        ("html", "told"),
        [
            ("<p>One</p><p>Two</p>", "One\n\nTwo"),
            ("<h3>Head</h3><p>x</p>", "### Head\n\nx"),
            ("<ul><li>a</li><li>b</li></ul>", "- a\n- b"),
            ("<blockquote><p>said</p></blockquote>", "> said"),
            ('<p><a href="https://example.org/">there</a></p>', "[there](https://example.org/)"),
            ("<p><em>a</em> <strong>b</strong> <code>c_d</code></p>", "*a* **b** `c_d`"),
            ("", ""),
        ],
    )
    def test_what_people_write(self, html: str, told: str) -> None:
        assert html_as_markdown(html) == told

    def test_code_keeps_its_lines(self) -> None:
        told = html_as_markdown("<pre><code>for x in y:\n    print(x)\n</code></pre>")
        assert told == "```\nfor x in y:\n    print(x)\n```"

    @given(st.text(alphabet="<>&/abp \"'=-_*#`\n", max_size=80))
    def test_no_cleaned_html_makes_it_stumble(self, text: str) -> None:
        assert isinstance(html_as_markdown(clean_html(text)), str)


class TestReference:
    """The page of the reference."""

    def test_members_are_told_with_what_is_required(self) -> None:
        entries = members_told(
            {
                "properties": {"a": {"type": "string", "description": "First."}, "b": {"type": "integer"}},
                "required": ["a"],
            }
        )
        assert [(entry.name, entry.kind, entry.required, entry.description) for entry in entries] == [
            ("a", "text", True, "First."),
            ("b", "number", False, ""),
        ]

    def test_commands_carry_what_the_call_needs(self) -> None:
        body = members_told({"properties": {"title": {"type": "string"}}})
        command = curl_told("http://x", "patch", "/q/{question_id}", {"security": [{"BearerToken": []}]}, body)
        for part in ("-X PATCH http://x/q/7", "Authorization: Bearer $TOKEN", "If-Match", '{"title": "'):
            assert part in command
        plain = curl_told("http://x", "get", "/q", {"security": [{"BearerToken": []}, {}]}, [])
        assert plain == "curl http://x/q"


class TestMiddleware:
    """What surrounds the calls."""

    def answer(self, path: str, response: HttpResponse, **headers: str) -> HttpResponse:
        """Returns what the middleware makes of a view's response."""
        return ApiMiddleware(lambda _request: response)(factory.get(path, headers=headers))

    def test_pages_are_left_alone(self) -> None:
        page = HttpResponse("<h1>Gone</h1>", status=404)
        assert self.answer("/en/questions/1/", page) is page
        assert "Cache-Control" not in page.headers

    def test_a_foreign_error_becomes_a_problem_and_keeps_its_headers(self) -> None:
        foreign = HttpResponse("<h1>Wait</h1>", status=429, headers={"Retry-After": "9", "Set-Cookie": "a=b"})
        told = self.answer("/api/v1/x", foreign)
        assert (told.status_code, told.headers["Content-Type"]) == (429, MEDIA_TYPE)
        assert told.headers["Retry-After"] == "9"
        assert "Set-Cookie" not in told.headers

    def test_what_a_view_says_of_caching_stands(self) -> None:
        told = self.answer("/api/v1/x", HttpResponse("{}", headers={"Cache-Control": "max-age=60"}))
        assert told.headers["Cache-Control"] == "max-age=60"

    @pytest.mark.parametrize("path", ["/api/v1/a%00b", "/api/v1/x?q=%00", "/api/v1/x?%00=1"])
    def test_a_nul_is_found_wherever_it_is(self, path: str) -> None:
        assert is_malformed(factory.get(path))
        assert self.answer(path, HttpResponse("{}")).status_code == 400

    def test_head_has_the_length_and_no_body(self) -> None:
        told = ApiMiddleware(lambda request: HttpResponse(request.method))(factory.head("/api/v1/x"))
        assert (told.content, told.headers["Content-Length"]) == (b"", "3")
