"""Who is to be told of what happened, and for which reason: the nearest one of several.

The rules say who would like to know. Whether she may see it is asked when the inbox is opened and when a mail is
written: a note about what one may not see is shown nowhere.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db.models import Q

from portal.accounts.models import User
from portal.notifications.models import Follow, Happening, Kind, Level, NotificationSettings

from .items import actor_shown

# The nearest first: of several reasons to tell one person of one post, the first is told.
NEAREST = (
    Kind.MENTION,
    Kind.MERGED,
    Kind.CONFIRMATION,
    Kind.REMINDER,
    Kind.SUGGESTION,
    Kind.EDIT,
    Kind.ACCEPTED,
    Kind.OFFICIAL,
    Kind.ANSWER,
    Kind.COMMENT,
    Kind.STATUS,
    Kind.QUESTION,
    Kind.MEMBER,
)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why somebody is told: the kind of note, and the thread that it is about (``question:7``)."""

    kind: Kind
    thread: str

    @property
    def rank(self) -> int:
        """How near it is, 0 the nearest."""
        return NEAREST.index(self.kind)


Audience = dict[int, Reason]
Rule = Callable[[Happening], Iterable[tuple[int, Reason]]]


def audience_of(happening: Happening) -> Audience:
    """Returns who is to be told, by user id, each for the nearest reason; never who did it, nor who muted the question.

    The happening comes with its question, answer and comment.
    """
    found: Audience = {}
    for user_id, reason in RULES[happening.what](happening):
        if user_id not in found or reason.rank < found[user_id].rank:
            found[user_id] = reason
    found.pop(happening.actor_id or 0, None)
    for user_id in _muting(happening.question_id):
        found.pop(user_id, None)
    return found


def question_followers(happening: Happening) -> set[int]:
    """Returns who followed the question when it happened; its asker does unless she said otherwise, also where no row
    says so."""
    rows = Follow.objects.filter(question_id=happening.question_id).values_list("user_id", "level", "created_at")
    found = {user for user, level, since in rows if level == Level.FOLLOWING and since <= happening.at}
    asker, known = happening.question.author_id, {user for user, _level, _since in rows}
    if asker is not None and asker not in known and _follows_own(asker):
        found.add(asker)
    return found


def _follows_own(user_id: int) -> bool:
    return not NotificationSettings.objects.filter(user_id=user_id, follow_asked=False).exists()


def _muting(question_id: int) -> list[int]:
    muted = Follow.objects.filter(question_id=question_id, level=Level.MUTED)
    return list(muted.values_list("user_id", flat=True))


def _followers(happening: Happening, **of: int) -> Iterable[int]:
    found = Follow.objects.filter(level=Level.FOLLOWING, created_at__lte=happening.at, **of)
    return found.values_list("user_id", flat=True)


def _own(happening: Happening) -> str:
    return f"question:{happening.question_id}"


def _to_followers(happening: Happening, kind: Kind) -> Iterable[tuple[int, Reason]]:
    reason = Reason(kind, _own(happening))
    return [(user_id, reason) for user_id in question_followers(happening)]


def _to(happening: Happening, kind: Kind, *user_ids: int | None) -> Iterable[tuple[int, Reason]]:
    return [(user_id, Reason(kind, _own(happening))) for user_id in user_ids if user_id is not None]


def _to_followers_of_author(happening: Happening) -> Iterable[tuple[int, Reason]]:
    if happening.actor_id is None or actor_shown(happening).anonymous:
        return []
    reason = Reason(Kind.MEMBER, f"member:{happening.actor_id}")
    return [(user_id, reason) for user_id in _followers(happening, member_id=happening.actor_id)]


def _asked(happening: Happening) -> Iterable[tuple[int, Reason]]:
    """A question's topics count, and those that they lie below (two levels)."""
    yield from _to_followers_of_author(happening)
    above: dict[int, int] = {}
    for item in happening.question.topic_items.select_related("tag__parent"):
        for topic_id in (item.tag_id, item.tag.parent_id, item.tag.parent.parent_id if item.tag.parent else None):
            if topic_id is not None:
                above.setdefault(topic_id, len(above))
    for topic_id in above:
        for user_id in _followers(happening, topic_id=topic_id):
            yield user_id, Reason(Kind.QUESTION, f"topic:{topic_id}")


def _answered(happening: Happening) -> Iterable[tuple[int, Reason]]:
    official = happening.answer is not None and happening.answer.official
    yield from _to_followers(happening, Kind.OFFICIAL if official else Kind.ANSWER)
    yield from _to_followers_of_author(happening)


def _commented(happening: Happening) -> Iterable[tuple[int, Reason]]:
    """Who follows the question, who wrote the answer that is commented on, who wrote what is replied to."""
    answer, comment = happening.answer, happening.comment
    yield from _to_followers(happening, Kind.COMMENT)
    parent = comment.parent if comment is not None else None
    nearest = [answer.author_id if answer else None, parent.author_id if parent else None]
    off = Follow.objects.filter(question_id=happening.question_id).exclude(level=Level.FOLLOWING)
    left = set(off.filter(user__in=[each for each in nearest if each]).values_list("user_id", flat=True))
    yield from _to(happening, Kind.COMMENT, *(each for each in nearest if each not in left))


def _accepted(happening: Happening) -> Iterable[tuple[int, Reason]]:
    yield from _to(happening, Kind.ACCEPTED, happening.answer.author_id if happening.answer else None)
    yield from _to_followers(happening, Kind.ACCEPTED)


def _official(happening: Happening) -> Iterable[tuple[int, Reason]]:
    yield from _to(happening, Kind.OFFICIAL, happening.answer.author_id if happening.answer else None)
    yield from _to_followers(happening, Kind.OFFICIAL)


def _edited(happening: Happening) -> Iterable[tuple[int, Reason]]:
    post = happening.answer or happening.question
    return _to(happening, Kind.EDIT, post.author_id)


def _named_members(happening: Happening) -> list[int]:
    ids = [each for each in happening.data.get("members", []) if isinstance(each, int)]
    return list(User.objects.filter(pk__in=ids).values_list("pk", flat=True))


RULES: dict[str, Rule] = {
    "asked": _asked,
    "answered": _answered,
    "commented": _commented,
    "accepted": _accepted,
    "official": _official,
    "status": lambda happening: _to_followers(happening, Kind.STATUS),
    "edited": _edited,
    "mentioned": lambda happening: _to(happening, Kind.MENTION, *_named_members(happening)),
    "merged": lambda happening: _to(happening, Kind.MERGED, *_named_members(happening)),
    "proposed": lambda happening: _to(happening, Kind.STATUS, *_named_members(happening)),
    "contested": lambda happening: _to(happening, Kind.MERGED, *_named_members(happening)),
    "suggested": lambda happening: _to(happening, Kind.SUGGESTION, *_named_members(happening)),
    "reviewed": lambda happening: _to(happening, Kind.SUGGESTION, *_named_members(happening)),
    "confirmation": lambda happening: _to(happening, Kind.CONFIRMATION, *_named_members(happening)),
    "outdated": lambda happening: _to(happening, Kind.CONFIRMATION, *_named_members(happening)),
    "parted": lambda happening: _to(happening, Kind.MERGED, *_named_members(happening)),
    "reminder": lambda happening: _to(happening, Kind.REMINDER, happening.question.author_id),
}


def without_those_who_left(user_ids: Iterable[int]) -> set[int]:
    """Returns those of the members whose accounts are active."""
    return set(User.objects.filter(Q(is_active=True), pk__in=list(user_ids)).values_list("pk", flat=True))
