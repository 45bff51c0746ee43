"""The form of what members are told: saved searches and the inbox. Names are a contract, as in ``schemas``."""

from typing import Literal

from pydantic import BaseModel, Field

from .parsing import Text
from .schemas import Written

FrequencyName = Literal["immediately", "daily", "weekly", "never"]


class SavedSearchIn(BaseModel):
    """A search to save."""

    query: Text = Field(description="The parameters of the results page's address: q=paper&type=question.")
    name: Text = Field("", description="At most 120 characters; left out: the words that are looked for.")
    frequency: FrequencyName = Field("daily", description="How often the member is told of what is new.")
    language: Text = Field("", description="Of the results page; left out: the member's own.")


class SavedSearchPatch(BaseModel):
    """What changes in a saved search; what is left out stays."""

    name: Text | None = Field(None, description="At most 120 characters.")
    frequency: FrequencyName | None = Field(None, description="How often the member is told of what is new.")


class SavedSearch(BaseModel):
    """A search that a member saved."""

    id: int
    name: str
    query: str
    url: str = Field(description="The address of its results.")
    language: str
    frequency: FrequencyName
    created_at: Written
    version: int


class SavedSearchPage(BaseModel):
    """A page of saved searches."""

    results: list[SavedSearch]
    next: str | None


class SavedSearchName(BaseModel):
    """Which saved search a note comes from."""

    id: int
    name: str


class Note(BaseModel):
    """A note in the inbox, and what it tells of."""

    id: int
    kind: str
    read: bool
    created_at: Written
    saved_search: SavedSearchName | None
    type: str
    object_id: int | str
    source_id: str | None
    url: str
    language: str | None
    title: str


class NotePage(BaseModel):
    """A page of the inbox."""

    results: list[Note]
    next: str | None
    unread_count: int
