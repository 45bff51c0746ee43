"""Judged sets: documents, queries, and which document answers which query.

A set is one JSON file ``{"docs": {id: text}, "queries": {id: text}, "qrels": {query id: {document id: grade}}}``. It
may also say ``"language"``, ``"endpoint"`` (``search`` or ``similar``) and ``"titles"`` (whether the first line of each
document is its title); what it does not say is read off the file's name and its texts.
"""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, get_args

from search.analyzers import language_of_text
from search.documents import SearchDocument

Endpoint = Literal["search", "similar"]
ENDPOINTS: tuple[str, ...] = get_args(Endpoint)
LONGEST_TITLE = 200
# A set whose documents nearly all begin with a short line and go on after it has titles.
_TITLED_SHARE = 0.95
_LANGUAGE_SUFFIX = re.compile(r"[._-]([a-z]{2})$")
# Where a title may end in a text of one line, the surest sign first.
_TITLE_ENDS = (re.compile(r"\s{2,}"), re.compile(r"[?؟？](?=\s)|[。？！]"), re.compile(r"[.!](?=\s)"))


class JudgedSetError(Exception):
    """A file that is no judged set. The message is one line that names it."""


@dataclass(frozen=True, slots=True)
class JudgedSet:
    """One set, ready to be asked.

    ``documents`` by the id that ``qrels`` use. ``queries`` only those that have a relevant document; ``skipped`` counts
    the others. ``missing`` counts judged documents that are not in the set: they can never be found.
    """

    name: str
    documents: dict[str, SearchDocument]
    queries: dict[str, str]
    qrels: dict[str, dict[str, int]]
    language: str | None = None
    endpoint: Endpoint | None = None
    skipped: int = 0
    missing: int = 0
    digest: str = field(default="", compare=False)

    def label_of(self, document: str) -> str:
        """Return a line by which a person knows a document: its title, or how it begins."""
        known = self.documents.get(document)
        if known is None:
            return document
        text = known.title or known.body
        return " ".join(text[: 2 * LONGEST_TITLE].split())[:LONGEST_TITLE]


def load_judged_set(path: Path, *, language: str | None = None, endpoint: str | None = None) -> JudgedSet:
    """Read a JSON set. ``language`` and ``endpoint`` overrule what the file says.

    Raises :class:`JudgedSetError` for whatever is no such file.
    """
    values = _read_object(path)
    docs, queries = _texts(path, values, "docs"), _texts(path, values, "queries")
    said = values.get("endpoint")
    if said is not None and said not in ENDPOINTS:
        raise JudgedSetError(f"{path}: its endpoint is {said!r}, not one of {', '.join(ENDPOINTS)}")
    chosen = endpoint or said or ("similar" if asks_its_own(docs, queries) else None)
    titles = values.get("titles")
    if not isinstance(titles, bool):
        titles = chosen == "similar" or has_titles(docs)
    named = language or _word(values.get("language")) or language_of_name(path) or language_of_texts(docs)
    return judged_set(
        name=path.stem,
        documents={each: document_of(each, text, named, titled=titles) for each, text in docs.items()},
        queries=queries,
        qrels=_qrels(path, values),
        language=named,
        endpoint=chosen,
        source=str(path),
    )


def judged_set(
    *,
    name: str,
    documents: dict[str, SearchDocument],
    queries: Mapping[str, str],
    qrels: Mapping[str, Mapping[str, int]],
    language: str | None,
    endpoint: Any,
    source: str,
) -> JudgedSet:
    """Put a set together: queries without a relevant document are left out. Raises when nothing could be found."""
    relevant = {
        query: {document: grade for document, grade in grades.items() if grade > 0} for query, grades in qrels.items()
    }
    asked = {query: text for query, text in queries.items() if relevant.get(query) and text.strip()}
    judged = {query: relevant[query] for query in asked}
    known = sum(document in documents for grades in judged.values() for document in grades)
    if not known:
        raise JudgedSetError(f"{source}: no query has a relevant document that is in the set")
    return JudgedSet(
        name=name,
        documents=documents,
        queries=asked,
        qrels=judged,
        language=language,
        endpoint=endpoint,
        skipped=len(queries) - len(asked),
        missing=sum(len(grades) for grades in judged.values()) - known,
        digest=_digest(documents, asked, judged),
    )


def document_of(identity: str, text: str, language: str | None, *, titled: bool) -> SearchDocument:
    """Return the document of a text, its first line as the title when ``titled``."""
    title, body = "", text
    if titled:
        title, _, body = text.strip().partition("\n")
    return SearchDocument(type="question", id=identity, title=title.strip(), body=body, language=language)


def has_titles(docs: Mapping[str, str]) -> bool:
    """Say whether the texts look as if their first lines were titles."""
    parts = [text.strip().partition("\n") for text in docs.values()]
    titled = sum(0 < len(first) <= LONGEST_TITLE and bool(rest.strip()) for first, _, rest in parts)
    return bool(parts) and titled / len(parts) >= _TITLED_SHARE


def asks_its_own(docs: Mapping[str, str], queries: Mapping[str, str]) -> bool:
    """Say whether the queries are documents of the set themselves: earlier questions are sought that are like them."""

    def beginning(text: str) -> str:
        return "".join(char for char in text[:100].casefold() if char.isalnum())[:20]

    return all(query in docs and beginning(docs[query]) == beginning(text) for query, text in queries.items())


def split_question(text: str) -> tuple[str, str]:
    """Return the title and the body of a question written in one piece.

    The title is the first line; of a text in one line, what stands before two blanks, or else its first sentence.
    """
    text = text.strip()
    first, line_break, rest = text.partition("\n")
    if line_break and len(first) <= LONGEST_TITLE:
        return first.strip(), rest.strip()
    for pattern in _TITLE_ENDS:
        if (end := pattern.search(text)) is not None:
            return text[: end.end()].strip(), text[end.end() :].strip()
    return text, ""


def language_of_name(path: Path) -> str | None:
    """Return the language that a name such as ``faq_ru.json`` ends with."""
    found = _LANGUAGE_SUFFIX.search(path.stem)
    return found.group(1) if found else None


def language_of_texts(docs: Mapping[str, str]) -> str | None:
    """Guess the language of most of the first texts, by their script."""
    guesses = Counter(language_of_text(text) for text in list(docs.values())[:200])
    guesses.pop(None, None)
    return guesses.most_common(1)[0][0] if guesses else None


def read_text(path: Path) -> str:
    """Read a file of UTF-8. Raises :class:`JudgedSetError`."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise JudgedSetError(f"{path}: {error.strerror or error}") from None
    except UnicodeDecodeError as error:
        raise JudgedSetError(f"{path}: byte {error.start} is not UTF-8") from None


def _read_object(path: Path) -> dict[str, Any]:
    try:
        values = json.loads(read_text(path))
    except json.JSONDecodeError as error:
        raise JudgedSetError(f"{path}: line {error.lineno} is not JSON ({error.msg})") from None
    except RecursionError:
        raise JudgedSetError(f"{path}: it is nested too deeply") from None
    if not isinstance(values, dict):
        raise JudgedSetError(f'{path}: it is not an object with "docs", "queries" and "qrels"')
    return values


def _texts(path: Path, values: Mapping[str, Any], key: str) -> dict[str, str]:
    found = values.get(key)
    if not isinstance(found, dict) or not found:
        raise JudgedSetError(f'{path}: "{key}" is not an object of texts')
    for identity, text in found.items():
        if not isinstance(text, str):
            raise JudgedSetError(f'{path}: "{key}" has no text under {identity!r}')
    return found


def _qrels(path: Path, values: Mapping[str, Any]) -> dict[str, dict[str, int]]:
    found = values.get("qrels")
    if not isinstance(found, dict):
        raise JudgedSetError(f'{path}: "qrels" is not an object')
    for query, grades in found.items():
        if not isinstance(grades, dict) or not all(type(grade) is int for grade in grades.values()):
            raise JudgedSetError(f'{path}: "qrels" has no whole grades under {query!r}')
    return found


def _word(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


def _digest(
    documents: Mapping[str, SearchDocument], queries: Mapping[str, str], qrels: Mapping[str, Mapping[str, int]]
) -> str:
    """Return what tells two versions of a set apart."""
    hashed = hashlib.blake2b(digest_size=8)
    for identity, document in sorted(documents.items()):
        hashed.update(f"{identity}\0{document.content_hash()}\0".encode("utf-8", "surrogatepass"))
    for query, text in sorted(queries.items()):
        grades = json.dumps(qrels[query], sort_keys=True)
        hashed.update(f"{query}\0{text}\0{grades}\0".encode("utf-8", "surrogatepass"))
    return hashed.hexdigest()
