"""Promoted results: which ones a query calls for, and how each promotion stands."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.db.models import QuerySet
from django.urls import Resolver404, resolve
from django.utils import translation

from portal.accounts.models import User
from portal.core.clock import now
from portal.core.models import Topic
from portal.curation.models import Promotion
from portal.discovery.registry import result_types
from portal.knowledge.models import ArticlePage
from search.analyzers import cut, exact, is_run, normalize, stems, word_exact, word_stems
from search.following import Followed

from .termbase import PROMOTIONS, live_version, own_savepoint

Key = tuple[str, str]
# The words of a query, each with the sets of terms of which one has to be there.
Line = list[list[frozenset[str]]]
# No database holds longer ones.
NUMBER = re.compile(r"[0-9]{1,18}")


@dataclass(frozen=True, slots=True)
class Rule:
    """A promotion made ready for matching: ``queries`` as written, or ``words`` that have to be there, as stems."""

    queries: frozenset[tuple[str, ...]]
    words: tuple[Line, ...]
    language: str
    targets: tuple[Key, ...]
    starts_at: datetime | None
    ends_at: datetime | None

    @classmethod
    def of(cls, promotion: Promotion) -> "Rule":
        lines = promotion.query_lines
        by_words = promotion.matching == Promotion.Matching.WORDS
        words = (_line(line) for line in lines)
        return cls(
            queries=frozenset(tuple(exact(line)) for line in lines),
            words=tuple(words) if by_words else (),
            language=promotion.language,
            targets=promotion.target_keys,
            starts_at=promotion.starts_at,
            ends_at=promotion.ends_at,
        )

    def means(self, written: tuple[str, ...], found: frozenset[str], language: str, moment: datetime) -> bool:
        """Whether a query of these terms, by a reader of this language, is one of the rule's."""
        if self.language and self.language != language:
            return False
        if (self.starts_at and moment < self.starts_at) or (self.ends_at and moment >= self.ends_at):
            return False
        by_words = (all(any(terms <= found for terms in word) for word in line) for line in self.words)
        return written in self.queries or any(by_words)


def _line(text: str) -> Line:
    """Returns the words of a query that say something; of nothing but small words, those."""
    words = cut(normalize(text))
    return [_either(word) for word in words if word_stems(word, None)] or [[frozenset(exact(text))]]


def _either(word: str) -> list[frozenset[str]]:
    """Returns the terms that stand for a word: all its parts, or a joined one's whole (``e-17`` or ``e17``)."""
    terms = word_stems(word, None)
    if is_run(word) or len(word_exact(word)) < 2:
        return [frozenset(terms)]
    return [frozenset(terms[:-1]), frozenset(terms[-1:])]


def _read() -> tuple[Rule, ...]:
    with own_savepoint():
        return tuple(Rule.of(each) for each in promotions_kept().filter(live=True).order_by("pk"))


def promotions_kept() -> QuerySet[Promotion]:
    """Returns all promotions but the removed ones."""
    return Promotion.objects.filter(removed_at__isnull=True)


promotions_live: Followed[tuple[Rule, ...]] = Followed(
    "promoted results", empty=(), version=lambda: live_version(PROMOTIONS), read=_read
)


def promoted_for(text: str, language: str) -> tuple[Key, ...]:
    """Returns (type, id) of what is to be shown first for a query, in order; nothing for a query without words.

    language: of the reader. No database is asked, but for a look every few seconds.
    """
    written = tuple(exact(text))
    if not written:
        return ()
    found, moment = frozenset((*stems(text), *written)), now()
    meant = [rule for rule in promotions_live.current() if rule.means(written, found, language, moment)]
    return tuple(dict.fromkeys(key for rule in meant for key in rule.targets))


class State(Enum):
    """How a promotion stands today."""

    CURRENT = "current"
    PLANNED = "planned"
    ENDED = "ended"
    BROKEN = "broken"
    DRAFT = "draft"


def promotion_states(promotions: Iterable[Promotion]) -> dict[int, State]:
    """Returns the state of each by its number; a few queries for all. Broken: no stranger sees any of its targets."""
    rows = list(promotions)
    seen = targets_visible({key for row in rows for key in row.target_keys})
    return {row.pk: _state(row, seen) for row in rows}


def _state(row: Promotion, seen: set[Key]) -> State:
    moment = now()
    if row.ends_at and row.ends_at <= moment:
        return State.ENDED
    if not set(row.target_keys) <= seen or not row.targets:
        return State.BROKEN
    if not row.live:
        return State.DRAFT
    return State.PLANNED if row.starts_at and row.starts_at > moment else State.CURRENT


def targets_visible(keys: Iterable[Key]) -> set[Key]:
    """Returns those of some targets that everybody may see now."""
    wanted: dict[str, list[str]] = {}
    for kind, identity in keys:
        wanted.setdefault(kind, []).append(identity)
    known = result_types()
    return {(kind, each) for kind, ids in wanted.items() if kind in known for each in known[kind].visible(None, ids)}


def target_of(address: str) -> Key | None:
    """Returns (type, id) of a page by its address or by ``type:id``; None where no kind of result has this page."""
    text = address.strip()
    kind, colon, identity = text.partition(":")
    if colon and kind in result_types() and NUMBER.fullmatch(identity.strip()):
        return (kind, str(int(identity)))
    try:
        path = unquote(urlsplit(text).path)
        # Addresses below a language's prefix are known while that language is spoken.
        with translation.override(translation.get_language_from_path(path) or settings.LANGUAGE_CODE):
            match = resolve(path)
    except (ValueError, Resolver404):
        return None
    key: Key | None = None
    if match.url_name in ("question", "question-short"):
        key = ("question", str(match.kwargs["question_id"]))
    elif match.url_name == "topic":
        key = _row("topic", Topic.objects.filter(slug=match.kwargs["slug"]))
    elif match.url_name == "member":
        key = _row("member", User.objects.filter(username=match.kwargs["username"]))
    else:
        key = _article(path)
    return key if key and key[0] in result_types() else None


def _row(kind: str, found: QuerySet[Any]) -> Key | None:
    pk = found.values_list("pk", flat=True).first()
    return None if pk is None else (kind, str(pk))


def _article(path: str) -> Key | None:
    """Returns the article whose page is at this path."""
    slug = path.rstrip("/").rpartition("/")[2]
    for page in ArticlePage.objects.filter(slug=slug).select_related("locale"):
        if unquote(urlsplit(page.get_url() or "").path).rstrip("/") == path.rstrip("/"):
            return ("article", str(page.pk))
    return None
