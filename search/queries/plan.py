"""What a request comes to once its text is read: the same for both engines, before either one's fields are named."""

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial

from search.analyzers import (
    LONGEST_PREFIX,
    as_hiragana,
    cut,
    is_run,
    normalize,
    stopwords,
    without_article,
    word_exact,
)
from search.documents import SORTS, SPANS, DocumentKey, Expansion, SearchRequest, SimilarRequest, SuggestRequest
from search.queries import weights
from search.queries.conditions import condition_nodes, span_start
from search.queries.coverage import Asked
from search.queries.mending import MeantPair, pairs_meant, telling_pairs
from search.queries.operators import Condition
from search.queries.parsing import ParsedQuery, minimum_matches, parse_query, query_exact, stem_counts
from search.queries.telling import LONGEST_QUERY, TellingTerms, rarity, telling, telling_pieces, worth
from search.queries.tree import Node

# The name of each facet, and the filter that a choice in it sets.
FACET_FIELDS = {
    "type": "types",
    "topic": "topics",
    "product": "products",
    "status": "statuses",
    "language": "languages",
    "time": "since",
}
LONGEST_QUERY_TERMS = 64
LONGEST_SIMILAR_TERMS = 24
LONGEST_TYPED = 16
SUGGEST_SPARE = 4
LARGEST_PAGE = 100
# Elasticsearch gives 10,000 hits, offset included.
DEEPEST_OFFSET = 9_900


@dataclass(frozen=True, slots=True)
class Filters:
    """Which documents may be found at all. An empty tuple does not filter, but for ``visibility``.

    ``since`` is the earliest moment, in microseconds (None or empty: any). ``conditions`` are nodes that operators
    in the text ask for: all of them hold.
    """

    visibility: tuple[str, ...]
    types: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    since: tuple[int, ...] = ()
    conditions: tuple[Node, ...] = ()
    without_types: tuple[str, ...] = ()
    exclude: tuple[DocumentKey, ...] = ()

    @classmethod
    def of(cls, request: SearchRequest, conditions: Sequence[Condition], now: datetime) -> "Filters":
        """Return what a request and the ``conditions`` in its text narrow down to."""
        return cls(
            visibility=request.visibility,
            types=request.types,
            topics=request.topics,
            products=request.products,
            statuses=request.statuses,
            languages=request.languages,
            authors=request.authors,
            since=(span_start(request.time, now),) if request.time in SPANS else (),
            conditions=condition_nodes(conditions, request.meanings),
            without_types=request.without_types,
            exclude=tuple(DocumentKey(*pair) for pair in request.exclude),
        )

    def without(self, facet: str) -> "Filters":
        """Return the filters but for the named facet's own; all of them for an unknown name."""
        return replace(self, **{FACET_FIELDS[facet]: ()}) if facet in FACET_FIELDS else self


@dataclass(frozen=True, slots=True)
class SearchPlan:
    """A search read.

    ``exact`` are the distinct terms, ``stems`` come with their number; ``minimum`` of the stems must be there.
    ``meant`` are pairs of characters that those of the text may stand for.
    """

    parsed: ParsedQuery
    stems: Mapping[str, int]
    exact: tuple[str, ...]
    minimum: int
    reads: tuple[str, ...]
    filters: Filters
    now: datetime
    sort: str
    offset: int
    limit: int
    expansions: tuple[Expansion, ...] = ()
    meant: tuple[MeantPair, ...] = ()

    @classmethod
    def of(cls, request: SearchRequest) -> "SearchPlan":
        parsed = parse_query(request.text)
        stemmed = stem_counts(parsed.text, request.reads)
        unstemmed = tuple(query_exact(parsed.text))
        sort = request.sort if request.sort in SORTS else "relevance"
        if sort == "relevance" and not unstemmed:
            sort = "newest"
        now = request.now or datetime.now(UTC)
        return cls(
            parsed=parsed,
            stems=stemmed,
            exact=unstemmed,
            minimum=minimum_matches(min(len(stemmed), LONGEST_QUERY)),
            reads=request.reads,
            filters=Filters.of(request, parsed.conditions, now),
            now=now,
            sort=sort,
            offset=max(0, min(request.offset, DEEPEST_OFFSET)),
            limit=max(0, min(request.limit, LARGEST_PAGE)),
            expansions=request.expansions,
            meant=() if request.literal else pairs_meant(parsed.text),
        )

    @property
    def telling_exact(self) -> tuple[str, ...]:
        """The exact terms but for stop words; all of them where there is nothing else."""
        return tuple(term for term in self.exact if term not in stopwords.ALL) or self.exact

    def asked(self, frequency: Callable[[str, str], int], documents: int) -> Asked:
        """Return the words with the number of ``documents`` that hold each; ``frequency``: see :meth:`weighed`."""
        words = {term: frequency("text_x", term) for term in self.telling_exact[:LONGEST_QUERY]}
        return Asked(words, documents)

    def unweighed(self) -> TellingTerms:
        """Return the terms as :meth:`weighed` does for an index that tells nothing of them."""
        return TellingTerms.unweighed(list(self.stems)[:LONGEST_QUERY], self.telling_exact[:LONGEST_QUERY_TERMS])

    def weighed(self, stems: Mapping[str, int], frequency: Callable[[str, str], int], documents: int) -> TellingTerms:
        """Return the terms with what they tell, a long query shortened to its most telling ones.

        ``stems`` are the engine's, with their number; ``frequency(field, term)`` tells in how many of ``documents`` a
        term is, ``field`` being ``text_s``, ``text_x`` or ``text_g``.
        """
        unstemmed = self.telling_exact
        by_stem, by_word = partial(frequency, "text_s"), partial(frequency, "text_x")
        chosen = telling(stems, by_stem, documents)
        words = telling(dict.fromkeys(unstemmed, 1), by_word, documents, longest=LONGEST_QUERY_TERMS)
        # A pair of characters is no word: that it is rare says nothing.
        words = {term: 1.0 if is_run(term) else weight for term, weight in words.items()}
        by_piece = partial(frequency, "text_g")
        pieces = telling_pieces(unstemmed, by_piece, documents)
        worths = (
            weights.ALL_TEXT * worth(chosen, by_stem, documents),
            weights.ALL_TEXT_EXACT * worth(words, by_word, documents),
            weights.PIECES * worth(pieces, by_piece, documents),
        )
        meant = telling_pairs(self.meant, frequency, documents)
        return TellingTerms(stems=chosen, exact=words, pieces=pieces, meant=meant, worth=sum(worths))


@dataclass(frozen=True, slots=True)
class SuggestPlan:
    """As-you-type read.

    Each of ``beginnings`` is the beginning of a word of the title, ``words`` are whole ones, ``readings`` sounds (kana
    typed where the title has Han). ``typed`` is all of it, folded. ``kinds`` are asked one beside the other, each for
    ``pool`` documents.
    """

    typed: str
    beginnings: tuple[str, ...]
    words: tuple[str, ...]
    readings: tuple[str, ...]
    language: str | None
    filters: Filters
    limit: int
    expansions: tuple[Expansion, ...] = ()

    @classmethod
    def of(cls, request: SuggestRequest) -> "SuggestPlan":
        cut_words = cut(normalize(request.text[:200]))
        words = list(dict.fromkeys(term for word in cut_words for term in word_exact(word)))[:LONGEST_TYPED]
        spoken = as_hiragana(cut_words[0]) if len(cut_words) == 1 and is_run(cut_words[0]) else None
        return cls(
            typed=" ".join(cut_words),
            beginnings=tuple(dict.fromkeys(without_article(word)[:LONGEST_PREFIX] for word in words)),
            words=tuple(words),
            readings=(spoken[:LONGEST_PREFIX],) if spoken else (),
            language=request.language,
            filters=Filters(visibility=request.visibility, types=request.types),
            limit=max(1, min(request.limit, LARGEST_PAGE)),
            expansions=request.expansions,
        )

    @property
    def kinds(self) -> tuple[Filters, ...]:
        """The filters of each type asked for by itself; those for everything where no type is named."""
        return tuple(replace(self.filters, types=(name,)) for name in self.filters.types) or (self.filters,)

    @property
    def pool(self) -> int:
        """How many documents of a kind are looked at before the best are chosen."""
        return self.limit + SUGGEST_SPARE


@dataclass(frozen=True, slots=True)
class SimilarPlan:
    """A question being written, shortened to its telling ``terms``, each with its weight (1 for the heaviest)."""

    terms: tuple[tuple[str, float], ...]
    language: str | None
    filters: Filters
    limit: int
    expansions: tuple[Expansion, ...] = ()

    @classmethod
    def of(
        cls,
        request: SimilarRequest,
        title: Collection[str],
        body: Mapping[str, int],
        frequency: Callable[[str], int],
        documents: int,
    ) -> "SimilarPlan":
        """``title`` and ``body`` are the stems of the texts, those of the body with their number; ``frequency(stem)``
        tells in how many of ``documents`` a stem is."""
        in_title = set(title)
        weighted: list[tuple[float, str]] = []
        for term in set(body) | in_title:
            found = frequency(term)
            if found:
                tf = (weights.TITLE_TERM if term in in_title else 0.0) + math.log2(1 + body.get(term, 0)) / 2
                weighted.append((tf * rarity(found, documents), term))
        chosen = sorted(weighted, key=lambda pair: (-pair[0], pair[1]))[:LONGEST_SIMILAR_TERMS]
        tells = {term: rarity(frequency(term), documents) for _, term in chosen}
        most = max(tells.values(), default=1.0)
        weighed = {
            term: (1.0 if term in in_title else weights.BODY_TERM) * (tells[term] / most) ** weights.RARITY_POWER
            for term in tells
        }
        return cls(
            terms=tuple(weighed.items()),
            language=request.language,
            filters=similar_filters(request),
            limit=max(1, min(request.limit, LARGEST_PAGE)),
            expansions=request.expansions,
        )


def similar_filters(request: SimilarRequest) -> Filters:
    exclude = tuple(DocumentKey(*pair) for pair in request.exclude)
    return Filters(visibility=request.visibility, types=request.types, exclude=exclude)
