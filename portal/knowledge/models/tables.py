"""Tables whose cells wagtail-localize can translate."""

from typing import Any

from wagtail.contrib.table_block.blocks import TableBlock
from wagtail_localize.segments import StringSegmentValue

CAPTION = "caption"


class TranslatedTableBlock(TableBlock):
    """Wagtail's table, of which wagtail-localize by itself makes no segments: a translated table would be lost.

    Each cell with words is a segment of its own, ``r2c1`` by its row and column, and so is the caption.
    """

    def deconstruct(self) -> tuple[str, Any, Any]:
        """Returns Wagtail's own table to migrations: what is stored is the same."""
        _path, args, kwargs = super().deconstruct()
        return "wagtail.contrib.table_block.blocks.TableBlock", args, kwargs

    def get_translatable_segments(self, value: dict[str, Any] | None) -> list[Any]:
        """Returns the words of the caption and of each cell."""
        if not value:
            return []
        words = {CAPTION: value.get("table_caption")} | {
            f"r{row}c{column}": cell
            for row, cells in enumerate(value.get("data") or [])
            for column, cell in enumerate(cells)
        }
        return [StringSegmentValue(place, text) for place, text in words.items() if text and text.strip()]

    def restore_translated_segments(self, value: dict[str, Any] | None, segments: list[Any]) -> dict[str, Any] | None:
        """Returns the source's table with the words of the segments in their places."""
        if not value:
            return value
        words = {segment.path: segment.render_text() for segment in segments}
        restored = value | {
            "data": [
                [words.get(f"r{row}c{column}", cell) for column, cell in enumerate(cells)]
                for row, cells in enumerate(value.get("data") or [])
            ]
        }
        if CAPTION in words:
            restored["table_caption"] = words[CAPTION]
        return restored
