"""The termbase: which words mean the same, in which languages, and which words are left as they are.

The library knows concepts, not who keeps them: :func:`register_source` tells it where they are read. A query is
expanded once, by ``current().expansions_for``; what it is expanded by is never expanded again.
"""

from search.synonyms.concepts import Concept, Term
from search.synonyms.live import TermSource, changed, current, forget, is_protected, register_source, using
from search.synonyms.matching import MOST_EXPANSIONS, Match, Termbase, term_forms

__all__ = [
    "MOST_EXPANSIONS",
    "Concept",
    "Match",
    "Term",
    "TermSource",
    "Termbase",
    "changed",
    "current",
    "forget",
    "is_protected",
    "register_source",
    "term_forms",
    "using",
]
