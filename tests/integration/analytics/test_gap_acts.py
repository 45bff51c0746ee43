"""What staff do about gaps: each act is written down and can be taken back."""

from datetime import timedelta

import pytest
from django.urls import reverse

from portal.analytics.models import FixKind, Gap, GapChange, GapStatus
from portal.analytics.services import gaps as services
from portal.analytics.services.ledger import ledger_update
from portal.core.clock import now
from portal.core.errors import Invalid, NotFound, StateForbids
from tests.factories.accounts import member
from tests.factories.browsers import browser, read
from tests.factories.knowledge import article
from tests.factories.searches import searched

pytestmark = pytest.mark.django_db


class TestActs:
    def test_a_gap_is_assigned_and_it_is_taken_back(self, client, gap, staff):
        other = member(staff=True, display_name="Omar Haddad")
        reply = client.post(f"/staff/search/{gap.pk}/assign/", {"assignee": other.pk}, follow=True)
        assert "Omar Haddad" in reply.content.decode()
        gap.refresh_from_db()
        assert (gap.status, gap.assignee) == (GapStatus.ASSIGNED, other)
        change = gap.changes.get()
        assert (change.by, change.by_rule, change.deed) == (staff, False, "assign")
        assert f"/staff/search/changes/{change.pk}/undo/" in reply.content.decode()
        client.post(f"/staff/search/changes/{change.pk}/undo/")
        gap.refresh_from_db()
        assert (gap.status, gap.assignee) == (GapStatus.OPEN, None)
        change.refresh_from_db()
        assert change.undone_by.by == staff

    def test_only_staff_can_be_assigned(self, client, gap):
        for wrong in (str(member().pk), "999999"):
            assert client.post(f"/staff/search/{gap.pk}/assign/", {"assignee": wrong}).status_code == 422
        assert not GapChange.objects.exists()

    def test_to_nobody(self, client, gap, staff):
        services.gap_assign(user=staff, gap_id=gap.pk, assignee_id=staff.pk)
        client.post(f"/staff/search/{gap.pk}/assign/", {"assignee": ""})
        gap.refresh_from_db()
        assert (gap.status, gap.assignee) == (GapStatus.OPEN, None)

    def test_close_ignore_and_open_again(self, client, gap):
        for act, status in (("close", "closed"), ("reopen", "open"), ("ignore", "ignored"), ("reopen", "open")):
            assert client.post(f"/staff/search/{gap.pk}/{act}/").status_code == 302
            gap.refresh_from_db()
            assert gap.status == status
        assert list(gap.changes.order_by("pk").values_list("deed", flat=True)) == [
            "close",
            "reopen",
            "ignore",
            "reopen",
        ]

    def test_what_its_state_forbids_is_refused(self, gap, staff):
        services.gap_close(user=staff, gap_id=gap.pk)
        with pytest.raises(StateForbids):
            services.gap_close(user=staff, gap_id=gap.pk)
        with pytest.raises(StateForbids):
            services.gap_assign(user=staff, gap_id=gap.pk, assignee_id=staff.pk)
        services.gap_reopen(user=staff, gap_id=gap.pk)
        with pytest.raises(StateForbids):
            services.gap_reopen(user=staff, gap_id=gap.pk)
        with pytest.raises(NotFound):
            services.gap_close(user=staff, gap_id=gap.pk + 1)

    def test_the_same_twice_is_written_down_once(self, gap, staff):
        services.gap_assign(user=staff, gap_id=gap.pk, assignee_id=staff.pk)
        services.gap_assign(user=staff, gap_id=gap.pk, assignee_id=staff.pk)
        assert gap.changes.count() == 1

    def test_a_fix_is_linked_and_counted_from_tomorrow(self, client, gap):
        client.post(f"/staff/search/{gap.pk}/fix/", {"kind": "article", "url": " /en/knowledge/passwords/ "})
        gap.refresh_from_db()
        assert (gap.fix_kind, gap.fix_url) == (FixKind.ARTICLE, "/en/knowledge/passwords/")
        assert gap.counted_from == now().date() + timedelta(days=1)
        assert 'href="/en/knowledge/passwords/"' in read(client, f"/staff/search/{gap.pk}/")
        services.gap_undo(user=member(staff=True), change_id=gap.changes.get().pk)
        gap.refresh_from_db()
        assert (gap.fix_url, gap.fixed_at, gap.counted_from) == ("", None, None)

    @pytest.mark.parametrize(
        "url",
        [
            "",
            "words",
            "javascript:alert(1)",
            "//evil.example/",
            "/\\evil",
            "data:text/html,x",
            "/a b",
            "https://",
            "/" * 501,
        ],
    )
    def test_an_address_that_is_none_is_told_at_its_field(self, client, gap, url):
        reply = client.post(f"/staff/search/{gap.pk}/fix/", {"kind": "article", "url": url})
        assert reply.status_code == 422
        assert 'aria-invalid="true"' in reply.content.decode()
        assert not GapChange.objects.exists()

    def test_a_kind_that_is_none_is_refused(self, gap, staff):
        with pytest.raises(Invalid):
            services.gap_fix(user=staff, gap_id=gap.pk, kind="prayer", url="/en/")

    def test_what_was_changed_since_cannot_be_taken_back(self, client, gap, staff):
        services.gap_assign(user=staff, gap_id=gap.pk, assignee_id=staff.pk)
        first = gap.changes.get()
        services.gap_assign(user=staff, gap_id=gap.pk, assignee_id=member(staff=True).pk)
        assert client.post(f"/staff/search/changes/{first.pk}/undo/").status_code == 409
        services.gap_undo(user=staff, change_id=gap.changes.order_by("-pk")[0].pk)
        services.gap_undo(user=staff, change_id=first.pk)
        with pytest.raises(StateForbids):
            services.gap_undo(user=staff, change_id=first.pk)
        gap.refresh_from_db()
        assert gap.status == GapStatus.OPEN

    def test_what_a_rule_did_can_be_taken_back_too(self, staff):
        searched("reset password", times=3, total=0, days=20)
        searched("reset password", times=20, clicked=20, days=3)
        ledger_update()
        Gap.objects.update(kind="no-result")
        ledger_update()
        gap = Gap.objects.get()
        assert gap.status == GapStatus.CLOSED
        services.gap_undo(user=staff, change_id=gap.changes.get().pk)
        gap.refresh_from_db()
        assert gap.status == GapStatus.OPEN

    def test_a_member_of_the_staff_who_left_leaves_the_history(self, client, gap):
        other = member(staff=True)
        services.gap_assign(user=other, gap_id=gap.pk, assignee_id=other.pk)
        other.delete()
        assert "Assigned" in read(client, f"/staff/search/{gap.pk}/")


def test_an_article_begins_with_the_words_as_its_title():
    parent = article().get_parent()
    address = reverse("wagtailadmin_pages:add", args=["knowledge", "articlepage", parent.pk])
    staff = member(staff=True)
    staff.is_superuser = True
    staff.save()
    one = browser(staff)
    page = read(one, address, title="reset my <password>")
    assert 'value="Reset my &lt;password&gt;"' in page
    assert "Reset my" not in read(one, address), "the next new page has no title"
