"""Query trees in Elasticsearch's words, and the nodes that only this engine has: texts that Lucene analyses."""

from collections.abc import Mapping, Sequence

from elasticsearch_dsl import Q
from elasticsearch_dsl.query import Query

from search.analyzers import stems
from search.engines.elastic.mapping import FIELDS_OF, analysable
from search.queries.building import (
    STEM_FIELDS,
    also_meant,
    choices,
    reads_language,
    shared_terms,
    stems_by_weight,
)
from search.queries.plan import Filters, SimilarPlan
from search.queries.tree import (
    Best,
    Bool,
    Boost,
    Constant,
    Everything,
    Match,
    Near,
    Node,
    OneOf,
    Phrase,
    Range,
    Term,
)

# The rule of search.queries.parsing.minimum_matches, counted in Lucene's own terms.
_MINIMUM = "1<1 7<25%"


def render(node: Node) -> Query:
    """Return a tree as a query of elasticsearch-dsl."""
    match node:
        case Everything():
            return Q("match_all")
        case Term(field, value):
            return Q("term", **{field: {"value": value}})
        case Near(field, value):
            return Q("fuzzy", **{field: {"value": value, "fuzziness": 1, "transpositions": True}})
        case OneOf(field, values):
            return Q("terms", **{field: list(values)})
        case Range(field, low, high):
            bounds = {"gte": low, "lte": high}
            return Q("range", **{field: {name: bound for name, bound in bounds.items() if bound is not None}})
        case Phrase(field, terms):
            return Q("match_phrase", **{field: {"query": " ".join(terms)}})
        case Match(field, text, minimum):
            return Q("match", **{field: {"query": text, "minimum_should_match": minimum}})
        case Best(nodes):
            return Q("dis_max", queries=[render(each) for each in nodes])
        case Boost(inner, factor):
            return _boosted(inner, factor)
        case Constant(inner, score):
            return Q("constant_score", filter=render(inner), boost=score)
        case Bool():
            return _bool(node)


def _boosted(inner: Node, factor: float) -> Query:
    if isinstance(inner, Term):
        return Q("term", **{inner.field: {"value": inner.value, "boost": factor}})
    return Q("bool", must=[render(inner)], boost=factor)


def _bool(node: Bool) -> Query:
    clauses: dict[str, object] = {
        "must": [render(each) for each in node.must],
        "should": [render(each) for each in node.should],
        "filter": [render(each) for each in node.filters],
        "must_not": [render(each) for each in node.must_not],
    }
    clauses = {name: queries for name, queries in clauses.items() if queries}
    if node.minimum:
        clauses["minimum_should_match"] = node.minimum
    return Q("bool", **clauses)


def match_stems(words: str, minimum: int | None) -> Node | None:
    """Return the node for words, analysed by each language's own analyzer; see :func:`building.search_text`."""
    if not stems(words):
        return None
    text = analysable(words)
    least = "100%" if minimum is None else _MINIMUM if minimum > 1 else "1"
    found = Best(tuple(Match(f"text_{each}", text, least) for each in FIELDS_OF))
    lifts = tuple(
        Boost(Best(tuple(Match(f"{name}_{each}", text) for each in FIELDS_OF)), factor)
        for name, factor in STEM_FIELDS[1:]
    )
    return Bool(must=(found,), should=lifts)


def weighted_stems(known: Mapping[str, Sequence[str]], terms: Mapping[str, float], minimum: int) -> Node | None:
    """Return documents that hold ``minimum`` of the stems of a query (fewer, where a language knows fewer).

    ``known`` are the stems that documents of each language hold, ``terms`` those asked for, with their weights.
    """
    of_languages = []
    for language, stems_known in known.items():
        asked = {term: terms[term] for term in stems_known if term in terms}
        if asked:
            of_languages.append(Bool(should=stems_by_weight(asked, language), minimum=min(minimum, len(asked))))
    return Best(tuple(of_languages)) if of_languages else None


def alike(plan: SimilarPlan, language: str) -> Node:
    """Return documents of a language that share telling terms with a text."""
    nodes = stems_by_weight(dict(plan.terms), language)
    languages: Sequence[str] = (plan.language,) if plan.language else ()
    meant = also_meant(plan.expansions, match_stems)
    return Bool(must=(shared_terms(nodes, meant),), should=tuple(reads_language(languages)))


def chosen(filters: Filters) -> Query:
    """Return the filter for what a reader chose in the facets; everything when he chose nothing."""
    return Q("bool", filter=[render(each) for each in choices(filters)] or [Q("match_all")])


def with_prior(query: Query) -> Query:
    """Return the query with each score multiplied by what is known of the document before any query."""
    factor = {"field_value_factor": {"field": "prior", "missing": 1.0}}
    return Q("function_score", query=query, functions=[factor], boost_mode="multiply")
