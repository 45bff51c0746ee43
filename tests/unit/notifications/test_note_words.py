"""What notes and mails say, how links are signed, and when mails may leave: without a database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from portal.accounts.models import User
from portal.core.errors import NotFound
from portal.notifications.links import Quieting, Unsubscribing, quiet_link, quiet_token, unsubscribe_link
from portal.notifications.links import unsubscribe_token as search_token
from portal.notifications.models import USUAL, Channel, Follow, Happening, Kind, NotificationSettings
from portal.notifications.selectors.audience import NEAREST, RULES, Reason
from portal.notifications.selectors.inbox import GROUPS
from portal.notifications.selectors.items import ItemView
from portal.notifications.selectors.things import Thread
from portal.notifications.services.letters import Line, Part, letter_of
from portal.notifications.services.telling import told_post
from portal.notifications.words import items_words
from portal.questions.models import Answer, Question
from portal.questions.selectors.authors import ShownAuthor

THREAD = Thread("question", "7", "Why does it leak?", "/en/questions/7/", "question", "en")
BASE = "https://help.example.com"


def view(what: str = "answered", name: str = "Ada", *, answer: Answer | None = None, **data) -> ItemView:
    """A happening as a note tells of it."""
    happening = Happening(pk=3, what=what, question=Question(pk=7), answer=answer, data=data)
    actor = ShownAuthor(User(username=name, display_name=name), "") if name else ShownAuthor(None, "")
    return ItemView(SimpleNamespace(), happening, actor, "/en/questions/7/")


def words(kind: Kind, *views: ItemView, reader: int = 1) -> str:
    return items_words(kind, list(views), THREAD, reader)


class TestWords:
    @pytest.mark.parametrize(
        ("kind", "shown", "said"),
        [
            (Kind.ANSWER, view(), "Ada answered"),
            (Kind.OFFICIAL, view(), "Official answer by Ada"),
            (Kind.MENTION, view("mentioned"), "Ada mentioned you"),
            (Kind.COMMENT, view("commented"), "Ada commented"),
            (Kind.EDIT, view("edited"), "Ada edited your question"),
            (Kind.EDIT, view("edited", answer=Answer(pk=8)), "Ada edited your answer"),
            (Kind.ACCEPTED, view("accepted", answer=Answer(pk=8, author_id=1)), "Your answer was accepted"),
            (Kind.ACCEPTED, view("accepted", answer=Answer(pk=8, author_id=2)), "An answer was accepted"),
            (Kind.STATUS, view("status", status="closed", act="close"), "Where the question stands: Closed"),
            (Kind.STATUS, view("status", status="open", act="reopen"), "The question is open again"),
            (Kind.STATUS, view("status", status="open", act="lock"), "The question was locked"),
            (Kind.STATUS, view("status", status="needs_details"), "Ada asks for details"),
            (Kind.STATUS, view("proposed", agreed=True), "The staff agree that it was asked before"),
            (Kind.MERGED, view("merged"), "Your question was joined with another one"),
            (Kind.MERGED, view("parted"), "Your question stands by itself again"),
            (Kind.MERGED, view("contested", agreed=False), "The staff keep it as it was decided"),
            (Kind.SUGGESTION, view("suggested"), "Ada suggests an edit to what you wrote"),
            (Kind.SUGGESTION, view("reviewed", verdict="accepted"), "Your suggested edit was accepted"),
            (Kind.SUGGESTION, view("reviewed", verdict="declined"), "Your suggested edit was declined"),
            (Kind.QUESTION, view("asked"), "New question in Why does it leak?"),
            (Kind.MEMBER, view("asked"), "Ada asked"),
            (Kind.MEMBER, view(answer=Answer(pk=8)), "Ada answered"),
            (Kind.ANSWER, view(name=""), "Somebody answered"),
        ],
    )
    def test_of_one_happening(self, kind, shown, said):
        assert words(kind, shown) == said

    @pytest.mark.parametrize("kind", [kind for kind in Kind if kind != Kind.SAVED_SEARCH])
    @pytest.mark.parametrize("language", ["en", "ru", "ja", "ar"])
    def test_every_kind_is_said_of_one_and_of_many(self, kind, language):
        with translation.override(language):
            for count in (1, 2, 3, 5, 11, 100):
                said = words(kind, *[view() for _each in range(count)])
                assert said and "%(" not in said

    def test_a_title_with_signs_of_formatting_is_told_as_it_is(self):
        odd = Thread("topic", "3", "100% %(name)s", "/en/topics/x/", "tag")
        assert items_words(Kind.QUESTION, [view("asked")], odd, 1) == "New question in 100% %(name)s"

    def test_every_kind_has_a_rank_a_usual_way_and_a_group(self):
        told = set(Kind) - {Kind.SAVED_SEARCH}
        assert set(NEAREST) == set(USUAL) == told
        assert {kind for kinds in GROUPS.values() for kind in kinds} == set(Kind)
        assert Reason(Kind.MENTION, "question:1").rank < Reason(Kind.ANSWER, "question:1").rank
        assert Reason(Kind.ANSWER, "question:1").rank < Reason(Kind.QUESTION, "topic:1").rank

    def test_what_can_happen_again_is_told_again(self):
        for what in RULES:
            first, second = (Happening(pk=pk, what=what, question_id=7, answer_id=8) for pk in (1, 2))
            again = what not in ("asked", "answered", "commented", "accepted", "official", "reminder")
            assert (told_post(first) != told_post(second)) == again, what

    def test_a_follow_names_its_thread(self):
        assert [str(Follow(user_id=1, **{f"{kind}_id": 5}).thread) for kind in ("question", "topic", "member")] == [
            "question:5",
            "topic:5",
            "member:5",
        ]


class TestTheMail:
    def letter(self, *parts: Part, language: str = "en", digest: bool = False):
        user = User(pk=7, username="rea", display_name="Rea <b>", email="rea@example.org", language=language)
        return letter_of(user=user, parts=parts, digest=digest, mark="abc")

    def part(self, number: int = 7, lines: int = 1, more: int = 0) -> Part:
        thread = Thread("question", str(number), f"Title {number}", f"/en/questions/{number}/", "question", "en")
        told = [Line("answer", f"Ada answered {each}", f"{BASE}/a{each}", "So & <so>", "en") for each in range(lines)]
        return Part(thread, f"{BASE}{thread.path}", told, more, f"{BASE}/stop/{number}")

    @pytest.mark.parametrize("language", ["en", "ru", "ja", "ar"])
    def test_no_placeholder_is_left_in_any_language(self, language, settings):
        settings.PORTAL_BASE_URL = BASE
        for count in (1, 2, 3, 5, 11):
            for digest in (False, True):
                made = self.letter(
                    *[self.part(each, more=each) for each in range(count)], language=language, digest=digest
                )
                ((html, _kind),) = made.alternatives
                assert "%(" not in made.subject + made.body + html and "{{" not in made.body + html
                assert made.extra_headers["Content-Language"] == language

    def test_one_thread_is_its_subject_several_are_counted(self, settings):
        settings.PORTAL_BASE_URL = BASE
        assert self.letter(self.part()).subject == "Title 7"
        assert self.letter(self.part(), self.part(8)).subject == "Title 7, and 1 more thread"
        assert self.letter(self.part(), self.part(8), self.part(9)).subject == "Title 7, and 2 more threads"
        assert "References" not in self.letter(self.part(), self.part(8)).extra_headers
        assert self.letter(self.part()).extra_headers["References"] == "<question.7@help.example.com>"

    def test_what_members_wrote_is_text(self, settings):
        settings.PORTAL_BASE_URL = BASE
        made = self.letter(self.part(lines=2, more=3))
        ((html, _kind),) = made.alternatives
        assert "So & <so>" in made.body and "So &amp; &lt;so&gt;" in html
        assert "Rea &lt;b&gt;" in html and "And 3 more" in made.body

    @pytest.mark.parametrize("language", ["", "xx", "de"])
    def test_a_language_that_the_portal_does_not_speak_is_its_own(self, language, settings):
        assert self.letter(self.part(), language=language).extra_headers["Content-Language"] == settings.LANGUAGE_CODE


class TestLinks:
    @given(
        st.integers(1, 2**40),
        st.lists(st.tuples(st.sampled_from(["question", "topic", "member"]), st.integers(0, 10**17)), max_size=20),
        st.lists(st.sampled_from(Kind.values), max_size=5),
    )
    def test_a_link_says_what_it_was_made_of(self, user, threads, kinds):
        link = Quieting(user, tuple(f"{kind}:{number}" for kind, number in threads), tuple(kinds))
        assert quiet_link(quiet_token(link)) == link

    @given(st.text(max_size=60))
    def test_any_other_text_is_none(self, text):
        with pytest.raises(NotFound):
            quiet_link(text)

    @pytest.mark.parametrize("thread", ["question:x", "user:1", "question:1 or 1", "", "question:-1", "question:1\n"])
    def test_a_thread_that_is_none_is_refused_though_it_is_signed(self, thread):
        with pytest.raises(NotFound):
            quiet_link(quiet_token(Quieting(1, (thread,))))

    def test_links_of_one_kind_open_nothing_of_the_other(self):
        with pytest.raises(NotFound):
            quiet_link(search_token(Unsubscribing(1, (2,))))
        with pytest.raises(NotFound):
            unsubscribe_link(quiet_token(Quieting(1, ("question:2",))))


class TestTimes:
    @given(
        st.integers(0, 23),
        st.integers(0, 23),
        st.sampled_from(["UTC", "Asia/Tokyo", "America/New_York", "Asia/Kolkata", "nowhere"]),
        st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)),
    )
    def test_quiet_hours_end_within_a_day_and_are_over_then(self, begin, until, zone, moment):
        chosen = NotificationSettings(quiet_from=begin, quiet_until=until, timezone=zone)
        end = chosen.quiet_end(moment)
        if begin == until:
            assert end is None
        elif end is not None:
            assert timedelta(0) < end - moment <= timedelta(hours=25), "a day may have 25 hours"
            assert end.hour == until and chosen.quiet_end(end) is None

    @given(
        st.integers(0, 23),
        st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)),
    )
    def test_the_mail_of_the_day_comes_within_a_day_at_its_hour(self, hour, moment):
        due = NotificationSettings(digest_hour=hour, timezone="Europe/Berlin").digest_due(moment)
        assert timedelta(0) < due - moment <= timedelta(hours=25)
        assert due.hour == hour

    def test_what_was_never_chosen_is_the_usual(self):
        chosen = NotificationSettings(channels={"answer": "never", "comment": "nonsense"})
        assert chosen.channel("answer") == Channel.NEVER
        assert chosen.channel("comment") == USUAL[Kind.COMMENT]
        assert all(NotificationSettings().channel(kind) == way for kind, way in USUAL.items())
