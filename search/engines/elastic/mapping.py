"""The shape of an Elasticsearch index: analyzers and fields.

Texts arrive folded (:func:`search.analyzers.normalize`), so no analyzer needs a character filter or a plugin for that.
Each language has fields of its own; the words of another script met in a text go through that script's stemmer too, so
that ``printers`` is found in a Russian question. Fields shared with the embedded engine hold ready-made terms.
"""

from typing import Any

from elasticsearch_dsl import Float, Keyword, Long, Mapping, Object, Text

from search.analyzers import language_of_text, normalize, stopwords
from search.documents import SearchDocument

# Raise it with every change of fields or analysis: indexes of another shape are rebuilt at the worker's next start.
SHAPE = "elasticsearch-10"
LANGUAGES = ("en", "ru", "ar", "ja")
OTHER = "other"
FIELDS_OF = (*LANGUAGES, OTHER)
KUROMOJI = "kuromoji_tokenizer"
STEMMED = ("text", "title", "answers", "opening")

# The stop words are in folded spelling, so Arabic is folded before they are looked up.
_STEMS = ["arabic_normalization", "stop_en", "stop_ru", "stop_ar", "stem_en", "stem_ru", "stem_ar"]
_FILTERS: dict[str, Any] = {
    "possessive_en": {"type": "stemmer", "language": "possessive_english"},
    "stop_en": {"type": "stop", "stopwords": sorted(stopwords.ENGLISH)},
    "stop_ru": {"type": "stop", "stopwords": sorted(stopwords.RUSSIAN)},
    "stop_ar": {"type": "stop", "stopwords": sorted(stopwords.ARABIC)},
    "stem_en": {"type": "stemmer", "language": "porter2"},
    "stem_ru": {"type": "stemmer", "language": "russian"},
    "stem_ar": {"type": "stemmer", "language": "arabic"},
}


def analysis(*, kuromoji: bool) -> dict[str, Any]:
    """Return the index's analysis settings; Japanese by morphology where the cluster has it, else by pairs."""
    spaced = {"type": "custom", "tokenizer": "standard", "filter": ["possessive_en", "lowercase", *_STEMS]}
    if kuromoji:
        japanese = {
            "type": "custom",
            "tokenizer": KUROMOJI,
            "filter": [
                "kuromoji_baseform",
                "kuromoji_part_of_speech",
                "ja_stop",
                "kuromoji_stemmer",
                "lowercase",
                *_STEMS,
            ],
        }
    else:
        japanese = {
            "type": "custom",
            "tokenizer": "standard",
            "filter": ["cjk_width", "lowercase", *_STEMS, "cjk_bigram"],
        }
    analyzers = {f"text_{language}": spaced for language in FIELDS_OF if language != "ja"}
    return {"filter": _FILTERS, "analyzer": {**analyzers, "text_ja": japanese}}


def settings(*, kuromoji: bool) -> dict[str, Any]:
    """Return the settings of a new index."""
    return {
        "number_of_shards": 1,
        # One copy as soon as there is a second node: losing a node then loses nothing.
        "auto_expand_replicas": "0-1",
        # How long a deletion is remembered: no older write may bring the document back (a rebuild may be slow).
        "gc_deletes": "1h",
        "analysis": analysis(kuromoji=kuromoji),
    }


def mapping() -> dict[str, Any]:
    """Return the fields of a new index."""
    made = Mapping()
    made.meta("dynamic", "strict")
    made.meta("_meta", {"shape": SHAPE})
    made.meta("_source", {"includes": ["document"]})
    for name in ("uid", "type", "topic", "product", "marks", "visibility", "status", "language", "author"):
        made.field(name, Keyword(ignore_above=256))
    for name in ("text_x", "title_x", "title_p", "text_g", "text_o"):
        made.field(name, Text(analyzer="whitespace", index_options="positions" if name == "text_x" else "freqs"))
    for language in FIELDS_OF:
        for name in STEMMED:
            made.field(f"{name}_{language}", Text(analyzer=f"text_{language}", index_options="freqs"))
    for name in ("created", "answers_count"):
        made.field(name, Long())
    for name in ("updated", "votes_rank", "tie", "version", "content_hash"):
        made.field(name, Long(index=False))
    made.field("prior", Float(index=False))
    made.field("document", Object(enabled=False))
    fields: dict[str, Any] = made.to_dict()
    return fields


def analysable(text: str) -> str:
    """Return a text folded, for Lucene to cut: an underscore joins words for its tokenizer, and not for ours."""
    return normalize(text).replace("_", " ")


def field_language(language: str | None, text: str) -> str:
    """Return which language's fields a text goes into; where nobody said, by the script of its letters."""
    code = (language or "").partition("-")[0]
    if code in LANGUAGES:
        return code
    guessed = language_of_text(text)
    if guessed == "ja" or not code:
        return guessed or OTHER
    return OTHER


def document_language(document: SearchDocument) -> str:
    return field_language(document.language, f"{document.title} {document.body[:400]}")
