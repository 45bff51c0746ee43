"""The Elasticsearch engine: one index a generation, an alias that searches ask, external versions."""

import hashlib
import re
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from elasticsearch import BadRequestError, Elasticsearch
from elasticsearch_dsl import MultiSearch, Search

from search.documents import (
    DocumentKey,
    SearchDocument,
    SearchRequest,
    SimilarRequest,
    SuggestRequest,
)
from search.engine import (
    ApplyResult,
    EngineError,
    EngineResult,
    EngineUnavailable,
    Found,
    Health,
    IndexEntry,
    IndexMissing,
    WordsKnown,
)
from search.engines.elastic import facets, mapping, rendering, statistics, writing
from search.engines.elastic.connection import connect, translated
from search.engines.elastic.vocabulary import Vocabulary
from search.queries import building, weights
from search.queries.arranging import arranged
from search.queries.plan import SearchPlan, SimilarPlan, SuggestPlan

_FACET_SIZE = 50
_LISTING_PAGE = 2_000
# Seconds for the searches that run on an index when it is replaced; the portal gives each one 0.3.
_LAST_SEARCHES = 0.5
_SORTS = {
    "relevance": ["_score", "-created", "-tie"],
    "newest": ["-created", "-tie"],
    "active": ["-updated", "-created", "-tie"],
    "votes": ["-votes_rank", "-created", "-tie"],
}


class ElasticsearchEngine:
    """A :class:`search.engine.SearchEngine` on a cluster. Names of indexes and aliases begin with ``prefix``."""

    name = "elasticsearch"
    remote = True
    exclusive_writer = False

    def __init__(self, url: str, *, prefix: str) -> None:
        self._client = connect(url)
        self._prefix = prefix
        self._index_name = re.compile(re.escape(prefix) + r"-\d{20}")
        self._building = f"{prefix}-building"
        self._vocabulary = Vocabulary()

    # Reading

    def search(self, request: SearchRequest, *, timeout: float | None = None) -> EngineResult:
        plan = SearchPlan.of(request)
        until = time.monotonic() + timeout if timeout is not None else None
        with translated():
            known = statistics.of_query(self._within(until), self._prefix, plan)
            counted = [_counting(SearchPlan.of(each)) for each in request.comparisons()]
            found = self._search(plan, known, until, counted)
            if found.total or plan.minimum == 1:
                return found
            return replace(self._search(replace(plan, minimum=1), known, until), totals=found.totals)

    def _search(
        self, plan: SearchPlan, known: statistics.Statistics, until: float | None, counted: Sequence[Search] = ()
    ) -> EngineResult:
        """Search; what is ``counted`` besides goes along in the same request."""
        terms = plan.weighed(known.stems, known.frequency, known.documents)
        by_language = {language: known.known_stems(language) for language in mapping.FIELDS_OF}
        stems = rendering.weighted_stems(by_language, terms.stems, plan.minimum)
        text = building.search_text(plan, terms, stems, rendering.match_stems, weights.LUCENE_SCALE)
        query = rendering.render(building.filtered(text, facets.without_choices(plan.filters)))
        search = self._asking(until).query(rendering.with_prior(query))
        search = search.params(preference=_copy_of_choice(plan)).sort(*_SORTS[plan.sort])[
            plan.offset : plan.offset + plan.limit
        ]
        search = facets.counted(search, plan).extra(track_scores=True)
        answer, *others = self._answers([search, *counted], until)
        totals = tuple(each["hits"]["total"]["value"] for each in others)
        total, asked = answer["hits"]["total"]["value"], plan.asked(known.frequency, known.documents)
        return EngineResult(_found(answer), total, facets.facets_of(answer), totals, asked)

    def _answers(self, searches: Sequence[Search], until: float | None) -> list[dict[str, Any]]:
        """Return the answers of searches, all asked in one request."""
        if len(searches) == 1:
            return [searches[0].execute().to_dict()]
        asked = MultiSearch(using=self._within(until), index=self._prefix)
        for each in searches:
            asked = asked.add(each)
        return [answer.to_dict() for answer in asked.execute()]

    def suggest(self, request: SuggestRequest, *, timeout: float | None = None) -> EngineResult:
        plan = SuggestPlan.of(request)
        if not plan.beginnings:
            return EngineResult()
        until = time.monotonic() + timeout if timeout is not None else None
        with translated():
            for starts in building.beginnings(plan):
                queries = [rendering.render(building.filtered(starts, each)) for each in plan.kinds]
                asking = self._asking(until)[: plan.pool]
                answers = self._answers([asking.query(rendering.with_prior(each)) for each in queries], until)
                pool = [found for answer in answers for found in _found(answer)]
                if pool:
                    total = sum(answer["hits"]["total"]["value"] for answer in answers)
                    return EngineResult(arranged(plan, pool), total)
        return EngineResult()

    def similar(self, request: SimilarRequest, *, timeout: float | None = None) -> EngineResult:
        until = time.monotonic() + timeout if timeout is not None else None
        language = mapping.field_language(request.language, f"{request.title} {request.body[:400]}")
        with translated():
            field = f"text_{language}"
            texts = [{field: mapping.analysable(text)} for text in (request.title[:2_000], request.body[:20_000])]
            title, body = statistics.of_texts(self._within(until), self._prefix, texts)
            found = {**title.found.get(field, {}), **body.found.get(field, {})}
            said = body.said.get(field, {})
            documents = max(title.documents, body.documents)
            plan = SimilarPlan.of(request, title.said.get(field, {}), said, lambda term: found.get(term, 0), documents)
            if not plan.terms and not plan.expansions:
                return EngineResult()
            node = building.filtered(rendering.alike(plan, language), plan.filters)
            query = rendering.with_prior(rendering.render(node))
            answer = self._asking(until).query(query)[: plan.limit].execute().to_dict()
            return EngineResult(_found(answer), answer["hits"]["total"]["value"])

    def words(
        self,
        words: Sequence[str],
        texts: Sequence[str],
        visibility: Sequence[str],
        *,
        stems_of: Sequence[str] = (),
        timeout: float | None = None,
    ) -> WordsKnown:
        until = time.monotonic() + timeout if timeout is not None else None
        with translated():
            return self._vocabulary.known(lambda: self._asking(until), words, texts, visibility, stems_of)

    def listing(self, document_type: str, *, generation: str | None = None) -> Iterator[IndexEntry]:
        index = generation or self._prefix
        with translated():
            self._client.indices.refresh(index=index)
        after: list[Any] | None = None
        while True:
            with translated():
                answer = self._client.search(
                    index=index,
                    size=_LISTING_PAGE,
                    query={"term": {"type": document_type}},
                    sort=[{"uid": "asc"}],
                    search_after=after,
                    source=False,
                    docvalue_fields=[{"field": name} for name in ("uid", "content_hash", "version")],
                )
            for hit in answer["hits"]["hits"]:
                values = hit["fields"]
                key = DocumentKey.from_uid(values["uid"][0])
                yield IndexEntry(key, values["content_hash"][0], values["version"][0])
                after = hit["sort"]
            if len(answer["hits"]["hits"]) < _LISTING_PAGE:
                return

    def count(self, *, generation: str | None = None) -> int:
        with translated():
            self._client.indices.refresh(index=generation or self._prefix)
            return int(self._client.count(index=generation or self._prefix)["count"])

    def health(self) -> Health:
        try:
            with translated():
                found = self._client.options(request_timeout=5).indices.get_mapping(index=self._prefix)
        except IndexMissing as error:
            return Health(True, False, str(error))
        except EngineError as error:
            return Health(False, False, str(error))
        shapes = {each["mappings"].get("_meta", {}).get("shape") for each in found.values()}
        if shapes != {mapping.SHAPE}:
            return Health(True, False, f"the index has the shape {shapes}, not {mapping.SHAPE}")
        return Health(True, True, ", ".join(sorted(found)))

    def _within(self, until: float | None) -> Elasticsearch:
        """Return the client with the time that is left for one request; without any none is begun."""
        if until is None:
            return self._client
        left = until - time.monotonic()
        if left <= 0:
            raise EngineUnavailable("no time is left")
        return self._client.options(request_timeout=max(0.01, left))

    def _asking(self, until: float | None) -> Search:
        return Search(using=self._within(until), index=self._prefix).extra(track_total_hits=True)

    # Writing

    @contextmanager
    def writing(self, *, wait: float = 0.0) -> Iterator[None]:
        """Nothing to hold: external versions keep several writers in order."""
        yield

    @contextmanager
    def kept_open(self) -> Iterator[None]:
        yield

    def yield_writer(self) -> bool:
        return False

    def apply(
        self,
        upserts: Sequence[SearchDocument],
        deletes: Sequence[DocumentKey],
        *,
        version: int,
        generation: str | None = None,
    ) -> ApplyResult:
        actions = writing.operations(upserts, deletes, version)
        refused: dict[str, str] = {}
        with translated():
            targets = [generation] if generation else self._live_indexes()
            for index in targets:
                failed = writing.send(self._client, _write_alias(index), actions, refresh=not generation)
                # Of two indexes one may have been dropped meanwhile: what the other one has is enough.
                if failed and len(targets) > 1 and index not in self._live_indexes():
                    continue
                refused |= failed
        keys = {DocumentKey.from_uid(uid): reason for uid, reason in refused.items()}
        return ApplyResult(applied=len(actions) - len(keys), refused=keys)

    def _live_indexes(self) -> list[str]:
        """Return the current index and one being built. Raises :class:`IndexMissing` when there is no current one."""
        indexes = self._indexes()
        current = [name for name, aliases in indexes.items() if self._prefix in aliases]
        if not current:
            raise IndexMissing("there is no index yet")
        return current + [name for name, aliases in indexes.items() if self._building in aliases]

    def _indexes(self) -> dict[str, set[str]]:
        """Return this prefix's indexes with their aliases."""
        found = self._client.indices.get(index=f"{self._prefix}-*", features=["aliases"], allow_no_indices=True)
        return {name: set(each["aliases"]) for name, each in found.items() if self._index_name.fullmatch(name)}

    def create_generation(self) -> str:
        with translated():
            for name, aliases in self._indexes().items():
                if self._prefix not in aliases:
                    self._client.indices.delete(index=name, ignore_unavailable=True)
            name = f"{self._prefix}-{time.time_ns():020d}"
            self._client.indices.create(
                index=name,
                settings=mapping.settings(kuromoji=self._has_kuromoji()),
                mappings=mapping.mapping(),
                aliases={self._building: {}, _write_alias(name): {}},
            )
            return name

    def _has_kuromoji(self) -> bool:
        try:
            self._client.indices.analyze(tokenizer=mapping.KUROMOJI, text="語")
        except BadRequestError:
            return False
        return True

    def commit_generation(self, generation: str) -> None:
        with translated():
            self._client.indices.refresh(index=generation)
            former = {name: aliases for name, aliases in self._indexes().items() if name != generation}
            actions: list[dict[str, Any]] = [
                {"remove": {"index": name, "alias": self._prefix}}
                for name, aliases in former.items()
                if self._prefix in aliases
            ]
            actions.append({"add": {"index": generation, "alias": self._prefix}})
            actions.append({"remove": {"index": generation, "alias": self._building, "must_exist": False}})
            self._client.indices.update_aliases(actions=actions)
            # A search that began on the former index may still be fetching from it.
            time.sleep(_LAST_SEARCHES if former else 0)
            for name in former:
                self._client.indices.delete(index=name, ignore_unavailable=True)

    def abandon_generation(self, generation: str) -> None:
        with translated():
            self._client.indices.delete(index=generation, ignore_unavailable=True)

    def drop(self) -> None:
        with translated():
            for name in self._indexes():
                self._client.indices.delete(index=name, ignore_unavailable=True)

    def close(self) -> None:
        self._client.close()


def _write_alias(index: str) -> str:
    return f"{index}-write"


def _counting(plan: SearchPlan) -> Search:
    """Return the search that counts what a plan would find at its first, strict look."""
    stems = rendering.match_stems(plan.parsed.text, plan.minimum)
    text = building.search_text(plan, plan.unweighed(), stems, rendering.match_stems)
    return Search().query(rendering.render(building.filtered(text, plan.filters)))[:0].extra(track_total_hits=True)


def _copy_of_choice(plan: SearchPlan) -> str:
    """Return a name by which all pages of a search are answered from one copy of the index: scores differ in copies."""
    asked = f"{plan.parsed.text}|{plan.filters.visibility}"
    return hashlib.blake2b(asked.encode("utf-8", "replace"), digest_size=8).hexdigest()


def _found(answer: dict[str, Any]) -> tuple[Found, ...]:
    return tuple(
        Found(SearchDocument.from_dict(hit["_source"]["document"]), float(hit["_score"] or 0.0))
        for hit in answer["hits"]["hits"]
    )
