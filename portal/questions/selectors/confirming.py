"""The queue of answers to confirm on a new release, and what the staff sees of its progress."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Case, When

from portal.core.errors import NotFound
from portal.core.models import Topic
from portal.questions.models import Answer, Release

from .passports import PassportView, passports_on
from .releases import (
    Progress,
    answers_to_confirm,
    product_by_slug,
    products_with_releases,
    release_current,
    release_progress,
    releases_live,
)

PAGE_SIZE = 20
MOST_PAGES = 500


@dataclass(frozen=True, slots=True)
class ConfirmingPage:
    """A page of the queue of one product; release is None where no product has one. more: whether there is a next.

    passports: what is known of each answer by now.
    """

    products: Sequence[Topic]
    release: Release | None
    answers: Sequence[Answer]
    waiting: int
    number: int
    more: bool
    passports: Mapping[int, PassportView] = field(default_factory=dict)


def confirming_page(*, user: Any, slug: str = "", page: int = 1, reads: Collection[str] = ()) -> ConfirmingPage:
    """Returns the answers that wait to be confirmed on the newest release of a product.

    slug: of the product; empty for the one with the latest release. reads: languages whose answers come first. Raises
    ``NotFound`` for a product without releases.
    """
    products = products_with_releases()
    if not slug and not products:
        return ConfirmingPage([], None, [], 0, 1, False)
    chosen = next((each for each in products if each.slug == slug or not slug), None)
    release = release_current(chosen) if chosen else None
    if release is None or page > MOST_PAGES:
        raise NotFound
    found = answers_to_confirm(user=user, release=release)
    if reads:
        foreign = Case(When(language__in=list(reads), then=0), default=1)
        found = found.order_by(foreign, *found.query.order_by)
    start = (page - 1) * PAGE_SIZE
    rows = list(found.select_related("author", "question__author")[start : start + PAGE_SIZE + 1])
    more = len(rows) > PAGE_SIZE
    known = passports_on(product_id=release.product_id, answers=rows[:PAGE_SIZE])
    return ConfirmingPage(products, release, rows[:PAGE_SIZE], found.count(), page, more, known)


@dataclass(frozen=True, slots=True)
class ProductReleases:
    """A product for the staff: its releases, the newest first, withdrawn ones, and how far answers are confirmed."""

    product: Topic
    releases: Sequence[Release]
    withdrawn: Sequence[Release]
    progress: Progress | None
    waiting: Sequence[Answer]


def product_releases(*, user: Any, slug: str) -> ProductReleases:
    """Returns a product as the staff sees it; raises ``NotFound`` for what is no product."""
    product = product_by_slug(slug)
    live = list(releases_live().filter(product=product))
    gone = Release.objects.filter(product=product, withdrawn_at__isnull=False).select_related("withdrawn_by")
    waiting = answers_to_confirm(user=user, release=live[-1])[:5].select_related("question") if live else []
    return ProductReleases(
        product=product,
        releases=live[::-1],
        withdrawn=list(gone.order_by("-withdrawn_at")),
        progress=release_progress(user=user, release=live[-1]) if live else None,
        waiting=list(waiting),
    )


@dataclass(frozen=True, slots=True)
class ProductRow:
    """A product in the staff's list; current: its newest release, None while it has none."""

    product: Topic
    current: Release | None
    count: int


def product_rows() -> list[ProductRow]:
    """Returns all products with their newest release, those that have one first."""
    known: dict[int, list[Release]] = {}
    for release in releases_live():
        known.setdefault(release.product_id, []).append(release)
    products = Topic.objects.filter(kind=Topic.Kind.PRODUCT).prefetch_related("names").order_by("name")
    rows = [
        ProductRow(each, known[each.pk][-1] if each.pk in known else None, len(known.get(each.pk, ())))
        for each in products
    ]
    return sorted(rows, key=lambda row: row.current is None)
