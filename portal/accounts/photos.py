"""Pictures of members: checked, made anew in two sizes, and nothing of the uploaded file kept.

Encoding the pixels again is what removes the camera's notes (place, device, time) and anything hidden behind them.
"""

import io
import secrets
import warnings

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from portal.core.errors import Invalid

from .models import PHOTO_SIZES, photo_path

LARGEST_BYTES = 5_000_000
MOST_PIXELS = 40_000_000
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")


def photo_store(*, upload: "UploadedFile[bytes]") -> str:
    """Keeps an uploaded picture in every size and returns its key; raises ``Invalid`` for anything but a picture."""
    if upload.size is None or upload.size > LARGEST_BYTES:
        raise Invalid({"photo": [_("Choose a picture of at most 5 MB.")]})
    picture = _opened(upload)
    key = secrets.token_hex(10)
    for size in PHOTO_SIZES:
        square = ImageOps.fit(picture, (size, size), Image.Resampling.LANCZOS)
        target = io.BytesIO()
        square.save(target, "WEBP", quality=86, method=4)
        default_storage.save(photo_path(key, size), ContentFile(target.getvalue()))
    return key


def photo_forget(*, key: str) -> None:
    """Takes a picture away in every size; one that is gone already is no error."""
    for size in PHOTO_SIZES:
        default_storage.delete(photo_path(key, size))


def _opened(upload: "UploadedFile[bytes]") -> Image.Image:
    """Returns the pixels of an upload, upright and in plain colours, without anything else of the file."""
    refused = Invalid({"photo": [_("This file cannot be read as a picture. JPEG, PNG, WebP and GIF work.")]})
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(upload, formats=FORMATS)
            if picture.width * picture.height > MOST_PIXELS or min(picture.size) < 16:
                raise refused
            picture.draft("RGB", (1024, 1024))
            turned = ImageOps.exif_transpose(picture)
            plain = turned.convert("RGBA" if turned.has_transparency_data else "RGB")
            plain.info = {}
            return plain
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError) as error:
        raise refused from error
    except Image.DecompressionBombWarning as error:
        raise refused from error
