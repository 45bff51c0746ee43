"""Pictures of members: checked, made anew in two sizes, and nothing of the uploaded file kept."""

import io
import secrets

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from portal.core.errors import Invalid
from portal.core.pictures import PictureRefused, picture_open

from .models import PHOTO_SIZES, photo_path

LARGEST_BYTES = 5_000_000


def photo_store(*, upload: "UploadedFile[bytes]") -> str:
    """Keeps an uploaded picture in every size and returns its key; raises ``Invalid`` for anything but a picture."""
    if upload.size is None or upload.size > LARGEST_BYTES:
        raise Invalid({"photo": [_("Choose a picture of at most 5 MB.")]})
    try:
        picture = picture_open(upload, wanted=1024, smallest=16)
    except PictureRefused as error:
        words = _("This file cannot be read as a picture. JPEG, PNG, WebP and GIF work.")
        raise Invalid({"photo": [words]}) from error
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
