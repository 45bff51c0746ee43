"""Cells of a sheet: nothing in them is calculated by a table program, and every text comes back as it was."""

import csv
import io

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from portal.core.errors import Invalid
from portal.curation.selectors.sheets import LARGEST, _guarded, _plain, columns, header, sheet_decode

SIGNS = "=+-@＝＋－＠"
# A mark of the encoding written twice leaves one in the text.
TWICE = (b"\xef\xbb\xbf" * 2, b"\xff\xfe" * 2, b"\xfe\xff" * 2)
texts = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\x00"), max_size=30).map(str.strip)
apostrophes = st.builds(
    lambda count, sign, rest: ("'" * count + sign + rest).strip(),
    st.integers(0, 4),
    st.sampled_from([*SIGNS, "", "a"]),
    texts,
)


@given(st.one_of(texts, apostrophes))
@example("''=1")
@example("'''")
@example("''quoted''")
def test_every_cell_comes_back_as_it_was(text):
    assert _plain(_guarded(text)) == text


@given(st.one_of(texts, apostrophes))
def test_no_guarded_cell_begins_with_a_sign_of_a_formula(text):
    assert not _guarded(text).startswith((*SIGNS, "\t", "\r", "\n"))


@given(apostrophes)
def test_different_cells_stay_different(text):
    assert _guarded(f"'{text}".strip()) != _guarded(text)


@pytest.mark.parametrize("sign", SIGNS)
def test_what_a_table_program_would_run_is_led_by_an_apostrophe(sign):
    assert _guarded(f"{sign}HYPERLINK(1)") == f"'{sign}HYPERLINK(1)"
    assert _guarded(f"a{sign}1") == f"a{sign}1", "inside a text it is a sign like any other"


@pytest.mark.parametrize("text", ["'quoted'", "''", "rock 'n' roll", "'tis", "1+1", ""])
def test_apostrophes_of_the_text_itself_stay(text):
    assert _guarded(text) == text
    assert _plain(text) == text


def test_nulls_and_blanks_around_are_taken_off():
    assert _plain(" \x00sofa\x00 ") == "sofa"
    assert _plain("\x00") == ""


@given(st.lists(st.one_of(texts, apostrophes), min_size=1, max_size=5))
def test_a_whole_line_survives_the_file(cells):
    out = io.StringIO()
    csv.writer(out).writerow([_guarded(cell) for cell in cells])
    text = sheet_decode(f"\ufeff{out.getvalue()}".encode())
    (row,) = csv.reader(io.StringIO(text, newline=""))
    assert [_plain(cell) for cell in row] == cells


class TestBytes:
    def test_exactly_a_megabyte_is_read_and_a_byte_more_is_not(self):
        assert len(sheet_decode(b"x" * LARGEST)) == LARGEST
        with pytest.raises(Invalid):
            sheet_decode(b"x" * (LARGEST + 1))

    @given(st.binary(max_size=200))
    def test_any_bytes_are_a_text_or_refused(self, data):
        try:
            text = sheet_decode(data)
        except Invalid as error:
            assert "file" in error.fields
        else:
            assert not text.startswith("\ufeff") or data.startswith(TWICE)

    @pytest.mark.parametrize("encoding", ["cp1251", "shift_jis", "utf-16-le"])
    def test_an_encoding_without_its_mark_is_refused_or_no_sheet(self, encoding):
        data = "диван".encode(encoding) if encoding == "cp1251" else "長椅子".encode(encoding)
        with pytest.raises(Invalid):
            sheet_decode(data)


def test_each_language_has_a_column_of_either_way():
    names = header()
    assert len(names) == len(set(names)) == len(columns()) + 7
    for name, (code, one_way) in columns().items():
        assert name.startswith("typed_") is one_way
        assert name.endswith(code or "all")
