"""Finding and making topics."""

from collections.abc import Iterable

from django.db.models import QuerySet
from django.utils.text import slugify
from django.utils.translation import gettext as _

from .errors import Invalid
from .models import Topic

MOST_TOPICS = 5


def topics_with_names() -> QuerySet[Topic]:
    """Returns all topics with their translated names at hand."""
    found: QuerySet[Topic] = Topic.objects.prefetch_related("names")
    return found


def topic_slug(name: str) -> str:
    """Returns the slug for a topic's name; it may hold letters of any script, and ``c++`` or ``c#`` stay apart."""
    spelt = name.replace("+", "-plus").replace("#", "-sharp")
    return slugify(spelt, allow_unicode=True)[:100]


def topics_by_slug(*, slugs: Iterable[str]) -> list[Topic]:
    """Returns the topics of these slugs in their order; raises ``Invalid`` for one that does not exist."""
    wanted = list(dict.fromkeys(slug.strip() for slug in slugs if slug.strip()))
    if len(wanted) > MOST_TOPICS:
        raise Invalid({"topics": [_("Choose at most %(count)d topics.") % {"count": MOST_TOPICS}]})
    found = {topic.slug: topic for topic in Topic.objects.filter(slug__in=wanted)}
    missing = [slug for slug in wanted if slug not in found]
    if missing:
        raise Invalid({"topics": [_("There is no topic “%(topic)s”.") % {"topic": missing[0][:100]}]})
    return [found[slug] for slug in wanted]
