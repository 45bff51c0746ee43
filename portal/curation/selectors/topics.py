"""Topics as a reader meets them: the tree with names in her language, and what lies under each."""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Case, Count, F, Q, When
from django.db.models.functions import Coalesce

from portal.core.errors import PortalError
from portal.core.models import Topic
from portal.core.paging import decode_cursor, encode_cursor
from portal.core.topics import topic_by_slug, topics_with_names
from portal.knowledge.models import ArticlePage, ArticleTopic
from portal.knowledge.selectors.articles import articles_of
from portal.questions.models import QuestionTopic
from portal.questions.selectors.access import questions_visible_to

PAGE_SIZE = 48


@dataclass(slots=True)
class TopicEntry:
    """A topic with its name in the reader's language, how many questions she sees in it, and the topics below it.

    matched: the names by which a search may find it, in all languages.
    """

    topic: Topic
    name: str
    description: str
    questions: int
    matched: frozenset[str]
    children: list["TopicEntry"] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class TopicSlice:
    """One page of topics and the cursor of the next, None at the end."""

    rows: list[TopicEntry]
    next: str | None


def question_counts(viewer: Any) -> dict[int, int]:
    """Returns how many questions the viewer sees in each topic, those in the topics below included, each once.

    Three queries however many topics there are: each counts one level of the tree (it has three; see ``of_topic``).
    """
    items = QuestionTopic.objects.filter(content_object__in=questions_visible_to(viewer))
    root = Coalesce("tag__parent__parent_id", "tag__parent_id", "tag_id")
    middle = Case(
        When(tag__parent__parent__isnull=False, then=F("tag__parent_id")),
        When(tag__parent__isnull=False, then=F("tag_id")),
    )
    counts: dict[int, int] = {}
    for level in (F("tag_id"), middle, root):
        tally = items.order_by().annotate(place=level).values_list("place")
        for topic_id, count in tally.annotate(count=Count("content_object", distinct=True)):
            if topic_id is not None:
                counts[topic_id] = max(count, counts.get(topic_id, 0))
    return counts


def topic_tree(*, viewer: Any, language: str) -> list[TopicEntry]:
    """Returns the topics at the top of the tree, each with those below it, the busiest first."""
    counts = question_counts(viewer)
    entries = {topic.pk: _entry(topic, language, counts) for topic in topics_with_names()}
    top: list[TopicEntry] = []
    for entry in entries.values():
        above = entries.get(entry.topic.parent_id or 0)
        (above.children if above else top).append(entry)
    for entry in entries.values():
        entry.children.sort(key=_busiest)
    return sorted(top, key=_busiest)


def topics_page(*, viewer: Any, language: str, search: str = "", cursor: str | None = None) -> TopicSlice:
    """Returns one page of topics, the busiest first; with ``search`` those whose name in any language holds it."""
    found = topic_tree(viewer=viewer, language=language)
    words = " ".join(search.split()).casefold()
    if words:
        found = sorted(
            (e for top in found for e in _flat(top) if any(words in name for name in e.matched)), key=_busiest
        )
    if cursor:
        count, slug = decode_cursor(cursor, 2)
        if not isinstance(count, int) or not isinstance(slug, str):
            raise PortalError
        found = [entry for entry in found if _busiest(entry) > (-count, slug)]
    rows = found[:PAGE_SIZE]
    more = len(found) > PAGE_SIZE
    return TopicSlice(rows, encode_cursor([rows[-1].questions, rows[-1].topic.slug]) if more else None)


@dataclass(slots=True)
class TopicPage:
    """One topic with where it lies: the topics above it, from the top down, and those below."""

    entry: TopicEntry
    above: list[Topic]


def topic_page(*, viewer: Any, slug: str, language: str) -> TopicPage:
    """Returns a topic with its place in the tree; raises ``NotFound`` where there is none of this slug."""
    topic = topic_by_slug(slug)
    counts = question_counts(viewer)
    entry = _entry(topic, language, counts)
    below = topics_with_names().filter(parent=topic)
    entry.children = sorted((_entry(child, language, counts) for child in below), key=_busiest)
    return TopicPage(entry, _above(topic))


def _above(topic: Topic) -> list[Topic]:
    line: list[Topic] = []
    while topic.parent_id is not None and len(line) < 3:
        topic = topics_with_names().get(pk=topic.parent_id)
        line.insert(0, topic)
    return line


def lies_below(topic: Topic, other: Topic) -> bool:
    """Returns whether ``topic`` is ``other`` or lies somewhere below it."""
    seen: set[int] = set()
    here: Topic | None = topic
    while here is not None and here.pk not in seen:
        if here.pk == other.pk:
            return True
        seen.add(here.pk)
        here = here.parent
    return False


def topic_articles(*, viewer: Any, topic: Topic, language: str, size: int = 6) -> list[ArticlePage]:
    """Returns the newest articles of a topic and of those below it, in one language."""
    inside = Q(tag=topic) | Q(tag__parent=topic) | Q(tag__parent__parent=topic)
    pages = ArticleTopic.objects.filter(inside).values("content_object_id")
    return list(articles_of(viewer, language=language).filter(pk__in=pages)[:size])


def _entry(topic: Topic, language: str, counts: dict[int, int]) -> TopicEntry:
    names = (topic.name, topic.slug, *(entry.name for entry in topic.names.all()))
    return TopicEntry(
        topic=topic,
        name=topic.name_in(language),
        description=topic.description_in(language),
        questions=counts.get(topic.pk, 0),
        matched=frozenset(name.casefold() for name in names),
    )


def _flat(entry: TopicEntry) -> list[TopicEntry]:
    return [entry, *(below for child in entry.children for below in _flat(child))]


def _busiest(entry: TopicEntry) -> tuple[int, str]:
    return (-entry.questions, entry.topic.slug)
