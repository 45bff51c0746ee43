"""The notifications app: what members follow and are told, in their inbox and by mail."""

from datetime import timedelta

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    """Django's entry for the app."""

    name = "portal.notifications"
    label = "notifications"

    def ready(self) -> None:
        """Subscribes to what happens, and registers the jobs that tell it, the buttons and the figures."""
        from portal.core.demo import register_demo_part
        from portal.core.health import register_gauges
        from portal.core.periodic import PeriodicJob, register_periodic
        from portal.questions.services.carrying import Carried, register_carried

        from . import panels, receivers, tasks  # noqa: F401
        from .selectors.waiting import gauges
        from .services.demo import demo_inbox_load

        panels.register_panels()
        register_gauges(gauges)
        register_demo_part("inbox", demo_inbox_load)
        register_carried(Carried("notifications.follow", "question", one_for=("user",)))
        for name, every, run in (
            ("saved-searches", timedelta(minutes=1), tasks.saved_searches_run),
            ("notes", timedelta(seconds=5), tasks.notes_run),
            ("note-mails", timedelta(seconds=15), tasks.note_mails_run),
            ("accept-reminders", timedelta(hours=1), tasks.reminders_run),
        ):
            register_periodic(PeriodicJob(name=name, every=every, run=run))
