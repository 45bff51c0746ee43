"""The description of the API for programs: what django-ninja derives from the views, completed."""

from typing import Any

from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

from .problems import MEDIA_TYPE
from .schemas import Problem

SECURITY: dict[str, list[str]] = {"BearerToken": []}
SAFE = ("get", "head")
# What each answer means, wherever it can be given.
MEANINGS = {
    400: "The call is malformed.",
    401: "There is no token, or it is not valid.",
    403: "This member may not do this.",
    404: "There is nothing here, or it is not open to this caller.",
    409: "The state of the object forbids this.",
    412: "The object was changed since it was read; nothing was changed now.",
    413: "The body is too large.",
    422: "Fields that cannot be accepted; `errors` says what is wrong with each.",
    428: "If-Match is missing.",
    429: "A limit is reached; Retry-After says for how many seconds.",
    503: "Others wrote to the same thing at that moment. Nothing was changed; send it again after Retry-After seconds.",
}
HEADERS = {
    "Idempotency-Key": "Any text of yours. The same call sent again with it is done once and answered the same.",
    "If-Match": "The version that the change began from, in quotes.",
}
PARAMETERS = {
    "assignee": "Whose it is: me, nobody or a number.",
    "author": "A username.",
    "cursor": "Where the page before ended; the address in next holds it.",
    "exact": "Search for what was typed only: nothing is put right.",
    "exclude": "Ids of questions to leave out, separated by commas.",
    "key": "A question's number, a topic's slug, a member's username.",
    "kind": "Of which kind: of notes, of what is followed, of what is wrong.",
    "language": "A code such as en.",
    "limit": "How many; more than is allowed gives what is allowed.",
    "number": "Of the version.",
    "place": "Where it is written: ask, answer-12.",
    "slug": "Of the topic or the product.",
    "official": "True: only those with an official answer; false: only those without.",
    "offset": "How many of the best results to pass over, up to 1,000.",
    "q": "What somebody looks for, in her own words.",
    "role": "review: what the caller decides on; mine: what she suggested.",
    "since": "Only what was asked or edited then or later: an ISO 8601 moment.",
    "sort": "What comes first.",
    "status": "Where the question, or the gap, stands.",
    "product": "A slug.",
    "time": "Only what is no older than that.",
    "unread": "True: leave out what has been read.",
    "openings": "True: tell the `opened_url` of each result.",
    "check": "True: ask nothing, tell only what was asked before.",
    "title": "What the question is to be called.",
    "body": "The text so far, as Markdown.",
    "topic": "A slug.",
    "type": "The kind of thing: question, article or member.",
    "username": "The member's name in addresses.",
}


def begins_from(path: str, method: str) -> bool:
    """Whether a call must name the version that it began from."""
    made = method == "post" and path.endswith(("/suggestions", "{number}/restore"))
    return method == "patch" or made


def _header(name: str, *, required: bool) -> dict[str, Any]:
    return {
        "in": "header",
        "name": name,
        "required": required,
        "description": HEADERS[name],
        "schema": {"type": "string"},
    }


def _statuses(path: str, method: str, *, open_to_all: bool) -> list[int]:
    """Returns the refusals that a call can answer with."""
    found = {400, 401, 422}
    if "{" in path:
        found.add(404)
    if method not in SAFE:
        found.add(413)
    if method not in SAFE and not open_to_all:
        found |= {403, 409, 429, 503}
    if "/search" in path or "/suggest" in path or "/similar" in path:
        found.add(429)
    if begins_from(path, method):
        found |= {412, 428}
    return sorted(found)


def _completed(path: str, method: str, operation: dict[str, Any], *, open_to_all: bool) -> None:
    """Adds security, headers and refusals to one call."""
    operation["security"] = [SECURITY, {}] if open_to_all else [SECURITY]
    for parameter in operation["parameters"]:
        name = parameter["name"]
        if name.endswith("_id"):
            parameter["description"] = f"The {name.removesuffix('_id')}'s number."
        parameter.setdefault("description", PARAMETERS.get(name, ""))
    if method not in SAFE and not open_to_all:
        operation["parameters"].append(_header("Idempotency-Key", required=False))
    if begins_from(path, method):
        operation["parameters"].append(_header("If-Match", required=True))
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for status in _statuses(path, method, open_to_all=open_to_all):
        operation["responses"][str(status)] = {"description": MEANINGS[status], "content": content}
    operation["responses"] = {str(status): told for status, told in operation["responses"].items()}


class PortalAPI(NinjaAPI):
    """The API; its description tells refusals, headers and who may call."""

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> OpenAPISchema:
        """Returns the OpenAPI document."""
        schema = super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params)
        for path, operations in schema["paths"].items():
            for method, operation in operations.items():
                open_to_all = "OptionalToken" in str(operation.get("security", ""))
                _completed(path, method, operation, open_to_all=open_to_all)
        schema["components"]["schemas"]["Problem"] = Problem.model_json_schema()
        schema["components"]["securitySchemes"] = {
            "BearerToken": {
                "type": "http",
                "scheme": "bearer",
                "description": "A token made on your account page, or by manage.py create_api_token USERNAME.",
            }
        }
        return schema
