"""Who may sign in."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend


class PortalBackend(AuthenticationBackend):
    """Username or address with a password; demo accounts only while the portal is bound to loopback."""

    def user_can_authenticate(self, user: Any) -> bool:
        """Returns whether this account may sign in now."""
        return bool(user is not None and user.may_sign_in())
