"""The index fields that are the same in both engines, and what is kept of a document for display."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from search.analyzers import cut, exact, language_of_text, normalize, prefixes, stems_and_exact
from search.analyzers.pieces import gap_pairs, loose_terms
from search.documents import SearchDocument
from search.highlighting import SCANNED_LENGTH
from search.queries import weights

# Stands between title, body and answers in ``text_x``: no phrase reaches over it.
GAP = "\u2063"
# Characters of body and answers that open them: two sentences or so. Scripts without spaces say as much in fewer.
_OPENING = 250
_OPENING_OF_RUNS = 80


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms of one text, cut once: stemmed and as written; ``opening`` are the stems that it begins with."""

    stems: list[str]
    exact: list[str]
    opening: list[str]

    @classmethod
    def of(cls, text: str, language: str | None) -> "Terms":
        stemmed, unstemmed, opened = stems_and_exact(text, language, opening=len(cut(normalize(opening(text)))))
        return cls(stemmed, unstemmed, stemmed[:opened])


def common_fields(
    document: SearchDocument, version: int, title: Sequence[str], body: Sequence[str], answers: Sequence[str]
) -> dict[str, Any]:
    """Return the filters, sort keys and exact terms (of ``title``, ``body`` and ``answers``) of a document.

    Analysed values are terms joined by spaces.
    """
    every = [*title, *body, *answers]
    names = [term for _, name in document.names for term in exact(name)]
    return {
        "uid": document.key.uid,
        "type": document.type,
        "topic": [topic for topic in document.topics if topic not in document.products],
        "product": list(document.products),
        "marks": [name for name in ("accepted", "official", "obsolete") if getattr(document, name)],
        "visibility": list(document.visibility),
        "status": document.status,
        "language": document.language,
        "author": document.author,
        "text_x": " ".join([*title, GAP, *body, GAP, *answers]),
        "title_x": " ".join([*title, *names]),
        "text_g": " ".join(loose_terms(every)),
        "text_o": " ".join(gap_pairs(every)),
        "title_p": " ".join(prefixes(" ".join([document.title, *(name for _, name in document.names)]))),
        "answers_count": document.answers_count,
        "created": weights.microseconds(document.created_at.timestamp()),
        "updated": weights.microseconds(document.updated_at.timestamp()),
        "votes_rank": weights.votes_rank(document),
        "tie": weights.tie(document.key),
        "prior": weights.prior(document),
        "version": version,
        "content_hash": document.content_hash(),
    }


def opening(text: str) -> str:
    """Return how a text begins: people say first what it is about.

    About 250 characters, of Japanese 80, cut between words where there are blanks.
    """
    text = text.strip()
    longest = _OPENING_OF_RUNS if language_of_text(text) == "ja" else _OPENING
    if len(text) <= longest:
        return text
    return text[:longest].rpartition(" ")[0] or text[:longest]


def kept_source(document: SearchDocument) -> dict[str, Any]:
    """Return the document as it is given back: body and answers only as far as excerpts are looked for in them."""
    kept = replace(document, body=document.body[:SCANNED_LENGTH], answers=document.answers[:SCANNED_LENGTH])
    return kept.as_dict()
