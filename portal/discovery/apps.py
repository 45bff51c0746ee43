"""The discovery app: finding what there is (docs/adr/0003)."""

from datetime import timedelta

from django.apps import AppConfig


class DiscoveryConfig(AppConfig):
    """Django's entry for the app."""

    name = "portal.discovery"
    label = "discovery"

    def ready(self) -> None:
        """Registers the job that keeps the log of searches short."""
        from portal.core.periodic import PeriodicJob, register_periodic

        from .services.retention import log_tidy

        register_periodic(PeriodicJob(name="search-log", every=timedelta(hours=1), run=log_tidy))
