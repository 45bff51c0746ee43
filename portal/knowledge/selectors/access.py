"""Who may see which page: the one rule for pages, API, search, feeds, mails and exports.

A page is seen when it is live and no view restriction on it or above it keeps this reader out. A page behind a
password is listed for nobody but superusers; Wagtail asks for the password where somebody opens its address.
"""

from typing import Any

from django.db.models import Q, QuerySet
from wagtail.models import Page, PageViewRestriction

from portal.core.errors import NotFound
from portal.core.permissions import is_member
from portal.knowledge.models import ArticlePage

# No table has rows beyond it, and a database refuses larger numbers with an error of its own.
LARGEST_ID = 2**31 - 1


def closed_to(user: Any) -> Q | None:
    """Returns what matches the pages that restrictions keep from this reader, None where there are no such pages."""
    if is_member(user) and user.is_superuser:
        return None
    paths: list[str] = []
    groups: set[int] | None = None
    restrictions = PageViewRestriction.objects.select_related("page").prefetch_related("groups")
    for restriction in restrictions:
        if restriction.restriction_type == PageViewRestriction.LOGIN and is_member(user):
            continue
        if restriction.restriction_type == PageViewRestriction.GROUPS and is_member(user):
            groups = set(user.groups.values_list("pk", flat=True)) if groups is None else groups
            if groups & {group.pk for group in restriction.groups.all()}:
                continue
        paths.append(restriction.page.path)
    return _below(paths) if paths else None


def _below(paths: list[str]) -> Q:
    """Returns what matches the pages at or below these places of the tree, and their aliases with all below."""
    closed, new = Q(), paths
    while new:
        added = Q()
        for path in new:
            added |= Q(path__startswith=path)
        closed |= added
        aliases = Page.objects.filter(alias_of__in=Page.objects.filter(added)).exclude(closed)
        new = list(aliases.values_list("path", flat=True))
    return closed


def open_only(found: QuerySet[Any], closed: Q | None) -> QuerySet[Any]:
    """Returns the live pages of ``found`` without those that ``closed_to`` names."""
    found = found.filter(live=True)
    return found.exclude(closed) if closed is not None else found


def pages_visible_to(user: Any) -> QuerySet[Page]:
    """Returns the pages of every kind and language that this reader (None or anonymous: a stranger) may see."""
    return open_only(Page.objects.filter(depth__gt=1), closed_to(user))


def articles_visible_to(user: Any) -> QuerySet[ArticlePage]:
    """Returns the articles and news, in every language, that this reader may see."""
    return open_only(ArticlePage.objects.all(), closed_to(user))


def article_visible_to(user: Any, page_id: int) -> ArticlePage:
    """Returns one article; raises ``NotFound`` where there is none for this reader."""
    found = None
    if page_id <= LARGEST_ID:
        found = articles_visible_to(user).select_related("author__user", "locale").filter(pk=page_id).first()
    if found is None:
        raise NotFound
    return found
