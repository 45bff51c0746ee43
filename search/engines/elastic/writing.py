"""Documents in Elasticsearch's words, and bulk requests of a bearable size."""

import json
from collections.abc import Iterator, Sequence
from typing import Any, cast

from elasticsearch import Elasticsearch

from search.analyzers import exact
from search.documents import DocumentKey, SearchDocument
from search.engines.elastic.mapping import analysable, document_language
from search.fields import common_fields, kept_source, opening

_LARGEST_BULK = 4_000_000
_VERSION_CONFLICT = 409


def indexed(document: SearchDocument, version: int) -> dict[str, Any]:
    """Return the index fields of a document: those both engines have, and the texts for Lucene to analyse."""
    terms = (exact(text) for text in (document.title, document.body, document.answers))
    fields = common_fields(document, version, *terms)
    language = document_language(document)
    title, answers = analysable(document.title), analysable(document.answers)
    fields[f"text_{language}"] = f"{title}\n{analysable(document.body)}\n{answers}"
    fields[f"title_{language}"] = title
    fields[f"answers_{language}"] = answers
    openings = (analysable(opening(text)) for text in (document.body, document.answers))
    fields[f"opening_{language}"] = "\n".join(openings).strip()
    fields["document"] = kept_source(document)
    return {name: value for name, value in fields.items() if value not in ([], "", None)}


def operations(
    documents: Sequence[SearchDocument], deletes: Sequence[DocumentKey], version: int
) -> list[tuple[dict[str, Any], dict[str, Any] | None]]:
    """Return the actions of a bulk request, each with its document. What is newer there stays."""
    actions: list[tuple[dict[str, Any], dict[str, Any] | None]] = []
    for document in documents:
        name = {"_id": document.key.uid, "version": version, "version_type": "external_gte"}
        actions.append(({"index": name}, indexed(document, version)))
    for key in deletes:
        actions.append(({"delete": {"_id": key.uid, "version": version, "version_type": "external_gte"}}, None))
    return actions


def send(
    client: Elasticsearch,
    target: str,
    actions: Sequence[tuple[dict[str, Any], dict[str, Any] | None]],
    *,
    refresh: bool,
) -> dict[str, str]:
    """Send actions to the index behind the alias ``target``; return the refused ids with the reason.

    ``refresh``: what was written is searchable on return.
    """
    refused: dict[str, str] = {}
    for lines in _portions(actions):
        # require_alias: a dropped index must not come back, made up by this write without our fields.
        answer = client.bulk(index=target, operations=cast(Any, lines), require_alias=True, refresh=refresh)
        for item in answer["items"]:
            [result] = item.values()
            if "error" in result and result["status"] != _VERSION_CONFLICT:
                refused[result["_id"]] = f"{result['status']}: {result['error'].get('reason', '')}"
    return refused


def _portions(actions: Sequence[tuple[dict[str, Any], dict[str, Any] | None]]) -> Iterator[list[str]]:
    """Yield the lines of bulk bodies under 4 MB each (a server takes 100 MB, a proxy often less)."""
    lines: list[str] = []
    size = 0
    for action, fields in actions:
        lines.append(json.dumps(action))
        if fields is not None:
            lines.append(json.dumps(fields))
            size += len(lines[-1])
        size += 200
        if size > _LARGEST_BULK:
            yield lines
            lines, size = [], 0
    if lines:
        yield lines
