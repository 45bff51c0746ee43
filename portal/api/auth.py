"""Who calls: a token in ``Authorization: Bearer``, and nothing else. A session's cookie opens nothing here."""

from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.utils import translation
from ninja.security.http import HttpAuthBase

from portal.accounts.models import User
from portal.accounts.services import token_use
from portal.core.errors import SignInNeeded
from portal.core.language import asked_language

from .problems import BadToken


def token_of(header: str) -> str:
    """Returns the token of an ``Authorization`` header; raises ``BadToken`` for any other scheme."""
    scheme, _space, text = header.strip().partition(" ")
    if scheme.lower() != "bearer" or not text.strip():
        raise BadToken
    return text.strip()


def member_of(request: HttpRequest) -> User | None:
    """Returns the member whose token came with the request, None for a stranger; raises ``BadToken``."""
    header = request.headers.get("Authorization", "")
    if not header.strip():
        return None
    text = token_of(header)
    try:
        return token_use(text=text)
    except SignInNeeded:
        raise BadToken from None


def speak_language_of(request: HttpRequest, user: User) -> None:
    """Answers in the member's own language where the caller names none of ours."""
    if asked_language(request) is None and user.language in dict(settings.LANGUAGES):
        translation.activate(user.language)
        request.LANGUAGE_CODE = user.language


class BearerToken(HttpAuthBase):
    """For what only members may do."""

    openapi_scheme = "bearer"

    def __call__(self, request: HttpRequest) -> Any:
        """Returns the member; raises ``SignInNeeded`` for a stranger and ``BadToken``."""
        user = member_of(request)
        if user is None:
            raise SignInNeeded
        request.user = user
        speak_language_of(request, user)
        return user


class OptionalToken(BearerToken):
    """For what everyone may read: a token only adds what its owner sees."""

    def __call__(self, request: HttpRequest) -> Any:
        """Returns the member or an anonymous user; raises ``BadToken``."""
        user = member_of(request)
        request.user = user or AnonymousUser()
        if user is not None:
            speak_language_of(request, user)
        return request.user


MEMBER = BearerToken()
ANYONE = OptionalToken()
