"""Releases of products, and the answers that wait to be confirmed on the newest one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from portal.core.errors import NotFound
from portal.core.models import Topic
from portal.core.permissions import may_moderate
from portal.core.topics import topic_by_slug
from portal.questions.models import Answer, Confirmation, Question, QuestionTopic, Release, Status

from .access import answers_visible_to

# How many of the most viewed answers the staff's progress is counted over.
MOST_VIEWED = 100


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the answers about a product are confirmed on its current release, of the most viewed ones."""

    answers: int
    confirmed: int
    refuted: int

    @property
    def waiting(self) -> int:
        """Of how many nobody has said anything yet."""
        return self.answers - self.said

    @property
    def said(self) -> int:
        """Of how many somebody has said whether they still work."""
        return self.confirmed + self.refuted

    @property
    def percent(self) -> int:
        """How much of the hundred is said, 0 where there is nothing to say."""
        return round(100 * self.said / self.answers) if self.answers else 0


def releases_live() -> QuerySet[Release]:
    """Returns the releases that count, each product's in their order."""
    return Release.objects.filter(withdrawn_at__isnull=True).order_by("released_at", "position", "id")


def releases_of(product_ids: Iterable[int]) -> dict[int, list[Release]]:
    """Returns the releases of products by product, the earliest first. One query."""
    return _by_product(releases_live().filter(product__in=list(product_ids), product__kind=Topic.Kind.PRODUCT))


def topics_about(question_ids: Iterable[int]) -> dict[int, set[int]]:
    """Returns the topics of questions with those above them (three levels), by question, as ids. One query."""
    found: dict[int, set[int]] = {}
    items = QuestionTopic.objects.filter(content_object__in=list(question_ids))
    for question, *topics in items.values_list("content_object_id", "tag", "tag__parent", "tag__parent__parent"):
        found.setdefault(question, set()).update(each for each in topics if each is not None)
    return found


def releases_about(question: Question) -> dict[int, list[Release]]:
    """Returns the releases of the products among a question's topics and above them, by product. One query."""
    items = QuestionTopic.objects.filter(content_object=question)
    inside = Q()
    for place in ("tag", "tag__parent", "tag__parent__parent"):
        inside |= Q(product__in=items.filter(**{f"{place}__isnull": False}).values(place))
    return _by_product(releases_live().filter(inside, product__kind=Topic.Kind.PRODUCT))


def _by_product(releases: QuerySet[Release]) -> dict[int, list[Release]]:
    found: dict[int, list[Release]] = {}
    for release in releases.select_related("product"):
        found.setdefault(release.product_id, []).append(release)
    return dict(sorted(found.items()))


def release_current(product: Topic) -> Release | None:
    """Returns the newest release of a product, None where it has none."""
    return releases_live().filter(product=product).last()


def release_by_id(release_id: int) -> Release:
    """Returns one release that counts; raises ``NotFound``."""
    found = releases_live().select_related("product").filter(pk=release_id).first()
    if found is None:
        raise NotFound
    return found


def release_for_staff(user: Any, release_id: int) -> Release:
    """Returns one release, withdrawn or not, to the staff; raises ``NotFound`` for anyone else."""
    found = Release.objects.select_related("product").filter(pk=release_id).first()
    if found is None or not may_moderate(user):
        raise NotFound
    return found


def products_with_releases() -> list[Topic]:
    """Returns the products that have a release, the one with the latest first."""
    latest: dict[int, Release] = {}
    for release in releases_live().select_related("product").prefetch_related("product__names"):
        latest[release.product_id] = release
    ordered = sorted(latest.values(), key=lambda release: (release.released_at, release.pk), reverse=True)
    return [release.product for release in ordered]


def product_by_slug(slug: str) -> Topic:
    """Returns a product with its names; raises ``NotFound`` for what is none."""
    topic = topic_by_slug(slug)
    if not topic.is_product:
        raise NotFound
    return topic


def below(product: Topic | OuterRef, path: str = "tag") -> Q:
    """Returns the condition that the topic at ``path`` is this product or lies below it (three levels)."""
    return Q(**{path: product}) | Q(**{f"{path}__parent": product}) | Q(**{f"{path}__parent__parent": product})


def answers_solving() -> QuerySet[Answer]:
    """Returns the answers marked as solutions for versions that count, the latest versions first, with the marks.

    Where one end of a range is withdrawn, the other end alone remains. A mark counts while the question is about its
    product: it waits where the topic was taken away, and counts again when that comes back.
    """
    counts = Q(solution__first__withdrawn_at__isnull=True) | Q(solution__last__withdrawn_at__isnull=True)
    product = OuterRef("solution__first__product")
    about = QuestionTopic.objects.filter(below(product), content_object=OuterRef("question"))
    found = Answer.objects.filter(counts, Exists(about), deleted_at__isnull=True, solution__isnull=False)
    found = found.filter(solution__first__product__kind=Topic.Kind.PRODUCT)
    whole = found.select_related("solution__first__product", "solution__last").defer("body", "body_html")
    return whole.order_by("-solution__last__released_at", "-solution__last__position", "id")


def answers_relied_on(*, user: Any, product: Topic, before: datetime) -> QuerySet[Answer]:
    """Returns the answers about a product that readers rely on, written before a moment.

    Those are accepted or official ones, solutions for some versions, and those with a passport; not outdated ones, nor
    those of questions that nobody can change. An answer is about the product of its passport, else about those of its
    question, which must be about the product in any case: what was said of one that it no longer names waits.
    """
    about = QuestionTopic.objects.filter(below(product)).values("content_object_id")
    found = answers_visible_to(user).filter(obsolete=False, created_at__lt=before, question__locked=False)
    found = found.exclude(question__status=Status.ARCHIVED).filter(question__in=about)
    relied = Q(official=True) | Q(solution__isnull=False) | Q(question__accepted_answer=F("pk"))
    return found.filter(Q(passport__first__product=product) | (Q(passport__isnull=True) & relied))


def answers_to_confirm(*, user: Any, release: Release) -> QuerySet[Answer]:
    """Returns the answers that nobody has said anything of on a release, those of the most viewed questions first."""
    said = Confirmation.objects.filter(answer=OuterRef("pk"), release=release)
    found = answers_relied_on(user=user, product=release.product, before=release.created_at)
    waiting = found.exclude(passport__last=release).exclude(Exists(said))
    return waiting.order_by("-question__views_count", "-score", "id")


def release_progress(*, user: Any, release: Release) -> Progress:
    """Returns how far the most viewed answers are confirmed on a release. Two queries."""
    relied = answers_relied_on(user=user, product=release.product, before=release.created_at)
    ids = list(
        relied.exclude(passport__last=release)
        .order_by("-question__views_count", "-score", "id")
        .values_list("pk", flat=True)[:MOST_VIEWED]
    )
    said = Confirmation.objects.filter(release=release, answer__in=ids).values("answer")
    for_, against = Count("pk", filter=Q(works=True)), Count("pk", filter=Q(works=False))
    counts = list(said.annotate(for_=for_, against=against).values_list("for_", "against"))
    confirmed = sum(yes > no for yes, no in counts)
    return Progress(answers=len(ids), confirmed=confirmed, refuted=len(counts) - confirmed)
