"""Browsers for tests: Django's client, signed in as people are."""

from typing import Any

from django.test import Client

from portal.accounts.models import User


def browser(user: User | None = None, **options: Any) -> Client:
    """Returns a browser, signed in where a member is named; ``options`` are those of Django's client."""
    client = Client(**options)
    if user is not None:
        client.force_login(user, backend="portal.accounts.backends.PortalBackend")
    return client


def read(client: Client, address: str, **data: Any) -> str:
    """Returns the text of a page that is there."""
    reply = client.get(address, data)
    assert reply.status_code == 200
    return reply.content.decode()
