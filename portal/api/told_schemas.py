"""The form of what members are told: saved searches and the inbox. Names are a contract, as in ``schemas``."""

from typing import Annotated, Literal
from zoneinfo import available_timezones

from django.utils.translation import gettext as _
from pydantic import AfterValidator, BaseModel, Field

from .parsing import Text
from .schemas import Author, Written

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


class NoteItem(BaseModel):
    """One thing that a note tells of: what happened, to which post, by whom where that is told."""

    what: str
    type: Literal["question", "answer", "comment"]
    id: int
    url: str
    author: Author | None
    at: Written
    read: bool


class ReadIn(BaseModel):
    """Whether a note is read."""

    read: bool = True


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
    text: str = Field(description="What happened, for a person, in her language; empty for a saved search.")
    items: list[NoteItem] = Field(description="What it tells of, the latest first; none for a saved search.")


class NotePage(BaseModel):
    """A page of the inbox."""

    results: list[Note]
    next: str | None
    unread_count: int


LevelName = Literal["following", "muted"]
ChannelName = Literal["mail", "digest", "inbox", "never"]
Hour = Annotated[int, Field(ge=0, le=23)]


def _timezone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError(_("There is no such time zone."))
    return name


class FollowIn(BaseModel):
    """How to follow."""

    level: LevelName = Field("following", description="`muted`: be told nothing more of a question.")


class Follow(BaseModel):
    """Something that a member follows or has muted."""

    type: Literal["question", "topic", "member"]
    key: str = Field(description="A question's number, a topic's slug, a member's username.")
    title: str
    url: str
    language: str | None
    level: LevelName
    why: str = Field(description="How it began: chosen, asked, answered, commented or wanted.")
    created_at: Written


class FollowPage(BaseModel):
    """A page of what is followed."""

    results: list[Follow]
    next: str | None


class NotificationSettingsIn(BaseModel):
    """What changes in how a member is told; what is left out stays."""

    channels: dict[str, ChannelName] | None = Field(None, description="By kind of note.")
    follow_asked: bool | None = None
    follow_answered: bool | None = None
    follow_commented: bool | None = None
    follow_wanted: bool | None = None
    quiet_from: Hour | None = None
    quiet_until: Hour | None = None
    digest_hour: Hour | None = None
    timezone: Annotated[Text, AfterValidator(_timezone)] | None = None


class NotificationSettings(BaseModel):
    """How a member is told: by which way each kind comes, what makes her follow, hours in her time zone."""

    channels: dict[str, ChannelName]
    follow_asked: bool
    follow_answered: bool
    follow_commented: bool
    follow_wanted: bool
    quiet_from: int
    quiet_until: int
    digest_hour: int
    timezone: str
