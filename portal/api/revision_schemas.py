"""The form of versions and of suggested edits."""

from pydantic import BaseModel, Field

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
