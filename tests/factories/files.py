"""Files for tests, made in memory: pictures as cameras and editors write them, and what pretends to be one."""

import io
import zipfile

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from PIL.TiffImagePlugin import IFDRational

GPS = 0x8825
ORIENTATION = 0x0112
MAKER = 0x010F
PLACE = {1: "N", 2: (IFDRational(35), IFDRational(41), IFDRational(22)), 3: "E", 4: (IFDRational(139),) * 3}


def pixels(size: tuple[int, int] = (60, 40), mode: str = "RGB") -> Image.Image:
    """A picture whose left half is red and whose right half is blue; half see-through in RGBA."""
    clear = (128,) if mode == "RGBA" else ()
    picture = Image.new(mode, size, (220, 30, 30, *clear))
    picture.paste((20, 30, 220, *clear), (size[0] // 2, 0, *size))
    return picture


def picture(kind: str = "PNG", *, size: tuple[int, int] = (60, 40), mode: str = "RGB", **more: object) -> bytes:
    """The bytes of a picture in a format of Pillow's."""
    target = io.BytesIO()
    pixels(size, mode).save(target, kind, **more)
    return target.getvalue()


def photo(*, turned: int = 1, size: tuple[int, int] = (60, 40)) -> bytes:
    """A JPEG as a telephone takes it: with the place, the maker and how it was held (an EXIF orientation)."""
    notes = Image.Exif()
    notes[MAKER] = "Secret Camera Works"
    notes[ORIENTATION] = turned
    notes.get_ifd(GPS).update(PLACE)
    return picture("JPEG", size=size, exif=notes.tobytes(), comment=b"secret remark")


def archive(**entries: str) -> bytes:
    """A zip of texts."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, text in (entries or {"a.txt": "hello"}).items():
            packed.writestr(name, text)
    return target.getvalue()


PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def sent(name: str = "picture.png", data: bytes | None = None) -> SimpleUploadedFile:
    """A file as a form brings it."""
    return SimpleUploadedFile(name, picture() if data is None else data)
