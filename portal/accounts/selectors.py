"""What is read of accounts."""

import hashlib

from allauth.account.models import EmailAddress
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest

from portal.core.errors import NotFound, SignInNeeded

from .models import ApiToken, User


def token_digest(text: str) -> str:
    """Returns the hash under which a token is kept (the token itself is random: no salt is needed)."""
    return hashlib.sha256(text.encode()).hexdigest()


def tokens_of(*, user: User) -> QuerySet[ApiToken]:
    """Returns a member's API tokens, newest first."""
    return ApiToken.objects.filter(user=user)


def signed_in(request: HttpRequest) -> User:
    """Returns the member who sent a request; raises ``SignInNeeded`` for a stranger."""
    if not isinstance(request.user, User):
        raise SignInNeeded
    return request.user


def reading_languages(user: object, *interface: str) -> tuple[str, ...]:
    """Returns the languages a reader wants content in, the first preferred: her own, then the interface's."""
    own = list(getattr(user, "reads", None) or [])
    return tuple(dict.fromkeys([*own, *interface]))


def members_visible_to(user: object) -> QuerySet[User]:
    """Returns the members that this reader may meet: active ones who proved their address.

    A member without any address on record (imported, or made by a script) is met too; one who signed up and never
    opened the mail is not, so that nobody fills the lists with names that nobody stands behind.
    """
    addresses = EmailAddress.objects.filter(user=OuterRef("pk"))
    unproven = Exists(addresses) & ~Exists(addresses.filter(verified=True))
    return User.objects.filter(~unproven, is_active=True)


def member_visible_to(user: object, username: str) -> User:
    """Returns one member; raises ``NotFound`` where there is none for this reader."""
    # PostgreSQL refuses a NUL instead of not finding it.
    found = None if "\x00" in username else members_visible_to(user).filter(username=username).first()
    if found is None:
        raise NotFound
    return found
