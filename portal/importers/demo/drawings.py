"""The demo's pictures, drawn in code: technical drawings without words (they serve four languages) and portraits.

Everything is drawn at twice its size and scaled down, which smooths the edges (supersampling).
"""

import math
from collections.abc import Callable, Mapping
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

WIDTH, HEIGHT, SCALE = 1200, 600, 2
PORTRAIT = 256
PAPER, INK, SOFT, LEAF, WATER, AMBER, RED = (
    "#f6f7f2", "#26332f", "#c9d3cb", "#2f6f62", "#3a86c8", "#e59f2e", "#c8413b",
)  # fmt: skip
Point = tuple[float, float]


class Sheet:
    """A drawing surface whose measures are those of the finished picture, in pixels."""

    def __init__(self, width: int, height: int, background: str) -> None:
        self.size = (width, height)
        self._image = Image.new("RGB", (width * SCALE, height * SCALE), background)
        self._draw = ImageDraw.Draw(self._image)

    def box(
        self, x: float, y: float, w: float, h: float, *, fill: str = "#ffffff", edge: str = INK, r: float = 12
    ) -> None:
        """Draws a rectangle with rounded corners of radius ``r``."""
        corners = [x * SCALE, y * SCALE, (x + w) * SCALE, (y + h) * SCALE]
        self._draw.rounded_rectangle(corners, r * SCALE, fill, edge, 4 * SCALE if edge != fill else 0)

    def disc(self, x: float, y: float, r: float, fill: str | None, *, edge: str | None = None, line: float = 4) -> None:
        """Draws a circle around a point."""
        corners = [(x - r) * SCALE, (y - r) * SCALE, (x + r) * SCALE, (y + r) * SCALE]
        self._draw.ellipse(corners, fill, edge, round(line * SCALE) if edge else 0)

    def oval(self, x: float, y: float, w: float, h: float, fill: str) -> None:
        """Draws an ellipse inside a rectangle."""
        self._draw.ellipse([x * SCALE, y * SCALE, (x + w) * SCALE, (y + h) * SCALE], fill)

    def line(self, *points: Point, color: str = INK, width: float = 6) -> None:
        """Draws a line through the points."""
        self._draw.line([(x * SCALE, y * SCALE) for x, y in points], color, round(width * SCALE), "curve")

    def shape(self, *points: Point, fill: str) -> None:
        """Draws a filled polygon."""
        self._draw.polygon([(x * SCALE, y * SCALE) for x, y in points], fill)

    def arc(
        self, x: float, y: float, r: float, span: tuple[float, float], *, color: str = INK, width: float = 6
    ) -> None:
        """Draws a part of a circle, between the two angles of ``span``, in degrees clockwise from three o'clock."""
        corners = [(x - r) * SCALE, (y - r) * SCALE, (x + r) * SCALE, (y + r) * SCALE]
        self._draw.arc(corners, *span, color, round(width * SCALE))

    def dashes(self, start: Point, end: Point, color: str = LEAF, width: float = 5) -> None:
        """Draws a dashed line (radio, in these drawings)."""
        length = math.dist(start, end)
        count = max(int(length // 24), 1)
        for step in range(count):
            a, b = step / count, (step + 0.55) / count
            ends = [(start[0] + (end[0] - start[0]) * t, start[1] + (end[1] - start[1]) * t) for t in (a, b)]
            self.line(*ends, color=color, width=width)

    def number(self, value: int, x: float, y: float) -> None:
        """Draws a numeral in a disc, which the caption explains."""
        self.disc(x, y, 26, INK)
        font = ImageFont.load_default(30 * SCALE)
        self._draw.text((x * SCALE, y * SCALE), str(value), "#ffffff", font, anchor="mm")

    def png(self) -> bytes:
        """Returns the finished picture as PNG bytes."""
        smooth = self._image.resize(self.size, Image.Resampling.LANCZOS)
        buffer = BytesIO()
        smooth.quantize(64).save(buffer, "PNG", optimize=True)
        return buffer.getvalue()


def _hub(sheet: Sheet, x: float, y: float, ring: str = "#3fa34d") -> None:
    sheet.box(x - 50, y - 80, 100, 160, fill="#ffffff", r=30)
    sheet.disc(x, y - 30, 28, None, edge=ring, line=9)


def _mast(sheet: Sheet, x: float, foot: float) -> None:
    sheet.line((x, foot), (x, foot - 300), width=12)
    sheet.line((x - 90, foot - 250), (x + 80, foot - 250), width=8)
    sheet.shape((x - 125, foot - 330), (x - 55, foot - 330), (x - 75, foot - 255), (x - 105, foot - 255), fill=WATER)
    for turn in (-90, 30, 150):
        angle = math.radians(turn)
        cup = (x + 80 + 42 * math.cos(angle), foot - 290 + 42 * math.sin(angle))
        sheet.line((x + 80, foot - 290), cup, width=5)
        sheet.disc(*cup, 13, AMBER, edge=INK, line=3)
    sheet.line((x + 80, foot - 250), (x + 80, foot - 290), width=6)
    sheet.shape((x - 50, foot - 190), (x + 50, foot - 210), (x + 50, foot - 130), (x - 50, foot - 110), fill="#31486b")


def _valve(sheet: Sheet, x: float, y: float, outlets: int) -> None:
    width = 60 + 46 * outlets
    sheet.box(x - width / 2, y - 45, width, 90, fill=LEAF, edge=INK, r=18)
    for outlet in range(outlets):
        place = x - width / 2 + 53 + 46 * outlet
        sheet.box(place - 13, y + 45, 26, 46, fill="#ffffff", edge=INK, r=5)
        sheet.disc(place, y, 12, "#ffffff")


def _overview() -> bytes:
    sheet = Sheet(WIDTH, HEIGHT, PAPER)
    sheet.shape((0, 500), (1200, 470), (1200, 600), (0, 600), fill="#dfe8d8")
    sheet.box(70, 220, 330, 290, fill="#ffffff", r=6)
    sheet.shape((40, 225), (235, 90), (430, 225), fill=RED)
    sheet.box(270, 390, 70, 120, fill=SOFT, r=4)
    _hub(sheet, 165, 400)
    _mast(sheet, 620, 500)
    sheet.line((790, 505), (790, 380), (850, 380), width=16)
    _valve(sheet, 880, 400, 2)
    for drop, x in enumerate((857, 903)):
        sheet.line((x, 492), (x, 520 + 8 * drop), color=WATER, width=5)
    sheet.line((1060, 540), (1060, 420), width=10)
    sheet.box(1035, 370, 50, 70, fill=AMBER, r=14)
    for target in ((580, 290), (810, 390), (1030, 385)):
        sheet.dashes((225, 370), target)
    for value, (x, y) in enumerate(((100, 300), (700, 160), (970, 330), (1120, 350)), 1):
        sheet.number(value, x, y)
    return sheet.png()


def _ring_states() -> bytes:
    sheet = Sheet(WIDTH, HEIGHT // 2, PAPER)
    colors = ("#3fa34d", WATER, AMBER, AMBER, RED)
    for place, color in enumerate(colors):
        x = 140 + 230 * place
        sheet.disc(x, 120, 78, "#ffffff", edge=SOFT)
        if place < 3:
            sheet.disc(x, 120, 52, None, edge=color, line=16)
        else:
            for start in range(0, 360, 60):
                sheet.arc(x, 120, 52, (start, start + 34), color=color, width=16)
        sheet.number(place + 1, x, 245)
    return sheet.png()


def _blow_out() -> bytes:
    sheet = Sheet(WIDTH, HEIGHT, PAPER)
    sheet.line((60, 250), (1010, 250), color=SOFT, width=30)
    sheet.line((60, 250), (1010, 250), color="#ffffff", width=14)
    sheet.disc(190, 250, 44, "#ffffff", edge=INK, line=5)
    sheet.line((160, 280), (220, 220), color=RED, width=12)
    sheet.line((350, 250), (350, 430), color=INK, width=14)
    for row in range(3):
        sheet.line((350 - 20 + 20 * row, 450), (350 - 30 + 30 * row, 500), color=WATER, width=6)
    _valve(sheet, 640, 250, 6)
    for x in range(525, 760, 46):
        sheet.line((x, 350), (x, 410), color=WATER, width=4)
    sheet.box(950, 330, 180, 110, fill="#ffffff", r=50)
    sheet.disc(985, 455, 22, INK)
    sheet.disc(1095, 455, 22, INK)
    sheet.line((1010, 250), (1010, 330), width=12)
    sheet.disc(1075, 300, 34, "#ffffff", edge=INK, line=5)
    sheet.line((1075, 300), (1058, 282), color=RED, width=5)
    for value, (x, y) in enumerate(((190, 160), (430, 470), (640, 150), (1040, 530)), 1):
        sheet.number(value, x, y)
    return sheet.png()


def _network() -> bytes:
    sheet = Sheet(WIDTH, HEIGHT, PAPER)
    sheet.dashes((210, 300), (500, 300))
    sheet.line((640, 290), (880, 190), width=6)
    sheet.dashes((640, 320), (900, 450))
    _hub(sheet, 150, 300)
    sheet.box(490, 270, 170, 70, fill="#ffffff", r=10)
    for x in (520, 630):
        sheet.line((x, 270), (x, 190), width=8)
    for x in range(520, 640, 34):
        sheet.disc(x, 305, 7, LEAF)
    sheet.box(880, 90, 190, 190, fill="#31486b", r=10)
    for y in (120, 165, 210):
        sheet.box(900, y, 150, 30, fill="#ffffff", edge="#ffffff", r=5)
        sheet.disc(1030, y + 15, 6, LEAF)
    sheet.box(890, 390, 200, 140, fill="#ffffff", r=14)
    sheet.line((925, 500), (965, 450), (1005, 475), (1055, 420), color=WATER, width=6)
    for value, (x, y) in enumerate(((150, 170), (575, 390), (1120, 120), (1140, 420)), 1):
        sheet.number(value, x, y)
    return sheet.png()


def _valve_exploded() -> bytes:
    sheet = Sheet(WIDTH, HEIGHT, PAPER)
    sheet.dashes((120, 300), (1080, 300), SOFT, 4)
    for y in (210, 270, 330, 390):
        sheet.box(110, y - 9, 80, 18, fill="#9aa7a0", r=5)
        sheet.box(100, y - 18, 22, 36, fill="#9aa7a0", r=5)
    sheet.box(270, 190, 60, 220, fill=LEAF)
    sheet.box(210, 250, 60, 100, fill="#31486b")
    coil = [(410 + 12 * step, 250 + 100 * (step % 2)) for step in range(11)]
    sheet.line(*coil, color="#6d7a74", width=7)
    sheet.box(620, 190, 34, 220, fill=AMBER, r=17)
    sheet.box(654, 265, 26, 70, fill=AMBER, r=13)
    sheet.box(790, 170, 220, 260, fill=LEAF)
    sheet.box(790, 250, 90, 100, fill=PAPER, r=8)
    sheet.box(1010, 260, 90, 80, fill=LEAF)
    for value, (x, y) in enumerate(((145, 470), (290, 470), (470, 430), (640, 470), (900, 490)), 1):
        sheet.number(value, x, y)
    return sheet.png()


DRAWINGS: dict[str, Callable[[], bytes]] = {
    "overview": _overview,
    "ring-states": _ring_states,
    "blow-out": _blow_out,
    "network": _network,
    "valve-exploded": _valve_exploded,
}


def drawing_png(name: str) -> bytes:
    """Returns the drawing of that name as PNG; raises ``KeyError`` for an unknown one."""
    return DRAWINGS[name]()


def _hair_behind(sheet: Sheet, style: str, hair: str) -> None:
    if style == "long":
        sheet.oval(62, 42, 132, 178, hair)
    elif style == "bob":
        sheet.oval(66, 44, 124, 128, hair)
    elif style == "bun":
        sheet.disc(128, 42, 27, hair)
        sheet.oval(74, 48, 108, 100, hair)
    elif style == "scarf":
        sheet.oval(60, 38, 136, 176, hair)
    else:
        sheet.oval(76, 46, 104, 96, hair)


def _hair_before(sheet: Sheet, style: str, hair: str, skin: str) -> None:
    if style == "scarf":
        sheet.disc(128, 118, 64, hair)
        sheet.shape((80, 160), (176, 160), (150, 224), (104, 224), fill=hair)
        sheet.oval(90, 78, 76, 92, skin)
        return
    sheet.shape((84, 104), (92, 68), (128, 56), (164, 68), (172, 104), (150, 84), (112, 82), fill=hair)
    if style == "beard":
        sheet.oval(88, 126, 80, 60, hair)
        sheet.oval(98, 106, 60, 54, skin)


def portrait_png(look: Mapping[str, str]) -> bytes:
    """Returns a portrait of 256 × 256 pixels as PNG.

    look: the colours ``background, skin, hair, shirt`` and the ``style`` of the hair: short, long, bob, bun, beard
    or scarf.
    """
    sheet = Sheet(PORTRAIT, PORTRAIT, look["background"])
    skin, hair, style = look["skin"], look["hair"], look["style"]
    _hair_behind(sheet, style, hair)
    sheet.oval(36, 196, 184, 130, look["shirt"])
    sheet.box(108, 160, 40, 56, fill=skin, edge=skin, r=16)
    sheet.oval(82, 64, 92, 116, skin)
    _hair_before(sheet, style, hair, skin)
    for x in (110, 146):
        sheet.disc(x, 118, 5, INK)
    sheet.arc(128, 136, 15, (25, 155), width=4)
    return sheet.png()
