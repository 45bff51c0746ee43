"""From what happened to the notes of those who are to know: the worker's part, in short transactions.

A question that thousands follow costs the request that answers it one row. The worker writes their notes some hundreds
at a time, so that nobody else waits for the database meanwhile; one that dies goes on where it stopped, because a note
tells of a post once.
"""

import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from portal.core.clock import now
from portal.notifications.models import Channel, Happening, Kind, NoteItem, Notification, NotificationSettings
from portal.notifications.selectors.audience import Audience, Reason, audience_of, without_those_who_left

logger = logging.getLogger(__name__)

AT_ONCE = 500
MOST_HAPPENINGS = 200
MOST_ATTEMPTS = 5
# A mail waits a little: for what else happens in the thread, and for who takes back what she just wrote.
MAIL_DELAY = timedelta(minutes=1)
# What is told of words that were written.
WRITTEN = frozenset({"asked", "answered", "commented", "edited"})
# What can happen to a post again and is to be told again each time.
REPEATED = frozenset(
    {"status", "edited", "mentioned", "merged", "parted", "proposed", "contested"}
    | {"suggested", "reviewed", "confirmation", "outdated"}
)


def happenings_tell(*, most: int = MOST_HAPPENINGS) -> int:
    """Writes the notes of what happened and was not told yet; returns how many members were told of something."""
    told = 0
    taken: dict[str, set[int]] = defaultdict(set)
    for happening in _waiting(most):
        try:
            told += _tell(happening, taken[happening.post])
        except Exception:
            logger.exception("happening %d could not be told", happening.pk)
            Happening.objects.filter(pk=happening.pk).update(attempts=F("attempts") + 1)
    return told


def _waiting(most: int) -> list[Happening]:
    """Returns what waits, the earliest first, but mentions before all else: who is named is told that she is.

    Whatever else happened to the questions of the first ``most`` comes along, so that a post and the mentions in it,
    which were committed together, are never told apart.
    """
    waiting = Happening.objects.filter(told_at=None, attempts__lt=MOST_ATTEMPTS)
    first = waiting.order_by("attempts", "id").values_list("question_id", flat=True)[:most]
    found = waiting.filter(question_id__in=list(dict.fromkeys(first)))
    posts = found.select_related("question", "answer", "comment__parent", "actor").order_by("id")
    return sorted(posts, key=lambda happening: happening.what != "mentioned")


def _tell(happening: Happening, taken: set[int]) -> int:
    """Tells everybody who is to know of one happening. taken: who was told that this post names her; the same words are
    no news to her."""
    audience = audience_of(happening)
    if happening.what in WRITTEN:
        audience = {user: why for user, why in audience.items() if user not in taken}
    told = 0
    for some in _chunks(sorted(audience)):
        with transaction.atomic():
            told += _write(happening, {user: audience[user] for user in some})
    if happening.what == "mentioned":
        taken |= set(audience)
    Happening.objects.filter(pk=happening.pk).update(told_at=now())
    return told


def _chunks(user_ids: list[int]) -> Iterator[list[int]]:
    for begin in range(0, len(user_ids), AT_ONCE):
        yield user_ids[begin : begin + AT_ONCE]


def _write(happening: Happening, audience: Audience) -> int:
    """Writes the notes of some members; returns how many are new to it."""
    settings = _settings(audience)
    moment = now()
    wanted = {user: why for user, why in audience.items() if settings[user].channel(why.kind) != Channel.NEVER}
    notes = _notes(wanted, moment)
    post = told_post(happening)
    known = set(NoteItem.objects.filter(note__in=notes.values(), post=post).values_list("note_id", flat=True))
    fresh = {user: note for user, note in notes.items() if note not in known}
    NoteItem.objects.bulk_create(
        [_item(happening, note, post, settings[user], wanted[user].kind) for user, note in fresh.items()],
        ignore_conflicts=True,
    )
    Notification.objects.filter(pk__in=fresh.values()).update(told_at=moment, read_at=None, hidden=False)
    return len(fresh)


def told_post(happening: Happening) -> str:
    """Returns what one is told of once: the post, or for what may happen to it again and again the happening."""
    return f"{happening.post}:{happening.pk}" if happening.what in REPEATED else happening.post


def _settings(user_ids: Iterable[int]) -> dict[int, NotificationSettings]:
    active = without_those_who_left(user_ids)
    chosen = {each.user_id: each for each in NotificationSettings.objects.filter(user__in=active)}
    gone = NotificationSettings(channels=dict.fromkeys(Kind.values, Channel.NEVER.value))
    usual = NotificationSettings()
    return {user: chosen.get(user, usual) if user in active else gone for user in user_ids}


def _notes(audience: Audience, moment: datetime) -> dict[int, int]:
    """Returns the note of each member, made where there was none."""
    groups: dict[Reason, list[int]] = defaultdict(list)
    for user, why in audience.items():
        groups[why].append(user)
    found: dict[int, int] = {}
    for why, users in groups.items():
        kind, _colon, number = why.thread.partition(":")
        place = {"kind": why.kind, "document_type": kind, "document_id": number}
        notes = Notification.objects.filter(recipient__in=users, **place)
        there = dict(notes.values_list("recipient_id", "id"))
        # Read until an item joins it: a note that a dying run left without one is nothing unread.
        missing = [
            Notification(recipient_id=user, created_at=moment, told_at=moment, read_at=moment, **place)
            for user in users
            if user not in there
        ]
        if missing:
            Notification.objects.bulk_create(missing, ignore_conflicts=True)
            there = dict(notes.values_list("recipient_id", "id"))
        found |= there
    return found


def _item(happening: Happening, note: int, post: str, settings: NotificationSettings, kind: Kind) -> NoteItem:
    channel, moment = settings.channel(kind), now()
    due = {Channel.MAIL: moment + MAIL_DELAY, Channel.DIGEST: settings.digest_due(moment)}.get(channel)
    return NoteItem(
        note_id=note,
        happening=happening,
        post=post,
        at=happening.at,
        digest=channel == Channel.DIGEST,
        mail_due_at=due,
    )
