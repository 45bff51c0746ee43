"""The pages of the gap ledger: for staff, in few queries, without a script, and every act can be taken back."""

import csv
import io
import re
from datetime import timedelta
from html import unescape

import pytest
from django.contrib.auth.models import Group

from portal.analytics.models import Gap, GapChange
from portal.analytics.selectors.gaps import PAGE_SIZE, WEEKS, weeks_of_search
from portal.analytics.services import gaps as services
from portal.analytics.services.ledger import ledger_update
from portal.core.clock import now
from portal.core.errors import NotAllowed, SignInNeeded
from portal.curation.services.entries import EDITORS_GROUP
from portal.discovery.models import Search, Withheld
from portal.questions.models import Question
from portal.questions.services.questions import question_delete
from tests.factories.accounts import member
from tests.factories.browsers import browser, read
from tests.factories.events import committed
from tests.factories.questions import question
from tests.factories.searches import searched

pytestmark = pytest.mark.django_db


def gaps_of(number, **fields):
    """Makes gaps straight in the table, for lists."""
    rows = [
        Gap(source="searches", kind="no-result", language="en", failed=place // 2, window=place, total=place)
        for place in range(1, number + 1)
    ]
    made = Gap.objects.bulk_create(rows)
    Gap.objects.filter(pk__in=[row.pk for row in made]).update(**fields)
    return made


class TestWhoMaySee:
    def addresses(self, gap):
        return ["/staff/search/", "/staff/search/gaps.csv", f"/staff/search/{gap.pk}/"]

    def acts(self, gap):
        change = services.gap_close(user=member(staff=True), gap_id=gap.pk).changes.get()
        places = [f"/staff/search/{gap.pk}/{act}/" for act in ("assign", "close", "ignore", "reopen", "fix")]
        return [*places, f"/staff/search/changes/{change.pk}/undo/"]

    def test_a_stranger_is_led_to_sign_in(self, gap):
        for address in self.addresses(gap):
            reply = browser().get(address)
            assert reply.status_code == 302
            assert reply["Location"].endswith(f"/account/login/?next={address}")
        for address in self.acts(gap):
            assert browser().post(address).status_code == 302
        assert GapChange.objects.count() == 1

    def test_a_member_is_refused_and_learns_nothing(self, gap):
        one = browser(member())
        for address in self.addresses(gap):
            reply = one.get(address)
            assert reply.status_code == 403
            assert "password" not in reply.content.decode()
        for address in self.acts(gap):
            assert one.post(address).status_code == 403
        assert GapChange.objects.count() == 1

    @pytest.mark.parametrize(("user", "error"), [(lambda: None, SignInNeeded), (member, NotAllowed)])
    def test_the_services_ask_as_well(self, gap, user, error):
        for act in (services.gap_close, services.gap_ignore, services.gap_reopen):
            with pytest.raises(error):
                act(user=user(), gap_id=gap.pk)
        with pytest.raises(error):
            services.gap_undo(user=user(), change_id=1)
        with pytest.raises(error):
            services.gap_fix(user=user(), gap_id=gap.pk, kind="article", url="/en/")

    def test_acts_are_sent_not_followed(self, client, gap):
        assert client.get(f"/staff/search/{gap.pk}/close/").status_code == 405

    def test_what_is_not_there_is_not_found(self, client):
        for number in ("1", "99999999999999999999999"):
            assert client.get(f"/staff/search/{number}/", follow=True).status_code == 404
            assert client.post(f"/staff/search/{number}/close/", follow=True).status_code == 404
            assert client.post(f"/staff/search/changes/{number}/undo/", follow=True).status_code == 404
        assert client.post("/staff/search/1/explode/", follow=True).status_code == 404


class TestTheList:
    def test_it_shows_what_is_missing_and_escapes_it(self, client, gap):
        page = read(client, "/staff/search/")
        assert "reset &lt;b&gt;password&lt;/b&gt;" in page
        assert "<b>6</b> led nowhere" in page
        assert "Nothing found" in page
        assert "<svg" in page
        assert " style=" not in page
        assert "Found nothing" in page

    def test_without_gaps_it_says_so(self, client):
        assert "No gaps" in read(client, "/staff/search/")
        assert "There is nothing to draw yet." in read(client, "/staff/search/")
        assert "No such gap" in read(client, "/staff/search/", kind="weak")

    @pytest.mark.parametrize(
        ("asked", "shown"),
        [
            ({}, True),
            ({"kind": "no-result"}, True),
            ({"kind": "weak"}, False),
            ({"kind": "nonsense"}, True),
            ({"language": "en"}, True),
            ({"language": "ru"}, False),
            ({"status": "open"}, True),
            ({"status": "closed"}, False),
            ({"status": "all"}, True),
            ({"status": "nonsense"}, True),
            ({"assignee": "nobody"}, True),
            ({"assignee": "me"}, False),
            ({"assignee": "999999"}, False),
            ({"assignee": "x' OR 1"}, True),
            ({"language": "\x00"}, True),
        ],
        ids=str,
    )
    def test_filters(self, client, gap, asked, shown):
        assert ("password" in read(client, "/staff/search/", **asked)) is shown

    def test_closed_ones_are_shown_when_asked_for(self, client, gap, staff):
        services.gap_close(user=staff, gap_id=gap.pk)
        assert "password" not in read(client, "/staff/search/")
        assert "password" in read(client, "/staff/search/", status="closed")

    def test_what_is_no_gap_is_not_shown(self, client):
        searched("invoice", times=3, clicked=3)
        ledger_update()
        assert Gap.objects.get().kind == ""
        assert "invoice" not in read(client, "/staff/search/", status="all")

    def test_pages_follow_each_other_without_a_gap_of_their_own(self, client):
        made = gaps_of(PAGE_SIZE * 2 + 3)
        seen, address = [], "/staff/search/"
        for _ in range(3):
            page = read(client, address)
            seen += re.findall(r'id="gap-(\d+)"', page)
            following = re.search(r'rel="next" href="([^"]+)"', page)
            address = "/staff/search/" + following.group(1).replace("&amp;", "&") if following else None
        assert address is None
        assert len(seen) == len(set(seen)) == len(made)
        counts = {row.pk: row.failed for row in Gap.objects.all()}
        assert [counts[int(pk)] for pk in seen] == sorted(counts.values(), reverse=True)

    def test_a_cursor_of_nonsense_is_refused_kindly(self, client):
        assert client.get("/staff/search/?after=nonsense").status_code == 400

    def test_twenty_queries_are_enough(self, client, staff, django_assert_max_num_queries):
        gaps_of(60)
        Gap.objects.update(assignee=staff, status="assigned")
        with django_assert_max_num_queries(20):
            read(client, "/staff/search/")

    def test_the_file_has_the_same_rows(self, client, gap):
        reply = client.get("/staff/search/gaps.csv")
        assert reply["Content-Type"].startswith("text/csv")
        rows = list(csv.DictReader(io.StringIO(reply.content.decode("utf-8-sig"))))
        assert [row["words"] for row in rows] == ["reset <b>password</b>"]
        assert (rows[0]["led_nowhere_90_days"], rows[0]["click_rate_percent"]) == ("6", "0.0")
        assert list(csv.DictReader(io.StringIO(client.get("/staff/search/gaps.csv?kind=weak").content.decode()))) == []

    def test_words_that_a_spreadsheet_would_run_are_led_by_an_apostrophe(self, client):
        searched("=1+1", times=2, total=0)
        ledger_update()
        assert "'=1+1" in client.get("/staff/search/gaps.csv").content.decode()

    @pytest.mark.parametrize(("language", "direction"), [("ar", "rtl"), ("ja", "ltr")])
    def test_in_every_language(self, gap, language, direction):
        page = read(browser(member(staff=True, language=language)), "/staff/search/")
        assert f'<html lang="{language}" dir="{direction}"' in page

    def test_weeks_end_today_and_lose_no_day(self):
        for days in (0.1, 6, 7, 13, 90, 91):
            searched("invoice", days=days, clicked=1)
        ledger_update()
        weeks = weeks_of_search()
        assert len(weeks) == WEEKS
        assert weeks[-1].first + timedelta(days=6) == now().date()
        assert [week.searches for week in weeks][-2:] == [2, 2]
        assert sum(week.searches for week in weeks) == 5, "91 days ago is before the first week"
        assert weeks[0].click_rate == 1
        assert weeks[5].click_rate is None
        assert weeks_of_search("ru")[0].searches == 0


class TestOneGap:
    def test_it_tells_words_course_and_ways(self, client, gap):
        page = read(client, f"/staff/search/{gap.pk}/")
        assert "reset &lt;b&gt;password&lt;/b&gt;" in page
        assert "What people typed" in page
        assert "<dt>Led nowhere</dt><dd>6</dd>" in page
        assert "Nothing yet." in page
        assert " style=" not in page

    @pytest.mark.parametrize(("kind", "field"), [("termentry", "typed_en"), ("promotion", "queries")])
    def test_the_ways_lead_to_forms_with_the_words_filled_in(self, staff, gap, kind, field):
        """As a browser goes: by the link of the page, to what stands in the form's field."""
        staff.groups.add(Group.objects.get(name=EDITORS_GROUP))
        one = browser(staff)
        (address,) = re.findall(
            rf'href="(/cms/snippets/curation/{kind}/add/[^"]*)"', read(one, f"/staff/search/{gap.pk}/")
        )
        assert "<" not in address
        form = one.get(unescape(address)).content.decode()
        (typed,) = re.findall(rf'<textarea[^>]*name="{field}"[^>]*>([^<]*)</textarea>', form)
        assert unescape(typed).strip() == "reset <b>password</b>"
        assert "reset <b>password</b>" not in form

    def test_an_article_begins_with_the_words_as_its_title(self, client, gap):
        (address,) = re.findall(r'href="(/cms/pages/add/knowledge/[^"]*)"', read(client, f"/staff/search/{gap.pk}/"))
        form = client.get(unescape(address)).content.decode()
        assert "Reset &lt;b&gt;password&lt;/b&gt;" in form

    def test_who_may_not_write_there_is_not_led_there(self, client, gap):
        assert "/cms/snippets/" not in read(client, f"/staff/search/{gap.pk}/").partition("<main")[2]

    def test_poor_matches_and_late_finds_are_told(self, client):
        searched("flux capacitor", times=3, clicked=3, rank=9, coverage=25)
        ledger_update()
        gap = Gap.objects.get()
        page = read(client, f"/staff/search/{gap.pk}/")
        assert "<dt>Poor matches</dt><dd>3</dd>" in page and "<dt>Found late</dt><dd>3</dd>" in page
        assert "25.0 %" in page
        assert "<b>3</b> poorly matched" in read(client, "/staff/search/", kind="poor-match")
        assert "No such gap" in read(client, "/staff/search/", kind="weak")
        (row,) = csv.DictReader(io.StringIO(client.get("/staff/search/gaps.csv").content.decode()))
        assert (row["kind"], row["poor_matches_90_days"], row["found_late_90_days"]) == ("poor-match", "3", "3")

    def test_words_that_are_forgotten_are_gone_here_too(self, client, gap):
        Search.objects.update(text="", normalized="", withheld=Withheld.EXPIRED)
        page = read(client, f"/staff/search/{gap.pk}/")
        assert "password" not in re.sub(r"<header class=\"site-header.*?</header>", "", page, flags=re.DOTALL)
        assert "(the words are forgotten)" in page
        assert "The log has forgotten the words. The counts stay." in page
        assert "(the words are forgotten)" in read(client, "/staff/search/")

    def test_what_was_opened_is_shown_to_whom_may_see_it(self, client, staff):
        target, hidden = question(title="Lamp blinks in red"), question(title="A hidden question")
        searched("blinking", times=6, clicked=1, opened=("question", str(target.pk)), rank=7)
        searched("blinking", times=6, clicked=1, opened=("question", str(hidden.pk)))
        with committed():
            question_delete(user=staff, question_id=hidden.pk)
        ledger_update()
        page = read(client, f"/staff/search/{Gap.objects.get().pk}/")
        assert "Lamp blinks in red" in page
        assert "at best in place 7" in page
        assert "A hidden question" not in page

    def test_questions_that_wait_are_listed(self, client):
        question(title="Why does nobody answer this?")
        Question.objects.update(created_at=now() - timedelta(days=5))
        ledger_update()
        page = read(client, f"/staff/search/{Gap.objects.get().pk}/")
        assert page.count("Why does nobody answer this?") >= 2
        assert "<dt>Questions waiting</dt><dd>1</dd>" in page

    def test_twenty_queries_are_enough(self, client, gap, staff, django_assert_max_num_queries):
        for place in range(8):
            target = question(title=f"Lamp number {place} blinks")
            searched("reset password", clicked=1, opened=("question", str(target.pk)))
            services.gap_assign(user=staff, gap_id=gap.pk, assignee_id=member(staff=True).pk)
        ledger_update()
        with django_assert_max_num_queries(20):
            read(client, f"/staff/search/{gap.pk}/")
