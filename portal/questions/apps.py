"""The questions app: questions, answers, comments and votes."""

from django.apps import AppConfig


class QuestionsConfig(AppConfig):
    """Django's entry for the app."""

    name = "portal.questions"
    label = "questions"

    def ready(self) -> None:
        """Registers what the search library and the home page need to know of questions."""
        from . import indexing, sections
        from .services import integrity

        indexing.register_types()
        sections.register_sections()
        integrity.register_checks()
