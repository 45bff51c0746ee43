"""Pictures for members without a photo: four tiles round a square, drawn from the username.

The same seed gives the same picture on every machine and in every version: nothing here is random, and the digest,
not Python's own hash, chooses. 16 palettes, 4 tiles of 6 shapes in 4 turns and 3 colours each make collisions of
whole pictures rare enough for a community; the name always stands beside.
"""

from dataclasses import dataclass
from hashlib import sha256
from html import escape

SIDE = 64
"""Length of the picture's side in its own units; it scales to any size."""

TILE = SIDE // 2

PALETTES: tuple[tuple[str, str, str, str], ...] = (
    ("#f3e3cf", "#1b5a7d", "#e4572e", "#f0b44c"),
    ("#dfe9e4", "#1f6f5c", "#d98e2b", "#14404a"),
    ("#f6dcd3", "#b23a48", "#2a4d69", "#f2a65a"),
    ("#e3e6f4", "#3d4f9f", "#e26d5c", "#8fb3dd"),
    ("#f4ead2", "#7a4b2a", "#2f7f79", "#e3a857"),
    ("#e5efdc", "#4a7c3a", "#d9624a", "#f2cf66"),
    ("#f3dfe6", "#8e3b68", "#2c6e8f", "#f0a5a0"),
    ("#dcebf0", "#12607a", "#f08a4b", "#7cc0bd"),
    ("#efe6f3", "#6a478f", "#e0a030", "#3c8d8a"),
    ("#f7e8c9", "#c2542d", "#25526b", "#edc15b"),
    ("#e0ece9", "#2b5d66", "#c8553d", "#9ac2a4"),
    ("#f1e4dc", "#5a3d55", "#d87c4a", "#7fa6a3"),
    ("#e8ecd8", "#5c6b1f", "#b6462f", "#d8c25a"),
    ("#e2e8ee", "#34495e", "#d35c6e", "#f0c27b"),
    ("#fbe6d8", "#a4452c", "#1d6a72", "#f3b562"),
    ("#dde7e1", "#254d3f", "#cf7f2f", "#86a94f"),
)
"""Paper, two strong colours and a light one; the first strong one carries initials with at least 4.5:1 on white."""

SHAPES: tuple[str, ...] = (
    "M0 0h32A32 32 0 0 1 0 32Z",
    "M0 0h32v32A32 32 0 0 1 0 0Z",
    "M0 0h32v32H0Z",
    "M0 0 32 32H0Z",
    "M0 0h16a16 16 0 0 1 0 32H0Z",
    "M16 3a13 13 0 0 1 0 26 13 13 0 0 1 0-26Z",
)
"""Outlines of a tile of 32 by 32 units in its first turn: quarter, leaf, full, half, door, round."""

QUADRANTS = ((0, 0), (TILE, 0), (0, TILE), (TILE, TILE))


@dataclass(frozen=True, slots=True)
class Tile:
    """One quarter of the picture: its place, its shape, its turn in degrees and its colour."""

    x: int
    y: int
    shape: str
    turn: int
    colour: str

    def svg(self) -> str:
        """Returns the tile's path."""
        turn = f" rotate({self.turn} {TILE // 2} {TILE // 2})" if self.turn else ""
        return f'<path transform="translate({self.x} {self.y}){turn}" fill="{self.colour}" d="{self.shape}"/>'


def _digest(seed: str) -> bytes:
    return sha256(f"hiroba:{seed}".encode("utf-8", "surrogatepass")).digest()


def avatar_palette(seed: str) -> tuple[str, str, str, str]:
    """Returns the colours of a seed's picture: paper, two strong ones, a light one."""
    return PALETTES[_digest(seed)[0] % len(PALETTES)]


def avatar_tiles(seed: str) -> list[Tile]:
    """Returns the four tiles of a seed's picture; neighbours in a row never have the same colour."""
    digest = _digest(seed)
    colours = avatar_palette(seed)[1:]
    tiles: list[Tile] = []
    last = -1
    for place, (x, y) in enumerate(QUADRANTS):
        shape, turn, colour = digest[1 + 3 * place : 4 + 3 * place]
        choice = colour % len(colours)
        if choice == last:
            choice = (choice + 1) % len(colours)
        last = choice
        tiles.append(Tile(x, y, SHAPES[shape % len(SHAPES)], turn % 4 * 90, colours[choice]))
    return tiles


def avatar_svg(seed: str, initials: str = "") -> str:
    """Returns an SVG document for a member.

    seed: what tells members apart, the username. initials: up to two characters of any script to write on the
    picture instead of its tiles (for organisations); more are cut, none draws the tiles.
    """
    paper, strong, _second, light = avatar_palette(seed)
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIDE} {SIDE}" width="{SIDE}" height="{SIDE}">'
    letters = initials.strip()[:2].upper()
    if not letters:
        tiles = "".join(tile.svg() for tile in avatar_tiles(seed))
        return f'{head}<path fill="{paper}" d="M0 0h64v64H0Z"/>{tiles}</svg>'
    corner = f'<path fill="{light}" opacity=".35" d="M64 20v44H20A44 44 0 0 1 64 20Z"/>'
    words = (
        f'<text x="32" y="33" fill="#fff" font-family="sans-serif" font-size="26" font-weight="600" '
        f'text-anchor="middle" dominant-baseline="central">{escape(letters)}</text>'
    )
    return f'{head}<path fill="{strong}" d="M0 0h64v64H0Z"/>{corner}{words}</svg>'
