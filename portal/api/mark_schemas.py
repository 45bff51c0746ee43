"""The form of what a member marks. Names are a contract, as in ``schemas``."""

from typing import Literal

from pydantic import BaseModel, Field

from .parsing import Text
from .schemas import Written


class BookmarkIn(BaseModel):
    """A bookmark to set."""

    note: Text | None = Field(None, description="At most 300 characters; left out: as it is.")


class Bookmark(BaseModel):
    """A post that a member keeps."""

    kind: Literal["question", "answer"]
    id: int = Field(description="Of the question or the answer.")
    question_id: int
    title: str = Field(description="Of the question.")
    url: str
    note: str
    created_at: Written


class BookmarkPage(BaseModel):
    """A page of bookmarks."""

    results: list[Bookmark]
    next: str | None


class Demand(BaseModel):
    """Whether the member has the problem of a question too, and how many have."""

    wanted: bool
    demand_count: int


class Votes(BaseModel):
    """How many votes for a post were up and how many down."""

    up: int
    down: int
    score: int


class VoteReversal(BaseModel):
    """Votes in series that were taken out of the count."""

    id: int
    voter: str
    author: str
    value: Literal[-1, 1]
    votes_count: int
    cast_count: int
    began_at: Written
    ended_at: Written
    created_at: Written
    undone_at: Written | None


class VoteReversalPage(BaseModel):
    """A page of reversals."""

    results: list[VoteReversal]
    next: str | None


class ReasonIn(BaseModel):
    """Why."""

    reason: Text = Field(description="10 to 500 characters; kept in the log of what the staff did.")
