"""Whether one document holds what a query asks for: the question that a saved search asks of what is new.

A page of results may begin with what fits best and go on with what fits a little. Somebody who is told of a document
wants one that fits: of the query's words all when there are one or two, else two thirds.
"""

import math
from collections.abc import Iterable, Sequence

from search import synonyms
from search.analyzers import exact, stems
from search.documents import SearchDocument
from search.queries.parsing import parse_query, query_stems


def holds(document: SearchDocument, text: str, reads: Sequence[str] = ()) -> bool:
    """Say whether ``document`` holds enough of a query's words, or of what they may mean besides.

    A query without words of its own (operators, filters) asks for nothing here: every document holds it.
    """
    words = parse_query(text).text
    wanted = set(query_stems(words, tuple(reads))) or set(exact(words))
    if not wanted:
        return True
    known = _terms(document)
    for expansion in synonyms.current().expansions_for(words, tuple(reads)):
        meant = set(stems(expansion.text)) or set(exact(expansion.text))
        if meant and meant <= known:
            known |= set(query_stems(expansion.of, tuple(reads))) | set(exact(expansion.of))
    return len(wanted & known) >= needed(len(wanted))


def needed(words: int) -> int:
    """Return how many of a query's words a document must hold."""
    return words if words < 3 else math.ceil(words * 2 / 3)


def _terms(document: SearchDocument) -> set[str]:
    texts: Iterable[str] = (document.title, *(name for _, name in document.names), document.body, document.answers)
    found: set[str] = set()
    for text in texts:
        found.update(stems(text, document.language))
        found.update(stems(text))
        found.update(exact(text))
    return found
