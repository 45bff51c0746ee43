"""The form of what is told of versions: releases, passports of answers. Names are a contract, as in ``schemas``."""

from datetime import date
from typing import Literal

from pydantic import BaseModel, Field, StrictBool

from .parsing import RowId, Text
from .schemas import Answer, Written

StateName = Literal["unconfirmed", "works", "doubtful", "obsolete"]


class ReleaseIn(BaseModel):
    """A release to register."""

    label: Text = Field(description="As people call it: v3, 2024.1; at most 40 characters.")
    released_at: date | None = Field(None, description="The day it came out; left out: today.")
    notes_url: Text = Field("", description="Where its news are told.")
    position: int = Field(0, description="Among releases of the same day the lower is the earlier.")


class ReleasePatch(BaseModel):
    """What changes in a release; what is left out stays."""

    label: Text | None = Field(None, description="At most 40 characters.")
    released_at: date | None = Field(None, description="The day it came out.")
    notes_url: Text | None = Field(None, description="Where its news are told.")
    position: int | None = Field(None, description="Among releases of the same day the lower is the earlier.")


class Release(BaseModel):
    """A release of a product."""

    id: int
    product: str
    label: str
    released_at: date
    notes_url: str
    position: int
    withdrawn: bool


class ReleaseList(BaseModel):
    """The releases of a product, the earliest first: all of them in one page."""

    results: list[Release]
    next: str | None


class ConfirmationIn(BaseModel):
    """What the member says of an answer."""

    works: StrictBool | None = Field(description="True: it still works; false: no longer; null takes it back.")
    release: RowId | None = Field(None, description="The id of a release; left out: the newest of the product.")


class ObsoleteIn(BaseModel):
    """Why an answer no longer holds."""

    reason: Text = Field(description="A sentence, at most 300 characters.")


class Confirmed(BaseModel):
    """Who confirmed an answer: the staff, else members, else its author."""

    by: Literal["member", "author", "staff"]
    count: int
    last_at: Written


class ReleaseState(BaseModel):
    """What was said of an answer on one release."""

    release: Release
    state: StateName
    claimed: bool = Field(description="Whether the answer was written for it.")
    works: int = Field(description="How many say that it still works.")
    no_longer: int
    mine: bool | None = Field(description="What the caller said; null: nothing.")


class Passport(BaseModel):
    """What is known of the versions that an answer holds for. Without a product with releases all but `answer_id`
    and `obsolete` is empty."""

    answer_id: int
    obsolete: bool
    obsolete_reason: str | None = Field(description="Of who marked it by hand.")
    state: StateName | None
    product: str | None
    works_on: list[str] = Field(description="Labels of releases, `v3` or `v3–v4`.")
    not_yet_confirmed_on: str | None
    confirmed: Confirmed | None
    solution: list[str] | None = Field(description="What it is marked as the solution for; null: not marked.")
    releases: list[ReleaseState]


class ToConfirmPage(BaseModel):
    """A page of answers that nobody has confirmed on the newest release."""

    release: Release | None
    waiting: int
    results: list[Answer]
    next: str | None
