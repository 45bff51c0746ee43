"""Pictures of members: only pixels are kept."""

import io

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from portal.accounts.models import PHOTO_SIZES, photo_path
from portal.accounts.services import photo_set
from portal.core.errors import Invalid
from tests.factories.accounts import member
from tests.factories.events import committed
from tests.factories.experts import picture

pytestmark = pytest.mark.django_db
GPS, MAKER, TURNED = 0x8825, 0x010F, 0x0112


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def stored(user, size: int) -> Image.Image:
    with default_storage.open(photo_path(user.photo, size)) as file:
        return Image.open(io.BytesIO(file.read()))


def camera_notes() -> Image.Exif:
    exif = Image.Exif()
    exif[MAKER] = "A secret camera"
    exif.get_ifd(GPS)[1] = "N"
    return exif


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_a_picture_becomes_two_squares(kind):
    someone = member()
    photo_set(user=someone, upload=picture(kind=kind))
    for size in PHOTO_SIZES:
        made = stored(someone, size)
        assert made.size == (size, size) and made.format == "WEBP"
    red, _green, blue = stored(someone, 256).convert("RGB").getpixel((200, 128))
    assert red > 150 > blue, "it is the picture that was sent, not something else"


def test_what_the_camera_noted_is_gone():
    someone = member()
    upload = picture(exif=camera_notes())
    assert b"A secret camera" in upload.read()
    upload.seek(0)
    photo_set(user=someone, upload=upload)
    for size in PHOTO_SIZES:
        with default_storage.open(photo_path(someone.photo, size)) as file:
            data = file.read()
        assert b"secret" not in data and b"EXIF" not in data and b"Exif" not in data
        assert not stored(someone, size).getexif()


def test_a_picture_taken_sideways_stands_upright():
    someone, exif = member(), Image.Exif()
    exif[TURNED] = 6
    photo_set(user=someone, upload=picture(size=(300, 300), exif=exif))
    top, bottom = (stored(someone, 256).convert("RGB").getpixel((128, y)) for y in (20, 236))
    assert top[2] > top[0] and bottom[0] > bottom[2], "left has become top"


def test_transparency_stays():
    someone, image, target = member(), Image.new("RGBA", (100, 100), (0, 0, 0, 0)), io.BytesIO()
    image.save(target, "PNG")
    photo_set(user=someone, upload=SimpleUploadedFile("a.png", target.getvalue()))
    assert stored(someone, 64).convert("RGBA").getpixel((32, 32))[3] == 0


def bomb() -> SimpleUploadedFile:
    """A PNG of few bytes that would take gigabytes when opened."""
    target = io.BytesIO()
    Image.new("1", (30_000, 30_000)).save(target, "PNG")
    return SimpleUploadedFile("bomb.png", target.getvalue())


@pytest.mark.parametrize(
    "upload",
    [
        lambda: SimpleUploadedFile("me.jpg", b""),
        lambda: SimpleUploadedFile("me.jpg", b"not a picture"),
        lambda: SimpleUploadedFile(
            "me.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
        ),
        lambda: SimpleUploadedFile("me.jpg", picture().read()[:200]),
        lambda: SimpleUploadedFile("me.html.jpg", b"<html><script>alert(1)</script>"),
        lambda: picture(size=(8, 8)),
        lambda: picture(kind="TIFF"),
        lambda: picture(kind="BMP"),
        lambda: SimpleUploadedFile("me.jpg", b"\xff\xd8\xff" + b"0" * 5_000_001),
        bomb,
    ],
)
def test_what_is_no_usable_picture(upload):
    someone = member()
    with pytest.raises(Invalid) as refused:
        photo_set(user=someone, upload=upload())
    assert "photo" in refused.value.fields
    someone.refresh_from_db()
    assert someone.photo == "" and not default_storage.exists("photos")


def test_a_new_picture_takes_the_place_of_the_old_one():
    someone = member()
    photo_set(user=someone, upload=picture())
    earlier = someone.photo
    with committed():
        photo_set(user=someone, upload=picture())
    assert someone.photo != earlier
    assert not default_storage.exists(photo_path(earlier, 64)) and default_storage.exists(photo_path(someone.photo, 64))
    with committed():
        photo_set(user=someone, upload=None)
    assert someone.photo == "" and default_storage.listdir("photos")[1] == []


def test_through_the_form_to_the_page(client):
    someone = member("mira")
    client.force_login(someone)
    response = client.post("/en/account/profile/", {"bio": "", "photo": picture(name="../../evil.jpg")})
    assert response.status_code == 302
    someone.refresh_from_db()
    page = client.get("/en/members/mira/").text
    assert f'src="{someone.photo_large_url}"' in page and "evil" not in someone.photo
    served = client.get(someone.photo_url)
    assert served.status_code == 200 and served["Content-Type"] == "image/webp"
    assert b"".join(served.streaming_content).startswith(b"RIFF")
    refused = client.post("/en/account/profile/", {"bio": "", "photo": SimpleUploadedFile("a.jpg", b"nothing")})
    assert refused.status_code == 422 and "cannot be read as a picture" in refused.text
    client.post("/en/account/profile/", {"bio": "", "photo_remove": "on"})
    assert "/avatars/mira.svg" in client.get("/en/members/mira/").text
