"""The discovery app."""

from django.apps import AppConfig


class DiscoveryConfig(AppConfig):
    """Django's entry for the app."""

    name = "portal.discovery"
    label = "discovery"
