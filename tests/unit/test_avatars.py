"""The drawn pictures of members: always the same, always harmless, told apart."""

from itertools import pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.accounts.avatars import PALETTES, QUADRANTS, SHAPES, avatar_palette, avatar_svg, avatar_tiles

SVG = "{http://www.w3.org/2000/svg}"


def luminance(colour: str) -> float:
    """Relative luminance of a #rrggbb colour (WCAG 2.2)."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours (WCAG 2.2)."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_a_name_has_the_picture_it_always_had():
    # A picture that changes with a release would puzzle everybody who knows it.
    assert [tile.turn for tile in avatar_tiles("mira")] == [270, 0, 90, 270]
    assert avatar_palette("mira") == PALETTES[13]


@given(st.text())
def test_the_same_seed_gives_the_same_picture(seed):
    assert avatar_svg(seed) == avatar_svg(seed)


@given(st.text(), st.text(max_size=4))
def test_every_seed_and_initials_make_well_formed_svg(seed, initials):
    root = ElementTree.fromstring(avatar_svg(seed, _printable(initials)))
    assert root.tag == f"{SVG}svg"
    assert root.get("viewBox") == "0 0 64 64"


def _printable(text: str) -> str:
    return "".join(letter for letter in text if letter.isprintable())


@given(st.text())
def test_a_picture_holds_nothing_but_paths(seed):
    # A username is a stranger's text: none of it may reach the document.
    root = ElementTree.fromstring(avatar_svg(seed))
    assert {element.tag for element in root.iter()} == {f"{SVG}svg", f"{SVG}path"}


@pytest.mark.parametrize("evil", ["<script>", '"><b', "&amp;", "]]>", "' onload='x"])
def test_hostile_initials_are_text(evil):
    root = ElementTree.fromstring(avatar_svg("mira", evil))
    assert root.find(f"{SVG}text").text == evil.strip()[:2].upper()
    assert {element.tag for element in root.iter()} == {f"{SVG}svg", f"{SVG}path", f"{SVG}text"}


@pytest.mark.parametrize(
    ("given_initials", "drawn"), [("ms", "MS"), (" oh ", "OH"), ("ひろば", "ひろ"), ("ع", "ع"), ("abc", "AB")]
)
def test_initials_are_at_most_two_letters_of_any_script(given_initials, drawn):
    root = ElementTree.fromstring(avatar_svg("mira", given_initials))
    assert root.find(f"{SVG}text").text == drawn


@pytest.mark.parametrize("nothing", ["", "   ", "\t"])
def test_without_initials_there_are_tiles(nothing):
    root = ElementTree.fromstring(avatar_svg("mira", nothing))
    assert root.find(f"{SVG}text") is None
    assert len(root.findall(f"{SVG}path")) == 1 + len(QUADRANTS)


@given(st.text())
def test_tiles_fill_the_four_quarters_and_neighbours_differ(seed):
    tiles = avatar_tiles(seed)
    assert [(tile.x, tile.y) for tile in tiles] == list(QUADRANTS)
    assert all(tile.shape in SHAPES and tile.turn in (0, 90, 180, 270) for tile in tiles)
    assert all(one.colour != other.colour for one, other in pairwise(tiles))
    assert {tile.colour for tile in tiles} <= set(avatar_palette(seed)[1:])


def test_a_thousand_members_are_told_apart():
    pictures = {avatar_svg(f"member-{number}") for number in range(1000)}
    assert len(pictures) >= 995


def test_all_palettes_are_used():
    assert {avatar_palette(f"member-{number}") for number in range(500)} == set(PALETTES)


@pytest.mark.parametrize("palette", PALETTES)
def test_initials_can_be_read(palette):
    assert contrast(palette[1], "#ffffff") >= 4.5


@pytest.mark.parametrize("palette", PALETTES)
def test_the_strong_colours_stand_out_from_the_paper(palette):
    paper, *strong = palette
    assert contrast(paper, strong[0]) >= 3
    assert contrast(paper, strong[1]) >= 1.8


def test_a_picture_is_small():
    assert max(len(avatar_svg(f"member-{number}")) for number in range(200)) < 700
