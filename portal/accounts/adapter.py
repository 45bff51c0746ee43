"""How allauth behaves here: addresses under the reader's language, and who is kept from signing up."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.utils import translation


class PortalAccountAdapter(DefaultAccountAdapter):
    """Keeps the language a person signs up in, and lets a first sign-in lead home in that language."""

    def save_user(self, request: Any, user: Any, form: Any, commit: bool = True) -> Any:
        """Saves a new member with the language of the page that she signed up on."""
        user.language = translation.get_language() or settings.LANGUAGE_CODE
        return super().save_user(request, user, form, commit)

    def get_login_redirect_url(self, request: Any) -> str:
        """Returns the home page of the current language."""
        return f"/{translation.get_language()}/"

    def get_logout_redirect_url(self, request: Any) -> str:
        """Returns the home page of the current language."""
        return f"/{translation.get_language()}/"
