"""Pictures in a suggested edit: who may see them while it waits, when it is in, declined, taken back; what is swept."""

from datetime import timedelta

import pytest

from portal.core.clock import now
from portal.questions.models import Answer, Suggestion, Upload, UploadUse
from portal.questions.services.answers import answer_delete, answer_edit, answer_restore
from portal.questions.services.suggestions import suggestion_accept, suggestion_reject, suggestion_withdraw
from portal.questions.services.uploads import upload_create, uploads_sweep
from tests.factories.accounts import member
from tests.factories.events import committed
from tests.factories.files import picture, sent
from tests.factories.questions import answer, question, topic

from .scene import signed_in
from .suggesting import REASON, expert, suggested

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def uploads_folder(settings, tmp_path):
    """A place for the uploads of one test."""
    kept = {**settings.STORAGES["uploads"], "OPTIONS": {"location": tmp_path / "uploads", "base_url": None}}
    settings.STORAGES = {**settings.STORAGES, "uploads": kept}
    settings.PORTAL_LIMITS = False


class Pictured:
    """An answer, and an edit of it by ``kind`` that would show her picture; people who have to do with it or not."""

    def __init__(self) -> None:
        topic("Battery")
        self.asked = question(topics=("battery",))
        self.given = answer(self.asked)
        self.kind = member()
        self.upload = upload_create(user=self.kind, file=sent())
        self.made = suggested(self.given, self.kind, body=f"{self.given.body}\n\n{self.upload.markdown}")
        self.people = {
            "stranger": None,
            "newcomer": member(),
            "asker": self.asked.author,
            "author": self.given.author,
            "expert": expert(self.asked),
            "kind": self.kind,
            "staff": member(staff=True),
        }

    def seen(self):
        """Who may open the picture."""
        address = self.upload.get_absolute_url()
        return {name for name, who in self.people.items() if signed_in(who).get(address).status_code == 200}


@pytest.fixture
def at():
    return Pictured()


def swept_after_days(upload, days=3):
    """Whether the hourly sweep takes an upload of some days ago."""
    Upload.objects.filter(pk=upload.pk).update(created_at=now() - timedelta(days=days))
    with committed():
        uploads_sweep()
    return not Upload.objects.filter(pk=upload.pk).exists()


class TestWhoSees:
    def test_while_it_waits_those_who_decide_and_who_made_it(self, at):
        assert at.seen() == {"author", "expert", "kind", "staff"}

    def test_accepted_everybody_who_sees_the_post(self, at):
        suggestion_accept(user=at.given.author, suggestion_id=at.made.pk)
        assert at.seen() == set(at.people)

    def test_declined_or_taken_back_who_made_it_alone(self, at):
        suggestion_reject(user=at.given.author, suggestion_id=at.made.pk, words=REASON)
        assert at.seen() == {"kind"}
        again = suggested(at.given, at.kind, body=f"Look.\n\n{at.upload.markdown}")
        assert at.seen() == {"author", "expert", "kind", "staff"}
        suggestion_withdraw(user=at.kind, suggestion_id=again.pk)
        assert at.seen() == {"kind"}

    def test_left_out_by_the_reviewer_it_stays_closed(self, at):
        suggestion_accept(user=at.given.author, suggestion_id=at.made.pk, version=1, body="Without any picture.")
        assert at.seen() == {"kind"}
        assert not UploadUse.objects.filter(upload=at.upload, current=True).exists()

    def test_below_a_deleted_answer_it_is_closed_until_that_is_back(self, at):
        answer_delete(user=at.people["staff"], answer_id=at.given.pk)
        assert at.seen() == {"kind"}
        answer_restore(user=at.people["staff"], answer_id=at.given.pk)
        assert at.seen() == {"author", "expert", "kind", "staff"}

    def test_who_lost_her_standing_sees_it_no_more(self, at):
        at.people["expert"].standings.all().delete()
        assert at.seen() == {"author", "kind", "staff"}

    def test_naming_what_another_has_not_shown_yet_opens_it_to_nobody(self, at):
        private = upload_create(user=member(), file=sent("secret.png"))
        made = suggested(at.given, member(), body=f"{at.given.body}\n\n{private.markdown}")
        address = private.get_absolute_url()
        for name in ("author", "expert", "staff"):
            assert signed_in(at.people[name]).get(address).status_code == 404, name
        suggestion_accept(user=at.people["staff"], suggestion_id=made.pk)
        for who in (None, at.given.author, made.author):
            assert signed_in(who).get(address).status_code == 404
        assert not UploadUse.objects.filter(upload=private).exists()

    def test_another_posts_suggestion_does_not_open_it(self, at):
        """Who decides elsewhere sees it only where it was really suggested."""
        elsewhere = answer()
        made = suggested(elsewhere, member(), body=f"Other words.\n\n{at.upload.markdown}")
        assert signed_in(elsewhere.author).get(at.upload.get_absolute_url()).status_code == 404
        suggestion_accept(user=elsewhere.author, suggestion_id=made.pk)
        assert "kind" in at.seen() and "stranger" not in at.seen()

    def test_the_page_of_the_edit_shows_it_to_who_decides(self, at):
        page = signed_in(at.given.author).get(f"/en/questions/suggestions/{at.made.pk}/?view=rendered")
        assert f'src="{at.upload.get_absolute_url()}"' in page.content.decode()


class TestSwept:
    def test_not_while_it_waits_and_not_once_it_is_in(self, at):
        assert not swept_after_days(at.upload)
        suggestion_accept(user=at.given.author, suggestion_id=at.made.pk)
        assert not swept_after_days(at.upload, days=90)
        assert "stranger" in at.seen()

    @pytest.mark.parametrize("declined", [True, False])
    def test_a_month_after_it_was_declined_or_taken_back(self, at, declined):
        if declined:
            suggestion_reject(user=at.given.author, suggestion_id=at.made.pk, words=REASON)
        else:
            suggestion_withdraw(user=at.kind, suggestion_id=at.made.pk)
        Suggestion.objects.update(decided_at=now() - timedelta(days=31))
        assert swept_after_days(at.upload)
        assert not UploadUse.objects.exists()

    def test_not_while_another_suggestion_would_show_it_or_a_version_did(self, at):
        suggestion_reject(user=at.given.author, suggestion_id=at.made.pk, words=REASON)
        Suggestion.objects.update(decided_at=now() - timedelta(days=31))
        again = suggested(at.given, at.kind, body=f"{at.given.body}\n\nAgain: {at.upload.markdown}")
        assert not swept_after_days(at.upload)
        suggestion_accept(user=at.given.author, suggestion_id=again.pk)
        answer_edit(user=at.given.author, answer_id=at.given.pk, version=2, body="No picture any more.")
        Suggestion.objects.update(decided_at=now() - timedelta(days=31))
        assert not swept_after_days(at.upload)

    def test_not_when_declined_since_who_made_it_still_reads_it(self, at):
        suggestion_reject(user=at.given.author, suggestion_id=at.made.pk, words=REASON)
        assert not swept_after_days(at.upload)
        page = signed_in(at.kind).get(f"/en/questions/suggestions/{at.made.pk}/?view=rendered").content.decode()
        assert f'src="{at.upload.get_absolute_url()}"' in page

    def test_one_that_was_sent_but_never_suggested_goes(self, at):
        other = upload_create(user=at.kind, file=sent("other.png", picture("PNG", size=(20, 20))))
        assert other.pk != at.upload.pk
        assert swept_after_days(other)
        assert not swept_after_days(at.upload)


def test_a_picture_comes_back_with_the_version_that_showed_it():
    """Rolling back opens what the version showed; going forward closes it again, and nothing was swept between."""
    given = answer()
    upload = upload_create(user=given.author, file=sent())
    address = upload.get_absolute_url()
    answer_edit(user=given.author, answer_id=given.pk, version=1, body=f"See:\n\n{upload.markdown}")
    answer_edit(user=given.author, answer_id=given.pk, version=2, body="No picture any more.")
    assert signed_in(None).get(address).status_code == 404
    assert not swept_after_days(upload)
    staff = member(staff=True)
    root = f"/en/questions/{given.question_id}/history/{given.pk}/version/2/restore/"
    assert signed_in(staff).post(root, {"version": "3"}).status_code == 302
    assert signed_in(None).get(address).status_code == 200
    assert signed_in(staff).post(root.replace("/2/", "/3/"), {"version": "4"}).status_code == 302
    assert signed_in(None).get(address).status_code == 404
    assert Answer.objects.get(pk=given.pk).version == 5
