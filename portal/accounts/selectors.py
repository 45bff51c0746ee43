"""What is read of accounts."""

import hashlib

from django.db.models import QuerySet

from .models import ApiToken, User


def token_digest(text: str) -> str:
    """Returns the hash under which a token is kept (the token itself is random: no salt is needed)."""
    return hashlib.sha256(text.encode()).hexdigest()


def tokens_of(*, user: User) -> QuerySet[ApiToken]:
    """Returns a member's API tokens, newest first."""
    return ApiToken.objects.filter(user=user)


def reading_languages(user: object, interface: str) -> tuple[str, ...]:
    """Returns the languages a reader wants content in, the first preferred: her own, then the interface's."""
    own = list(getattr(user, "reads", None) or [])
    return tuple(dict.fromkeys([*own, interface]))
