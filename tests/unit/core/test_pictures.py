"""What comes out of a file from outside is pixels: no notes, no passengers, no bombs."""

import io
import struct
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from portal.core.pictures import MOST_PIXELS, PictureRefused, picture_open, picture_remake
from tests.factories.files import GPS, archive, photo, picture, pixels


def remade(data: bytes, longest: int = 2000):
    return picture_remake(io.BytesIO(data), longest=longest)


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


class TestNotes:
    def test_the_photo_of_these_tests_has_a_place(self):
        notes = opened(photo()).getexif()
        assert notes.get_ifd(GPS)[1] == "N"
        assert b"Secret Camera Works" in photo() and b"secret remark" in photo()

    def test_nothing_of_them_is_left(self):
        data = remade(photo()).data
        assert dict(opened(data).getexif()) == {}
        for passenger in (b"Exif", b"Secret", b"secret"):
            assert passenger not in data

    @pytest.mark.parametrize("kind", ["PNG", "WEBP", "JPEG"])
    def test_in_any_format(self, kind):
        notes = Image.Exif()
        notes.get_ifd(GPS)[1] = "N"
        notes[0x010F] = "Secret Camera Works"
        data = remade(picture(kind, exif=notes.tobytes())).data
        assert dict(opened(data).getexif()) == {} and b"Secret" not in data

    def test_texts_inside_a_png_are_gone(self):
        from PIL.PngImagePlugin import PngInfo

        told = PngInfo()
        told.add_text("Comment", "secret remark")
        assert b"secret" not in remade(picture(pnginfo=told)).data

    def test_a_turned_photo_is_made_upright(self):
        made = remade(photo(turned=6, size=(60, 40)))
        assert (made.width, made.height) == (40, 60)
        red, _green, blue = opened(made.data).convert("RGB").getpixel((20, 5))
        assert red > blue, "the left half of the sensor is the top of the picture"


class TestFormats:
    @pytest.mark.parametrize(
        ("kind", "extension", "content_type"),
        [
            ("JPEG", "jpg", "image/jpeg"),
            ("PNG", "png", "image/png"),
            ("WEBP", "webp", "image/webp"),
            ("GIF", "png", "image/png"),
        ],
    )
    def test_what_becomes_of_each(self, kind, extension, content_type):
        made = remade(picture(kind))
        assert (made.extension, made.content_type) == (extension, content_type)
        assert (made.width, made.height) == opened(made.data).size == (60, 40)

    @pytest.mark.parametrize("kind", ["PNG", "WEBP"])
    def test_what_is_clear_stays_clear(self, kind):
        assert opened(remade(picture(kind, mode="RGBA")).data).mode == "RGBA"

    @pytest.mark.parametrize("kind", ["GIF", "WEBP"])
    def test_of_an_animation_the_first_frame_is_kept(self, kind):
        target = io.BytesIO()
        second = Image.new("RGB", (60, 40), (0, 200, 0))
        pixels().save(target, kind, save_all=True, append_images=[second], duration=100)
        shown = opened(remade(target.getvalue()).data)
        assert getattr(shown, "n_frames", 1) == 1
        red, green, _blue = shown.convert("RGB").getpixel((5, 5))
        assert red > green

    def test_a_large_one_is_made_smaller_and_keeps_its_shape(self):
        made = remade(picture(size=(300, 150)), longest=100)
        assert (made.width, made.height) == (100, 50)

    def test_a_large_jpeg_too(self):
        made = remade(picture("JPEG", size=(900, 600)), longest=90)
        assert (made.width, made.height) == (90, 60)

    def test_a_small_one_is_not_made_larger(self):
        assert remade(picture(size=(3, 2)), longest=100).width == 3


def png_of(width: int, height: int) -> bytes:
    """A PNG that says it is so large and holds next to nothing: a bomb."""

    def chunk(name: bytes, content: bytes) -> bytes:
        body = name + content
        return struct.pack(">I", len(content)) + body + struct.pack(">I", zlib.crc32(body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    packed = zlib.compress(b"\0" * 1000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


class TestRefused:
    @pytest.mark.parametrize(
        "size", [(50_000, 50_000), (30_000, 30_000), (MOST_PIXELS // 1000 + 1, 1000), (2**31 - 1, 9)]
    )
    def test_a_bomb_is_not_unpacked(self, size):
        with pytest.raises(PictureRefused):
            remade(png_of(*size))

    @pytest.mark.parametrize(
        "data",
        [
            b"",
            b"GIF89a",
            b"\xff\xd8\xff\xe0 and no more",
            b"\x89PNG\r\n\x1a\n" + b"\0" * 100,
            b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
            b"<html><script>alert(1)</script>",
            b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n",
            archive(),
            picture("BMP"),
            picture("TIFF"),
            picture("ICO"),
            picture("JPEG")[:200],
        ],
        ids=["empty", "gif head", "jpeg head", "png head", "svg", "html", "eps", "zip", "bmp", "tiff", "ico", "cut"],
    )
    def test_anything_but_a_whole_picture_of_a_known_format(self, data):
        with pytest.raises(PictureRefused):
            remade(data)

    def test_one_that_is_too_small_where_a_size_is_asked_for(self):
        with pytest.raises(PictureRefused):
            picture_open(io.BytesIO(picture(size=(8, 60))), wanted=100, smallest=16)

    @settings(max_examples=60)
    @given(st.binary(max_size=200), st.integers(0, 400))
    def test_damaged_files_are_refused_or_read_never_a_crash(self, noise, place):
        whole = picture("GIF")
        try:
            made = remade(whole[:place] + noise + whole[place + len(noise) :])
        except PictureRefused:
            return
        assert opened(made.data).format == "PNG"


class TestPassengers:
    @pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP"])
    def test_what_hides_behind_the_pixels_stays_behind(self, kind):
        hidden = b"<script>alert(1)</script>" + archive(**{"run.js": "alert(1)"})
        made = remade(picture(kind) + hidden)
        assert b"<script>" not in made.data and b"PK\x03\x04" not in made.data
        assert b"run.js" not in made.data
