"""Pictures from outside, read without trusting them: what comes out is pixels and nothing else of the file.

Encoding the pixels again is what removes the camera's notes (place, device, time) and anything hidden behind them.
"""

import io
import warnings
from dataclasses import dataclass
from typing import IO

from PIL import Image, ImageOps, UnidentifiedImageError

FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
MOST_PIXELS = 40_000_000
# A JPEG is read at a fraction of its size where less is wanted, so that it may be larger.
MOST_PIXELS_JPEG = 80_000_000
BROKEN = (
    UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError, MemoryError, OverflowError,
    Image.DecompressionBombError, Image.DecompressionBombWarning,
)  # fmt: skip


class PictureRefused(Exception):
    """A file that is no picture, a broken one, or one too large to be unpacked."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture made anew. ``extension`` and ``content_type`` say as what; sizes are in pixels."""

    data: bytes
    extension: str
    content_type: str
    width: int
    height: int


def picture_open(file: IO[bytes], *, wanted: int, smallest: int = 1) -> Image.Image:
    """Returns the pixels of a file, upright and in plain colours; of an animation the first frame.

    wanted: the length of the longest side that will be kept, in pixels; smallest: of the shortest one that is taken.
    Raises ``PictureRefused``. The size is read from the head of the file, so that a bomb is never unpacked.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(file, formats=FORMATS)
            most = MOST_PIXELS_JPEG if picture.format == "JPEG" else MOST_PIXELS
            if picture.width * picture.height > most or min(picture.size) < smallest:
                raise PictureRefused
            picture.draft("RGB", (wanted, wanted))
            turned = ImageOps.exif_transpose(picture)
            plain = turned.convert("RGBA" if turned.has_transparency_data else "RGB")
            plain.info = {}
            plain.format = picture.format
            return plain
    except BROKEN as error:
        raise PictureRefused from error


def picture_remake(file: IO[bytes], *, longest: int) -> Picture:
    """Returns a picture made anew from a file's pixels, its longest side at most ``longest`` pixels.

    A JPEG stays one, a WebP too; GIF and PNG become PNG. Raises ``PictureRefused``.
    """
    pixels = picture_open(file, wanted=longest)
    kind = pixels.format
    if max(pixels.size) > longest:
        pixels.thumbnail((longest, longest), Image.Resampling.LANCZOS)
    target = io.BytesIO()
    if kind == "JPEG":
        pixels.convert("RGB").save(target, "JPEG", quality=87, optimize=True, progressive=True)
        extension, content_type = "jpg", "image/jpeg"
    elif kind == "WEBP":
        pixels.save(target, "WEBP", quality=86, method=4)
        extension, content_type = "webp", "image/webp"
    else:
        pixels.save(target, "PNG", optimize=True)
        extension, content_type = "png", "image/png"
    return Picture(target.getvalue(), extension, content_type, *pixels.size)
