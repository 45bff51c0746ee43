"""The api app."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """Django's entry for the app."""

    name = "portal.api"
    label = "api"
