"""Uploads over the API: sent by members, told to whoever may see a post that uses one."""

from uuid import uuid4

import pytest
from django.test.client import encode_multipart

from portal.questions.models import Upload
from tests.factories.accounts import member
from tests.factories.files import PDF, photo, sent
from tests.factories.questions import question

from .conftest import Caller

pytestmark = pytest.mark.django_db
MEMBERS = {
    "id", "url", "markdown", "kind", "name", "content_type", "size", "sha256", "width", "height", "created_at",
}  # fmt: skip


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    """A place for the uploads of one test."""
    kept = {**settings.STORAGES["uploads"], "OPTIONS": {"location": tmp_path / "uploads", "base_url": None}}
    settings.STORAGES = {**settings.STORAGES, "uploads": kept}
    settings.PORTAL_LIMITS = False


def send(caller, name="picture.png", data=None, *, field="file", **headers):
    boundary = uuid4().hex
    body = encode_multipart(boundary, {field: sent(name, data)})
    return caller.post("uploads", body, Content_Type=f"multipart/form-data; boundary={boundary}", **headers)


@pytest.fixture
def owner():
    return member()


@pytest.fixture
def caller(owner):
    return Caller(owner)


class TestOutsiders:
    def test_a_stranger_sends_nothing(self):
        assert send(Caller()).status_code == 401
        assert not Upload.objects.exists()

    def test_what_no_post_uses_is_told_to_its_owner_alone(self, caller):
        told = send(caller).json()
        assert caller.get(f"uploads/{told['id']}").status_code == 200
        for other in (Caller(), Caller(member()), Caller(member(staff=True))):
            assert other.get(f"uploads/{told['id']}").status_code == 404

    def test_with_a_post_it_is_told_to_everybody_and_never_whose_it_is(self, caller, owner):
        told = send(caller).json()
        question(owner, body=told["markdown"])
        read = Caller().get(f"uploads/{told['id']}")
        assert read.status_code == 200 and read.json() == told
        assert owner.username not in read.content.decode()

    @pytest.mark.parametrize("key", ["x", "A" * 22, "..", "%00"])
    def test_what_is_none_is_not_there(self, caller, key):
        assert caller.get(f"uploads/{key}").status_code in (400, 404)


class TestSending:
    def test_a_picture(self, caller):
        reply = send(caller, "beach.jpg", photo())
        told = reply.json()
        assert reply.status_code == 201 and set(told) == MEMBERS
        assert reply["Location"].endswith(f"/api/v1/uploads/{told['id']}")
        assert (told["kind"], told["width"], told["height"]) == ("picture", 60, 40)
        assert told["url"].startswith("http://testserver/uploads/")

    def test_a_file(self, caller):
        told = send(caller, "manual.pdf", PDF).json()
        assert (told["kind"], told["width"], told["size"]) == ("file", None, len(PDF))
        assert told["markdown"] == f"[manual.pdf]({told['url'].removeprefix('http://testserver')})"

    def test_its_markdown_shows_it_in_a_post(self, caller, owner):
        told = send(caller).json()
        made = caller.post("questions", {"title": "What is this light?", "body": told["markdown"], "language": "en"})
        assert f'src="{told["url"].removeprefix("http://testserver")}"' in made.json()["body_html"]
        assert Caller().get(told["url"].removeprefix("http://testserver")).status_code == 200

    @pytest.mark.parametrize(
        ("name", "data"), [("a.svg", b"<svg/>"), ("a.txt", b"<html>"), ("a.pdf", b"x"), ("a.txt", b"")]
    )
    def test_what_is_refused_says_why(self, caller, name, data):
        reply = send(caller, name, data)
        assert reply.status_code == 422 and reply.json()["errors"]["file"]

    def test_a_form_without_the_file(self, caller):
        assert send(caller, field="other").status_code == 422

    def test_a_body_that_is_no_form(self, caller):
        assert caller.post("uploads", {"file": "x"}).status_code in (400, 422)


class TestTwice:
    def test_the_same_call_with_a_key_is_answered_the_same(self, caller):
        first = send(caller, Idempotency_Key="one")
        again = send(caller, Idempotency_Key="one")
        assert again["Idempotency-Replayed"] == "true" and again.json() == first.json()
        assert Upload.objects.count() == 1

    def test_another_file_under_the_key_is_refused(self, caller):
        send(caller, Idempotency_Key="one")
        assert send(caller, "b.txt", b"b", Idempotency_Key="one").status_code == 422

    def test_a_large_file_takes_a_key_too(self, caller):
        data = b"line of a long log\n" * 200_000
        assert send(caller, "a.log", data, Idempotency_Key="one").status_code == 201
