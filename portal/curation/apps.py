"""The curation app: what joins areas, such as the pages of topics."""

from typing import Any

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate


def _after_migrations(**_kwargs: Any) -> None:
    from .services import topic_rights_ensure

    topic_rights_ensure()


class CurationConfig(AppConfig):
    """Django's entry for the app."""

    name = "portal.curation"
    label = "curation"

    def ready(self) -> None:
        """Registers topics with the search, and sees to it that the staff may edit them once the tables are there."""
        from . import indexing

        indexing.register_types()
        # Django tells an app of migrations only when it has tables; topics are in those of core.
        core = apps.get_app_config("core")
        post_migrate.connect(_after_migrations, sender=core, dispatch_uid="curation-topic-rights")
