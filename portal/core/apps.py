"""The core app: what every other app may use."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """Django's entry for the app."""

    name = "portal.core"
    label = "core"
