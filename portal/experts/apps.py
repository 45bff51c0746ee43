"""The experts app: profiles, reputation, standing and badges."""

from django.apps import AppConfig


class ExpertsConfig(AppConfig):
    """Django's entry for the app."""

    name = "portal.experts"
    label = "experts"

    def ready(self) -> None:
        """Subscribes to what happens to posts; registers members with the search and pages, experts as reviewers."""
        from portal.core.integrity import IntegrityCheck, register_check
        from portal.questions.selectors.reviewers import register_reviewers
        from portal.questions.selectors.standing import register_standing

        from . import indexing, link_cards, receivers, sections  # noqa: F401
        from .selectors.standings import stands_in, topics_reviewed
        from .services.reputation import reputation_check

        indexing.register_types()
        sections.register_sections()
        link_cards.register_link_cards()
        register_reviewers("standing", topics_reviewed)
        register_check(IntegrityCheck("reputation", 90, reputation_check))
        register_standing(stands_in)
