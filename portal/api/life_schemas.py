"""The form of a question's moves, and of what can be decided about it."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from .parsing import RowId, Text
from .schemas import Author, StatusName, Written

ActName = Literal[
    "answer", "delete_answer", "restore_answer", "accept", "unaccept", "make_official", "end_official", "ask_details",
    "give_details", "close", "mark_duplicate", "mark_obsolete", "reopen", "archive", "unarchive", "lock", "unlock",
    "undo", "merge", "part",
]  # fmt: skip
WhyName = Literal["", "off_topic", "resolved_elsewhere", "no_details", "other", "vote", "inactive"]
ClosingName = Literal["off_topic", "resolved_elsewhere", "no_details", "other"]


class Move(BaseModel):
    """One move of a question: from which status to which, by whom, why and when."""

    model_config = ConfigDict(populate_by_name=True)

    id: int
    act: ActName
    from_status: StatusName = Field(serialization_alias="from", description="The status before.")
    to_status: StatusName = Field(serialization_alias="to", description="The status after; the same for a lock.")
    by: Author | None = Field(description="Null where the portal or a vote did it, or where who asked is anonymous.")
    role: Literal["staff", "asker", "expert", "member", "portal"]
    why: WhyName = Field(description="A reason that can be counted; empty where none is given.")
    words: str = Field(description="What was said beside it.")
    answer_id: int | None = Field(description="The answer that it is about.")
    other_id: int | None = Field(description="The question that this one was joined with or parted from.")
    votes: int = Field(description="How many members voted for it; 0 where it was no vote.")
    at: Written


class MovePage(BaseModel):
    """A page of moves."""

    results: list[Move]
    next: str | None


class CloseIn(BaseModel):
    """How a question is closed."""

    status: Literal["closed", "duplicate", "obsolete"] = "closed"
    why: ClosingName | None = Field(None, description="For `closed`; left out: `other`.")
    words: Text = Field("", description="At most 300 characters, for everybody to read.")
    duplicate_of: RowId | None = Field(None, description="For `duplicate`: the earlier question.")


class WordsIn(BaseModel):
    """What is said beside a decision."""

    words: Text = Field("", description="At most 300 characters, for everybody to read.")


class DetailsIn(BaseModel):
    """What is missing in a question."""

    words: Text = Field(min_length=1, description="What is missing; at most 300 characters, for everybody to read.")


class ReopenTally(BaseModel):
    """How a vote to open a question again stands. `status` is the question's, which the last vote changes."""

    votes: int
    needed: int
    days: int = Field(description="For how many days a vote counts.")
    mine: bool
    status: StatusName
