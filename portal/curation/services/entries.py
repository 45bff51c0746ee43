"""What the staff does to entries of the termbase and to promoted results."""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from wagtail.log_actions import log

from portal.core.clock import now
from portal.curation.models import Promotion, TermEntry
from portal.curation.selectors.rights import Kept, require_curator
from search.synonyms import Term

EDITORS_GROUP = "Search editors"
RESTORED = "curation.restore"


@transaction.atomic
def curated_save(*, item: Kept, user: Any, publish: bool) -> None:
    """Saves a new or changed item with a revision, so that the history keeps it; a draft leaves what is live.

    user: who did it, None for the demo. Permission is the caller's to check.
    """
    if item.pk is None:
        item.live = False
    if not item.live:
        item.full_clean()
        item.save()
    revision = item.save_revision(user=user, log_action=True, clean=True)
    if publish:
        revision.publish(user=user, skip_permission_checks=True)
        item.refresh_from_db()


@transaction.atomic
def curated_remove(*, item: Kept, user: Any) -> None:
    """Takes an item out of force and out of the list; its revisions stay, and it can be brought back."""
    require_curator(user, type(item), "delete")
    if item.live:
        item.unpublish(user=user)
    type(item).objects.filter(pk=item.pk).update(removed_at=now())
    log(instance=item, action="wagtail.delete", user=user)


@transaction.atomic
def curated_restore(*, item: Kept, user: Any) -> None:
    """Brings a removed item back as a draft."""
    require_curator(user, type(item), "delete")
    type(item).objects.filter(pk=item.pk).update(removed_at=None)
    log(instance=item, action=RESTORED, user=user)


def entry_make(*, terms: Iterable[Term], user: Any, publish: bool, **fields: Any) -> TermEntry:
    """Makes an entry with its terms; ``fields`` are those of the model."""
    entry = TermEntry(**fields)
    entry.words_set(terms)
    curated_save(item=entry, user=user, publish=publish)
    return entry


@transaction.atomic
def search_rights_ensure() -> None:
    """Sees to it that there is a group that may keep the termbase and promoted results; takes nothing away."""
    group, _made = Group.objects.get_or_create(name=EDITORS_GROUP)
    rights = [_right("wagtailadmin", "admin", "access_admin")]
    for model in (TermEntry, Promotion):
        name = str(model._meta.model_name)
        rights += [_right("curation", name, f"{act}_{name}") for act in ("add", "change", "delete", "publish", "view")]
    group.permissions.add(*rights)


def _right(app: str, model: str, codename: str) -> Permission:
    kind, _made = ContentType.objects.get_or_create(app_label=app, model=model)
    title = f"Can {codename.replace('_', ' ')}"
    right, _made = Permission.objects.get_or_create(content_type=kind, codename=codename, defaults={"name": title})
    return right
