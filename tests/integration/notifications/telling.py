"""Telling in tests: the worker's runs, a clock that can be set, and what a member was told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from portal.accounts.models import User
from portal.notifications.models import NoteItem
from portal.notifications.selectors.inbox import Entry, inbox_page
from portal.notifications.services.follows import follow_set
from portal.notifications.services.sending import note_mails_send
from portal.notifications.services.telling import happenings_tell
from portal.notifications.words import items_words
from tests.factories.accounts import token


class Clock:
    """The moment that the portal takes for now; it stands still until it is moved."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def __call__(self) -> datetime:
        return self.moment

    def forward(self, **of: float) -> datetime:
        """Moves on by so many minutes, hours or days."""
        self.moment += timedelta(**of)
        return self.moment


def stopped_clock(monkeypatch: pytest.MonkeyPatch, moment: datetime | None = None) -> Clock:
    """Stops the portal's clock, at noon of a day where none is named."""
    clock = Clock(moment or datetime(2026, 11, 2, 12, 0, tzinfo=UTC))
    monkeypatch.setattr("django.utils.timezone.now", clock)
    return clock


def follow(user: User, thing: Any, level: str = "following") -> None:
    """Makes a member follow a question, a topic or a member."""
    kind = type(thing).__name__.lower().replace("user", "member")
    key = {"question": "pk", "topic": "slug", "member": "username"}[kind]
    follow_set(user=user, kind=kind, key=str(getattr(thing, key)), level=level)


def told(user: User) -> list[tuple[str, str]]:
    """What a member's inbox says after a run of the worker: (words, title), the latest first."""
    happenings_tell()
    return [(words(entry), entry.title) for entry in inbox_page(user).entries]


def words(entry: Entry) -> str:
    """What a note says."""
    return items_words(entry.note.kind, list(entry.items), entry.thread, entry.note.recipient_id)


def kinds(user: User) -> list[str]:
    """The kinds of a member's notes after a run of the worker, sorted."""
    happenings_tell()
    return sorted(entry.note.kind for entry in inbox_page(user).entries)


def mailed() -> int:
    """A run of the worker after all that waits became due; returns how many mails went out."""
    happenings_tell()
    for item in NoteItem.objects.filter(handled_at=None).exclude(mail_due_at=None):
        NoteItem.objects.filter(pk=item.pk).update(mail_due_at=item.mail_due_at - timedelta(days=2))
    return note_mails_send()


def api(user: User, method: str, address: str, body: Any = None) -> Any:
    """What the API answers to a member."""
    headers = {"Authorization": f"Bearer {token(user)}"}
    more = {} if body is None else {"data": body, "content_type": "application/json"}
    return getattr(Client(), method)(f"/api/v1/{address}", headers=headers, **more)
