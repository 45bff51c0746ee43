"""The form of drafts. Names are a contract, as in ``schemas``."""

from typing import Literal

from pydantic import BaseModel, Field

from .parsing import Text
from .schemas import Written

PlaceKind = Literal["ask", "answer", "question-edit", "answer-edit", "question-comment", "answer-comment", "reply"]


class DraftIn(BaseModel):
    """What is being written. What is left out is empty; what does not belong to the place is not kept."""

    body: Text = Field("", description="Markdown.")
    title: Text = Field("", description="Of a question.")
    language: Text = Field("", description="Of a question.")
    topics: Text = Field("", description="Of a question: names or slugs, commas between them.")
    note: Text = Field("", description="Of a change: why, for the history.")
    version: Text = Field("", description="Of a change: the version of the post that it began from.")


class Draft(BaseModel):
    """A member's draft; nobody else sees it."""

    place: str = Field(description="What it is a draft of: its kind, with the id of the post that it belongs to.")
    kind: PlaceKind
    target_id: int | None = Field(description="The post that it belongs to; null: a new question.")
    url: str | None = Field(description="Where it goes on; null where that is gone.")
    fields: dict[str, str] = Field(description="What was typed, by the names of the form's fields.")
    set_aside: dict[str, str] = Field(description="The version that gave way when two met; usually empty.")
    version: int
    created_at: Written
    updated_at: Written


class DraftPage(BaseModel):
    """One page of drafts."""

    results: list[Draft]
    next: str | None
