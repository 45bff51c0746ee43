"""From a plan to the query tree. The fields named here are in both engines; stemmed fields are each engine's own."""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial

from search.analyzers import exact, is_run
from search.analyzers import stems as stems_of
from search.analyzers.pieces import form_keys
from search.documents import Expansion
from search.queries import weights
from search.queries.conditions import topics
from search.queries.parsing import query_stems
from search.queries.plan import LONGEST_QUERY_TERMS, Filters, SearchPlan, SimilarPlan, SuggestPlan
from search.queries.telling import TellingTerms
from search.queries.tree import Bool, Boost, Constant, Everything, Near, Node, OneOf, Phrase, Range, Term

# A shorter beginning is that of too many words to guess which one was meant.
SHORTEST_MISTYPED = 5
# The suffix of the fields whose stems are made in Python; those that Lucene analyses end in the language.
STEMS = "s"
STEM_FIELDS = (
    ("text", weights.ALL_TEXT),
    ("title", weights.TITLE),
    ("answers", weights.ANSWERS),
    ("opening", weights.OPENING),
)
_RUN_FIELDS = (*STEM_FIELDS[:-1], ("opening", weights.OPENING_OF_RUNS))
_EXACT_FIELDS = (("text_x", weights.ALL_TEXT_EXACT), ("title_x", weights.TITLE_EXACT))


def filtered(node: Node, filters: Filters) -> Bool:
    """Return ``node`` among the documents that the filters leave."""
    left_out = (("uid", tuple(key.uid for key in filters.exclude)), ("type", filters.without_types))
    excluded = tuple(OneOf(field, values) for field, values in left_out if values)
    allowed = OneOf("visibility", filters.visibility)
    return Bool(must=(node,), filters=(allowed, *choices(filters)), must_not=excluded)


def choices(filters: Filters) -> tuple[Node, ...]:
    """Return what a reader chose in the facets, and what the operators in her text ask for."""
    fields = (
        ("type", filters.types),
        ("product", filters.products),
        ("status", filters.statuses),
        ("language", filters.languages),
        ("author", filters.authors),
    )
    chosen: list[Node] = [OneOf(field, values) for field, values in fields if values]
    chosen += [topics(filters.topics)] if filters.topics else []
    chosen += [Range("created", low=since) for since in filters.since]
    return (*chosen, *filters.conditions)


def search_text(
    plan: SearchPlan,
    terms: TellingTerms,
    stems: Node | None,
    stemmed: Callable[[str, int | None], Node | None],
    scale: float = 1.0,
) -> Node:
    """Return what a search asks of the text.

    ``stems`` is the engine's own node for the stems of the query (None: it has none). ``stemmed(text, minimum)`` makes
    such a node of another text, of whose stems ``minimum`` have to match (None: all of them). ``scale`` is
    what the engine makes of a term of rarity 1 that a text of average length holds once.
    """
    excluded = tuple(_excluded(text) for text in plan.parsed.excluded)
    if not plan.exact:
        return Bool(must=(Everything(),), must_not=excluded) if excluded else Everything()
    unstemmed = Bool(should=_weighted(terms.exact, _EXACT_FIELDS), minimum=min(plan.minimum, len(terms.exact)))
    either: tuple[Node, ...] = (unstemmed,) if stems is None else (stems, unstemmed)
    either += (*_other_forms(plan), *_other_pairs(plan, terms), *also_meant(plan.expansions, stemmed))
    phrases = tuple(_phrase(phrase) for phrase in plan.parsed.phrases)
    pieces = tuple(
        Boost(Term("text_g", piece), round(weights.PIECES * weight, 4)) for piece, weight in terms.pieces.items()
    )
    found = Bool(must=(Bool(should=either, minimum=1),), should=pieces)
    worth = max(terms.worth, weights.MEANINGS_WORTH if plan.expansions else 0.0)
    return Bool(
        must=(found, *phrases),
        should=(
            *(Boost(_phrase(text), weights.LIFTED_PHRASE) for text in plan.parsed.lifted),
            *reads_language(plan.reads, worth * weights.READS_LANGUAGE_SHARE * scale),
        ),
        must_not=excluded,
    )


def _other_forms(plan: SearchPlan) -> tuple[Node, ...]:
    """Return documents that hold the words in forms that no stemmer brings together, by their keys."""
    keys = form_keys(plan.telling_exact[:LONGEST_QUERY_TERMS])
    if not keys:
        return ()
    terms = tuple(Boost(Term("text_g", key), weights.FORM_KEY) for key in keys)
    return (Bool(should=terms, minimum=min(plan.minimum, len(terms))),)


def _other_pairs(plan: SearchPlan, terms: TellingTerms) -> tuple[Node, ...]:
    """Return documents that hold the pairs of characters that pairs without sense may stand for."""
    meant = tuple(
        Boost(Term(field, term), round(weights.PAIR_MEANT * weight, 4)) for (field, term), weight in terms.meant.items()
    )
    return (Bool(should=meant, minimum=min(plan.minimum, len(meant))),) if meant else ()


def also_meant(expansions: Iterable[Expansion], stemmed: Callable[[str, int | None], Node | None]) -> tuple[Node, ...]:
    """Return what a query may also have meant, those of no words left out; ``stemmed``: see :func:`search_text`."""
    return tuple(_expanded(each, stemmed) for each in expansions if exact(each.text))


def _expanded(expansion: Expansion, stemmed: Callable[[str, int | None], Node | None]) -> Node:
    """Return one thing meant: all the words of the expansion, by their stems or as written.

    One from the termbase counts by the number of words that it stands for, so that it is not the language that says the
    same in more words, or the script that gives more pairs of characters, that comes first.
    """
    terms = tuple(dict.fromkeys(exact(expansion.text)))
    unstemmed: Node = Bool(should=_weighted(dict.fromkeys(terms, 1.0), _EXACT_FIELDS), minimum=len(terms))
    found = None if expansion.kind == "protected" else stemmed(expansion.text, None)
    weight = expansion.weight
    words, meant = len(stems_of(expansion.of)), len(stems_of(expansion.text))
    if expansion.kind in weights.FROM_TERMBASE and words and meant:
        weight *= min(weights.MOST_FOR_WORDS, words / meant)
        unstemmed = Boost(unstemmed, min(1.0, meant / len(terms)))
    either: tuple[Node, ...] = (unstemmed,) if found is None else (found, unstemmed)
    return Boost(Bool(should=either, minimum=1), weight)


def words_beside(text: str) -> Node:
    """Return documents with the words of ``text`` side by side, as written; none for a text without words."""
    return _excluded(text)


def stem_of_word(word: str) -> Node:
    """Return documents that hold the stem of a word (the embedded engine); none for a word without one."""
    found = tuple(Term("text_s", term) for term in dict.fromkeys(stems_of(word)))
    return Bool(filters=found) if found else Bool(must_not=(Everything(),))


def term_stems(languages: tuple[str, ...], text: str, minimum: int | None) -> Node | None:
    """Return the node for stems made in Python (the embedded engine); see :func:`search_text`."""
    stems = tuple(query_stems(text, languages)[:LONGEST_QUERY_TERMS])
    if not stems:
        return None
    return weighted_stems(dict.fromkeys(stems, 1.0), len(stems) if minimum is None else minimum)


def weighted_stems(terms: Mapping[str, float], minimum: int) -> Node | None:
    """Return documents that hold ``minimum`` of the stems (fewer, where there are fewer); None for no stems."""
    if not terms:
        return None
    return Bool(should=stems_by_weight(terms, STEMS), minimum=min(minimum, len(terms)))


def reads_language(languages: Sequence[str], lift: float = weights.READS_LANGUAGE) -> list[Node]:
    """Return a lift for each language read, a little less for each next one."""
    return [
        Constant(OneOf("language", (language,)), round(lift * weights.NEXT_LANGUAGE**place, 4))
        for place, language in enumerate(languages)
    ]


def alike(plan: SimilarPlan) -> Node:
    """Return documents that share telling terms with a text (the embedded engine)."""
    nodes = stems_by_weight(dict(plan.terms), STEMS)
    languages = (plan.language,) if plan.language else ()
    meant = also_meant(plan.expansions, partial(term_stems, languages))
    return Bool(must=(shared_terms(nodes, meant),), should=tuple(reads_language(languages)))


def shared_terms(nodes: Sequence[Node], meant: tuple[Node, ...]) -> Node:
    """Return documents that share at least two of four or more telling terms, or hold what is meant besides."""
    shared: tuple[Node, ...] = (Bool(should=tuple(nodes), minimum=1 if len(nodes) < 4 else 2),) if nodes else ()
    return Bool(should=(*shared, *meant), minimum=1)


def beginnings(plan: SuggestPlan) -> Iterator[Node]:
    """Yield what to ask for one after the other, until something is found: titles whose words begin like the typed
    ones (or sound like them), then with a letter wrong in a longer one, then with two thirds of them.
    """
    typed = tuple(Term("title_p", start) for start in plan.beginnings)
    spoken = tuple(Term("title_p", reading) for reading in plan.readings)
    every = Bool(should=typed, minimum=len(typed))
    yield _suggested(plan, Bool(should=(every, *spoken), minimum=1) if spoken else every)
    near = tuple(Near("title_p", start) if is_mistyped(start) else Term("title_p", start) for start in plan.beginnings)
    if near != typed:
        yield _suggested(plan, Bool(should=near, minimum=len(near)))
    if len(typed) > 2:
        yield _suggested(plan, Bool(should=typed, minimum=math.ceil(len(typed) * 2 / 3)))


def is_mistyped(start: str) -> bool:
    """Say whether a beginning is long enough to be taken for a mistyped one."""
    return len(start) >= SHORTEST_MISTYPED and start.isalpha()


def _suggested(plan: SuggestPlan, found: Node) -> Node:
    """Return what was found, or holds what is meant besides; whole words and the language of the page lift."""
    meant = ((tuple(dict.fromkeys(exact(each.text))), each.weight) for each in plan.expansions)
    besides = tuple(
        Boost(Bool(must=tuple(Term("title_x", word) for word in words)), weight) for words, weight in meant if words
    )
    found = Bool(should=(found, *besides), minimum=1) if besides else found
    whole: list[Node] = [Term("title_x", word) for word in plan.words]
    languages = (plan.language,) if plan.language else ()
    return Bool(must=(found,), should=(*whole, *reads_language(languages)))


def stems_by_weight(terms: Mapping[str, float], suffix: str) -> tuple[Node, ...]:
    """Return one node a stem, in the fields that end in ``suffix`` (:data:`STEMS`, or a language)."""
    runs = {term: weight for term, weight in terms.items() if is_run(term)}
    words = {term: weight for term, weight in terms.items() if term not in runs}
    return (*_weighted(words, _ending(STEM_FIELDS, suffix)), *_weighted(runs, _ending(_RUN_FIELDS, suffix)))


def _ending(fields: tuple[tuple[str, float], ...], suffix: str) -> tuple[tuple[str, float], ...]:
    return tuple((f"{name}_{suffix}", factor) for name, factor in fields)


def _weighted(terms: Mapping[str, float], fields: tuple[tuple[str, float], ...]) -> tuple[Node, ...]:
    """Return one node a term: its scores in the fields add up, and count by its weight."""
    return tuple(
        Bool(should=tuple(Boost(Term(field, term), round(factor * weight, 4)) for field, factor in fields), minimum=1)
        for term, weight in terms.items()
    )


def _phrase(text: str) -> Node:
    terms = tuple(exact(text))
    return Phrase("text_x", terms) if len(terms) > 1 else Term("text_x", terms[0])


def _excluded(text: str) -> Node:
    """What a reader excludes is excluded as written, several words only side by side."""
    return _phrase(text) if exact(text) else Bool(must_not=(Everything(),))
