"""What may be attached, and how a file is known for what its name says: by what is in it.

Nothing of this is ever run or shown by the portal; a file is only offered for download, under its own type, in a
sandbox (``views/uploads.py``). What a browser could run is not taken, whatever it is called.
"""

import io
import json
import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass

PICTURE_HEADS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a")
PICTURE_NAMES = frozenset({"jpg", "jpeg", "jpe", "png", "gif", "webp", "avif", "heic", "heif", "bmp", "tif", "tiff"})
MARKUP = re.compile(
    rb"\s*(?:<!--.*?-->\s*)*<(?:!doctype|\?xml|html|head|body|script|svg|iframe|style|xsl)", re.I | re.S
)
CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
MOST_ENTRIES = 20_000


@dataclass(frozen=True, slots=True)
class FileType:
    """A type of file: as what it is served, and whether some bytes are one."""

    content_type: str
    holds: Callable[[bytes], bool]


def is_picture(*, data: bytes, extension: str) -> bool:
    """Whether a file is meant as a picture: by its first bytes, else by its name."""
    webp = data[:4] == b"RIFF" and data[8:12] == b"WEBP"
    return data.startswith(PICTURE_HEADS) or webp or extension in PICTURE_NAMES


def _is_text(data: bytes) -> bool:
    """Whether this is text of any encoding that shares ASCII (or UTF-16 with its mark), and no page."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            data = data.decode("utf-16").encode()
        except UnicodeDecodeError:
            return False
    data = data.removeprefix(b"\xef\xbb\xbf")
    return not CONTROLS.search(data) and not MARKUP.match(data)


def _is_json(data: bytes) -> bool:
    try:
        json.loads(data)
    except (ValueError, RecursionError):
        return False
    return True


def _is_pdf(data: bytes) -> bool:
    return data.startswith(b"%PDF-") and b"%%EOF" in data[-2048:]


def _is_zip(data: bytes) -> bool:
    """Whether this is an archive from its first byte on (not one hidden behind something else) with a sane index."""
    if not data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return len(archive.infolist()) <= MOST_ENTRIES
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, EOFError):
        return False


def _is_gzip(data: bytes) -> bool:
    return data.startswith(b"\x1f\x8b\x08")


TEXT = FileType("text/plain; charset=utf-8", _is_text)
FILE_TYPES: Mapping[str, FileType] = {
    **dict.fromkeys(("txt", "log", "md", "yaml", "ini", "conf", "diff", "patch"), TEXT),
    "csv": FileType("text/csv; charset=utf-8", _is_text),
    "tsv": FileType("text/tab-separated-values; charset=utf-8", _is_text),
    "json": FileType("application/json", _is_json),
    "pdf": FileType("application/pdf", _is_pdf),
    "zip": FileType("application/zip", _is_zip),
    "gz": FileType("application/gzip", _is_gzip),
}
