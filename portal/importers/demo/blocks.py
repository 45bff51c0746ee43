"""The demo's blocks in the form in which an article's body keeps them."""

from typing import Any
from uuid import UUID, uuid5

from portal.core.markdown import render_markdown

from .content import Block

CALLOUTS = {"note": "info", "tip": "tip", "warning": "warning"}
RICH_TAGS = (("<strong>", "<b>"), ("</strong>", "</b>"), ("<em>", "<i>"), ("</em>", "</i>"), (">\n<", "><"))


def rich_text(markdown: str) -> str:
    """Returns Markdown as the HTML that Wagtail's rich text keeps."""
    html = render_markdown(markdown).strip()
    for written, kept in RICH_TAGS:
        html = html.replace(written, kept)
    return html


def stream_data(blocks: list[Block], *, key: UUID, images: dict[str, int]) -> list[dict[str, Any]]:
    """Returns the raw data of a body.

    key: what block ids are derived from; equal ones make equal ids, by which translated segments find each other.
    images: the id of each drawing's image.
    """
    return [
        {"type": block.kind, "id": str(uuid5(key, str(place))), "value": _value(block, uuid5(key, str(place)), images)}
        for place, block in enumerate(blocks)
    ]


def _value(block: Block, block_id: UUID, images: dict[str, int]) -> Any:
    value = block.value
    match block.kind:
        case "heading":
            return {"text": value, "level": "h2"}
        case "text":
            return rich_text(value)
        case "image":
            return {"image": images[value["drawing"]], "alt": value["alt"], "caption": value["caption"]}
        case "code":
            return {"language": value.language, "filename": "", "code": value.code.rstrip()}
        case "callout":
            return {"kind": CALLOUTS[value["kind"]], "title": "", "text": rich_text(value["text"])}
        case "steps":
            return {"steps": [_step(step, uuid5(block_id, str(place))) for place, step in enumerate(value)]}
        case "table":
            return _table(value)
    raise ValueError(block.kind)


def _step(step: dict[str, str], step_id: UUID) -> dict[str, Any]:
    title = step["title"].replace("*", "")
    return {"type": "item", "id": str(step_id), "value": {"title": title, "text": rich_text(step["text"])}}


def _table(table: dict[str, Any]) -> dict[str, Any]:
    return {
        "data": [table["head"], *table["rows"]],
        "cell": [],
        "mergeCells": [],
        "first_row_is_table_header": True,
        "first_col_is_header": False,
        "table_header_choice": "row",
        "table_caption": table["caption"],
    }
