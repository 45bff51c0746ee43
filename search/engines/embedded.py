"""The embedded engine: tantivy in this process, no service. The only file that imports ``tantivy``.

Terms are made in Python (:mod:`search.analyzers`) and handed over joined by spaces, so that what is indexed, asked
and highlighted is cut alike. Web processes only read, and see a commit at their next search: the pointer file and
the segment list are looked at before each one.
"""

import json
import math
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import tantivy
from tantivy import FieldType, Occur, Query

from search.analyzers import stems
from search.documents import (
    FACETS,
    SPANS,
    DocumentKey,
    Facets,
    SearchDocument,
    SearchRequest,
    SimilarRequest,
    SuggestRequest,
)
from search.engine import ApplyResult, EngineError, EngineResult, Found, Health, IndexEntry, WordsKnown
from search.engines.store import GenerationStore
from search.engines.vocabulary import Vocabulary
from search.fields import Terms, common_fields, kept_source
from search.queries import building
from search.queries.arranging import arranged
from search.queries.conditions import span_start, spans_counted
from search.queries.plan import FACET_FIELDS, SearchPlan, SimilarPlan, SuggestPlan
from search.queries.tree import Best, Bool, Boost, Constant, Everything, Near, Node, OneOf, Phrase, Range, Term

# Raise it with every change of fields or analysis: indexes of another shape are rebuilt at the next start.
SHAPE = "embedded-10"
_HEAP_BYTES = 64_000_000
_FACET_SIZE = 50
_LISTING_PAGE = 20_000
# Content hashes are below this.
_HASHES = 2**63
# So many more hits are fetched in case those at the end of a page are equal; beyond the latter nobody waits for them.
_EQUALS, _MOST_EQUALS = 50, 50_000
_RAW_FIELDS = ("uid", "type", "topic", "product", "marks", "status", "language", "author", "visibility")
_TERM_FIELDS = ("text_s", "title_s", "answers_s", "opening_s", "title_x", "title_p", "text_g", "text_o")
_SORT_FIELDS = {"newest": "created", "active": "updated", "votes": "votes_rank"}


def _schema() -> Any:
    builder = tantivy.SchemaBuilder()
    for name in _RAW_FIELDS:
        builder.add_text_field(name, stored=name == "uid", fast=True, tokenizer_name="raw", index_option="basic")
    for name in _TERM_FIELDS:
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="freq")
    builder.add_text_field("text_x", tokenizer_name="whitespace", index_option="position")
    for name in ("created", "updated", "answers_count", "votes_rank", "tie", "version", "content_hash"):
        builder.add_integer_field(name, fast=True)
    builder.add_float_field("prior", fast=True)
    builder.add_bytes_field("source", stored=True)
    return builder.build()


@contextmanager
def _translated() -> Iterator[None]:
    """Turn whatever tantivy raises, panics of its Rust code included, into :class:`EngineError`."""
    try:
        yield
    except (EngineError, KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except BaseException as error:
        raise EngineError(f"the embedded index failed: {error}") from error


class _Generation:
    """One open index: its reader, kept fresh, and its writer while this process writes."""

    def __init__(self, name: str, path: Path) -> None:
        self.name = name
        self._meta = path / "meta.json"
        self.schema = _schema()
        self.index = tantivy.Index(self.schema, str(path), reuse=True)
        self._stamp = self._read_stamp()
        self.index.reload()
        self.writer: Any = None

    def _read_stamp(self) -> tuple[int, int, int]:
        found = self._meta.stat()
        return (found.st_mtime_ns, found.st_ino, found.st_size)

    def searcher(self) -> Any:
        """Return a searcher that sees the last commit of any process."""
        stamp = self._read_stamp()
        if stamp != self._stamp:
            self.index.reload()
            self._stamp = stamp
        return self.index.searcher()

    def open_writer(self) -> Any:
        if self.writer is None:
            self.writer = self.index.writer(_HEAP_BYTES, 1)
        return self.writer

    def discard_writer(self) -> None:
        """Drop the writer with what it has not committed: after a failure it is good for nothing."""
        self.writer = None

    def close_writer(self) -> None:
        """Close the writer; what it has not committed is dropped, merges under way are finished."""
        writer, self.writer = self.writer, None
        if writer is not None:
            writer.wait_merging_threads()


class EmbeddedEngine(GenerationStore[_Generation]):
    """A :class:`search.engine.SearchEngine` in a folder. See :mod:`search.engines.generations` for its files."""

    name = "embedded"
    remote = False
    exclusive_writer = True

    def __init__(self, path: Path) -> None:
        super().__init__(path, shape=SHAPE, open_generation=_Generation, translated=_translated)

    # Reading

    def search(self, request: SearchRequest, *, timeout: float | None = None) -> EngineResult:
        plan = SearchPlan.of(request)
        with _translated():
            found = self._search(plan)
            found = self._search(replace(plan, minimum=1)) if not found.total and plan.minimum > 1 else found
            return replace(found, totals=tuple(map(self._total, request.comparisons())))

    def _search(self, plan: SearchPlan) -> EngineResult:
        generation, searcher = self.current()
        terms = plan.weighed(plan.stems, searcher.doc_freq, searcher.num_docs)
        stemmed = building.weighted_stems(terms.stems, plan.minimum)
        text = building.search_text(plan, terms, stemmed, partial(building.term_stems, plan.reads))
        query = _query(generation.schema, building.filtered(text, plan.filters))
        hits, total = _page(searcher, query, plan)
        facets = self._facets(searcher, generation.schema, text, plan)
        asked = plan.asked(searcher.doc_freq, searcher.num_docs)
        return EngineResult(_found(searcher, hits), total, facets, asked=asked)

    def _total(self, request: SearchRequest) -> int:
        """Count what a search would find at its first, strict look."""
        generation, searcher = self.current()
        plan = SearchPlan.of(request)
        stemmed = partial(building.term_stems, plan.reads)
        text = building.search_text(plan, plan.unweighed(), stemmed(plan.parsed.text, plan.minimum), stemmed)
        query = _query(generation.schema, building.filtered(text, plan.filters))
        return int(searcher.search(query, limit=1).count)

    def _facets(self, searcher: Any, schema: Any, text: Node, plan: SearchPlan) -> Facets:
        """Count each facet under every filter but its own, so that the other choices stay to be chosen."""
        facets: Facets = {}
        own = [name for name in FACETS if getattr(plan.filters, FACET_FIELDS[name])]
        for name in [*own, ""]:
            wanted = [name] if name else [each for each in FACETS if each not in own]
            query = _query(schema, building.filtered(text, plan.filters.without(name)))
            counts = {each: _counting(each, plan.now) for each in wanted}
            for each, answer in (searcher.aggregate(query, counts) if wanted else {}).items():
                facets[each] = _counted(each, answer["buckets"])
        return {name: facets[name] for name in FACETS}

    def suggest(self, request: SuggestRequest, *, timeout: float | None = None) -> EngineResult:
        plan = SuggestPlan.of(request)
        if not plan.beginnings:
            return EngineResult()
        with _translated():
            generation, searcher = self.current()
            for starts in building.beginnings(plan):
                queries = [_query(generation.schema, building.filtered(starts, each)) for each in plan.kinds]
                results = [searcher.search(each, limit=plan.pool, weight_by_field="prior") for each in queries]
                pool = [found for result in results for found in _found(searcher, result.hits)]
                if pool:
                    return EngineResult(arranged(plan, pool), sum(result.count for result in results))
        return EngineResult()

    def similar(self, request: SimilarRequest, *, timeout: float | None = None) -> EngineResult:
        with _translated():
            generation, searcher = self.current()
            title, body = stems(request.title[:2_000], request.language), stems(request.body[:20_000], request.language)
            frequency = partial(searcher.doc_freq, "text_s")
            plan = SimilarPlan.of(request, title, Counter(body), frequency, searcher.num_docs)
            if not plan.terms and not plan.expansions:
                return EngineResult()
            query = _query(generation.schema, building.filtered(building.alike(plan), plan.filters))
            result = searcher.search(query, limit=plan.limit, weight_by_field="prior")
            return EngineResult(_found(searcher, result.hits), result.count)

    def words(
        self,
        words: Sequence[str],
        texts: Sequence[str],
        visibility: Sequence[str],
        *,
        stems_of: Sequence[str] = (),
        timeout: float | None = None,
    ) -> WordsKnown:
        with _translated():
            generation, searcher = self.current()

            def count(node: Node) -> int:
                query = _query(generation.schema, Bool(filters=(node, OneOf("visibility", tuple(visibility)))))
                return int(searcher.search(Query.const_score_query(query, 1.0), limit=1).count)

            return Vocabulary(searcher, count).known(words, texts, stems_of)

    def listing(self, document_type: str, *, generation: str | None = None) -> Iterator[IndexEntry]:
        with _translated():
            found, searcher = self.named(generation) if generation else self.current()
            of_type = Query.term_query(found.schema, "type", document_type)
            parts = searcher.num_docs // _LISTING_PAGE + 1
        for part in range(parts):
            with _translated():
                # Hashes spread evenly: each part is a page, of one and the same state of the index.
                lowest, highest = part * _HASHES // parts, (part + 1) * _HASHES // parts - 1
                hashes = Query.range_query(found.schema, "content_hash", FieldType.Integer, lowest, highest)
                query = Query.boolean_query([(Occur.Must, of_type), (Occur.Must, hashes)])
                entries = _entries(searcher, query)
            yield from entries

    def count(self, *, generation: str | None = None) -> int:
        with _translated():
            _, searcher = self.named(generation) if generation else self.current()
            return int(searcher.num_docs)

    def health(self) -> Health:
        try:
            with _translated():
                return Health(True, True, f"{self.current()[1].num_docs} documents")
        except EngineError as error:
            return Health(True, False, str(error))

    # Writing

    def apply(
        self,
        upserts: Sequence[SearchDocument],
        deletes: Sequence[DocumentKey],
        *,
        version: int,
        generation: str | None = None,
    ) -> ApplyResult:
        if not self.may_write:
            raise EngineError("apply() is called inside writing()")
        with self._write_guard, _translated():
            names = [generation] if generation else self.live_names()
            prepared = [(document.key, _indexed(document, version)) for document in upserts]
            prepared += [(key, None) for key in deletes]
            for name in names:
                opened, searcher = self.named(name)
                try:
                    _write(opened, searcher, prepared, version)
                except BaseException:
                    opened.discard_writer()
                    raise
                self.named(name)
            return ApplyResult(applied=len(prepared))


def _write(
    generation: _Generation, searcher: Any, prepared: Sequence[tuple[DocumentKey, Any | None]], version: int
) -> None:
    """Write documents (None: delete) where nothing newer is, and commit."""
    writer = generation.open_writer()
    for key, indexed in prepared:
        if _version_of(searcher, generation.schema, key) <= version:
            writer.delete_documents_by_term("uid", key.uid)
            if indexed is not None:
                writer.add_document(indexed)
    writer.commit()


def _query(schema: Any, node: Node) -> Any:
    """Render a query tree."""
    match node:
        case Everything():
            return Query.all_query()
        case Term(field, value):
            return Query.term_query(schema, field, value, index_option="freq")
        case Near(field, value):
            return Query.fuzzy_term_query(schema, field, value)
        case OneOf(field, values):
            return Query.const_score_query(Query.term_set_query(schema, field, list(values)), 0.0)
        case Range(field, low, high):
            return _range_query(schema, field, low, high)
        case Phrase(field, terms):
            return Query.phrase_query(schema, field, list(terms))
        case Best(nodes):
            return Query.disjunction_max_query([_query(schema, each) for each in nodes])
        case Boost(inner, factor):
            return Query.boost_query(_query(schema, inner), factor)
        case Constant(inner, score):
            return Query.const_score_query(_query(schema, inner), score)
        case Bool():
            return _bool_query(schema, node)
    raise EngineError(f"the embedded engine has no query for {node!r}")


def _counting(facet: str, now: datetime) -> dict[str, Any]:
    """Return the aggregation of a facet. Ranges may not overlap here: the spans of time are counted in parts."""
    if facet != "time":
        return {"terms": {"field": facet, "size": _FACET_SIZE}}
    starts = [span_start(span, now) for span in SPANS]
    parts = [{"from": start, "to": end} for start, end in zip(starts[1:], starts, strict=False)]
    return {"range": {"field": "created", "ranges": [{"from": starts[0]}, *parts]}}


def _counted(facet: str, buckets: Sequence[dict[str, Any]]) -> list[tuple[str, int]]:
    if facet == "time" and buckets:
        newest_first = sorted(buckets, key=lambda bucket: -bucket.get("from", -math.inf))
        return spans_counted([int(bucket["doc_count"]) for bucket in newest_first[: len(SPANS)]])
    pairs = [(str(bucket["key"]), int(bucket["doc_count"])) for bucket in buckets]
    return sorted(pairs, key=lambda pair: (-pair[1], pair[0]))


def _range_query(schema: Any, field: str, low: int | None, high: int | None) -> Any:
    if low is None and high is None:
        return Query.all_query()
    return Query.const_score_query(Query.range_query(schema, field, FieldType.Integer, low, high), 0.0)


def _bool_query(schema: Any, node: Bool) -> Any:
    clauses = [(Occur.Must, _query(schema, each)) for each in (*node.must, *node.filters)]
    clauses += [(Occur.Should, _query(schema, each)) for each in node.should]
    if not clauses and node.must_not:
        # Alone, what must not be leaves nothing here; it is to leave all the others.
        clauses.append((Occur.Must, Query.const_score_query(Query.all_query(), 0.0)))
    clauses += [(Occur.MustNot, _query(schema, each)) for each in node.must_not]
    return Query.boolean_query(clauses, minimum_number_should_match=node.minimum or None)


def _version_of(searcher: Any, schema: Any, key: DocumentKey) -> int:
    hits = searcher.search(Query.term_query(schema, "uid", key.uid), limit=1, count=False).hits
    if not hits:
        return -1
    return int(searcher.fast_field_values("version", [hits[0][1]])[0])


def _entries(searcher: Any, query: Any) -> list[IndexEntry]:
    """Return every document that a query finds, as an index lists it."""
    addresses = [address for _, address in searcher.search(query, limit=max(1, searcher.num_docs)).hits]
    hashes = searcher.fast_field_values("content_hash", addresses)
    versions = searcher.fast_field_values("version", addresses)
    return [
        IndexEntry(DocumentKey.from_uid(searcher.doc(address).get_first("uid")), int(content_hash), int(version))
        for address, content_hash, version in zip(addresses, hashes, versions, strict=True)
    ]


def _page(searcher: Any, query: Any, plan: SearchPlan) -> tuple[list[tuple[Any, Any]], int]:
    """Return one page of hits, and how many there are in all.

    Equals come here in the order of their places in the index, which a merge may change. So all that are equal to the
    last one of the page are fetched, and put in an order of their own: no page repeats or loses one.
    """
    wanted = plan.offset + plan.limit
    sort = {"weight_by_field": "prior"} if plan.sort == "relevance" else {"order_by_field": _SORT_FIELDS[plan.sort]}
    size = wanted + _EQUALS
    while True:
        result = searcher.search(query, limit=size, **sort)
        hits = result.hits
        if len(hits) < size or size > _MOST_EQUALS or not wanted or hits[-1][0] != hits[wanted - 1][0]:
            break
        size *= 4
    addresses = [address for _, address in hits]
    newest = searcher.fast_field_values("created", addresses)
    ties = searcher.fast_field_values("tie", addresses)
    order = sorted(range(len(hits)), key=lambda place: (hits[place][0], newest[place], ties[place]), reverse=True)
    return [hits[place] for place in order[plan.offset : wanted]], result.count


def _found(searcher: Any, hits: Sequence[tuple[Any, Any]]) -> tuple[Found, ...]:
    found = []
    for relevance, address in hits:
        source = json.loads(searcher.doc(address).get_first("source"))
        found.append(Found(SearchDocument.from_dict(source), float(relevance)))
    return tuple(found)


def _indexed(document: SearchDocument, version: int) -> Any:
    """Return the tantivy document: the fields both engines have, and the stemmed ones."""
    title = Terms.of(document.title, document.language)
    body = Terms.of(document.body, document.language)
    answers = Terms.of(document.answers, document.language)
    fields = common_fields(document, version, title.exact, body.exact, answers.exact)
    fields["source"] = json.dumps(kept_source(document)).encode()
    fields["text_s"] = " ".join([*title.stems, *body.stems, *answers.stems])
    fields["title_s"], fields["answers_s"] = " ".join(title.stems), " ".join(answers.stems)
    fields["opening_s"] = " ".join([*body.opening, *answers.opening])
    return tantivy.Document(**{name: value for name, value in fields.items() if value not in ([], "", None)})
