"""Films, captions and other documents as browsers ask for them."""

from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wagtail.documents.models import Document
from wagtail.models import CollectionViewRestriction

from portal.knowledge.views.films import _range
from tests.factories.accounts import member
from tests.factories.knowledge import document

pytestmark = pytest.mark.django_db
FILM = bytes(range(256)) * 40


def content(response: Any) -> bytes:
    return response.getvalue() if response.streaming else response.content


def test_a_film_is_played_whole_or_in_parts(client: Client) -> None:
    film = document("tour.mp4", FILM)
    whole = client.get(film.url)
    assert (whole.status_code, content(whole)) == (200, FILM)
    assert whole.headers["Content-Type"] == "video/mp4"
    assert whole.headers["Accept-Ranges"] == "bytes"
    assert whole.headers["Content-Disposition"] == "inline"
    for asked, first, last in (("0-1", 0, 1), ("100-", 100, len(FILM) - 1), ("-10", len(FILM) - 10, len(FILM) - 1)):
        part = client.get(film.url, headers={"Range": f"bytes={asked}"})
        assert part.status_code == 206
        assert part.headers["Content-Range"] == f"bytes {first}-{last}/{len(FILM)}"
        assert part.headers["Content-Length"] == str(last - first + 1)
        assert content(part) == FILM[first : last + 1]


@pytest.mark.parametrize("asked", ["bytes=999999-", "bytes=-0"])
def test_a_part_beyond_the_end(client: Client, asked: str) -> None:
    film = document("tour.webm", FILM)
    response = client.get(film.url, headers={"Range": asked})
    assert response.status_code == 416
    assert response.headers["Content-Range"] == f"bytes */{len(FILM)}"


@pytest.mark.parametrize(
    "asked", ["bytes=0-1,4-5", "lines=1-2", "bytes=-", "bytes=9-2", "x", "bytes=" + "9" * 99 + "-"]
)
def test_what_is_not_understood_gets_the_whole_file(client: Client, asked: str) -> None:
    film = document("tour.mp4", FILM)
    response = client.get(film.url, headers={"Range": asked})
    assert (response.status_code, content(response)) == (200, FILM)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=30) | st.from_regex(r"bytes=\d{0,4}-\d{0,4}", fullmatch=True), st.integers(0, 5000))
def test_a_range_lies_inside_the_file(header: str, size: int) -> None:
    found = _range(header, size)
    if found:
        first, last = found
        assert 0 <= first <= last < size


def test_captions_are_text_that_runs_nothing(client: Client) -> None:
    captions = document("tour.vtt", "WEBVTT\n\n00:00.000 --> 00:01.000\nПривет\n".encode())
    response = client.get(captions.url)
    assert response.headers["Content-Type"] == "text/vtt; charset=utf-8"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert "Привет" in content(response).decode()


def test_other_documents_are_downloads(client: Client) -> None:
    letter = document("letter.pdf", b"%PDF-1.4")
    response = client.get(letter.url)
    assert response.status_code == 200
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    content(response)


@pytest.mark.parametrize("name", ["tour.mp4", "letter.pdf"])
def test_a_document_of_a_closed_collection_is_for_members(client: Client, name: str) -> None:
    kept = document(name, FILM)
    CollectionViewRestriction.objects.create(
        collection=kept.collection, restriction_type=CollectionViewRestriction.LOGIN
    )
    assert client.get(kept.url).status_code == 302
    client.force_login(member())
    response = client.get(kept.url)
    assert response.status_code == 200
    content(response)


def test_only_the_right_name_opens_a_document(client: Client) -> None:
    film = document("tour.mp4", FILM)
    assert client.get(f"/documents/{film.pk}/other.mp4").status_code == 404
    assert client.get("/documents/999999/tour.mp4").status_code == 404
    assert client.get(f"/documents/{'9' * 40}/tour.mp4").status_code == 404
    assert client.get(f"/media/{film.file.name}").status_code == 404
    assert client.post(film.url).status_code == 405


def test_a_film_whose_file_is_gone(client: Client) -> None:
    film = document("tour.mp4", FILM)
    Document.objects.filter(pk=film.pk).update(file="documents/nowhere.mp4")
    film.refresh_from_db()
    assert client.get(film.url).status_code == 404
