"""The notifications app: what a member is told, in her inbox and by mail."""

from datetime import timedelta

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    """Django's entry for the app."""

    name = "portal.notifications"
    label = "notifications"

    def ready(self) -> None:
        """Registers the job that looks for new matches of saved searches."""
        from portal.core.periodic import PeriodicJob, register_periodic

        from .tasks import saved_searches_run

        register_periodic(PeriodicJob(name="saved-searches", every=timedelta(minutes=1), run=saved_searches_run))
