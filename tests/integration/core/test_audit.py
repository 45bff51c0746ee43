"""The log of what the staff did: staff read it, nobody else, and it holds what happened."""

import pytest
from django.db import transaction
from django.test import Client

from portal.core.audit import LONGEST_REASON, PAGE_SIZE, audit_actions, audit_page, audit_write
from portal.core.errors import NotAllowed, SignInNeeded
from portal.core.models import AuditEntry
from tests.factories.accounts import member

pytestmark = pytest.mark.django_db
ACT = "author-revealed"


def written(actor=None, reason="Because of a threat.", subject=7):
    return audit_write(actor=actor, action=ACT, subject_type="question", subject_id=subject, reason=reason)


def page_of(user, query=""):
    client = Client()
    if user is not None:
        client.force_login(user, backend="portal.accounts.backends.PortalBackend")
    return client.get(f"/staff/audit/{query}")


def test_strangers_and_members_read_nothing_of_it():
    written()
    for user, refusal in ((None, SignInNeeded), (member(), NotAllowed)):
        with pytest.raises(refusal):
            audit_page(user=user)
    assert page_of(None).status_code == 302
    refused = page_of(member())
    assert refused.status_code == 403
    assert "threat" not in refused.content.decode()


def test_staff_read_who_did_what_why_and_when_and_nobody_may_keep_it():
    staff = member("mod", staff=True)
    written(staff)
    reply = page_of(staff)
    text = reply.content.decode()
    for part in ("/members/mod/", "Because of a threat.", "/en/questions/7/", str(audit_actions()[ACT].label)):
        assert part in text
    assert reply["Cache-Control"] == "private, no-store"


def test_the_name_stays_when_the_account_goes():
    staff = member("mod", staff=True)
    written(staff)
    staff.delete()
    assert AuditEntry.objects.get().actor is None
    assert "mod" in page_of(member(staff=True)).content.decode()


def test_an_empty_log_says_so():
    assert "Nothing was written down yet" in page_of(member(staff=True)).content.decode()


def test_pages_follow_each_other_without_a_gap():
    staff = member(staff=True)
    made = [written(staff, subject=number).pk for number in range(PAGE_SIZE + 3)]
    first, cursor = audit_page(user=staff)
    rest, end = audit_page(user=staff, cursor=cursor)
    assert [row.entry.pk for row in [*first, *rest]] == made[::-1]
    assert end is None
    assert "after=" in page_of(staff).content.decode()


def test_one_kind_of_act_and_an_unknown_one():
    staff = member(staff=True)
    written(staff)
    AuditEntry.objects.create(action="of-an-app-that-is-gone", subject_type="thing", subject_id="1")
    rows, _next = audit_page(user=staff, action=ACT)
    assert [row.entry.action for row in rows] == [ACT]
    text = page_of(staff).content.decode()
    assert "of-an-app-that-is-gone" in text
    assert "the portal itself" in text
    assert page_of(staff, "?action=nonsense").status_code == 200
    assert page_of(staff, "?after=nonsense").status_code == 400


def test_an_act_that_nobody_named_is_no_act():
    with pytest.raises(KeyError):
        audit_write(actor=None, action="nonsense", subject_type="question", subject_id=1)


def test_an_entry_goes_with_its_act():
    with pytest.raises(RuntimeError), transaction.atomic():
        written()
        raise RuntimeError
    assert not AuditEntry.objects.exists()


def test_a_reason_is_cut_where_it_ends():
    assert len(written(reason="x" * 2000).reason) == LONGEST_REASON
