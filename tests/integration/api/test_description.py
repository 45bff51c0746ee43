"""The OpenAPI document is whole and true; the reference page shows all of it and loads nothing from elsewhere."""

import re
from typing import Any

import pytest
from django.urls import get_resolver

from portal.api.application import api
from portal.api.problems import CODES
from portal.api.reference import kind_told
from tests.factories.accounts import member
from tests.factories.knowledge import article, article_comment
from tests.factories.questions import answer, comment, question, topic

from .conftest import Caller

pytestmark = pytest.mark.django_db

CONTRACT = {
    "GET /search", "GET /suggest", "GET /similar", "POST /similar", "GET /questions", "POST /questions",
    "GET /questions/{question_id}", "PATCH /questions/{question_id}", "DELETE /questions/{question_id}",
    "GET /questions/{question_id}/answers", "POST /questions/{question_id}/answers", "GET /answers/{answer_id}",
    "PATCH /answers/{answer_id}", "DELETE /answers/{answer_id}", "POST /answers/{answer_id}/accept",
    "DELETE /answers/{answer_id}/accept", "POST /answers/{answer_id}/official", "DELETE /answers/{answer_id}/official",
    "PUT /questions/{question_id}/vote", "PUT /answers/{answer_id}/vote",
    "GET /questions/{question_id}/comments", "POST /questions/{question_id}/comments",
    "GET /answers/{answer_id}/comments", "POST /answers/{answer_id}/comments", "GET /topics",
    "GET /members/{username}", "GET /me", "GET /articles", "GET /articles/{article_id}",
    "GET /articles/{article_id}/comments", "POST /articles/{article_id}/comments",
}  # fmt: skip


@pytest.fixture
def schema(stranger: Caller) -> dict[str, Any]:
    """The document as a stranger gets it."""
    told: dict[str, Any] = stranger.get("openapi.json").json()
    return told


def calls_of(schema: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Returns the calls as ``GET /questions``."""
    return {
        f"{method.upper()} {path.removeprefix('/api/v1')}": call
        for path, calls in schema["paths"].items()
        for method, call in calls.items()
    }


def names_its_version(name: str) -> bool:
    """Whether a call changes what the caller has read: a change, an earlier version brought back, a suggested edit."""
    made = name.startswith("POST") and name.endswith(("/suggestions", "{number}/restore"))
    return name.startswith("PATCH") or made


class TestDocument:
    """GET /openapi.json."""

    def test_every_call_of_the_contract_is_there(self, schema: dict[str, Any]) -> None:
        assert calls_of(schema).keys() >= CONTRACT

    def test_every_address_that_answers_is_described(self, schema: dict[str, Any]) -> None:
        routes = {
            re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", str(pattern.pattern))
            for _prefix, router, *_rest in [(None, get_resolver("portal.api.urls"))]
            for included in router.url_patterns
            if hasattr(included, "url_patterns")
            for pattern in included.url_patterns
        }
        described = {path.removeprefix("/api/v1/") for path in schema["paths"]}
        assert routes - {""} == described

    def test_every_reference_leads_to_a_shape(self, schema: dict[str, Any]) -> None:
        names = set(re.findall(r"#/components/schemas/(\w+)", str(schema)))
        assert names <= schema["components"]["schemas"].keys()

    def test_writes_ask_for_the_token_and_reads_take_one(self, schema: dict[str, Any]) -> None:
        assert schema["components"]["securitySchemes"]["BearerToken"]["scheme"] == "bearer"
        for name, call in calls_of(schema).items():
            open_to_all = {} in call["security"]
            assert {"BearerToken": []} in call["security"], name
            path = name.split()[1]
            own = path.startswith(
                (
                    "/me",
                    "/bookmarks",
                    "/saved-searches",
                    "/drafts",
                    "/inbox",
                    "/follows",
                    "/notification-settings",
                    "/staff",
                    "/merges",
                    "/contests",
                    "/duplicate-proposals",
                    "/suggestions",
                )
            ) and not path.endswith("{username}")
            own = own or path.endswith(("/votes", "/suggestions", "/reopen/vote", "/merge"))
            assert open_to_all == ((name.startswith("GET") and not own) or name == "POST /similar"), name

    def test_refusals_are_problem_documents(self, schema: dict[str, Any]) -> None:
        for name, call in calls_of(schema).items():
            refusals = {status for status in call["responses"] if status > "3"}
            assert {"400", "401", "422"} <= refusals, name
            assert ("404" in refusals) == ("{" in name), name
            assert ({"412", "428"} <= refusals) == names_its_version(name), name
            for status in refusals:
                told = call["responses"][status]
                assert told["content"]["application/problem+json"]["schema"]["$ref"].endswith("/Problem")
                assert int(status) in CODES

    def test_headers_and_parameters_are_described(self, schema: dict[str, Any]) -> None:
        for name, call in calls_of(schema).items():
            headers = {parameter["name"]: parameter for parameter in call["parameters"] if parameter["in"] == "header"}
            assert ("Idempotency-Key" in headers) == (not name.startswith("GET") and name != "POST /similar"), name
            assert ("If-Match" in headers) == names_its_version(name), name
            assert all(parameter["description"] for parameter in call["parameters"]), name
            assert call["summary"] and call["description"] and call["tags"], name

    def test_names_of_calls_are_unique(self, schema: dict[str, Any]) -> None:
        names = [call["operationId"] for call in calls_of(schema).values()]
        assert len(names) == len(set(names))

    def test_the_server_is_the_one_that_was_asked(self) -> None:
        told = Caller(Host="127.0.0.1:8123").get("openapi.json").json()
        assert told["servers"] == [{"url": "http://127.0.0.1:8123"}]

    def test_asking_twice_gives_the_same(self, stranger: Caller, schema: dict[str, Any]) -> None:
        assert stranger.get("openapi.json").json() == schema


class TestTruth:
    """What is described is what comes back."""

    def test_answers_have_the_members_that_are_described(self, schema: dict[str, Any]) -> None:
        topic("Printing")
        given = answer(question(topics=("printing",)))
        comment(given)
        page = article()
        article_comment(page)
        caller = Caller(member("anna"))
        for path, name in [
            ("questions", "QuestionPage"),
            (f"questions/{given.question_id}", "Question"),
            (f"questions/{given.question_id}/answers", "AnswerPage"),
            (f"answers/{given.pk}", "Answer"),
            (f"answers/{given.pk}/comments", "CommentPage"),
            ("topics", "TopicPage"),
            ("members/anna", "Member"),
            ("me", "Me"),
            ("articles", "ArticlePage"),
            (f"articles/{page.pk}", "ArticleFull"),
            (f"articles/{page.pk}/comments", "CommentPage"),
            ("search?q=printer", "Results"),
        ]:
            self.compare(schema, caller.get(path).json(), {"$ref": f"#/components/schemas/{name}"}, path)

    def compare(self, schema: dict[str, Any], value: Any, told: dict[str, Any], where: str) -> None:
        """Checks a value against the part of the document that describes it."""
        if "anyOf" in told:
            null = {"type": "null"} in told["anyOf"]
            rest = [option for option in told["anyOf"] if option != {"type": "null"}]
            if value is None:
                assert null, where
            elif len(rest) == 1:
                self.compare(schema, value, rest[0], where)
        elif "$ref" in told:
            shape = schema["components"]["schemas"][told["$ref"].rsplit("/", 1)[-1]]
            assert set(value) == set(shape["properties"]), where
            for name, inner in shape["properties"].items():
                self.compare(schema, value[name], inner, f"{where}.{name}")
        elif told.get("type") == "array":
            for number, each in enumerate(value):
                self.compare(schema, each, told["items"], f"{where}[{number}]")
        elif "enum" in told:
            assert value in told["enum"], where
        else:
            kinds = {"string": str, "integer": int, "number": (int, float), "boolean": bool, "object": dict}
            assert isinstance(value, kinds[told["type"]]), f"{where}: {value!r}"


class TestPage:
    """GET /docs."""

    def test_every_call_is_shown_with_a_command(self, stranger: Caller, schema: dict[str, Any]) -> None:
        response = stranger.get("docs")
        page = response.content.decode()
        assert response.status_code == 200
        assert response.headers["Content-Type"].startswith("text/html")
        for name, call in calls_of(schema).items():
            assert f'id="{call["operationId"]}"' in page, name
        assert page.count("curl ") >= len(calls_of(schema))
        assert not [line for line in re.findall(r"curl [^<]*", page) if "/{" in line]

    def test_links_on_the_page_lead_somewhere(self, stranger: Caller) -> None:
        page = stranger.get("docs").content.decode()
        anchors = set(re.findall(r'\bid="([^"]+)"', page))
        assert set(re.findall(r'href="#([^"]+)"', page)) <= anchors

    def test_every_kind_of_problem_has_its_place(self, stranger: Caller) -> None:
        page = stranger.get("docs").content.decode()
        told = stranger.get("questions/987654").json()
        assert told["type"].startswith("/api/v1/docs#")
        assert f'id="{told["type"].partition("#")[2]}"' in page

    def test_it_holds_no_inline_code_and_nothing_from_elsewhere(self, stranger: Caller) -> None:
        response = stranger.get("docs")
        page = response.content.decode()
        assert not re.search(r"<script(?![^>]*\bsrc=)", page)
        assert "<style" not in page
        assert not re.search(r"<[^>]*\sstyle=", page)
        assert not re.search(r"<[^>]*\son\w+=", page)
        assert not re.search(r'<(?:script|link|img|iframe)[^>]*(?:src|href)="(?:https?:)?//(?!testserver)', page)
        assert "unsafe" not in response.headers["Content-Security-Policy"]

    @pytest.mark.parametrize(("language", "direction"), [("en", "ltr"), ("ar", "rtl"), ("ja", "ltr")])
    def test_its_frame_speaks_the_readers_language(self, stranger: Caller, language: str, direction: str) -> None:
        page = stranger.get("docs", Accept_Language=language).content.decode()
        assert f'<html lang="{language}" dir="{direction}"' in page

    def test_a_member_sees_it_too(self) -> None:
        caller = Caller()
        caller.client.force_login(member())
        assert caller.get("docs").status_code == 200


def test_the_front_door_says_where_things_are(stranger: Caller) -> None:
    told = stranger.get("").json()
    assert stranger.get(told["openapi"].removeprefix("http://testserver")).status_code == 200
    assert stranger.get(told["docs"].removeprefix("http://testserver")).status_code == 200


@pytest.mark.parametrize(
    ("schema_part", "words"),
    [
        ({"type": "string"}, "text"),
        ({"type": "string", "format": "date-time"}, "moment"),
        ({"type": "array", "items": {"type": "integer"}}, "list of number"),
        ({"anyOf": [{"type": "string"}, {"type": "null"}]}, "text or null"),
        ({"$ref": "#/components/schemas/Author"}, "Author"),
        ({"enum": [-1, 0, 1]}, "-1, 0, 1"),
        ({"const": "x"}, "x"),
        ({}, "any"),
    ],
)
def test_kinds_are_told_in_words(schema_part: dict[str, Any], words: str) -> None:
    assert kind_told(schema_part) == words


def test_the_description_needs_no_request() -> None:
    assert api.get_openapi_schema()["info"]["version"] == "1"
