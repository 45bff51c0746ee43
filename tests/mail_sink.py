"""A mail server for tests: what the portal sends goes through a real SMTP conversation and can be looked at."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller

from tests.servers import free_port

BASE = "https://help.example.com"


class Sink:
    """Takes every mail but those to ``refused``; to whom is in ``later``, and to all while ``busy``, it says to come
    back."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.refused: set[str] = set()
        self.later: set[str] = set()
        self.busy = False

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if self.busy or address in self.later:
            return "451 come back later"
        if address in self.refused:
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"

    def to(self, user: Any) -> list[EmailMessage]:
        """The mails to a member, in the order in which they came."""
        return [mail for mail in self.mails if mail["To"] == user.email]


@contextlib.contextmanager
def mail_sink(settings: Any) -> Iterator[Sink]:
    """Runs a mail server and makes the portal send to it, with links that begin with ``BASE``."""
    taken = Sink()
    controller = Controller(taken, hostname="127.0.0.1", port=free_port())
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = controller.hostname, controller.port
    settings.PORTAL_BASE_URL = BASE
    try:
        yield taken
    finally:
        controller.stop()


def text_of(mail: EmailMessage) -> str:
    """The words of a mail."""
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def html_of(mail: EmailMessage) -> str:
    """The HTML of a mail."""
    body = mail.get_body(("html",))
    assert body is not None
    return str(body.get_content())
