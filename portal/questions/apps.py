"""The questions app: questions, answers, comments and votes."""

from django.apps import AppConfig


class QuestionsConfig(AppConfig):
    """Django's entry for the app."""

    name = "portal.questions"
    label = "questions"

    def ready(self) -> None:
        """Registers what the search library, the home page and the staff's log need to know of questions."""
        from . import auditing, indexing, sections
        from .services import integrity

        indexing.register_types()
        sections.register_sections()
        integrity.register_checks()
        auditing.register_actions()
