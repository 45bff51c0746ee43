"""Pictures and files in posts: who sees them, what is taken, what is refused, and what becomes of them."""

import hashlib
import io
from datetime import timedelta
from functools import partial

import pytest
from django.core.cache import cache
from django.core.files.storage import storages
from django.test import Client
from PIL import Image

from portal.core import receiving
from portal.core.clock import now
from portal.core.errors import Invalid, NotFound, SignInNeeded, TooMany
from portal.core.limits import LIMITS
from portal.core.periodic import periodic_jobs
from portal.questions.models import Upload, UploadUse
from portal.questions.selectors.bodies import body_html
from portal.questions.selectors.uploads import MOST_IN_A_POST, upload_keys, upload_visible_to
from portal.questions.services import uploads as service
from portal.questions.services.answers import answer_delete, answer_edit, answer_restore
from portal.questions.services.comments import comment_delete
from portal.questions.services.questions import question_delete, question_edit, question_restore
from portal.questions.services.uploads import upload_create, uploads_sweep
from tests.factories.accounts import member
from tests.factories.browsers import browser as browser_of
from tests.factories.events import committed
from tests.factories.files import PDF, photo, picture, sent
from tests.factories.questions import answer, comment, question

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    """A place for the uploads of one test."""
    kept = {**settings.STORAGES["uploads"], "OPTIONS": {"location": tmp_path / "uploads", "base_url": None}}
    settings.STORAGES = {**settings.STORAGES, "uploads": kept}
    settings.PORTAL_LIMITS = False
    return tmp_path / "uploads"


browser = partial(browser_of, raise_request_exception=False)


def seen_by(upload, user=None):
    """The status of the upload's own address for a reader, by page and by selector alike."""
    status = browser(user).get(upload.get_absolute_url()).status_code
    try:
        upload_visible_to(user, upload.key)
    except NotFound:
        assert status == 404
    else:
        assert status == 200
    return status == 200


@pytest.fixture
def owner():
    return member()


@pytest.fixture
def upload(owner):
    return upload_create(user=owner, file=sent())


def asked_with(upload, user=None):
    return question(user or upload.owner, body=f"Look at this:\n\n{upload.markdown}")


class TestOutsiders:
    def test_a_stranger_can_send_nothing(self):
        with pytest.raises(SignInNeeded):
            upload_create(user=None, file=sent())
        reply = browser().post("/en/questions/uploads/", {"file": sent()})
        assert reply.status_code == 401 and reply.json()["error"]
        assert not Upload.objects.exists()

    def test_what_no_post_uses_is_seen_by_its_owner_alone(self, upload, owner):
        assert seen_by(upload, owner)
        assert not seen_by(upload)
        assert not seen_by(upload, member())
        assert not seen_by(upload, member(staff=True))

    def test_a_stranger_to_it_cannot_open_it_by_naming_it(self, upload):
        asked_with(upload, member())
        assert not seen_by(upload)
        assert not UploadUse.objects.exists()

    def test_another_name_or_key_leads_nowhere(self, upload, owner):
        client = browser(owner)
        assert client.get(f"/uploads/{upload.key}/page.html").status_code == 404
        assert client.get(f"/uploads/{'A' * 22}/{upload.name}").status_code == 404
        assert client.get(f"/uploads/../{upload.key}/{upload.name}").status_code == 404

    def test_the_folder_is_none_of_those_that_are_served(self, upload, settings, folder):
        assert not str(storages["uploads"].path(upload.place)).startswith(str(settings.MEDIA_ROOT))
        assert browser(upload.owner).get(f"/media/uploads/{upload.place}").status_code == 404

    def test_a_form_without_the_token_is_refused(self, owner):
        client = Client(enforce_csrf_checks=True)
        client.force_login(owner, backend="portal.accounts.backends.PortalBackend")
        assert client.post("/en/questions/uploads/", {"file": sent()}).status_code == 403
        assert not Upload.objects.exists()


class TestWithItsPost:
    def test_everybody_sees_it_with_the_question(self, upload):
        asked_with(upload)
        assert seen_by(upload) and seen_by(upload, member())

    @pytest.mark.parametrize("make", [answer, comment], ids=["answer", "comment"])
    def test_and_with_an_answer_or_a_comment(self, upload, make):
        make(question(), upload.owner, body=upload.markdown)
        assert seen_by(upload)

    def test_it_goes_with_a_deleted_question_and_comes_back(self, upload, owner):
        asked = asked_with(upload)
        question_delete(user=owner, question_id=asked.pk)
        assert not seen_by(upload) and seen_by(upload, owner)
        question_restore(user=owner, question_id=asked.pk)
        assert seen_by(upload)

    def test_it_goes_with_a_deleted_answer_and_comes_back(self, upload, owner):
        given = answer(user=owner, body=upload.markdown)
        answer_delete(user=owner, answer_id=given.pk)
        assert not seen_by(upload)
        answer_restore(user=owner, answer_id=given.pk)
        assert seen_by(upload)

    def test_it_goes_with_the_question_above_its_answer(self, upload, owner):
        asked = question()
        answer(asked, owner, body=upload.markdown)
        question_delete(user=member(staff=True), question_id=asked.pk)
        assert not seen_by(upload)

    def test_it_goes_with_a_deleted_comment(self, upload, owner):
        said = comment(question(), owner, body=upload.markdown)
        comment_delete(user=owner, comment_id=said.pk)
        assert not seen_by(upload)

    def test_an_edit_that_takes_it_out_closes_it_and_one_that_brings_it_back_opens_it(self, upload, owner):
        given = answer(user=owner, body=upload.markdown)
        answer_edit(user=owner, answer_id=given.pk, version=1, body="On second thoughts, no picture.")
        assert not seen_by(upload)
        answer_edit(user=member(staff=True), answer_id=given.pk, version=2, body=f"Back: {upload.markdown}")
        assert seen_by(upload)

    def test_an_edit_by_staff_keeps_what_the_author_shows(self, upload):
        asked = asked_with(upload)
        staff = member(staff=True)
        question_edit(user=staff, question_id=asked.pk, version=1, body=f"Now here: {upload.markdown}")
        assert seen_by(upload)

    def test_what_is_open_already_may_be_shown_by_others_and_stays_open_with_them(self, upload, owner):
        asked = asked_with(upload)
        answer(asked_elsewhere := question(), body=upload.markdown)
        question_delete(user=owner, question_id=asked.pk)
        assert seen_by(upload)
        question_delete(user=member(staff=True), question_id=asked_elsewhere.pk)
        assert not seen_by(upload)

    def test_a_link_counts_as_well_as_a_picture(self, owner):
        file = upload_create(user=owner, file=sent("run.log", b"all well\n"))
        question(owner, body=f"The log: {file.markdown}")
        assert seen_by(file)

    def test_inside_code_it_is_text(self, upload):
        question(upload.owner, body=f"Write this:\n\n```\n{upload.markdown}\n```")
        assert not seen_by(upload)

    def test_the_page_gives_it_its_size(self, upload):
        html = asked_with(upload).body_html
        assert f'width="{upload.width}" height="{upload.height}"' in html and 'loading="lazy"' in html

    def test_a_post_has_room_for_many_but_not_for_any_number(self):
        html = "".join(f'<img src="/uploads/{number:022d}/a.png">' for number in range(500))
        assert len(upload_keys(html)) == MOST_IN_A_POST

    @pytest.mark.parametrize(
        "text", ['<img src="/uploads/{0}/a.png">', "`/uploads/{0}/a.png`", '&lt;img src="/uploads/{0}/a.png"&gt;']
    )
    def test_only_what_is_shown_or_linked_counts(self, text):
        key = "k" * 22
        found = upload_keys(body_html(f"words {text.format(key)}"))
        assert found == ([key] if text.startswith("<") else [])


class TestServed:
    def test_a_picture_is_shown_in_place(self, upload, owner):
        reply = browser(owner).get(upload.get_absolute_url())
        assert reply["Content-Type"] == "image/png"
        assert reply["Content-Disposition"].startswith("inline")
        assert Image.open(io.BytesIO(reply.content)).size == (60, 40)

    @pytest.mark.parametrize(
        ("name", "data", "kind"),
        [
            ("run.log", b"all well\n", "text/plain; charset=utf-8"),
            ("a.pdf", PDF, "application/pdf"),
            ("данные.csv", b"a,b\n", "text/csv; charset=utf-8"),
        ],
    )
    def test_a_file_is_saved_and_never_opened(self, owner, name, data, kind):
        file = upload_create(user=owner, file=sent(name, data))
        reply = browser(owner).get(file.get_absolute_url())
        assert reply.status_code == 200 and reply.content == data
        assert reply["Content-Type"] == kind
        assert reply["Content-Disposition"].startswith("attachment")

    def test_nothing_in_it_can_run(self, upload, owner):
        reply = browser(owner).get(upload.get_absolute_url())
        assert reply["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in reply["Content-Security-Policy"] and "unsafe" not in reply["Content-Security-Policy"]
        assert reply["X-Frame-Options"] == "DENY"

    def test_a_browser_asks_each_time_and_is_told_that_nothing_changed(self, upload, owner):
        client = browser(owner)
        first = client.get(upload.get_absolute_url())
        assert first["Cache-Control"] == "private, no-cache"
        again = client.get(upload.get_absolute_url(), headers={"If-None-Match": first["ETag"]})
        assert again.status_code == 304 and again["Cache-Control"] == "private, no-cache"

    def test_what_was_hidden_answers_no_conditional_request_either(self, upload, owner):
        asked = asked_with(upload)
        tag = browser().get(upload.get_absolute_url())["ETag"]
        question_delete(user=owner, question_id=asked.pk)
        hidden = browser().get(upload.get_absolute_url(), headers={"If-None-Match": tag})
        assert hidden.status_code == 404

    def test_a_lost_file_is_a_page_that_is_not_there(self, upload, owner):
        storages["uploads"].delete(upload.place)
        assert browser(owner).get(upload.get_absolute_url()).status_code == 404

    def test_it_takes_no_writes(self, upload, owner):
        assert browser(owner).post(upload.get_absolute_url()).status_code == 405

    @pytest.mark.parametrize("prefix", ["en", "ar"])
    def test_it_stands_under_no_language(self, upload, owner, prefix):
        assert browser(owner).get(f"/{prefix}{upload.get_absolute_url()}").status_code == 404


class TestTaken:
    def test_a_photo_loses_its_place(self, owner):
        made = upload_create(user=owner, file=sent("beach.jpg", photo(turned=6)))
        with storages["uploads"].open(made.place) as file:
            kept = file.read()
        assert dict(Image.open(io.BytesIO(kept)).getexif()) == {}
        assert (made.kind, made.width, made.height, made.content_type) == ("picture", 40, 60, "image/jpeg")
        assert (made.size, made.sha256) == (len(kept), hashlib.sha256(kept).hexdigest())

    def test_a_wide_one_is_made_smaller(self, owner, monkeypatch):
        monkeypatch.setattr(service, "LONGEST_SIDE", 100)
        made = upload_create(user=owner, file=sent("a.png", picture(size=(400, 200))))
        assert (made.width, made.height) == (100, 50)

    def test_a_picture_with_the_wrong_name_gets_the_right_one(self, owner):
        assert upload_create(user=owner, file=sent("a.txt", picture("JPEG"))).name == "a.jpg"

    def test_the_editor_is_told_what_to_write(self, owner):
        reply = browser(owner).post("/en/questions/uploads/", {"file": sent("My [new] hub.png")})
        told = reply.json()
        assert reply.status_code == 201
        assert told["markdown"] == f"![My (new) hub]({told['url']})"
        assert told["url"].endswith("/My%20%5Bnew%5D%20hub.png")
        assert browser(owner).get(told["url"]).status_code == 200

    def test_the_same_file_sent_again_is_the_same_upload(self, owner, upload):
        Upload.objects.update(created_at=now() - timedelta(hours=23))
        assert upload_create(user=owner, file=sent()).pk == upload.pk
        assert Upload.objects.get().created_at > now() - timedelta(minutes=1)

    def test_but_not_another_member_s(self, upload):
        assert upload_create(user=member(), file=sent()).pk != upload.pk

    def test_keys_cannot_be_guessed(self, owner):
        keys = {upload_create(user=owner, file=sent(f"{n}.txt", str(n).encode())).key for n in range(5)}
        assert len(keys) == 5 and all(len(key) == 22 for key in keys)


class TestRefused:
    @pytest.mark.parametrize(
        ("name", "data"),
        [
            ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
            ("a.html", b"<script>alert(1)</script>"),
            ("a.png", b"<svg onload='alert(1)'/>"),
            ("a.txt", b"<!doctype html><script>alert(1)</script>"),
            ("a.pdf", b"not a document"),
            ("a.zip", PDF),
            ("a.exe", b"MZ\x90\x00"),
            ("a", b"hello"),
            ("a.txt", b""),
            ("a.jpg", picture("JPEG")[:150]),
        ],
        ids=["svg", "html", "svg as png", "html as txt", "no pdf", "pdf as zip", "exe", "no type", "empty", "cut"],
    )
    def test_what_could_run_or_is_not_what_it_says(self, owner, folder, name, data):
        with pytest.raises(Invalid):
            upload_create(user=owner, file=sent(name, data))
        assert not Upload.objects.exists()
        assert not folder.exists()

    def test_a_type_that_the_operator_does_not_take(self, owner, settings):
        settings.PORTAL_UPLOAD_TYPES = ("pdf",)
        assert upload_create(user=owner, file=sent("a.pdf", PDF)).pk
        with pytest.raises(Invalid) as refused:
            upload_create(user=owner, file=sent("a.txt", b"hello"))
        assert "pdf" in str(refused.value.fields["file"][0])

    def test_one_that_is_too_large(self, owner, monkeypatch):
        monkeypatch.setattr(service, "LARGEST_BYTES", 100)
        reply = browser(owner).post("/en/questions/uploads/", {"file": sent("a.txt", b"x" * 101)})
        assert reply.status_code == 422 and "10 MB" in reply.json()["error"]

    def test_a_form_beyond_all_measure_is_not_even_read(self, owner, monkeypatch):
        monkeypatch.setattr(receiving, "MOST_BYTES", 1000)
        reply = browser(owner).post("/en/questions/uploads/", {"file": sent("a.txt", b"x" * 2000)})
        assert reply.status_code == 400
        assert not Upload.objects.exists()

    def test_no_file_at_all(self, owner):
        assert browser(owner).post("/en/questions/uploads/", {}).status_code == 422

    def test_words_are_the_reader_s(self, owner):
        said = browser(owner).post("/ru/questions/uploads/", {"file": sent("a.txt", b"")}).json()["error"]
        assert said


class TestLimits:
    @pytest.fixture(autouse=True)
    def limits(self, settings):
        settings.PORTAL_LIMITS = True
        cache.clear()

    def test_so_many_in_a_while(self, owner, monkeypatch):
        monkeypatch.setitem(LIMITS, "upload", (1, 600))
        client = browser(owner)
        assert client.post("/en/questions/uploads/", {"file": sent()}).status_code == 201
        reply = client.post("/en/questions/uploads/", {"file": sent("b.txt", b"b")})
        assert reply.status_code == 429 and reply.json()["error"]

    def test_so_many_a_day(self, owner, monkeypatch):
        monkeypatch.setitem(LIMITS, "upload-day", (1, 86_400))
        upload_create(user=owner, file=sent())
        with pytest.raises(TooMany):
            upload_create(user=owner, file=sent("b.txt", b"b"))
        assert upload_create(user=member(), file=sent())

    def test_so_many_bytes_a_day(self, owner, monkeypatch):
        monkeypatch.setattr(service, "DAY_BYTES", 150)
        upload_create(user=owner, file=sent("a.txt", b"a" * 100))
        with pytest.raises(TooMany):
            upload_create(user=owner, file=sent("b.txt", b"b" * 100))
        Upload.objects.update(created_at=now() - timedelta(hours=25))
        assert upload_create(user=owner, file=sent("c.txt", b"c" * 100))


class TestSweep:
    def test_what_no_post_used_within_a_day_goes_with_its_file(self, upload):
        Upload.objects.update(created_at=now() - timedelta(hours=25))
        with committed():
            assert uploads_sweep() == 1
        assert not Upload.objects.exists()
        assert not storages["uploads"].exists(upload.place)

    def test_a_new_one_stays(self, upload):
        assert uploads_sweep() == 0
        assert storages["uploads"].exists(upload.place)

    def test_one_that_a_deleted_post_or_an_earlier_version_used_stays_for_the_way_back(self, owner):
        first = upload_create(user=owner, file=sent())
        asked = asked_with(first)
        question_delete(user=owner, question_id=asked.pk)
        second = upload_create(user=owner, file=sent("b.txt", b"b"))
        given = answer(user=owner, body=second.markdown)
        answer_edit(user=owner, answer_id=given.pk, version=1, body="Nothing.")
        Upload.objects.update(created_at=now() - timedelta(days=30))
        assert uploads_sweep() == 0

    def test_the_worker_runs_it(self):
        assert "uploads-sweep" in {job.name for job in periodic_jobs()}
