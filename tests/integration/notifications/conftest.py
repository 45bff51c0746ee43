"""An index of a test's own, a mail server, and members who keep searches."""

from collections.abc import Callable, Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from portal.accounts.models import User
from portal.discovery.models import SavedSearch
from portal.discovery.services.saved_searches import saved_search_create
from search.engines import forget_engines
from search.indexing import drain
from search.setup import ensure_ready
from tests.factories.accounts import member
from tests.servers import free_port

BASE = "https://help.example.com"


class Sink:
    """A mail server: takes every mail but those to ``refused``; ``busy`` makes it ask to come back later."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.refused: set[str] = set()
        self.busy = False

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if self.busy:
            return "451 come back later"
        if address in self.refused:
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"

    def to(self, user: User) -> list[EmailMessage]:
        return [mail for mail in self.mails if mail["To"] == user.email]


@pytest.fixture
def sink(settings: Any) -> Iterator[Sink]:
    taken = Sink()
    controller = Controller(taken, hostname="127.0.0.1", port=free_port())
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = controller.hostname, controller.port
    settings.PORTAL_BASE_URL = BASE
    yield taken
    controller.stop()


@pytest.fixture
def index(db: None, settings: Any, tmp_path: Path) -> Iterator[Callable[[], int]]:
    """An empty embedded index; calling it brings what waits in the outbox into it."""
    settings.SEARCH = {**settings.SEARCH, "ELASTICSEARCH_URL": None, "EMBEDDED_PATH": tmp_path / "search"}
    forget_engines()
    ensure_ready()
    yield drain
    forget_engines()


@pytest.fixture
def reader(db: None) -> User:
    """A member who keeps searches."""
    return member("reader", display_name="Rea <Der>")


@pytest.fixture
def keep() -> Callable[..., SavedSearch]:
    """Saves a search that looks again at once."""

    def kept(user: User, query: str = "q=valve", **more: Any) -> SavedSearch:
        return saved_search_create(user=user, query=query, **{"frequency": "immediately", **more})

    return kept
