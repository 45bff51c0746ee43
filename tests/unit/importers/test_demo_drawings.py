"""The drawing surface of the demo's pictures: measures are those of the finished picture."""

import itertools
from io import BytesIO

import pytest
from PIL import Image

from portal.importers.demo.drawings import PAPER, Sheet, portrait_png

LOOK = {"background": "#2f6f62", "skin": "#f1c9a5", "hair": "#7a3b1d", "shirt": "#f4d35e", "style": "short"}
WHITE, BLACK, RED = (255, 255, 255), (0, 0, 0), (255, 0, 0)


def seen(sheet):
    return Image.open(BytesIO(sheet.png())).convert("RGB")


def near(found, wanted, by=12):
    return all(abs(a - b) <= by for a, b in zip(found, wanted, strict=True))


@pytest.fixture
def sheet():
    return Sheet(100, 60, "#ffffff")


def test_a_sheet_has_its_size_and_background():
    picture = seen(Sheet(80, 40, PAPER))
    assert picture.size == (80, 40)
    assert near(picture.getpixel((40, 20)), (0xF6, 0xF7, 0xF2))


def test_a_box_lies_where_it_was_put(sheet):
    sheet.box(20, 10, 40, 30, fill="#ff0000", edge="#000000", r=0)
    picture = seen(sheet)
    assert near(picture.getpixel((40, 25)), RED)
    assert near(picture.getpixel((21, 25)), BLACK), "the edge"
    assert near(picture.getpixel((15, 25)), WHITE) and near(picture.getpixel((65, 25)), WHITE)


def test_a_box_with_an_edge_of_its_own_colour_has_none(sheet):
    sheet.box(20, 10, 40, 30, fill="#ff0000", edge="#ff0000", r=0)
    assert near(seen(sheet).getpixel((21, 25)), RED)


def test_a_disc_is_round(sheet):
    sheet.disc(50, 30, 20, "#ff0000")
    picture = seen(sheet)
    assert near(picture.getpixel((50, 30)), RED) and near(picture.getpixel((66, 30)), RED)
    assert near(picture.getpixel((66, 46)), WHITE), "the corner of its square"


def test_a_ring_is_empty_inside(sheet):
    sheet.disc(50, 30, 20, None, edge="#000000", line=4)
    picture = seen(sheet)
    assert near(picture.getpixel((50, 30)), WHITE)
    assert near(picture.getpixel((32, 30)), BLACK)


def test_an_oval_fills_its_rectangle(sheet):
    sheet.oval(10, 20, 80, 20, "#ff0000")
    picture = seen(sheet)
    assert near(picture.getpixel((15, 30)), RED) and near(picture.getpixel((50, 15)), WHITE)


def test_a_line_has_its_width(sheet):
    sheet.line((10, 30), (90, 30), color="#000000", width=10)
    picture = seen(sheet)
    assert near(picture.getpixel((50, 27)), BLACK) and near(picture.getpixel((50, 40)), WHITE)


def test_dashes_leave_gaps(sheet):
    sheet.dashes((0, 30), (100, 30), color="#000000", width=6)
    picture = seen(sheet)
    row = [near(picture.getpixel((x, 30)), BLACK, 60) for x in range(100)]
    changes = sum(a != b for a, b in itertools.pairwise(row))
    assert 30 < sum(row) < 80 and changes >= 6


def test_a_very_short_dash_is_drawn(sheet):
    sheet.dashes((50, 30), (52, 30), color="#000000", width=6)
    assert len(seen(sheet).getcolors(10_000) or []) > 1


def test_a_shape_is_filled(sheet):
    sheet.shape((10, 50), (50, 10), (90, 50), fill="#ff0000")
    picture = seen(sheet)
    assert near(picture.getpixel((50, 40)), RED) and near(picture.getpixel((12, 12)), WHITE)


def test_an_arc_is_a_part_of_a_circle(sheet):
    sheet.arc(50, 30, 20, (0, 90), color="#000000", width=6)
    picture = seen(sheet)
    assert near(picture.getpixel((50 + 12, 30 + 12)), BLACK, 40), "lower right: clockwise from three o'clock"
    assert near(picture.getpixel((50 - 12, 30 - 12)), WHITE)


def test_a_numeral_is_white_on_dark(sheet):
    sheet.number(4, 50, 30)
    colors = seen(sheet).crop((35, 15, 65, 45)).getcolors(10_000)
    assert any(near(color, WHITE) for _count, color in colors)
    assert max(colors)[1] != WHITE, "mostly the disc"


def test_two_numerals_differ():
    pictures = []
    for value in (1, 2):
        sheet = Sheet(60, 60, PAPER)
        sheet.number(value, 30, 30)
        pictures.append(sheet.png())
    assert pictures[0] != pictures[1]


@pytest.mark.parametrize("style", ["short", "long", "bob", "bun", "beard", "scarf"])
def test_each_style_of_hair_shows_its_colour(style):
    picture = Image.open(BytesIO(portrait_png(LOOK | {"style": style}))).convert("RGB")
    colors = [color for count, color in picture.getcolors(100_000) if count > 100]
    for part in ("background", "skin", "hair", "shirt"):
        wanted = tuple(bytes.fromhex(LOOK[part][1:]))
        assert any(near(color, wanted, 16) for color in colors), part


def test_styles_differ():
    assert (
        len({portrait_png(LOOK | {"style": style}) for style in ("short", "long", "bob", "bun", "beard", "scarf")}) == 6
    )


@pytest.mark.parametrize("part", ["background", "skin", "hair", "shirt", "style"])
def test_a_look_must_be_whole(part):
    with pytest.raises(KeyError, match=part):
        portrait_png({name: value for name, value in LOOK.items() if name != part})
