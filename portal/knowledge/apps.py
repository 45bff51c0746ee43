"""The knowledge app: Wagtail pages by named authors, and the comments under them."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_save


def _ensure(sender: Any, **kwargs: Any) -> None:
    """Makes what every portal has, also an empty one: the page tree and the staff's rights in the CMS."""
    from .services.staff import staff_group_ensure
    from .services.tree import tree_ensure

    tree_ensure()
    staff_group_ensure()


class KnowledgeConfig(AppConfig):
    """Django's entry for the app."""

    name = "portal.knowledge"
    label = "knowledge"

    def ready(self) -> None:
        """Connects what runs after a migration, and registers what pages show."""
        from django_comments_xtd.models import publish_or_unpublish_on_pre_save

        from . import addresses, indexing, link_cards, receivers
        from .views import pages  # noqa: F401  # says what each kind of page shows

        indexing.register_types()
        addresses.register_addresses()
        receivers.connect()
        link_cards.register_link_cards()
        # xtd hides and counts replies whenever a comment is saved, once more each time; our services do both.
        pre_save.disconnect(publish_or_unpublish_on_pre_save, sender="knowledge.ArticleComment")
        post_migrate.connect(_ensure, sender=self, dispatch_uid="knowledge-tree")
