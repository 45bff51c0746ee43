"""The notifications app: telling people what they asked to be told."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    """Django's entry for the app."""

    name = "portal.notifications"
    label = "notifications"
