"""The questions app: questions, answers, comments and votes."""

from datetime import timedelta

from django.apps import AppConfig


class QuestionsConfig(AppConfig):
    """Django's entry for the app."""

    name = "portal.questions"
    label = "questions"

    def ready(self) -> None:
        """Registers what other apps need to know of questions, and the periodic work."""
        from portal.core.periodic import PeriodicJob, register_periodic

        from . import addresses, auditing, indexing, link_cards, receivers, sections, staff_pages, tasks
        from .services import integrity
        from .services.drafts import drafts_sweep
        from .services.serial_votes import serial_votes_reverse
        from .services.uploads import uploads_sweep

        register_periodic(PeriodicJob("drafts-sweep", timedelta(days=1), drafts_sweep))
        indexing.register_types()
        sections.register_sections()
        link_cards.register_link_cards()
        sections.register_staff_pages()
        integrity.register_checks()
        auditing.register_actions()
        addresses.register_addresses()
        register_periodic(PeriodicJob(name="uploads-sweep", every=timedelta(hours=1), run=uploads_sweep))
        register_periodic(PeriodicJob(name="serial-votes", every=timedelta(hours=6), run=serial_votes_reverse))
        receivers.connect()
        staff_pages.register_pages()
        tasks.register_jobs()
