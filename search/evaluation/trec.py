"""Topics, judgements and documents as the TREC tracks write them.

- Topics: the classic ``<top> <num> Number: 401 <title> … </top>``, or lines ``id TAB text``.
- Judgements ("qrels"): lines of four columns, ``topic iteration document grade``.
- Documents: JSON lines (``id``, ``_id`` or ``docno``; ``title``; ``text``, ``body`` or ``contents``), or lines
  ``id TAB text`` or ``id TAB title TAB text``. Without a file of documents, the portal's own are asked.

Source of the formats: E. Voorhees, D. Harman (eds.), "TREC: experiment and evaluation in information retrieval", 2005,
and the tab-separated ones of the later tracks (MS MARCO). Which file is which is read off what is in them.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from search.documents import SearchDocument
from search.evaluation.judged import (
    JudgedSet,
    JudgedSetError,
    judged_set,
    language_of_name,
    language_of_texts,
    read_text,
)

Qrels = dict[str, dict[str, int]]
_TOPIC = re.compile(r"<top>(.*?)(?:</top>|(?=<top>)|\Z)", re.DOTALL | re.IGNORECASE)
_NUMBER = re.compile(r"<num>\s*(?:Number\s*:)?\s*([^\s<]+)", re.IGNORECASE)
_TITLE = re.compile(r"<title>\s*(?:Topic\s*:)?\s*(.*?)\s*(?:</title>|(?=<\w+>)|\Z)", re.DOTALL | re.IGNORECASE)
_JUDGEMENT = re.compile(r"(\S+)\s+(\S+)\s+(\S+)\s+(-?\d{1,9})")
_IDENTITY_KEYS = ("id", "_id", "docno", "docid", "doc_id")
_TEXT_KEYS = ("text", "body", "contents")


@dataclass(frozen=True, slots=True)
class _Read:
    """A file read: its topics, judgements or documents."""

    path: Path
    qrels: Qrels = field(default_factory=dict)
    rows: dict[str, tuple[str, ...]] = field(default_factory=dict)
    is_topics: bool = False
    is_documents: bool = False


def load_trec_set(
    paths: Iterable[Path],
    *,
    language: str | None = None,
    endpoint: str | None = None,
    own_documents: Iterable[SearchDocument] = (),
) -> JudgedSet:
    """Read topics, judgements and, where given, documents. ``own_documents`` stand in for a file of documents.

    Raises :class:`JudgedSetError` when a file cannot be read, or one of the two that are needed is not among them.
    """
    read = [_read(path) for path in paths]
    judgements = [each for each in read if each.qrels]
    names = ", ".join(str(each.path) for each in read)
    if len(judgements) != 1:
        raise JudgedSetError(f"{names}: one file of judgements (four columns) is needed, not {len(judgements)}")
    qrels = judgements[0].qrels
    topics, documents = _sorted_out([each for each in read if not each.qrels], qrels, names)
    queries = {identity: " ".join(row).strip() for identity, row in topics.rows.items()}
    named = language or language_of_name(topics.path) or language_of_texts(queries)
    if documents is None:
        # The portal's own are judged by type and id ("question:12"), or by the id alone.
        known = {each.key.uid: each for each in own_documents}
        qrels = _by_uid(qrels, known)
    else:
        known = {identity: _document(identity, row, named) for identity, row in documents.rows.items()}
    return judged_set(
        name=topics.path.stem,
        documents=known,
        queries=queries,
        qrels=qrels,
        language=named,
        endpoint=endpoint,
        source=names,
    )


def _sorted_out(read: list[_Read], qrels: Qrels, names: str) -> tuple[_Read, _Read | None]:
    """Return topics and documents. Rows of two columns look alike: whose ids are judged tells them apart."""
    judged = {document for grades in qrels.values() for document in grades}
    topics = [each for each in read if each.is_topics]
    documents = [each for each in read if each.is_documents]
    unclear = [each for each in read if not each.is_topics and not each.is_documents]

    def leaning(each: _Read) -> tuple[int, int]:
        return len(each.rows.keys() & qrels.keys()) - len(each.rows.keys() & judged), -len(each.rows)

    unclear.sort(key=leaning, reverse=True)
    if not topics and unclear:
        topics.append(unclear.pop(0))
    documents += unclear
    if len(topics) != 1 or len(documents) > 1:
        raise JudgedSetError(
            f"{names}: these are not one file of topics, one of judgements and at most one of documents"
        )
    return topics[0], documents[0] if documents else None


def _by_uid(qrels: Qrels, known: Mapping[str, SearchDocument]) -> Qrels:
    uids: dict[str, str] = {}
    for uid, document in known.items():
        uids[uid] = uid
        uids.setdefault(document.id, uid)
    return {
        query: {uids.get(document, document): grade for document, grade in grades.items()}
        for query, grades in qrels.items()
    }


def _document(identity: str, row: tuple[str, ...], language: str | None) -> SearchDocument:
    title, body = ("", row[0]) if len(row) == 1 else (row[0], " ".join(row[1:]))
    return SearchDocument(type="question", id=identity, title=title, body=body, language=language)


def _read(path: Path) -> _Read:
    text = read_text(path)
    lines = [line for line in text.splitlines() if line.strip()]
    if not lines:
        raise JudgedSetError(f"{path}: it is empty")
    if "<top>" in text[:20_000].lower():
        return _Read(path, rows=_classic_topics(path, text), is_topics=True)
    if lines[0].lstrip().startswith("{"):
        return _Read(path, rows=_json_lines(path, text), is_documents=True)
    # Of one tab it is a topic or a document: "401 TAB error code 104" has four columns by chance.
    if _JUDGEMENT.fullmatch(lines[0].strip()) and lines[0].strip().count("\t") != 1:
        return _Read(path, qrels=_judgements(path, text))
    rows = _tab_lines(path, text)
    return _Read(path, rows=rows, is_documents=any(len(row) > 1 for row in rows.values()))


def _classic_topics(path: Path, text: str) -> dict[str, tuple[str, ...]]:
    topics: dict[str, tuple[str, ...]] = {}
    for number, block in enumerate(_TOPIC.findall(text), start=1):
        identity, title = _NUMBER.search(block), _TITLE.search(block)
        if identity is None or title is None:
            raise JudgedSetError(f"{path}: topic {number} has no <num> or no <title>")
        topics[identity.group(1)] = (" ".join(title.group(1).split()),)
    return topics


def _judgements(path: Path, text: str) -> Qrels:
    qrels: Qrels = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        found = _JUDGEMENT.fullmatch(line.strip())
        if found is None:
            raise JudgedSetError(f"{path}: line {number} has not the four columns of a judgement")
        qrels.setdefault(found.group(1), {})[found.group(3)] = int(found.group(4))
    return qrels


def _tab_lines(path: Path, text: str) -> dict[str, tuple[str, ...]]:
    rows = {}
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        identity, tab, rest = line.rstrip("\r").partition("\t")
        if not tab or not identity.strip():
            raise JudgedSetError(f"{path}: line {number} is not an id, a tab and a text")
        rows[identity.strip()] = tuple(part.strip() for part in rest.split("\t", 1))
    return rows


def _json_lines(path: Path, text: str) -> dict[str, tuple[str, ...]]:
    rows: dict[str, tuple[str, ...]] = {}
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            values = json.loads(line)
        except (ValueError, RecursionError):
            raise JudgedSetError(f"{path}: line {number} is not JSON") from None
        identity = _first(values, _IDENTITY_KEYS)
        body = _first(values, _TEXT_KEYS)
        if identity is None or body is None:
            raise JudgedSetError(f"{path}: line {number} has no id or no text")
        rows[identity] = (str(values.get("title") or ""), body)
    return rows


def _first(values: Any, keys: tuple[str, ...]) -> str | None:
    if not isinstance(values, dict):
        return None
    found = [values[key] for key in keys if isinstance(values.get(key), str | int)]
    return str(found[0]) if found else None
