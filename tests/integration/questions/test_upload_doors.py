"""Uploads at their doors: each kind refused by content on every way in, odd names, what joining and losing does."""

import gzip
from datetime import timedelta
from urllib.parse import unquote

import pytest
from django.core.cache import cache
from django.core.files.storage import storages
from django.db import transaction
from django.test import Client

from portal.core.clock import now
from portal.core.errors import Invalid, TooMany
from portal.questions.models import Upload, UploadUse
from portal.questions.services import uploads as service
from portal.questions.services.answers import answer_delete, answer_edit
from portal.questions.services.comments import comment_delete
from portal.questions.services.merging import merge_undo, questions_merge
from portal.questions.services.questions import question_delete, question_restore
from portal.questions.services.uploads import upload_create, uploads_sweep
from tests.factories.accounts import member
from tests.factories.events import committed
from tests.factories.files import PDF, archive, picture, sent
from tests.factories.questions import answer, comment, question
from tests.integration.api.conftest import Caller

from .scene import signed_in

pytestmark = pytest.mark.django_db

PAGE = b"<!doctype html><script>alert(1)</script>"
FORGED = {
    "a.jpg": b"GIF89a" + PAGE,
    "b.png": b"\x89PNG\r\n\x1a\n" + PAGE,
    "c.gif": PAGE,
    "d.webp": b"RIFF\x10\x00\x00\x00WEBP" + PAGE,
    "e.heic": b"\x00\x00\x00\x18ftypheic" + bytes(32),
    "f.bmp": b"BM" + bytes(64),
    "g.txt": b"\x00\x01\x02 binary",
    "h.md": PAGE,
    "i.csv": b"\xef\xbb\xbf \n<html>",
    "j.json": b"{broken",
    "k.yaml": b"<!-- x --><svg onload=alert(1)/>",
    "l.pdf": b"%PDF-1.4 without an end",
    "m.zip": b"PK\x03\x04 no index",
    "n.gz": b"not packed",
    "o.svg": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    "p.html": b"hello",
    "q.js": b"alert(1)",
    "r.tar.gz.exe": gzip.compress(b"x"),
    "s.docx": archive(),
    "t": PDF,
}
NAMES = [
    ("photo\u202egpj.exe.png", "photogpj.exe.png"),
    ("\u200fصورة الجهاز\u200e.png", "صورة الجهاز.png"),
    ("写真 ①.png", "写真 ①.png"),
    ("снимок.PNG", "снимок.png"),
    ("x" * 400 + ".png", "x" * 90 + ".png"),
    ("👩‍🔧.png", "👩🔧.png"),
    ("..%2f..%2fetc.png", "..%2f..%2fetc.png".strip(". ")),
    ('"; filename="evil.html.png', '"; filename="evil.html.png'),
    ("a\r\nSet-Cookie: x=1.png", "aSet-Cookie: x=1.png"),
]


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    """A place for the uploads of one test."""
    kept = {**settings.STORAGES["uploads"], "OPTIONS": {"location": tmp_path / "uploads", "base_url": None}}
    settings.STORAGES = {**settings.STORAGES, "uploads": kept}
    settings.PORTAL_LIMITS = False
    return tmp_path / "uploads"


@pytest.fixture
def owner():
    return member()


@pytest.fixture
def upload(owner):
    return upload_create(user=owner, file=sent())


def status(upload, user=None):
    return signed_in(user).get(upload.get_absolute_url()).status_code


class TestRefused:
    def test_each_kind_is_known_by_its_content_and_nothing_of_it_is_kept(self, owner, folder):
        client = signed_in(owner)
        for name, data in FORGED.items():
            reply = client.post("/en/questions/uploads/", {"file": sent(name, data)})
            assert reply.status_code == 422, name
            told = reply.json()["error"]
            assert told and "<" not in told, name
        assert not Upload.objects.exists()
        assert not folder.exists() or not any(path.is_file() for path in folder.rglob("*"))

    def test_pictures_hidden_behind_others_do_not_come_along(self, owner):
        made = upload_create(user=owner, file=sent("a.png", picture() + PAGE + archive()))
        with storages["uploads"].open(made.place) as file:
            kept = file.read()
        assert b"script" not in kept and b"PK\x03\x04" not in kept

    @pytest.mark.parametrize("language", ["en", "ru", "ja", "ar"])
    def test_why_is_said_in_words_beside_the_text_without_a_script(self, owner, language):
        form = {"body": "My words", "preview": "1", "files": [sent("o.svg", FORGED["o.svg"])]}
        page = signed_in(owner).post(f"/{language}/questions/{question().pk}/answer/", form).content.decode()
        assert 'role="alert"' in page and "o.svg" in page and "My words" in page
        assert f'<html lang="{language}"' in page

    def test_a_file_that_cannot_be_written_leaves_no_row(self, owner, monkeypatch):
        def full(*_args, **_more):
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(type(storages["uploads"]), "save", full)
        with pytest.raises(OSError, match="space"):
            upload_create(user=owner, file=sent())
        assert not Upload.objects.exists()


class TestNames:
    @pytest.mark.parametrize(("given", "kept"), NAMES, ids=range(len(NAMES)))
    def test_an_odd_name_is_shown_whole_or_mended_and_its_address_works(self, owner, given, kept):
        file = sent()
        file._name = given  # a program may send what Django would cut
        made = upload_create(user=owner, file=file)
        assert made.name == kept
        assert unquote(made.get_absolute_url()) == f"/uploads/{made.key}/{kept}"
        reply = signed_in(owner).get(made.get_absolute_url())
        assert reply.status_code == 200
        disposition = reply["Content-Disposition"]
        assert disposition.startswith("inline") and "\n" not in disposition and "\r" not in disposition
        assert disposition.isascii()

    @pytest.mark.parametrize("given", ["a](javascript:alert(1)).png", "![x](y).png", "a\\].png", "`c`.png", "<b>.png"])
    def test_its_markdown_is_one_picture_whatever_it_is_called(self, owner, given):
        file = sent()
        file._name = given
        made = upload_create(user=owner, file=file)
        html = question(owner, body=made.markdown).body_html
        assert html.count("<img") == 1 and "<b>" not in html and 'src="/uploads/' in html
        assert status(made) == 200


class TestHeaders:
    def test_every_answer_of_the_door_is_sandboxed_also_without_a_body(self, owner, upload):
        file = upload_create(user=owner, file=sent("a.pdf", PDF))
        client = signed_in(owner)
        for made in (upload, file):
            whole = client.get(made.get_absolute_url())
            answers = [
                whole,
                client.head(made.get_absolute_url()),
                client.get(made.get_absolute_url(), headers={"If-None-Match": whole["ETag"]}),
            ]
            assert [reply.status_code for reply in answers] == [200, 200, 304]
            for reply in answers:
                assert reply["Content-Security-Policy"] == "default-src 'none'; sandbox"
                assert reply["X-Content-Type-Options"] == "nosniff"
                assert reply["Cache-Control"] == "private, no-cache"
                assert "Set-Cookie" not in reply.headers
        assert client.get(file.get_absolute_url())["Content-Disposition"].startswith("attachment")

    def test_a_refusal_tells_neither_name_nor_type(self, upload):
        reply = Client().get(upload.get_absolute_url())
        never = Client().get(f"/uploads/{'A' * 22}/{upload.name}")
        assert (reply.status_code, never.status_code) == (404, 404)
        assert "ETag" not in reply.headers and "Content-Disposition" not in reply.headers


class TestWhoSeesIt:
    def test_the_table(self, owner, upload):
        other, staff = member(), member(staff=True)
        people = (None, other, staff, owner)
        seen = lambda: [status(upload, user) for user in people]  # noqa: E731
        alone, everybody = [404, 404, 404, 200], [200] * 4
        assert seen() == alone
        asked = question(owner, body=upload.markdown)
        assert seen() == everybody
        question_delete(user=owner, question_id=asked.pk)
        assert seen() == alone
        question_restore(user=owner, question_id=asked.pk)
        assert seen() == everybody

    def test_an_account_that_is_switched_off_is_a_stranger(self, owner, upload):
        client = signed_in(owner)
        type(owner).objects.filter(pk=owner.pk).update(is_active=False)
        assert client.get(upload.get_absolute_url()).status_code == 404

    def test_what_an_account_that_is_gone_left_in_posts_stays(self, owner, upload):
        question(owner, body=upload.markdown)
        owner.delete()
        assert status(upload) == 200
        assert Upload.objects.get().owner is None

    def test_it_goes_through_joining_and_parting_with_its_post(self, owner, upload):
        staff, target = member(staff=True), question()
        second = upload_create(user=owner, file=sent("b.txt", b"b"))
        asked = question(owner, body=upload.markdown)
        answer(asked, owner, body=second.markdown)
        with committed():
            merge = questions_merge(user=staff, source_id=asked.pk, target_id=target.pk, reason="")
        assert [status(each) for each in (upload, second)] == [200, 200]
        question_delete(user=staff, question_id=target.pk)
        assert [status(each) for each in (upload, second)] == [404, 404]
        question_restore(user=staff, question_id=target.pk)
        with committed():
            merge_undo(user=staff, merge_id=merge.pk)
        question_delete(user=staff, question_id=target.pk)
        assert [status(each) for each in (upload, second)] == [200, 200]

    def test_of_three_posts_the_last_one_closes_it(self, owner, upload):
        staff = member(staff=True)
        asked, given = question(owner, body=upload.markdown), answer(user=owner, body=upload.markdown)
        said = comment(question(), owner, body=upload.markdown)
        question_delete(user=owner, question_id=asked.pk)
        answer_delete(user=owner, answer_id=given.pk)
        assert status(upload) == 200
        comment_delete(user=staff, comment_id=said.pk)
        assert status(upload) == 404

    def test_the_api_and_the_page_agree(self, owner, upload):
        asked = question(owner, body=upload.markdown)
        for act in (lambda: None, lambda: question_delete(user=owner, question_id=asked.pk)):
            act()
            for user in (None, member(), owner):
                assert Caller(user).get(f"uploads/{upload.key}").status_code == status(upload, user)


class TestShares:
    @pytest.fixture(autouse=True)
    def limits(self, settings):
        settings.PORTAL_LIMITS = True
        cache.clear()

    def test_bytes_are_counted_to_the_last_one(self, owner, monkeypatch):
        monkeypatch.setattr(service, "DAY_BYTES", 200)
        upload_create(user=owner, file=sent("a.txt", b"a" * 120))
        with pytest.raises(TooMany) as refused:
            upload_create(user=owner, file=sent("b.txt", b"b" * 81))
        assert refused.value.retry_after > 0
        assert upload_create(user=owner, file=sent("c.txt", b"c" * 80))

    def test_what_is_refused_takes_nothing_of_the_share(self, owner, monkeypatch):
        monkeypatch.setattr(service, "DAY_BYTES", 200)
        with pytest.raises(Invalid):
            upload_create(user=owner, file=sent("a.txt", PAGE * 4))
        assert upload_create(user=owner, file=sent("a.txt", b"a" * 200))

    def test_over_the_api_it_is_said_when_to_go_on(self, owner, monkeypatch):
        monkeypatch.setattr(service, "DAY_BYTES", 1)
        reply = signed_in(owner).post("/en/questions/uploads/", {"file": sent()})
        assert reply.status_code == 429 and "tomorrow" in reply.json()["error"]
        assert not Upload.objects.exists()


class TestSweep:
    def old(self):
        Upload.objects.update(created_at=now() - timedelta(hours=25))

    def test_one_that_came_into_a_post_and_out_again_stays(self, owner, upload):
        given = answer(user=owner, body=upload.markdown)
        answer_edit(user=owner, answer_id=given.pk, version=1, body="No picture.")
        self.old()
        assert uploads_sweep() == 0
        assert UploadUse.objects.get().current is False and status(upload) == 404

    def test_naming_somebody_else_s_does_not_keep_it(self, upload):
        question(member(), body=upload.markdown)
        self.old()
        with committed():
            assert uploads_sweep() == 1

    def test_the_file_stays_where_the_row_could_not_go(self, upload):
        self.old()
        with pytest.raises(RuntimeError), transaction.atomic():
            uploads_sweep()
            raise RuntimeError
        assert storages["uploads"].exists(upload.place)
        assert Upload.objects.filter(pk=upload.pk).exists()

    def test_a_file_that_is_lost_already_stops_nothing(self, owner, upload):
        upload_create(user=owner, file=sent("b.txt", b"b"))
        storages["uploads"].delete(upload.place)
        self.old()
        with committed():
            assert uploads_sweep() == 2
        assert not Upload.objects.exists()

    def test_a_run_takes_so_many_and_the_next_one_goes_on(self, owner, monkeypatch):
        monkeypatch.setattr(service, "SWEPT_AT_ONCE", 2)
        for number in range(3):
            upload_create(user=owner, file=sent(f"{number}.txt", str(number).encode()))
        self.old()
        with committed():
            assert [uploads_sweep(), uploads_sweep(), uploads_sweep()] == [2, 1, 0]
