"""Says what a row of a dump means: attributes in, one plain record out. Knows no database.

The attributes are described at https://meta.stackexchange.com/q/2677 ("Database schema documentation").
"""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import IntEnum

from django.utils.translation import gettext as _

from .parse import Attributes

NUMBER = re.compile(r"-?[0-9]{1,18}")
LEAST, MOST = -(2**31), 2**31 - 1
TITLE_LONGEST = 300
NAME_LONGEST = 120
TAG_LONGEST = 100
TAGS_MOST = 30
# Posts before these moments carry the earlier licence: https://stackoverflow.com/help/licensing
LICENCES = (
    (datetime(2011, 4, 8, tzinfo=UTC), "CC BY-SA 2.5"),
    (datetime(2018, 5, 2, tzinfo=UTC), "CC BY-SA 3.0"),
)
LICENCE_NOW = "CC BY-SA 4.0"


class BadRow(Exception):
    """The row cannot be used; the text says why."""


class PostType(IntEnum):
    """The kinds of posts that become something here."""

    QUESTION = 1
    ANSWER = 2
    EXCERPT = 4


# Wikis, nominations and what later years added: known, and nothing that this portal keeps.
OTHER_POSTS = range(3, 20)


class VoteType(IntEnum):
    """The votes that count here."""

    ACCEPTED = 1
    UP = 2
    DOWN = 3


class LinkType(IntEnum):
    """What a link between posts says."""

    RELATED = 1
    DUPLICATE = 3


@dataclass(slots=True)
class Person:
    """A row of Users.xml."""

    key: int
    name: str
    joined: datetime
    reputation: int
    about: str
    location: str
    website: str


@dataclass(slots=True)
class Tag:
    """A row of Tags.xml; ``excerpt`` is the id of the post that describes it, 0 for none."""

    key: int
    name: str
    excerpt: int


@dataclass(slots=True)
class PostRecord:
    """A question, an answer or the excerpt of a tag. Ids are those of the dump, 0 for none; ``parent`` the question."""

    key: int
    kind: PostType
    parent: int
    title: str
    body: str
    tags: list[str]
    owner: int
    owner_name: str
    editor: int
    created: datetime
    edited: datetime | None
    active: datetime | None
    closed: datetime | None
    locked: bool
    score: int
    views: int
    answers: int
    accepts: int
    licence: str


@dataclass(slots=True)
class Remark:
    """A row of Comments.xml."""

    key: int
    post: int
    text: str
    owner: int
    owner_name: str
    created: datetime
    score: int
    licence: str


@dataclass(slots=True)
class Link:
    """A row of PostLinks.xml."""

    key: int
    post: int
    related: int
    kind: LinkType
    created: datetime


@dataclass(slots=True)
class Ballot:
    """A row of Votes.xml; ``day`` counts from 1970 for an acceptance, else 0."""

    post: int
    kind: VoteType
    day: int


@dataclass(slots=True)
class Award:
    """A row of Badges.xml."""

    key: int
    owner: int
    name: str
    created: datetime
    level: int
    by_tag: bool


@dataclass(slots=True)
class Step:
    """A row of PostHistory.xml."""

    key: int
    kind: int
    post: int
    group: str
    created: datetime
    editor: int
    editor_name: str
    text: str
    note: str
    licence: str


def digest(row: Attributes, names: Iterable[str]) -> int:
    """Returns 64 bits (signed) that change when one of these attributes does."""
    parts = "\x1f".join("\x1e" if (value := row.get(name)) is None else value for name in names)
    return int.from_bytes(hashlib.blake2b(parts.encode("utf-8", "replace"), digest_size=8).digest(), signed=True)


def whole(row: Attributes, name: str, default: int | None = None) -> int:
    """Returns an attribute that is a whole number; ``BadRow`` where it is none or, without a default, missing."""
    value = row.get(name)
    if value is None or value == "":
        if default is None:
            raise BadRow(_("%(name)s is missing") % {"name": name})
        return default
    if not NUMBER.fullmatch(value):
        raise BadRow(_("%(name)s is no number: %(value)r") % {"name": name, "value": value[:40]})
    return int(value)


def counted(row: Attributes, name: str) -> int:
    """Returns a figure that fits a database's integer; 0 where it is missing."""
    value = whole(row, name, 0)
    if not LEAST <= value <= MOST:
        raise BadRow(_("%(name)s is out of range: %(value)d") % {"name": name, "value": value})
    return value


def moment(row: Attributes, name: str) -> datetime:
    """Returns an attribute that is a date, aware, in UTC; ``BadRow`` where it is missing or none."""
    value = row.get(name)
    if not value:
        raise BadRow(_("%(name)s is missing") % {"name": name})
    try:
        found = datetime.fromisoformat(value)
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):
        raise BadRow(_("%(name)s is no date: %(value)r") % {"name": name, "value": value[:40]}) from None


def moment_or_none(row: Attributes, name: str) -> datetime | None:
    """Returns an attribute that is a date, None where it is missing."""
    return moment(row, name) if row.get(name) else None


def line_of(row: Attributes, name: str, longest: int) -> str:
    """Returns an attribute as one line, spaces joined, cut to its longest."""
    value = row.get(name)
    return " ".join(value.split())[:longest].rstrip() if value else ""


def licence_of(row: Attributes, created: datetime) -> str:
    """Returns the licence of a post: what the row says, else what held at its date."""
    said = row.get("ContentLicense", "")
    if said:
        return said[:60]
    return next((licence for until, licence in LICENCES if created < until), LICENCE_NOW)


def tags_of(value: str) -> list[str]:
    """Returns the names in ``<a><b>`` or, as newer dumps write it, ``|a|b|``."""
    names = re.split(r"[<>|\s]+", value)
    return list(dict.fromkeys(name[:TAG_LONGEST] for name in names if name))[:TAGS_MOST]


USER_ATTRIBUTES = ("DisplayName", "CreationDate", "Reputation", "AboutMe", "Location", "WebsiteUrl")


def person(row: Attributes) -> Person:
    """Returns the person of a row of Users.xml."""
    return Person(
        key=whole(row, "Id"),
        name=line_of(row, "DisplayName", NAME_LONGEST),
        joined=moment(row, "CreationDate"),
        reputation=counted(row, "Reputation"),
        about=row.get("AboutMe", ""),
        location=line_of(row, "Location", NAME_LONGEST),
        website=line_of(row, "WebsiteUrl", 200),
    )


TAG_ATTRIBUTES = ("TagName", "ExcerptPostId")


def tag(row: Attributes) -> Tag:
    """Returns the tag of a row of Tags.xml."""
    name = line_of(row, "TagName", TAG_LONGEST)
    if not name:
        raise BadRow(_("%(name)s is missing") % {"name": "TagName"})
    return Tag(key=whole(row, "Id"), name=name, excerpt=whole(row, "ExcerptPostId", 0))


POST_ATTRIBUTES = (
    "PostTypeId", "ParentId", "AcceptedAnswerId", "CreationDate", "Score", "ViewCount", "Body", "Title", "Tags",
    "OwnerUserId", "OwnerDisplayName", "LastEditorUserId", "LastEditDate", "ClosedDate", "LockedDate",
    "ContentLicense",
)  # fmt: skip

# What the text of a post is made of, and what closes a question.
WORDS_ATTRIBUTES = ("Title", "Body", "Tags")
STATE_ATTRIBUTES = ("ClosedDate", "LockedDate")


def post_type(row: Attributes) -> int:
    """Returns the PostTypeId; ``BadRow`` for one that no dump knows."""
    kind = whole(row, "PostTypeId")
    if kind not in OTHER_POSTS and kind not in (PostType.QUESTION, PostType.ANSWER):
        raise BadRow(_("%(name)s is unknown: %(value)d") % {"name": "PostTypeId", "value": kind})
    return kind


def post(row: Attributes) -> PostRecord:
    """Returns the question, answer or excerpt of a row of Posts.xml."""
    if (number := post_type(row)) not in tuple(PostType):
        raise BadRow(_("%(name)s is unknown: %(value)d") % {"name": "PostTypeId", "value": number})
    kind = PostType(number)
    title = line_of(row, "Title", TITLE_LONGEST)
    if kind is PostType.QUESTION and not title:
        raise BadRow(_("%(name)s is missing") % {"name": "Title"})
    if "Body" not in row:
        raise BadRow(_("%(name)s is missing") % {"name": "Body"})
    created = moment(row, "CreationDate")
    return PostRecord(
        key=whole(row, "Id"),
        kind=kind,
        parent=whole(row, "ParentId") if kind is PostType.ANSWER else 0,
        title=title,
        body=row["Body"],
        tags=tags_of(row.get("Tags", "")),
        owner=whole(row, "OwnerUserId", 0),
        owner_name=line_of(row, "OwnerDisplayName", NAME_LONGEST),
        editor=whole(row, "LastEditorUserId", 0),
        created=created,
        edited=moment_or_none(row, "LastEditDate"),
        active=moment_or_none(row, "LastActivityDate"),
        closed=moment_or_none(row, "ClosedDate"),
        locked="LockedDate" in row,
        score=counted(row, "Score"),
        views=max(counted(row, "ViewCount"), 0),
        answers=max(counted(row, "AnswerCount"), 0),
        accepts=whole(row, "AcceptedAnswerId", 0),
        licence=licence_of(row, created),
    )


COMMENT_ATTRIBUTES = ("PostId", "Text", "UserId", "UserDisplayName", "CreationDate", "Score", "ContentLicense")


def remark(row: Attributes) -> Remark:
    """Returns the comment of a row of Comments.xml."""
    text = row.get("Text", "").strip()
    if not text:
        raise BadRow(_("%(name)s is missing") % {"name": "Text"})
    created = moment(row, "CreationDate")
    return Remark(
        key=whole(row, "Id"),
        post=whole(row, "PostId"),
        text=text,
        owner=whole(row, "UserId", 0),
        owner_name=line_of(row, "UserDisplayName", NAME_LONGEST),
        created=created,
        score=counted(row, "Score"),
        licence=licence_of(row, created),
    )


LINK_ATTRIBUTES = ("PostId", "RelatedPostId", "LinkTypeId", "CreationDate")


def link(row: Attributes) -> Link:
    """Returns the link of a row of PostLinks.xml."""
    kind = whole(row, "LinkTypeId")
    if kind not in LinkType.__members__.values():
        raise BadRow(_("%(name)s is unknown: %(value)d") % {"name": "LinkTypeId", "value": kind})
    return Link(
        key=whole(row, "Id"),
        post=whole(row, "PostId"),
        related=whole(row, "RelatedPostId"),
        kind=LinkType(kind),
        created=moment(row, "CreationDate"),
    )


def ballot(row: Attributes) -> Ballot | None:
    """Returns the vote of a row of Votes.xml, None for the kinds that do not count here."""
    kind, about = whole(row, "VoteTypeId"), whole(row, "PostId")
    if kind not in VoteType.__members__.values():
        return None
    accepted = kind == VoteType.ACCEPTED
    day = moment(row, "CreationDate").toordinal() - datetime(1970, 1, 1).toordinal() if accepted else 0
    return Ballot(post=about, kind=VoteType(kind), day=max(day, 0))


BADGE_ATTRIBUTES = ("UserId", "Name", "Date", "Class", "TagBased")


def award(row: Attributes) -> Award:
    """Returns the badge of a row of Badges.xml; level 1 is gold, 2 silver, 3 bronze."""
    name = line_of(row, "Name", TAG_LONGEST)
    if not name:
        raise BadRow(_("%(name)s is missing") % {"name": "Name"})
    return Award(
        key=whole(row, "Id"),
        owner=whole(row, "UserId"),
        name=name,
        created=moment(row, "Date"),
        level=whole(row, "Class", 3),
        by_tag=row.get("TagBased", "").lower() == "true",
    )


HISTORY_ATTRIBUTES = (
    "PostHistoryTypeId", "PostId", "RevisionGUID", "CreationDate", "UserId", "UserDisplayName", "Text", "Comment",
    "ContentLicense",
)  # fmt: skip


def step(row: Attributes) -> Step:
    """Returns the step of a row of PostHistory.xml."""
    created = moment(row, "CreationDate")
    return Step(
        key=whole(row, "Id"),
        kind=whole(row, "PostHistoryTypeId"),
        post=whole(row, "PostId"),
        group=row.get("RevisionGUID", ""),
        created=created,
        editor=whole(row, "UserId", 0),
        editor_name=line_of(row, "UserDisplayName", NAME_LONGEST),
        text=row.get("Text", ""),
        note=line_of(row, "Comment", 300),
        licence=licence_of(row, created),
    )
