"""Profiles and what others brought along, for tests."""

import io
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from portal.accounts.models import User
from portal.core.models import Source
from portal.experts.models import Profile
from portal.experts.services.profiles import profile_update
from portal.experts.services.reputation import reputation_import

from .accounts import member
from .events import committed


def profile(user: User | None = None, **fields: Any) -> Profile:
    """Returns the profile of ``user`` (default: a new member) with ``fields`` written by the service."""
    written: dict[str, Any] = {
        "bio": "",
        "company": "",
        "role": "",
        "location": "",
        "website": "",
        "languages": {},
        "topics": (),
        **fields,
    }
    with committed():
        return profile_update(user=user or member(), **written)


def source(name: str = "printing.example") -> Source:
    """Returns a site that things are imported from."""
    made, _new = Source.objects.get_or_create(name=name, defaults={"title": name, "licence": "CC BY-SA 4.0"})
    return made


def brought_along(user: User, amount: int) -> None:
    """Gives a member reputation of an earlier community."""
    reputation_import(source=source(), amounts={user.pk: amount})


def picture(
    *, size: tuple[int, int] = (300, 200), kind: str = "JPEG", name: str = "me.jpg", exif: Any = None
) -> SimpleUploadedFile:
    """Returns an uploaded picture; ``exif`` is a Pillow ``Exif`` to put inside."""
    image, target = Image.new("RGB", size, (200, 60, 40)), io.BytesIO()
    image.paste((30, 90, 200), (0, 0, size[0] // 2, size[1]))
    more = {"exif": exif} if exif is not None else {}
    image.save(target, kind, **more)
    return SimpleUploadedFile(name, target.getvalue(), content_type=f"image/{kind.lower()}")
