"""Members for tests, made by the service that makes real ones."""

from itertools import count

from django.utils.crypto import get_random_string

from portal.accounts.models import User
from portal.accounts.services import member_create, settings_update, token_create

_numbers = count(1)


def member(
    username: str | None = None,
    *,
    staff: bool = False,
    language: str = "en",
    email: str | None = None,
    password: str | None = None,
    display_name: str = "",
    reads: tuple[str, ...] = (),
) -> User:
    """Returns a new active member with a verified address; ``staff=True`` may moderate."""
    name = username or f"member-{next(_numbers)}-{get_random_string(4).lower()}"
    user = member_create(
        username=name, email=email or f"{name}@example.org", password=password, staff=staff, language=language
    )
    if display_name or reads:
        settings_update(user=user, display_name=display_name, language=language, reads=list(reads))
    return user


def token(user: User) -> str:
    """Returns the text of a new API token of ``user``."""
    return token_create(user=user, name="test")
