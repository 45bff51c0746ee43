"""What is searched, what is asked and what comes back: the words both engines speak.

Everything here is plain data. Texts are plain text (no markup); only the fields named
``*_html`` hold HTML, and there the only tag is ``<mark>``.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime
from typing import Any, Literal, get_args

Sort = Literal["relevance", "newest", "votes", "active"]
SORTS: tuple[str, ...] = get_args(Sort)
FACETS: tuple[str, ...] = ("type", "topic", "product", "status", "language", "time")
# The spans of time that a reader can choose, in days, the shortest first.
Span = Literal["day", "week", "month", "year"]
SPANS: dict[str, int] = {"day": 1, "week": 7, "month": 30, "year": 365}
PUBLIC = "public"


@dataclass(frozen=True, slots=True)
class SearchDocument:
    """One thing that can be found.

    ``type`` and ``id`` name it (``question``, ``"12"``). ``names`` are what else it is called: (language, title), the
    language empty for a name that is found and never shown in the title's place. ``body`` and ``answers`` are plain
    text, ``answers`` with the best one first. ``topics`` are slugs, ``products`` are those of the products it is about,
    which may be topics too. ``visibility`` holds tokens such as ``public``, ``members`` or ``space:3``: a caller sees
    the document when he carries at least one of them. ``obsolete``: what answers it no longer holds.
    """

    type: str
    id: str
    title: str
    language: str | None = None
    body: str = ""
    answers: str = ""
    topics: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    author: str | None = None
    status: str | None = None
    source_id: str | None = None
    score: int = 0
    accepted: bool = False
    official: bool = False
    obsolete: bool = False
    answers_count: int = 0
    created_at: datetime = datetime(1970, 1, 1, tzinfo=UTC)
    updated_at: datetime = datetime(1970, 1, 1, tzinfo=UTC)
    visibility: tuple[str, ...] = (PUBLIC,)
    names: tuple[tuple[str, str], ...] = ()

    @property
    def key(self) -> "DocumentKey":
        return DocumentKey(self.type, self.id)

    def as_dict(self) -> dict[str, Any]:
        """Return the fields as JSON values (times as ISO 8601, tuples as lists)."""
        values: dict[str, Any] = {}
        for each in fields(self):
            value = getattr(self, each.name)
            if isinstance(value, datetime):
                value = value.astimezone(UTC).isoformat()
            values[each.name] = list(value) if isinstance(value, tuple) else value
        return values

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "SearchDocument":
        """Rebuild what :meth:`as_dict` gave."""
        known = {each.name: values[each.name] for each in fields(cls) if each.name in values}
        for name in ("created_at", "updated_at"):
            if name in known:
                known[name] = datetime.fromisoformat(known[name])
        for name in ("topics", "products", "visibility"):
            if name in known:
                known[name] = tuple(known[name])
        known["names"] = tuple((language, name) for language, name in known.get("names", ()))
        return cls(**known)

    def content_hash(self) -> int:
        """Return 63 bits that change whenever any field does (what reconcile compares)."""
        text = json.dumps(self.as_dict(), ensure_ascii=False, sort_keys=True)
        digest = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
        return int.from_bytes(digest) >> 1


@dataclass(frozen=True, slots=True, order=True)
class DocumentKey:
    """Names a document over all types."""

    type: str
    id: str

    @property
    def uid(self) -> str:
        return f"{self.type}:{self.id}"

    @classmethod
    def from_uid(cls, uid: str) -> "DocumentKey":
        kind, _, identity = uid.partition(":")
        return cls(kind, identity)


@dataclass(frozen=True, slots=True)
class Expansion:
    """Words that a query may also have meant: a synonym, a corrected word, another keyboard layout.

    A document holding all words of ``text`` scores as if it had been asked for, times ``weight`` (0 to 1).
    ``of`` is the part of the query that it stands for; ``kind`` says where it comes from. A ``protected`` one lifts a
    word that stands there as it is spelt, and is not stemmed.
    """

    text: str
    weight: float
    of: str = ""
    kind: str = "synonym"


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """A search as a person asked it, with what she may see.

    ``text`` may hold operators (:mod:`search.queries.operators`); an empty one lists everything. ``reads`` are the
    languages she reads, the best first: they lift documents, they hide none. ``types``, ``topics`` (products are
    topics too), ``products``, ``statuses``, ``languages`` and ``authors`` filter, each by any of its values;
    ``without_types`` are left out. ``time`` is a key of ``SPANS``, counted back from ``now`` (None: the present).
    ``meanings`` are (operator, value as typed, what it stands for): names that only the caller knows, such as a
    topic's in the reader's language.
    ``expansions`` are what the words may mean besides: made by :mod:`search.client`, not by callers; ``literal`` asks
    for none: the words as they were typed. ``compared`` are other texts whose documents are counted beside the search.
    """

    text: str = ""
    reads: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    time: str | None = None
    now: datetime | None = None
    meanings: tuple[tuple[str, str, tuple[str, ...]], ...] = ()
    without_types: tuple[str, ...] = ()
    sort: Sort = "relevance"
    offset: int = 0
    limit: int = 20
    visibility: tuple[str, ...] = (PUBLIC,)
    exclude: tuple[tuple[str, str], ...] = ()
    expansions: tuple[Expansion, ...] = ()
    literal: bool = False
    compared: tuple[str, ...] = ()

    def comparisons(self) -> "list[SearchRequest]":
        """Return the searches that count the documents of ``compared``: each text as typed, by the same filters."""
        return [replace(self, text=text, expansions=(), compared=(), offset=0) for text in self.compared]


@dataclass(frozen=True, slots=True)
class SimilarRequest:
    """A question being written: what was asked before that is like it? ``exclude`` holds (type, id) pairs."""

    title: str
    body: str = ""
    language: str | None = None
    types: tuple[str, ...] = ()
    exclude: tuple[tuple[str, str], ...] = ()
    limit: int = 5
    visibility: tuple[str, ...] = (PUBLIC,)
    expansions: tuple[Expansion, ...] = ()


@dataclass(frozen=True, slots=True)
class SuggestRequest:
    """As-you-type: titles that begin like, or hold, what was typed so far, the best of each of ``types``."""

    text: str
    language: str | None = None
    types: tuple[str, ...] = ()
    limit: int = 8
    visibility: tuple[str, ...] = (PUBLIC,)
    expansions: tuple[Expansion, ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """One document found. ``score`` is the document's votes, ``relevance`` the engine's figure.

    ``title_html`` and ``excerpt_html`` are escaped text in which the only tag is ``<mark>``.
    """

    type: str
    id: str
    language: str | None
    title: str
    title_html: str
    excerpt_html: str
    score: int
    source_id: str | None
    accepted: bool
    official: bool
    answers_count: int
    status: str | None
    author: str | None
    topics: tuple[str, ...]
    created_at: datetime
    updated_at: datetime
    relevance: float = 0.0


Facets = dict[str, list[tuple[str, int]]]


@dataclass(frozen=True, slots=True)
class SearchResponse:
    """A page of hits. ``took_ms`` is the whole call; ``degraded`` says that the engine asked for did not answer.

    ``corrected`` is the query with its misspelt words put right, when the first hits of this page hold the words put
    in; ``did_you_mean`` the same query (of a literal search what it may have meant), when it finds more than what was
    typed. ``coverage`` is the share (0 to 1) of the weight of the query's words that the best hit holds; None where
    that is not known: on later pages, in another order, without words or hits, and while the engine is away.
    """

    hits: tuple[Hit, ...] = ()
    total: int = 0
    facets: Facets = field(default_factory=dict)
    did_you_mean: str | None = None
    corrected: str | None = None
    took_ms: float = 0.0
    engine: str = ""
    degraded: bool = False
    coverage: float | None = None
