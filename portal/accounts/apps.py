"""The accounts app: who a person is to the portal."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Django's entry for the app."""

    name = "portal.accounts"
    label = "accounts"
