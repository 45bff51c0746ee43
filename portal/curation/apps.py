"""The curation app: what joins areas, such as the pages of topics, and what the staff teaches the search."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


def _after_migrations(**_kwargs: Any) -> None:
    from .services.entries import search_rights_ensure
    from .services.topics import topic_rights_ensure

    topic_rights_ensure()
    search_rights_ensure()


def register_live() -> None:
    """Tells the search where the termbase is kept, and finding who promotes results."""
    from portal.discovery.registry import register_promoter
    from search.synonyms import TermSource, register_source

    from .selectors.promotions import promoted_for
    from .selectors.termbase import TERMS, live_version, termbase_concepts

    register_source(TermSource(version=lambda: live_version(TERMS), load=termbase_concepts))
    register_promoter(promoted_for)


def register_demo() -> None:
    """Loads the demo's termbase and promoted results."""
    from portal.core.demo import register_demo_part

    from .services.demo import demo_promotions_load, demo_terms_load

    register_demo_part("termbase", demo_terms_load)
    register_demo_part("promotions", demo_promotions_load)


class CurationConfig(AppConfig):
    """Django's entry for the app."""

    name = "portal.curation"
    label = "curation"

    def ready(self) -> None:
        """Registers topics, the termbase and promoted results, and sees to the staff's rights once there are tables."""
        from . import indexing, receivers

        indexing.register_types()
        register_live()
        register_demo()
        receivers.connect()
        post_migrate.connect(_after_migrations, sender=self, dispatch_uid="curation-rights")
