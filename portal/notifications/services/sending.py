"""Sending what waits to be mailed: everything that is due to a member in one mail, at her pace.

A thread is mailed about at most once in ``PACE``: what comes sooner waits and goes out with the next. Items and the
thread's pace are claimed in one short transaction before the mail is handed over, so that a run that dies sends nothing
twice; where the server does not take the mail, both are given back.
"""

import logging
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from smtplib import SMTPDataError, SMTPRecipientsRefused
from uuid import uuid4

from django.db import transaction
from django.utils import translation

from portal.accounts.models import User
from portal.core.clock import now
from portal.notifications.models import NoteItem, NotificationSettings, ThreadMail

from .letters import items_wanted, language_of, letter_of, letter_parts
from .mails import may_be_mailed, refused_for_good

logger = logging.getLogger(__name__)

PACE = timedelta(minutes=15)
# Where the server does not take the mail to one member now, she is tried again after this.
LATER = timedelta(minutes=5)
RUN_SECONDS = 20.0
MOST_ITEMS = 300
MOST_MEMBERS = 1_000


@dataclass(slots=True)
class Claimed:
    """What a run took for one member: its mark, the items, and when each thread was last mailed about before."""

    mark: str
    items: list[NoteItem] = field(default_factory=list)
    before: dict[str, datetime | None] = field(default_factory=dict)


def note_mails_send(*, seconds: float = RUN_SECONDS) -> int:
    """Writes to every member for whom something is due; returns how many mails went out.

    seconds: after these no further member is begun with; the next run goes on. Raises ``OSError`` (that of the mail
    server) when the server takes no mails now: they wait.
    """
    until = time.monotonic() + seconds
    waiting = NoteItem.objects.filter(handled_at=None, mail_due_at__lte=now())
    members = waiting.order_by().values_list("note__recipient_id", flat=True).distinct()
    sent = 0
    for user_id in list(members[:MOST_MEMBERS]):
        if time.monotonic() > until:
            break
        sent += member_mails_send(user_id=user_id)
    return sent


def member_mails_send(*, user_id: int) -> int:
    """Writes to one member what is due to her; returns how many mails went out: one for the day's, one for the rest."""
    user = User.objects.filter(pk=user_id).first()
    choices = NotificationSettings.objects.filter(user_id=user_id).first() or NotificationSettings()
    sent = 0
    for digest in (False, True):
        claimed = _claim(user_id, choices, digest=digest)
        if not claimed.items:
            continue
        try:
            sent += _send(user, claimed, choices, digest=digest)
        finally:
            NoteItem.objects.filter(claim=claimed.mark).update(claim="")
    return sent


@transaction.atomic
def _claim(user_id: int, choices: NotificationSettings, *, digest: bool) -> Claimed:
    """Takes what is due to a member and may go out now; what may not gets the moment at which it may."""
    claimed, moment = Claimed(uuid4().hex), now()
    User.objects.select_for_update(of=["self"]).filter(pk=user_id).first()  # two runs must not share a thread's pace
    due = NoteItem.objects.filter(
        note__recipient_id=user_id, handled_at=None, mail_due_at__lte=moment, digest=digest
    ).select_related("note", "happening")
    quiet = choices.quiet_end(moment)
    if quiet is not None:
        NoteItem.objects.filter(pk__in=list(due.values_list("pk", flat=True))).update(mail_due_at=quiet)
        return claimed
    items = list(due.order_by("id")[:MOST_ITEMS])
    paces = dict(
        ThreadMail.objects.filter(recipient_id=user_id, thread__in={item.thread for item in items}).values_list(
            "thread", "sent_at"
        )
    )
    for item in items:
        last = paces.get(item.thread)
        if last is not None and last + PACE > moment:
            NoteItem.objects.filter(pk=item.pk).update(mail_due_at=last + PACE)
        else:
            claimed.items.append(item)
            claimed.before[item.thread] = last
    ids = [item.pk for item in claimed.items]
    NoteItem.objects.filter(pk__in=ids, handled_at=None).update(handled_at=moment, claim=claimed.mark)
    for thread in claimed.before:
        ThreadMail.objects.update_or_create(recipient_id=user_id, thread=thread, defaults={"sent_at": moment})
    return claimed


def _send(user: User | None, claimed: Claimed, choices: NotificationSettings, *, digest: bool) -> int:
    if user is None or not may_be_mailed(user):
        return 0
    with translation.override(language_of(user)):
        wanted = items_wanted(user=user, items=claimed.items, choices=choices)
        parts = letter_parts(user=user, items=wanted)
    _restore_pace(user.pk, claimed, kept={part.thread.key for part in parts})
    if not parts:
        return 0
    try:
        letter_of(user=user, parts=parts, digest=digest, mark=claimed.mark).send()
    except OSError as error:  # what smtplib raises is one of these
        if refused_for_good(error):
            logger.warning("mail to member %d is refused: %s", user.pk, error)
            return 0
        _give_back(user.pk, claimed)
        if isinstance(error, SMTPRecipientsRefused | SMTPDataError):
            logger.warning("mail to member %d waits: %s", user.pk, error)
            return 0
        raise
    return 1


@transaction.atomic
def _give_back(user_id: int, claimed: Claimed) -> None:
    mine = NoteItem.objects.filter(claim=claimed.mark)
    mine.update(handled_at=None, claim="", mail_due_at=now() + LATER)
    _restore_pace(user_id, claimed, kept=set())


def _restore_pace(user_id: int, claimed: Claimed, *, kept: set[str]) -> None:
    """Gives threads that no mail told of, but those that are ``kept``, the pace that they had."""
    for thread, before in claimed.before.items():
        if thread in kept:
            continue
        pace = ThreadMail.objects.filter(recipient_id=user_id, thread=thread)
        if before is None:
            pace.delete()
        else:
            pace.update(sent_at=before)


def paces_forget() -> int:
    """Forgets when threads were last mailed about, where that holds nobody back any more; returns how many."""
    return ThreadMail.objects.filter(sent_at__lt=now() - 2 * PACE).delete()[0]
