"""Finding and making topics."""

import re
from collections.abc import Iterable

from django.db.models import Q, QuerySet
from django.utils.text import slugify
from django.utils.translation import gettext as _

from search.outbox import enqueue

from .errors import Invalid, NotFound
from .models import Topic

TYPE = "topic"
MOST_TOPICS = 5


def topics_changed(ids: Iterable[int]) -> None:
    """Notes, in the same transaction as the change, that the search must look at these topics again."""
    enqueue(TYPE, ids)


def topics_with_names() -> QuerySet[Topic]:
    """Returns all topics with their translated names at hand."""
    found: QuerySet[Topic] = Topic.objects.prefetch_related("names")
    return found


def topic_by_slug(slug: str) -> Topic:
    """Returns one topic with its names; raises ``NotFound`` where there is none of this slug."""
    # PostgreSQL refuses a NUL instead of not finding it.
    found = None if "\x00" in slug else topics_with_names().filter(slug=slug).first()
    if found is None:
        raise NotFound
    return found


def slugs_of(topics: Iterable[Topic]) -> tuple[str, ...]:
    """Returns the slugs of these topics and of those above them (they come with ``parent__parent``).

    What has a topic is also about the wider one.
    """
    return tuple(topic.slug for topic in _with_above(topics))


def products_of(topics: Iterable[Topic]) -> tuple[str, ...]:
    """Returns the slugs of the products among these topics and above them (they come with ``parent__parent``)."""
    return tuple(topic.slug for topic in _with_above(topics) if topic.is_product)


def _with_above(topics: Iterable[Topic]) -> list[Topic]:
    """Returns the topics, each before those above it, none twice."""
    found: dict[str, Topic] = {}
    for topic in topics:
        above: Topic | None = topic
        while above is not None:
            found.setdefault(above.slug, above)
            above = above.parent
    return list(found.values())


def below_topics(path: str, slugs: Iterable[str], **also: str) -> Q:
    """Returns the condition that the topic at ``path`` is one of these, or lies below one (two levels).

    also: what else must hold of the one named.
    """
    wanted = list(slugs)
    below = Q()
    for place in (path, f"{path}__parent", f"{path}__parent__parent"):
        below |= Q(**{f"{place}__slug__in": wanted}, **{f"{place}__{name}": value for name, value in also.items()})
    return below


def below_products(path: str, slugs: Iterable[str]) -> Q:
    """Returns the condition that the topic at ``path`` is one of these products, or lies below one."""
    return below_topics(path, slugs, kind=Topic.Kind.PRODUCT)


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


def topics_by_words(*, text: str) -> list[Topic]:
    """Returns the topics that a person named, by slug or by name in any language, separated by commas.

    Raises ``Invalid`` naming the first one that does not exist.
    """
    wanted = list(dict.fromkeys(word.strip() for word in re.split(r"[,、،;\n]", text) if word.strip()))
    if not wanted:
        return []
    slugs = []
    for word in wanted[: MOST_TOPICS + 1]:
        found = (
            Topic.objects.filter(
                Q(slug=word) | Q(slug=topic_slug(word)) | Q(name__iexact=word) | Q(names__name__in=_spellings(word))
            )
            .order_by("pk")
            .values_list("slug", flat=True)
            .first()
        )
        slugs.append(found or word)
    return topics_by_slug(slugs=slugs)


def topics_named(*, names: Iterable[str]) -> dict[str, list[Topic]]:
    """Returns the topics that each of the names stands for: by slug, or by name in any language."""
    wanted = list(dict.fromkeys(names))
    if not wanted:
        return {}
    asked = Q()
    for name in wanted:
        asked |= Q(slug__in=(name, topic_slug(name))) | Q(name__iexact=name) | Q(names__name__in=_spellings(name))
    found = topics_with_names().filter(asked).distinct()
    spelt = [(topic, {topic.slug, topic.name.casefold(), *_names(topic)}) for topic in found]
    meant = {name: [topic for topic, all_ in spelt if {name.casefold(), topic_slug(name)} & all_] for name in wanted}
    return {name: topics for name, topics in meant.items() if topics}


def _names(topic: Topic) -> set[str]:
    return {entry.name.casefold() for entry in topic.names.all()}


def _spellings(word: str) -> set[str]:
    """Returns a word in the cases that a name is written in: SQLite compares only Latin letters regardless of case."""
    return {word, word.lower(), word.upper(), word.capitalize(), word.title()}


def topic_choices(*, language: str, most: int = 300) -> list[str]:
    """Returns the names of the topics in a language, for a list to choose from."""
    return sorted({topic.name_in(language) for topic in topics_with_names()[:most]})
