"""The form of versions and of suggested edits."""

from typing import Literal

from pydantic import BaseModel, Field

from .parsing import Text
from .schemas import Author, Written


class Revision(BaseModel):
    """A version of a question or an answer."""

    number: int
    url: str
    editor: Author | None
    approved_by: Author | None = Field(description="Who let a suggested edit in.")
    improved: bool = Field(description="True where who let it in changed it on the way.")
    restores: int | None = Field(description="The number of the version that this one brought back.")
    note: str = Field(description="Why, in the editor's words.")
    title: str | None = Field(description="Null for an answer.")
    body: str = Field(description="Markdown; what was imported as HTML is converted.")
    topics: list[str]
    language: str | None = Field(description="Null where an import did not tell.")
    created_at: Written


class RevisionFull(Revision):
    """A version, also as readers saw it."""

    body_html: str


class RevisionPage(BaseModel):
    """A page of versions."""

    results: list[Revision]
    next: str | None


class AnswerSuggestionIn(BaseModel):
    """An edit of an answer to suggest."""

    body: Text | None = Field(None, description="Markdown; left out: as it is.")
    reason: Text = Field(description="Why, in 5 to 300 characters.")


class QuestionSuggestionIn(AnswerSuggestionIn):
    """An edit of a question to suggest; what is left out stays."""

    title: Text | None = Field(None, description="5 to 150 characters.")
    topics: list[Text] | None = Field(None, description="Slugs, at most five; these take the place of those before.")


class SuggestionAcceptIn(BaseModel):
    """What a reviewer makes of a suggestion; what is left out is as it was suggested."""

    title: Text | None = Field(None, description="Of a question.")
    body: Text | None = Field(None, description="Markdown.")
    topics: list[Text] | None = Field(None, description="Of a question.")
    words: Text = Field("", description="A word to who suggested it.")


class SuggestionRejectIn(BaseModel):
    """Why a suggestion is declined."""

    words: Text = Field(description="For who suggested it, in 5 to 300 characters.")


class Suggestion(BaseModel):
    """A suggested edit."""

    id: int
    url: str
    question_id: int
    answer_id: int | None = Field(description="Null: an edit of the question.")
    version: int = Field(description="The post's when this was suggested.")
    title: str | None = Field(description="Null for an answer.")
    body: str = Field(description="Markdown.")
    topics: list[str]
    reason: str
    status: Literal["pending", "accepted", "rejected", "withdrawn"]
    stale: bool = Field(description="True where the post changed in the same words since: it cannot be accepted as is.")
    author: Author | None
    decided_by: Author | None
    decision: str = Field(description="What was told to who suggested it.")
    revision: int | None = Field(description="The number of the version that it became.")
    created_at: Written
    decided_at: Written | None


class SuggestionPage(BaseModel):
    """A page of suggested edits."""

    results: list[Suggestion]
    next: str | None
