"""Tags become topics. One topic serves all sites: what is called alike is one thing here."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Q

from portal.core.models import Topic
from portal.core.topics import topic_slug, topics_changed

from .map import TAG_ATTRIBUTES, Tag, tag
from .rows import Kind, Ledger, amend, remember
from .stage import Item, Numbered, Setting, Stage


def tag_slug(name: str) -> str:
    """Returns the slug of a tag. ``.net`` and ``net`` stay apart; a name without letters gets a digest."""
    spelt = f"dot-{name[1:]}" if name.startswith(".") and len(name) > 1 else name
    return topic_slug(spelt) or f"topic-{hashlib.blake2b(name.encode(), digest_size=6).hexdigest()}"


class TopicBook:
    """Finds topics by the names that tags have, makes those that are missing, and remembers them."""

    def __init__(self) -> None:
        self._ids: dict[str, int] = {}

    def learn(self, names: Iterable[str]) -> None:
        """Makes sure that these tags have topics."""
        unknown = {name: tag_slug(name) for name in names if name not in self._ids}
        if not unknown:
            return
        self._find(unknown)
        missing = {slug: name for name, slug in unknown.items() if name not in self._ids}
        if missing:
            Topic.objects.bulk_create(
                [Topic(name=name, slug=slug) for slug, name in missing.items()], ignore_conflicts=True
            )
            made = {name: slug for name, slug in unknown.items() if name not in self._ids}
            self._find(made)
            topics_changed(self.ids(made))

    def _find(self, wanted: dict[str, str]) -> None:
        found = Topic.objects.filter(Q(slug__in=wanted.values()) | Q(name__in=wanted)).values_list("pk", "name", "slug")
        by_slug, by_name = {}, {}
        for pk, name, slug in found:
            by_slug[slug], by_name[name] = pk, pk
        for name, slug in wanted.items():
            pk = by_slug.get(slug) or by_name.get(name)
            if pk:
                self._ids[name] = pk

    def ids(self, names: Iterable[str]) -> list[int]:
        """Returns the ids of the topics of these tags, each once; ``learn`` came before."""
        return list(dict.fromkeys(self._ids[name] for name in names if name in self._ids))


@dataclass(slots=True)
class TagWork:
    """Rows of the ledger for tags, and for the posts that describe them."""

    tags: list[Ledger]
    excerpts: list[Ledger]
    changed: list[Ledger]


class TopicStage(Stage[TagWork]):
    """Makes the topics of Tags.xml."""

    name, file, kind = "topics", "Tags", Kind.TOPIC

    def __init__(self, setting: Setting, book: TopicBook) -> None:
        super().__init__(setting)
        self._book = book

    def prepare(self, batch: Sequence[Numbered]) -> TagWork:
        """Sorts the tags of a batch and makes their topics."""
        found = self.sort(self.mapped(batch, tag, TAG_ATTRIBUTES))
        asked = [*found.new, *found.changed]
        self._book.learn(item.record.name for item in asked)
        rows = []
        for item in found.new:
            row = self.remembered(item)
            row.object_id = self._topic(item)
            rows.append(row)
        excerpts = [
            Ledger(self.source.pk, Kind.EXCERPT, item.record.excerpt, object_id=self._topic(item))
            for item in asked
            if item.record.excerpt
        ]
        return TagWork(rows, excerpts, [item.seen for item in found.changed if item.seen])

    def _topic(self, item: Item[Tag]) -> int:
        return (self._book.ids([item.record.name]) or [0])[0]

    def write(self, work: TagWork) -> None:
        """Writes the ledger of a batch."""
        remember(work.tags)
        remember(work.excerpts, again=True)
        amend(work.changed, "digest")
