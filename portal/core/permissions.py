"""What kinds of people there are. The finer question, who may see or change one thing, is each noun's own."""

from typing import Any

from .errors import NotAllowed, PortalError, SignInNeeded


def is_member(user: Any) -> bool:
    """Whether ``user`` is signed in and active."""
    return bool(user is not None and user.is_authenticated and user.is_active)


def may_moderate(user: Any) -> bool:
    """Whether ``user`` belongs to the staff, who may close, edit and restore what others wrote."""
    return is_member(user) and bool(user.is_staff)


def require_member(user: Any) -> None:
    """Raises ``SignInNeeded`` for a stranger."""
    if not is_member(user):
        raise SignInNeeded


def require_moderator(user: Any) -> None:
    """Raises ``SignInNeeded`` for a stranger and ``NotAllowed`` for anyone but staff."""
    require_member(user)
    if not may_moderate(user):
        raise NotAllowed


def allows(check: Any, *args: Any) -> bool:
    """Whether a ``check_`` of any noun lets its arguments pass; pages ask before they show a control."""
    try:
        check(*args)
    except PortalError:
        return False
    return True
