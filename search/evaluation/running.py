"""Asking a judged set through :mod:`search.client`, and keeping what came of it."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

from search import client
from search.documents import DocumentKey, SearchRequest, SearchResponse, SimilarRequest
from search.engine import EngineUnavailable, SearchEngine
from search.evaluation import metrics
from search.evaluation.judged import Endpoint, JudgedSet, split_question
from search.evaluation.throwaway import fill_index

# What the panel of earlier questions shows, as the portal asks for it.
_SIMILAR_TYPES = ("question", "article")
# An engine that leaves so many queries in a row without an answer is away.
_GIVE_UP_AFTER = 3
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Outcome:
    """One query: its text, the grades of the documents that answer it, the ids found in order, milliseconds."""

    text: str
    expected: dict[str, int]
    found: tuple[str, ...]
    milliseconds: float

    @property
    def grades(self) -> list[int]:
        """Return the grade of each document found, 0 for those that nobody judged."""
        return [self.expected.get(each, 0) for each in self.found]

    @property
    def rank(self) -> int | None:
        """Return the place of the first relevant document, None when it is not among those found."""
        return next((place for place, grade in enumerate(self.grades, start=1) if grade > 0), None)

    def scores(self) -> metrics.Scores:
        """Return the measures of this query."""
        return metrics.score(self.grades, list(self.expected.values()))


@dataclass(frozen=True)
class SetRun:
    """One set on one engine. ``seconds`` is the whole of it, ``indexing`` (seconds) the filling alone.

    ``labels`` has a line for each document that the outcomes name. ``unanswered`` counts the queries that the engine
    gave no answer to; they count as finding nothing.
    """

    name: str
    engine: str
    endpoint: str
    language: str | None
    documents: int
    digest: str
    outcomes: dict[str, Outcome]
    labels: dict[str, str]
    seconds: float
    indexing: float
    skipped: int = 0
    missing: int = 0
    unanswered: int = 0

    @cached_property
    def scores(self) -> dict[str, metrics.Scores]:
        """The measures of each query."""
        return {query: outcome.scores() for query, outcome in self.outcomes.items()}

    @property
    def latencies(self) -> list[float]:
        """Milliseconds of each query, in the order they were asked."""
        return [outcome.milliseconds for outcome in self.outcomes.values()]

    @property
    def key(self) -> tuple[str, str, str]:
        """What two runs are matched by: set, endpoint and engine."""
        return self.name, self.endpoint, self.engine


def run_set(
    judged: JudgedSet,
    *,
    engine: SearchEngine,
    endpoint: Endpoint | None = None,
    on_progress: Progress = lambda step, done, total: None,
) -> SetRun:
    """Fill the set into ``engine`` (the one that :mod:`search.client` asks now) and ask all its queries.

    ``endpoint``: ``search`` or ``similar``; without one the set's own, else ``search``. ``on_progress`` is told of the
    steps ``indexing`` and ``asking``. Raises :class:`search.engine.EngineError` when the engine goes away.
    """
    asked_at = endpoint or judged.endpoint or "search"
    started = time.perf_counter()
    documents = list(judged.documents.values())
    fill_index(engine, documents, on_progress=lambda done: on_progress("indexing", done, len(documents)))
    indexing = time.perf_counter() - started
    outcomes, unanswered = _ask_all(judged, asked_at, on_progress)
    named = {each for outcome in outcomes.values() for each in (*outcome.found, *outcome.expected)}
    return SetRun(
        name=judged.name,
        engine=engine.name,
        endpoint=asked_at,
        language=judged.language,
        documents=len(documents),
        digest=judged.digest,
        outcomes=outcomes,
        labels={each: judged.label_of(each) for each in sorted(named)},
        seconds=time.perf_counter() - started,
        indexing=indexing,
        skipped=judged.skipped,
        missing=judged.missing,
        unanswered=unanswered,
    )


def _ask_all(judged: JudgedSet, endpoint: Endpoint, on_progress: Progress) -> tuple[dict[str, Outcome], int]:
    identities = {document.key: identity for identity, document in judged.documents.items()}
    outcomes: dict[str, Outcome] = {}
    unanswered = in_a_row = 0
    for number, (query, text) in enumerate(judged.queries.items(), start=1):
        response = _ask(judged, endpoint, query, text)
        in_a_row = in_a_row + 1 if response.degraded else 0
        if in_a_row >= _GIVE_UP_AFTER:
            raise EngineUnavailable(f"no answer to {in_a_row} queries in a row of {judged.name}")
        unanswered += response.degraded
        outcomes[query] = Outcome(text, dict(judged.qrels[query]), _identities(response, identities), response.took_ms)
        on_progress("asking", number, len(judged.queries))
    return outcomes, unanswered


def _ask(judged: JudgedSet, endpoint: Endpoint, query: str, text: str) -> SearchResponse:
    if endpoint == "search":
        reads = (judged.language,) if judged.language else ()
        return client.search(SearchRequest(text=text, reads=reads, limit=metrics.DEPTH))
    title, body = split_question(text)
    # A set that takes its queries from its own documents does not want to find the very same one.
    own = judged.documents.get(query)
    request = SimilarRequest(
        title=title,
        body=body,
        language=judged.language,
        types=_SIMILAR_TYPES,
        exclude=((own.type, own.id),) if own else (),
        limit=metrics.DEPTH,
    )
    return client.similar(request)


def _identities(response: SearchResponse, identities: Mapping[DocumentKey, str]) -> tuple[str, ...]:
    """Return the set's ids of what was found; nothing of an answer that was not the engine's."""
    if response.degraded:
        return ()
    keys = (DocumentKey(hit.type, hit.id) for hit in response.hits)
    return tuple(identities[key] for key in keys if key in identities)
