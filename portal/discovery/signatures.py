"""What a page carries of the search that made it, signed: who has it saw the page, and cannot name another search."""

from dataclasses import dataclass
from uuid import UUID

from django.core.signing import BadSignature, TimestampSigner

from .visitors import WINDOW

SEARCH = TimestampSigner(salt="discovery.search")
RESULT = TimestampSigner(salt="discovery.result")


@dataclass(frozen=True, slots=True)
class ShownResult:
    """A result that a search showed, at ``rank`` from 1."""

    search_id: UUID
    type: str
    object_id: str
    rank: int


def search_signed(search_id: UUID) -> str:
    """Returns the mark of a search."""
    return SEARCH.sign(search_id.hex)


def search_named(mark: str) -> UUID | None:
    """Returns the search that a mark stands for, None where it is no mark of ours or older than the window."""
    try:
        return UUID(hex=SEARCH.unsign(mark[:300], max_age=WINDOW))
    except (BadSignature, ValueError):
        return None


def result_signed(shown: ShownResult) -> str:
    """Returns the mark of a result that was shown."""
    return RESULT.sign(f"{shown.search_id.hex}.{shown.rank}.{shown.type}.{shown.object_id}")


def result_named(mark: str) -> ShownResult | None:
    """Returns the result that a mark stands for, None where it is no mark of ours or older than the window."""
    try:
        search, rank, kind, object_id = RESULT.unsign(mark[:400], max_age=WINDOW).split(".", 3)
        return ShownResult(UUID(hex=search), kind, object_id, int(rank))
    except (BadSignature, ValueError):
        return None
