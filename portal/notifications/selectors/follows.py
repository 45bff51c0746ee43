"""What members follow."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from portal.accounts.models import User
from portal.accounts.selectors import member_visible_to
from portal.core.errors import NotFound
from portal.core.models import Topic
from portal.core.paging import Slice, keyset_page
from portal.core.permissions import is_member
from portal.core.topics import topic_by_slug
from portal.notifications.models import Follow, Level
from portal.questions.models import Question
from portal.questions.selectors.access import question_visible_to

from .things import Key, Thread, threads_visible_to

Target = Question | Topic | User
NEWEST = ("-id",)
PAGE_SIZE = 30
SHOWN = (Level.FOLLOWING, Level.MUTED)


@dataclass(frozen=True, slots=True)
class FollowState:
    """How a reader stands to a thing (level; None: not at all) and how many follow it."""

    level: str | None
    count: int

    @property
    def following(self) -> bool:
        """Whether the reader is told of it."""
        return self.level == Level.FOLLOWING

    @property
    def muted(self) -> bool:
        """Whether the reader wants to hear nothing of it."""
        return self.level == Level.MUTED


@dataclass(frozen=True, slots=True)
class Followed:
    """A follow and what it is of."""

    follow: Follow
    thread: Thread
    key: str


def follow_target(user: Any, kind: str, key: str) -> Target:
    """Returns what can be followed: a question by its number, a topic by its slug, a member by her username.

    Raises ``NotFound`` where there is none for this reader.
    """
    if kind == "question" and key.isascii() and key.isdigit() and len(key) < 19:
        return question_visible_to(user, int(key))
    if kind == "topic":
        return topic_by_slug(key)
    if kind == "member":
        return member_visible_to(user, key)
    raise NotFound


def target_kind(target: Target) -> str:
    """Returns ``question``, ``topic`` or ``member``."""
    if isinstance(target, Question):
        return "question"
    return "topic" if isinstance(target, Topic) else "member"


def target_key(target: Target) -> str:
    """Returns by what a thing is named in addresses."""
    if isinstance(target, Question):
        return str(target.pk)
    return str(target.slug) if isinstance(target, Topic) else target.username


def target_path(target: Target) -> str:
    """Returns the path of its page, in the reader's language where it has one in each."""
    kind = target_kind(target)
    thread = threads_visible_to(None, [(kind, str(target.pk))]).get((kind, str(target.pk)))
    return thread.path if thread else "/"


def follow_state(user: Any, target: Target) -> FollowState:
    """Returns how a reader stands to a thing, and how many follow it: one query."""
    of = {target_kind(target): target}
    followers = Follow.objects.filter(level=Level.FOLLOWING, **of)
    if not is_member(user):
        return FollowState(None, followers.count())
    counted = followers.order_by().values("level").annotate(found=Count("pk")).values("found")
    own = Follow.objects.filter(user=OuterRef("pk"), **of).values("level")[:1]
    row = User.objects.filter(pk=user.pk).values_list(Subquery(own), Coalesce(Subquery(counted), 0)).first()
    return FollowState(*row) if row else FollowState(None, 0)


def follows_of(user: Any, kind: str = "") -> QuerySet[Follow]:
    """Returns what a member follows or has muted, of one kind or of all."""
    if not is_member(user):
        return Follow.objects.none()
    found = Follow.objects.filter(user=user, level__in=SHOWN)
    return found.filter(**{f"{kind}__isnull": False}) if kind in ("question", "topic", "member") else found


def follows_page(user: Any, *, kind: str = "", cursor: str | None = None, size: int = PAGE_SIZE) -> Slice[Follow]:
    """Returns a page of what a member follows, the latest first."""
    return keyset_page(follows_of(user, kind), order=NEWEST, cursor=cursor, size=size)


def followed_of(user: Any, follows: list[Follow]) -> list[Followed]:
    """Returns the follows with what they are of, without what their owner may not see now."""
    keys: dict[int, Key] = {}
    for follow in follows:
        kind, _colon, number = follow.thread.partition(":")
        keys[follow.pk] = (kind, number)
    threads = threads_visible_to(user, keys.values())
    names = _names(follows)
    return [
        Followed(follow, threads[keys[follow.pk]], names.get(follow.thread, ""))
        for follow in follows
        if keys[follow.pk] in threads
    ]


def _names(follows: list[Follow]) -> dict[str, str]:
    """Returns by what the followed things are named in addresses."""
    topics = [follow.topic_id for follow in follows if follow.topic_id]
    members = [follow.member_id for follow in follows if follow.member_id]
    names = {follow.thread: str(follow.question_id) for follow in follows if follow.question_id}
    if topics:
        found = Topic.objects.filter(pk__in=topics).values_list("pk", "slug")
        names |= {f"topic:{pk}": slug for pk, slug in found}
    if members:
        names |= {
            f"member:{pk}": name for pk, name in User.objects.filter(pk__in=members).values_list("pk", "username")
        }
    return names
