"""The experts app."""

from django.apps import AppConfig


class ExpertsConfig(AppConfig):
    """Django's entry for the app."""

    name = "portal.experts"
    label = "experts"
