"""What the staff may do in the CMS: Wagtail's group of moderators, into which every new member of the staff comes."""

from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Model
from wagtail.documents.models import Document
from wagtail.images.models import Image
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page
from wagtail_localize.models import Translation

from portal.accounts.services import STAFF_GROUP
from portal.knowledge.models import Author

PAGE_RIGHTS = ["add", "change", "publish", "lock", "unlock", "view"]


@transaction.atomic
def staff_group_ensure() -> None:
    """Gives the group of moderators what an author needs; takes nothing away.

    Publishing every page, images and documents in every collection, the authors' profiles, whether members may ask
    anonymously, and translating. Runs after each migration, so that a portal whose rows were made by a restore or a
    test has the group too.
    """
    group, _made = Group.objects.get_or_create(name=STAFF_GROUP)
    wanted = [_permission("wagtailadmin", "admin", "access_admin", "Can access Wagtail admin")]
    for name in ("add", "change", "view"):
        wanted.append(_model_permission(Author, name))
    # By name: this area does not know the questions' settings (docs/adr/0003).
    wanted.append(_permission("questions", "askingsettings", "change_askingsettings", "Can change asking"))
    wanted.append(_model_permission(Translation, "submit", "Can submit translations"))
    known = set(group.permissions.values_list("pk", flat=True))
    group.permissions.add(*[right for right in wanted if right.pk not in known])
    root = Page.get_first_root_node()
    if root is not None:
        _page_rights(group, root)
    _collection_rights(group)


def _page_rights(group: Group, root: Page) -> None:
    known = set(
        GroupPagePermission.objects.filter(group=group, page=root).values_list("permission__codename", flat=True)
    )
    for name in PAGE_RIGHTS:
        if f"{name}_page" not in known:
            right = _model_permission(Page, name)
            GroupPagePermission.objects.create(group=group, page=root, permission=right)


def _collection_rights(group: Group) -> None:
    root = Collection.get_first_root_node() or Collection.add_root(name="Root")
    known = set(
        GroupCollectionPermission.objects.filter(group=group, collection=root).values_list("permission_id", flat=True)
    )
    for model in (Image, Document):
        for name in ("add", "change", "choose"):
            right = _model_permission(model, name)
            if right.pk not in known:
                GroupCollectionPermission.objects.create(group=group, collection=root, permission=right)


def _model_permission(model: type[Model], name: str, title: str = "") -> Permission:
    meta = model._meta
    return _permission(
        meta.app_label,
        str(meta.model_name),
        f"{name}_{meta.model_name}",
        title or f"Can {name} {meta.verbose_name_raw}",
    )


def _permission(app: str, model: str, codename: str, title: str) -> Permission:
    kind, _made = ContentType.objects.get_or_create(app_label=app, model=model)
    found, _made = Permission.objects.get_or_create(
        content_type=kind, codename=codename, defaults={"name": title[:255]}
    )
    return found
