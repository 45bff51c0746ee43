"""What notes and mails tell of, as far as a reader may see it now."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language

from portal.accounts.selectors import members_visible_to
from portal.core.topics import topics_with_names
from portal.discovery.registry import ResultType, result_types
from portal.questions.selectors.access import questions_visible_to
from search.documents import SearchDocument
from search.registry import indexed_type

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Thing:
    """What a note or a mail tells of, as it is now: its document, its kind and the path of its page."""

    document: SearchDocument
    kind: ResultType
    path: str


@dataclass(frozen=True, slots=True)
class Thread:
    """What a note is about: a question, a topic, a member, or whatever a saved search found.

    language: that the title is written in, None for names. path: of its page.
    """

    type: str
    id: str
    title: str
    path: str
    icon: str
    language: str | None = None
    source_id: str | None = None

    @property
    def key(self) -> str:
        """Its name in mails and follows, as ``question:7``."""
        return f"{self.type}:{self.id}"


def split_thread(thread: str) -> Key:
    """Returns the type and the id of what is named ``question:7``."""
    kind, _colon, number = thread.partition(":")
    return kind, number


def things_visible_to(user: Any, keys: Iterable[Key]) -> dict[Key, Thing]:
    """Returns of these (type, id) what the reader may see now, in a few queries for each type."""
    ids: dict[str, list[str]] = defaultdict(list)
    for name, identity in dict.fromkeys(keys):
        ids[name].append(identity)
    found: dict[Key, Thing] = {}
    for name, wanted in ids.items():
        kind, indexed = result_types().get(name), indexed_type(name)
        if kind is None or indexed is None:
            continue
        paths = kind.visible(user, wanted)
        for document in indexed.load(list(paths)):
            found[name, document.id] = Thing(document, kind, paths[document.id])
    return found


def found_threads(user: Any, keys: Iterable[Key]) -> dict[Key, Thread]:
    """Returns what saved searches found, as threads, as far as the reader may see it now."""
    return {
        key: Thread(
            type=each.document.type,
            id=each.document.id,
            title=each.document.title,
            path=each.path,
            icon=each.kind.icon,
            language=each.document.language,
            source_id=each.document.source_id,
        )
        for key, each in things_visible_to(user, keys).items()
    }


def threads_visible_to(user: Any, keys: Iterable[Key]) -> dict[Key, Thread]:
    """Returns of these questions, topics and members what the reader may see now: at most a query or two for each."""
    ids: dict[str, list[int]] = defaultdict(list)
    for name, identity in dict.fromkeys(keys):
        ids[name].append(int(identity))
    found: dict[Key, Thread] = {}
    for name, load in (("question", _questions), ("topic", _topics), ("member", _members)):
        if ids[name]:
            found |= {(each.type, each.id): each for each in load(user, ids[name])}
    return found


def _questions(user: Any, ids: list[int]) -> list[Thread]:
    columns = ("id", "title", "slug", "language", "source_key")
    return [
        Thread(
            type="question",
            id=str(question.pk),
            title=question.title,
            path=question.get_absolute_url(),
            icon="question",
            language=question.language,
            source_id=question.source_key or None,
        )
        for question in questions_visible_to(user).filter(pk__in=ids).only(*columns)
    ]


def _topics(_user: Any, ids: list[int]) -> list[Thread]:
    language = get_language() or ""
    return [
        Thread("topic", str(topic.pk), topic.name_in(language), reverse("topic", args=[topic.slug]), "tag")
        for topic in topics_with_names().filter(pk__in=ids)
    ]


def _members(user: Any, ids: list[int]) -> list[Thread]:
    return [
        Thread("member", str(member.pk), member.shown_name, reverse("member", args=[member.username]), "user")
        for member in members_visible_to(user).filter(pk__in=ids)
    ]
