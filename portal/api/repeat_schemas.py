"""The form of what goes in and out about questions that repeat others."""

from typing import Literal

from pydantic import BaseModel, Field, StrictBool

from .parsing import RowId, Text
from .schemas import Written

State = Literal["open", "agreed", "declined"]
STATES: dict[str, State] = {"": "open", "agreed": "agreed", "declined": "declined"}


class ProposalIn(BaseModel):
    """That a question was asked before."""

    target_id: RowId = Field(description="The earlier question.")
    words: Text = Field("", description="Why, at most 1,000 characters.")


class Proposal(BaseModel):
    """What a member said was asked before, and what the staff decided."""

    id: int
    question_id: int
    target_id: int
    words: str
    state: State
    reply: str
    created_at: Written


class ContestIn(BaseModel):
    """That a question is no repeat."""

    words: Text = Field(description="What is different: 10 to 1,000 characters.")


class Contest(BaseModel):
    """What an asker contests, and what the staff decided."""

    id: int
    question_id: int
    merge_id: int | None = Field(description="The merge that is contested; null: the mark as a repeat.")
    words: str
    state: State
    reply: str
    created_at: Written


class DecisionIn(BaseModel):
    """What the staff decide."""

    agree: StrictBool
    reply: Text = Field("", description="What the member is told, at most 300 characters.")


class MergeIn(BaseModel):
    """With which question another is joined."""

    target_id: RowId = Field(description="The question that stays.")
    reason: Text = Field("", description="What the asker is told, at most 300 characters.")


class Merge(BaseModel):
    """Two questions that were joined."""

    id: int
    source_id: int
    target_id: int
    reason: str
    merged_at: Written
    undone_at: Written | None = Field(description="When the two were parted again.")


class MergePlan(BaseModel):
    """What joining two questions would do."""

    source_id: int
    target_id: int
    answers: int
    comments: int
    votes: int
    votes_left: int = Field(description="Votes of members who voted for both, or who asked the other question.")
    accepted_answer_id: int | None = Field(description="The answer that would become the target's accepted one.")
    unaccepted_answer_id: int | None = Field(description="The answer that would no longer be accepted.")
    other_language: bool


class ProposalPage(BaseModel):
    """A page of proposals."""

    results: list[Proposal]
    next: str | None


class ContestPage(BaseModel):
    """A page of what is contested."""

    results: list[Contest]
    next: str | None


class MergePage(BaseModel):
    """A page of merges."""

    results: list[Merge]
    next: str | None
