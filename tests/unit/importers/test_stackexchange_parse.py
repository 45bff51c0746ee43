"""Reading the XML of a dump: every row with its line, and nothing else from any bytes."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.importers.stackexchange.parse import (
    CHUNK,
    DumpError,
    HostileDump,
    NotADump,
    RowReader,
    dump_files,
    file_check,
)
from tests.integration.importers.dumps import write

TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff"))
NAMES = st.sampled_from(["Id", "Body", "Title", "Tags", "Text"])
PLENTY = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))


def read(path: Path, **how: bool) -> list[tuple[int, dict[str, str]]]:
    return [(line, dict(row)) for line, row in RowReader(path, "posts", **how).rows()]


@PLENTY
@given(rows=st.lists(st.dictionaries(NAMES, TEXT | st.sampled_from(["a\nb", "\r\n", "\t", "<p>&amp;</p>", "'\""]))))
def test_what_was_written_is_read_row_for_row_with_its_line(tmp_path, rows) -> None:
    folder = write(tmp_path / "d", Posts=rows)
    assert file_check(folder / "Posts.xml", "posts") is False
    assert read(folder / "Posts.xml") == [(number + 3, row) for number, row in enumerate(rows)]
    assert read(folder / "Posts.xml", mended=True) == read(folder / "Posts.xml")


@PLENTY
@given(content=st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(tmp_path, content) -> None:
    path = tmp_path / "Posts.xml"
    path.write_bytes(content)
    try:
        file_check(path, "posts")
    except DumpError as error:
        assert "Posts.xml" in str(error)
        assert "\n" not in str(error)


@PLENTY
@given(
    inside=st.lists(
        st.sampled_from(
            ["<row Id='1'/>", "<row", "/>", "<!DOCTYPE posts", "[", "]>", "<!ENTITY a 'b'>", "<!ENTITY % p SYSTEM 'x'>",
             "&a;", "%p;", "<!ATTLIST row a CDATA 'x'>", "<![CDATA[", "]]>", "<!--", "-->", "<?pi x?>", "&#1;",
             "&#x1F;", "<a>", "</a>", "\x00", "\ufffe", "<posts>", "</posts>", "\n"]
        ),
        max_size=12,
    )
)  # fmt: skip
def test_any_mixture_of_xmls_own_words_is_read_or_refused(tmp_path, inside) -> None:
    path = tmp_path / "Posts.xml"
    path.write_text("".join(inside), encoding="utf-8")
    try:
        mended = file_check(path, "posts")
    except DumpError:
        return
    assert all("&a;" not in str(row) for row in read(path, mended=mended))


@pytest.mark.parametrize("places", range(CHUNK - 12, CHUNK + 3))
def test_a_forbidden_character_is_replaced_wherever_the_pieces_end(tmp_path, places) -> None:
    path = tmp_path / "Posts.xml"
    before = "<posts><row Id='1' Body='"
    path.write_text(f"{before}{'x' * (places - len(before))}&#x1F;&#xA;y' /></posts>")
    assert file_check(path, "posts") is True
    body = read(path, mended=True)[0][1]["Body"]
    assert body.strip("x") == "\ufffd\ny"


def test_lines_are_counted_through_line_ends_in_text(tmp_path) -> None:
    path = tmp_path / "Posts.xml"
    path.write_text("<posts>\n<row Id='1'\n Body='a\n\nb' />\n\n<row Id='2' /></posts>")
    assert [line for line, _row in read(path)] == [2, 7]


def test_rows_stand_right_below_the_root(tmp_path) -> None:
    path = tmp_path / "Posts.xml"
    path.write_text("<posts><row Id='1'><row Id='2'/></row><other Id='3'/><row Id='4'/></posts>")
    assert [row["Id"] for _line, row in read(path)] == ["1", "4"]


def test_utf_16_and_plain_utf_8_are_read(tmp_path) -> None:
    text = '<?xml version="1.0" encoding="utf-16"?><posts><row Title="дверь"/></posts>'
    (tmp_path / "Posts.xml").write_text(text, encoding="utf-16")
    assert read(tmp_path / "Posts.xml")[0][1] == {"Title": "дверь"}


def test_the_meter_is_told_every_byte(tmp_path) -> None:
    class Meter:
        total = 0

        def advance(self, count: int) -> None:
            self.total += count

    path = tmp_path / "Posts.xml"
    path.write_text("<posts>" + "<row Id='1' />" * 20_000 + "</posts>")
    meter = Meter()
    file_check(path, "posts", meter)
    assert meter.total == path.stat().st_size


def test_an_entity_bomb_costs_nothing(tmp_path) -> None:
    bomb = "".join(f"<!ENTITY e{n} '{f'&e{n - 1};' * 100}'>" for n in range(1, 50))
    path = tmp_path / "Posts.xml"
    path.write_text(f"<!DOCTYPE posts [<!ENTITY e0 'x'>{bomb}]><posts>&e49;</posts>")
    with pytest.raises(HostileDump):
        file_check(path, "posts")


def test_names_of_files_are_found_whatever_their_case(tmp_path) -> None:
    for name in ("posts.xml", "USERS.XML", "notes.xml", "Posts.xml.bak"):
        (tmp_path / name).write_text("")
    assert set(dump_files(tmp_path)) == {"Posts", "Users"}


def test_a_folder_that_is_a_file_is_no_dump(tmp_path) -> None:
    (tmp_path / "x").write_text("")
    with pytest.raises(NotADump, match="not a folder"):
        dump_files(tmp_path / "x")
