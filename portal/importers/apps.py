"""The importers app."""

from django.apps import AppConfig


class ImportersConfig(AppConfig):
    """Django's entry for the app."""

    name = "portal.importers"
    label = "importers"
