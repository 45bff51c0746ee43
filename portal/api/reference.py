"""The API's description (OpenAPI) laid out for people: what the page at ``/api/v1/docs`` shows."""

import json
import re
from dataclasses import dataclass, field
from typing import Any

from portal.core.markdown import render_markdown

from .openapi import MEANINGS
from .problems import CODES

PLACE = re.compile(r"\{(\w+)\}")
METHODS = ("get", "post", "put", "patch", "delete")
EXAMPLES: dict[str, Any] = {
    "title": "Why is the light red?",
    "body": "It was **green** yesterday.",
    "language": "en",
    "topics": ["printing"],
    "value": 1,
    "limit": 5,
}
KINDS = {"string": "text", "integer": "number", "number": "number", "boolean": "true or false", "object": "object"}


@dataclass(frozen=True, slots=True)
class Entry:
    """A parameter, a header, or a member of a body or an answer."""

    name: str
    where: str
    kind: str
    required: bool
    description: str


@dataclass(frozen=True, slots=True)
class Call:
    """One call. curl is a command that makes it; refusals are (status, code, meaning)."""

    anchor: str
    method: str
    path: str
    summary: str
    description_html: str
    needs_token: bool
    parameters: list[Entry]
    body: list[Entry]
    status: str
    schema: str
    refusals: list[tuple[int, str, str]]
    curl: str


@dataclass(frozen=True, slots=True)
class Group:
    """The calls about one noun."""

    name: str
    calls: list[Call] = field(default_factory=list)

    @property
    def anchor(self) -> str:
        """The group's place on the page."""
        return f"group-{self.name.lower()}"


@dataclass(frozen=True, slots=True)
class Shape:
    """A form of body or answer, with its members."""

    name: str
    description: str
    entries: list[Entry]


@dataclass(frozen=True, slots=True)
class Reference:
    """The whole page."""

    groups: list[Group]
    shapes: list[Shape]
    problems: list[tuple[int, str, str]]


def kind_told(schema: dict[str, Any]) -> str:
    """Returns what a value of this JSON Schema is, in a few words: ``text``, ``list of Question``, ``text or null``."""
    if "$ref" in schema:
        return str(schema["$ref"].rsplit("/", 1)[-1])
    if "anyOf" in schema:
        return " or ".join(dict.fromkeys(kind_told(option) for option in schema["anyOf"]))
    if "enum" in schema:
        return ", ".join(str(value) for value in schema["enum"])
    if "const" in schema:
        return str(schema["const"])
    if schema.get("type") == "array":
        return f"list of {kind_told(schema.get('items', {}))}"
    if schema.get("format") == "date-time":
        return "moment"
    return KINDS.get(str(schema.get("type")), str(schema.get("type", "any")))


def members_told(schema: dict[str, Any]) -> list[Entry]:
    """Returns the members of an object's JSON Schema."""
    required = schema.get("required", [])
    return [
        Entry(name, "body", kind_told(told), name in required, str(told.get("description", "")))
        for name, told in schema.get("properties", {}).items()
    ]


def curl_told(server: str, method: str, path: str, call: dict[str, Any], body: list[Entry]) -> str:
    """Returns the command line that makes a call."""
    path = PLACE.sub(lambda match: "anna" if match[1] == "username" else "7", path)
    lines = [f"curl {server}{path}"] if method == "get" else [f"curl -X {method.upper()} {server}{path}"]
    if {} not in call.get("security", []):
        lines.append('-H "Authorization: Bearer $TOKEN"')
    if method == "patch":
        lines.append("-H 'If-Match: \"1\"'")
    given = {entry.name: EXAMPLES[entry.name] for entry in body if entry.name in EXAMPLES}
    if body:
        lines.append("-H 'Content-Type: application/json'")
        lines.append(f"-d '{json.dumps(given, ensure_ascii=False)}'")
    return " \\\n  ".join(lines)


def call_told(schema: dict[str, Any], server: str, path: str, method: str, call: dict[str, Any]) -> Call:
    """Returns one call as the page shows it."""
    shapes = schema["components"]["schemas"]
    asked = call.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    body = members_told(shapes[kind_told(asked).removesuffix(" or null")]) if asked else []
    status = next(status for status in call["responses"] if status.startswith("2"))
    given = call["responses"][status].get("content", {}).get("application/json", {}).get("schema", {})
    parameters = [
        Entry(each["name"], each["in"], kind_told(each["schema"]), each["required"], each.get("description", ""))
        for each in call["parameters"]
    ]
    refusals = [
        (int(status), CODES[int(status)], MEANINGS[int(status)]) for status in call["responses"] if status > "3"
    ]
    return Call(
        anchor=call["operationId"],
        method=method.upper(),
        path=path,
        summary=call["summary"],
        description_html=render_markdown(call.get("description", "")),
        needs_token={} not in call["security"],
        parameters=parameters,
        body=body,
        status=status,
        schema=kind_told(given) if given else "",
        refusals=refusals,
        curl=curl_told(server, method, path, call, body),
    )


def reference_of(schema: dict[str, Any], server: str) -> Reference:
    """Returns the description laid out: calls by noun, then the shapes, then the problems."""
    groups: dict[str, Group] = {}
    for path, operations in schema["paths"].items():
        for method in METHODS:
            if method in operations:
                call = operations[method]
                name = call["tags"][0]
                groups.setdefault(name, Group(name)).calls.append(call_told(schema, server, path, method, call))
    shapes = [
        Shape(name, str(told.get("description", "")), members_told(told))
        for name, told in sorted(schema["components"]["schemas"].items())
    ]
    problems = [(status, CODES[status], meaning) for status, meaning in MEANINGS.items()]
    return Reference(list(groups.values()), shapes, problems)
