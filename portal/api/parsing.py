"""What callers send, read strictly: bodies, versions, moments and limits."""

import json
import re
from datetime import UTC, datetime
from typing import Annotated, Any, NoReturn

from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _
from ninja.parser import Parser
from pydantic import AfterValidator, BeforeValidator, Field

from portal.core.errors import Invalid

from .problems import PreconditionNeeded

VERSION = re.compile(r'(?:W/)?(?:"([^"]*)"|([^\s",]+))')
LOST_PLUS = re.compile(r" (?=\d\d:?\d\d$)")
# No row has this version: a service that is given it finds the caller's copy stale.
NO_VERSION = 0


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


class StrictParser(Parser):
    """Reads JSON as RFC 8259 has it: UTF-8, no NaN; nesting deeper than Python can follow is refused."""

    def parse_body(self, request: HttpRequest) -> Any:
        """Returns the body's value; raises ``ValueError`` or ``RecursionError``, which answer 400."""
        return json.loads(request.body.decode("utf-8"), parse_constant=_no_constant)

    def parse_querydict(
        self, data: MultiValueDict[str, Any], list_fields: list[str], request: HttpRequest
    ) -> dict[str, Any]:
        """Returns the parameters; one that is empty counts as not given."""
        return {name: value for name, value in super().parse_querydict(data, list_fields, request).items() if value}


def _storable(text: str) -> str:
    """Returns the text; raises ``ValueError`` for characters that no database takes."""
    if "\x00" in text or any("\ud800" <= letter <= "\udfff" for letter in text):
        raise ValueError(_("This text holds characters that cannot be kept."))
    return text


def _clamped(lowest: int, highest: int) -> AfterValidator:
    return AfterValidator(lambda number: min(max(number, lowest), highest))


Text = Annotated[str, AfterValidator(_storable)]
RowId = Annotated[int, Field(ge=1, le=2**63 - 1)]
PageLimit = Annotated[int, _clamped(1, 100), Field(description="Rows a page, 1 to 100.")]
ResultLimit = Annotated[int, _clamped(1, 50), Field(description="Results, 1 to 50.")]


def moment_read(text: str) -> datetime:
    """Returns the moment of an ISO 8601 text, UTC where it names no zone; raises ``ValueError`` for any other text."""
    text = LOST_PLUS.sub("+", text.strip())  # a plus sign that was not encoded arrives as a space
    try:
        found = parse_datetime(text)
        if found is None and (day := parse_date(text)) is not None:
            found = datetime(day.year, day.month, day.day)
        if found is None:
            raise ValueError(text)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError(_("Give a moment as ISO 8601, such as 2026-01-31T12:00:00Z.")) from None


Moment = Annotated[datetime, BeforeValidator(lambda value: moment_read(value) if isinstance(value, str) else value)]


def versions_read(header: str) -> set[str] | None:
    """Returns the versions that an ``If-Match`` header names, None for ``*``.

    Weak (``W/"3"``) and unquoted (``3``) forms are taken for what they mean; what is no version matches none.
    """
    if header.strip() == "*":
        return None
    found = (VERSION.fullmatch(part.strip()) for part in header.split(","))
    return {match[1] or match[2] for match in found if match}


def version_begun_from(request: HttpRequest, current: int) -> int:
    """Returns the version that a change began from: ``current`` where ``If-Match`` names it, else one that is stale.

    Raises ``PreconditionNeeded`` without the header. The service compares once more when it holds the row.
    """
    header = request.headers.get("If-Match", "")
    if not header.strip():
        raise PreconditionNeeded
    named = versions_read(header)
    return current if named is None or str(current) in named else NO_VERSION


def require_no_space(space: Any) -> None:
    """Raises ``Invalid`` for a space: there are none yet, so nobody is led to believe that a post is private."""
    if space is not None:
        raise Invalid({"space": [_("There is no such space.")]})
