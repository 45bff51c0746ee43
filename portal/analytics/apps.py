"""The analytics app: what staff measure."""

from django.apps import AppConfig


class AnalyticsConfig(AppConfig):
    """Django's entry for the app."""

    name = "portal.analytics"
    label = "analytics"
