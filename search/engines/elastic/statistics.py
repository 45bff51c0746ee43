"""What the index knows of the terms of a text: the server cuts it as it cuts documents, and counts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from elasticsearch import Elasticsearch

from search.analyzers.pieces import weighted_pieces
from search.engine import IndexMissing
from search.engines.elastic.mapping import FIELDS_OF, analysable
from search.queries.plan import LONGEST_QUERY_TERMS, SearchPlan

_STEMS = tuple(f"text_{language}" for language in FIELDS_OF)


@dataclass(frozen=True, slots=True)
class Statistics:
    """``said[field][term]`` is how often a term is in the text, ``found[field][term]`` in how many documents."""

    said: Mapping[str, Mapping[str, int]]
    found: Mapping[str, Mapping[str, int]]
    documents: int

    @property
    def stems(self) -> dict[str, int]:
        """The stems that the languages' analyzers make, with their number."""
        counts: dict[str, int] = {}
        for field in _STEMS:
            for term, said in self.said.get(field, {}).items():
                counts[term] = max(said, counts.get(term, 0))
        return counts

    def frequency(self, field: str, term: str) -> int:
        """Return in how many documents a term is; ``text_s`` stands for the stemmed text in every language."""
        fields = _STEMS if field == "text_s" else (field,)
        return sum(self.found.get(each, {}).get(term, 0) for each in fields)

    def known_stems(self, language: str) -> list[str]:
        """Return the stems of the text that documents of a language hold."""
        return [term for term, found in self.found.get(f"text_{language}", {}).items() if found]


def of_query(client: Elasticsearch, index: str, plan: SearchPlan) -> Statistics:
    """Return what the index knows of the terms of a query."""
    text = analysable(plan.parsed.text)
    unstemmed = plan.telling_exact[:LONGEST_QUERY_TERMS]
    texts = dict.fromkeys(_STEMS, text)
    loose = {"text_x": list(unstemmed), "text_g": list(weighted_pieces(unstemmed)), "text_o": []}
    for pair in plan.meant:
        loose[pair.field].append(pair.term)
        loose["text_x"] += pair.typed
    texts |= {field: " ".join(dict.fromkeys(terms)) for field, terms in loose.items() if terms}
    [statistics] = of_texts(client, index, [texts])
    return statistics


def of_texts(client: Elasticsearch, index: str, texts: Sequence[Mapping[str, str]]) -> list[Statistics]:
    """Return what the index knows of texts, each given for the fields that would hold it. One request."""
    wanted = {"term_statistics": True, "positions": False, "offsets": False}
    docs = [{"_index": index, "doc": {**each}, "fields": list(each), **wanted} for each in texts]
    answer = client.mtermvectors(docs=docs)
    return [_read(each) for each in answer["docs"]]


def _read(answer: Mapping[str, Any]) -> Statistics:
    if "error" in answer:
        raise IndexMissing(str(answer["error"].get("reason", "the terms of a text could not be read")))
    said: dict[str, dict[str, int]] = {}
    found: dict[str, dict[str, int]] = {}
    documents = 0
    for field, vectors in answer.get("term_vectors", {}).items():
        documents = max(documents, vectors.get("field_statistics", {}).get("doc_count", 0))
        said[field] = {term: each["term_freq"] for term, each in vectors["terms"].items()}
        found[field] = {term: each.get("doc_freq", 0) for term, each in vectors["terms"].items()}
    return Statistics(said, found, documents)
