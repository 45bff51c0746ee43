"""The curation app."""

from django.apps import AppConfig


class CurationConfig(AppConfig):
    """Django's entry for the app."""

    name = "portal.curation"
    label = "curation"
