"""The questions app: questions, answers, comments and votes."""

from datetime import timedelta

from django.apps import AppConfig


class QuestionsConfig(AppConfig):
    """Django's entry for the app."""

    name = "portal.questions"
    label = "questions"

    def ready(self) -> None:
        """Registers what the search library, the home page and the staff's log need to know, and the hourly work."""
        from portal.core.periodic import PeriodicJob, register_periodic

        from . import auditing, indexing, sections
        from .services import integrity
        from .services.uploads import uploads_sweep

        indexing.register_types()
        sections.register_sections()
        integrity.register_checks()
        auditing.register_actions()
        register_periodic(PeriodicJob(name="uploads-sweep", every=timedelta(hours=1), run=uploads_sweep))
