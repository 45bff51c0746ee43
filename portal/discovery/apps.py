"""The discovery app: finding what there is (docs/adr/0003)."""

from django.apps import AppConfig


class DiscoveryConfig(AppConfig):
    """Django's entry for the app."""

    name = "portal.discovery"
    label = "discovery"
