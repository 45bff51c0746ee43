"""Uploaded pictures are served; nothing else that lies in the data folder is."""

from pathlib import Path

import pytest

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360f8ffff3f0005fe02fea1"
    "35818e0000000049454e44ae426082"
)
pytestmark = pytest.mark.django_db


@pytest.fixture
def media(settings, tmp_path):
    """A folder of uploads beside a file that is nobody's business."""
    settings.MEDIA_ROOT = tmp_path / "media"
    for name in ("images/a.png", "photos/b.webp", "documents/secret.pdf", "images/page.html", "images/c.svg"):
        place = Path(settings.MEDIA_ROOT) / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(PIXEL)
    (tmp_path / "secret_key").write_text("do not tell")
    return tmp_path


def test_a_picture_is_served_and_kept_by_browsers(media, client):
    reply = client.get("/media/images/a.png")
    assert reply.status_code == 200 and reply.getvalue() == PIXEL
    assert reply["Content-Type"] == "image/png"
    assert "max-age=" in reply["Cache-Control"]


def test_a_photo_is_served(media, client):
    assert client.get("/media/photos/b.webp")["Content-Type"] == "image/webp"


def test_a_drawing_cannot_run_anything(media, client):
    reply = client.get("/media/images/c.svg")
    assert "sandbox" in reply["Content-Security-Policy"] and "unsafe" not in reply["Content-Security-Policy"]
    assert reply["X-Content-Type-Options"] == "nosniff"


def test_an_unchanged_picture_is_not_sent_again(media, client):
    known = client.get("/media/images/a.png")["Last-Modified"]
    assert client.get("/media/images/a.png", headers={"If-Modified-Since": known}).status_code == 304


@pytest.mark.parametrize(
    "path",
    [
        "documents/secret.pdf",
        "images/page.html",
        "images/",
        "images",
        "images/missing.png",
        "../secret_key",
        "images/../../secret_key",
        "images/..%2f..%2fsecret_key",
        "images/%2e%2e/%2e%2e/secret_key",
        "images/a.png/x",
        "images/\x00.png",
        "images/" + "a" * 300 + ".png",
    ],
)
def test_anything_else_is_not_there(media, client, path):
    assert client.get(f"/media/{path}").status_code == 404


def test_nothing_can_be_put_there(media, client):
    assert client.post("/media/images/a.png").status_code == 405
