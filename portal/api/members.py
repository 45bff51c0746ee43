"""Members, and the caller herself."""

from typing import Any

from django.http import HttpRequest
from ninja import Router

from portal.accounts.models import User
from portal.core.errors import NotFound

from . import schemas
from .auth import ANYONE, MEMBER
from .representations import absolute, member_path

router = Router(tags=["Members"])


def _fields(request: HttpRequest, user: User) -> dict[str, Any]:
    languages = dict.fromkeys([*user.reads, user.language])
    return {
        "username": user.username,
        "display_name": user.shown_name,
        "url": absolute(request, member_path(user.username)),
        "reputation": user.reputation,
        "languages": list(languages),
        "topics": [],
        "badges": [],
        "is_staff": user.is_staff,
        "joined": user.date_joined,
    }


@router.get(
    "/members/{username}", auth=ANYONE, response=schemas.Member, summary="Read a member's public side",
    operation_id="member",
)  # fmt: skip
def member_read(request: HttpRequest, username: str) -> schemas.Member:
    """What everybody may know of a member; never an address."""
    user = User.objects.filter(username=username[:150], is_active=True).first()
    if user is None:
        raise NotFound
    return schemas.Member(**_fields(request, user))


@router.get("/me", auth=MEMBER, response=schemas.Me, summary="Read who you are", operation_id="me")
def me_read(request: HttpRequest) -> schemas.Me:
    """The member whose token this is."""
    user: Any = request.user
    return schemas.Me(**_fields(request, user), email=user.email, language=user.language)
