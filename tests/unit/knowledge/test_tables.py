"""Tables are translated cell by cell."""

import pytest
from wagtail_localize.segments import StringSegmentValue

from portal.knowledge.models.tables import TranslatedTableBlock

TABLE = {
    "data": [["Code", "Means"], ["E-12", "no current"], ["", None]],
    "table_caption": "Codes & signs",
    "table_header_choice": "row",
    "first_row_is_table_header": True,
}


def words(value):
    return {segment.path: segment.render_text() for segment in TranslatedTableBlock().get_translatable_segments(value)}


def test_every_cell_with_words_is_a_segment():
    assert words(TABLE) == {
        "caption": "Codes & signs",
        "r0c0": "Code",
        "r0c1": "Means",
        "r1c0": "E-12",
        "r1c1": "no current",
    }


@pytest.mark.parametrize(
    "value", [None, {}, {"data": None}, {"data": []}, {"data": [[""], [" "]], "table_caption": ""}]
)
def test_an_empty_table_has_nothing_to_translate(value):
    assert words(value) == {}
    assert (TranslatedTableBlock().restore_translated_segments(value, []) or {}).get("data") in (
        None,
        [],
        [[""], [" "]],
    )


def test_translations_come_into_their_cells():
    segments = [StringSegmentValue("r1c1", "тока нет"), StringSegmentValue("caption", "Коды <и> знаки")]
    restored = TranslatedTableBlock().restore_translated_segments(TABLE, segments)
    assert restored["data"] == [["Code", "Means"], ["E-12", "тока нет"], ["", None]]
    assert restored["table_caption"] == "Коды <и> знаки"
    assert restored["table_header_choice"] == "row"


def test_the_source_stays_as_it_was():
    TranslatedTableBlock().restore_translated_segments(TABLE, [StringSegmentValue("r0c0", "Код")])
    assert TABLE["data"][0][0] == "Code"


def test_what_was_extracted_restores_the_same_table():
    block = TranslatedTableBlock()
    assert block.restore_translated_segments(TABLE, block.get_translatable_segments(TABLE)) == TABLE


def test_migrations_see_wagtail_s_own_table():
    assert TranslatedTableBlock(label="Table").deconstruct()[0] == "wagtail.contrib.table_block.blocks.TableBlock"
