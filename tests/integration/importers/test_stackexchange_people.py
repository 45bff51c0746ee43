"""What people bring along: profile, reputation, badges, standing."""

from __future__ import annotations

import pytest

from portal.accounts.models import User
from portal.experts.models import BadgeAward, Kind, Profile, ReputationEntry, Standing
from portal.experts.services.reputation import reputation_recompute

from . import dumps

pytestmark = pytest.mark.django_db


def test_a_profile_holds_what_the_person_told_there_cleaned(run, tmp_path) -> None:
    about = "<p>I turn <b>hinges</b>.</p><script>x()</script>"
    people = [dumps.user(1, AboutMe=about, Location="Oslo", WebsiteUrl="https://ada.example.org"),
              dumps.user(2, "Grace", WebsiteUrl="javascript:x()")]  # fmt: skip
    run(dumps.small(tmp_path / "d", Users=people))
    ada, grace = (Profile.objects.get(user__source_key=key) for key in ("1", "2"))
    assert ada.bio_html == "<p>I turn <b>hinges</b>.</p>"
    assert (ada.location, ada.website) == ("Oslo", "https://ada.example.org")
    assert grace.website == ""


def test_reputation_comes_as_an_entry_of_the_ledger_and_survives_recomputing(run, tmp_path) -> None:
    run(dumps.small(tmp_path / "d"))
    ada = User.objects.get(source_key="1")
    entry = ReputationEntry.objects.get(user=ada)
    assert (entry.kind, entry.amount, ada.reputation) == (Kind.IMPORTED, 101, 101)
    assert reputation_recompute(user_ids=User.objects.values_list("pk", flat=True)) == 0
    run(dumps.small(tmp_path / "d", Users=[dumps.user(1, Reputation=250)]))
    ada.refresh_from_db()
    assert ada.reputation == ReputationEntry.objects.get(user=ada).amount == 250


def test_a_profile_that_the_member_wrote_here_is_not_overwritten(run, tmp_path) -> None:
    run(dumps.small(tmp_path / "d"))
    Profile.objects.filter(user__source_key="1").update(bio="Mine", bio_html="<p>Mine</p>")
    run(dumps.small(tmp_path / "d", Users=[dumps.user(1, AboutMe="Theirs"), dumps.user(2, "Grace", AboutMe="New")]))
    assert Profile.objects.get(user__source_key="1").bio_html == "<p>Mine</p>"
    assert Profile.objects.get(user__source_key="2").bio_html == "New"


def test_badges_arrive_once_with_tier_and_date(run, tmp_path) -> None:
    badges = [
        dumps.badge(1, 1),
        dumps.badge(2, 1, "Great Answer", Class=1),
        dumps.badge(3, 2, "hinges", TagBased="True"),
        dumps.badge(4, 99),
        dumps.badge(5, 1, ""),
    ]
    folder = dumps.small(tmp_path / "d", Badges=badges)
    said = run(folder)
    found = BadgeAward.objects.order_by("source_key").values_list("user__source_key", "name", "tier")
    assert list(found) == [("1", "Teacher", "bronze"), ("1", "Great Answer", "gold"), ("2", "hinges", "bronze")]
    assert BadgeAward.objects.get(source_key="1").awarded_at.isoformat() == "2021-02-03T04:05:06.007000+00:00"
    assert "Badges.xml:6: its user 99 is not in the dump" in said
    assert "Badges.xml:7: Name is missing" in said
    assert "Nothing changed." in run(folder)
    assert BadgeAward.objects.count() == 3


def test_a_badge_that_changed_at_the_source_changes_here(run, tmp_path) -> None:
    run(dumps.small(tmp_path / "d", Badges=[dumps.badge(1, 1)]))
    run(dumps.small(tmp_path / "d", Badges=[dumps.badge(1, 1, "Educator", Class=2)]))
    assert list(BadgeAward.objects.values_list("name", "tier")) == [("Educator", "silver")]


def test_who_answered_well_has_standing_when_the_import_ends(run, tmp_path) -> None:
    run(dumps.small(tmp_path / "d"))
    grace = User.objects.get(source_key="2")
    overall = Standing.objects.get(user=grace, topic=None, language="")
    assert (overall.answers, overall.accepted, overall.votes) == (1, 1, 5)
    assert Standing.objects.filter(user=grace, topic__slug="hinges", language="en").exists()


def test_the_members_page_is_open_to_everybody(run, tmp_path, client) -> None:
    run(dumps.small(tmp_path / "d"))
    assert client.get("/en/members/grace-hopper/").status_code == 200
