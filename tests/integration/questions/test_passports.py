"""The answer passport: claims, what members say, solutions by version, outdated answers, and what a page tells."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import call_command
from django.utils import translation

from portal.core.clock import now
from portal.core.errors import Invalid, StateForbids
from portal.core.events import _receivers, receives
from portal.questions import events
from portal.questions.models import Answer, Confirmation, ObsoleteMark, Passport, Solution
from portal.questions.selectors.detail import question_page
from portal.questions.services.answers import answer_accept, answer_delete, answer_restore, answer_unaccept
from portal.questions.services.passport import (
    obsolete_lift,
    obsolete_mark,
    passport_clear,
    passport_set,
    solution_mark,
    solution_unmark,
)
from portal.questions.services.releases import release_edit, release_restore, release_withdraw
from portal.questions.services.versions import obsolete_recount
from search.models import OutboxEntry
from tests.factories.accounts import member
from tests.factories.events import committed
from tests.factories.questions import accept, answer, question, topic, vote
from tests.factories.versions import claim, product, release, releases, say

pytestmark = pytest.mark.django_db
STRANGER = AnonymousUser()


@pytest.fixture
def lamp():
    """A product with three releases: v1, v2, v3."""
    made = product()
    made.made = releases("v1", "v2", "v3", of=made)
    return made


@pytest.fixture
def given(lamp):
    """An answer to a question about the lamp."""
    return answer(question(topics=("lamp",)))


def shown(answer_, user=STRANGER):
    """Returns the answer as a page has it."""
    page = question_page(user=user, question_id=answer_.question_id)
    return next(item for item in page.answers if item.post == answer_)


def outdated(answer_):
    """Whether the answer's row says that it is outdated, which recounting must agree with."""
    answer_.refresh_from_db()
    assert obsolete_recount(ids=[answer_.pk]) == []
    return answer_.obsolete


class TestClaims:
    def test_a_range_of_releases_is_what_it_works_on(self, lamp, given):
        claim(given, lamp.made[0], lamp.made[1])
        passport = shown(given).passport
        assert passport.versions == "\u2068v1–v2\u2069"
        assert (passport.state, passport.pending.label, passport.confirmed) == ("works", "v3", None)

    def test_the_last_is_not_the_older_one_and_one_alone_is_a_range(self, lamp, given):
        passport = claim(given, lamp.made[0], lamp.made[2])
        assert (passport.first.label, passport.last.label) == ("v1", "v3")
        with pytest.raises(Invalid) as refused:
            claim(given, lamp.made[2], lamp.made[0])
        assert "must not be older" in str(refused.value.fields["last"][0])
        with committed():
            passport = passport_set(user=given.author, answer_id=given.pk, first_id=None, last_id=lamp.made[1].pk)
        assert (passport.first.label, passport.last.label) == ("v2", "v2")
        assert Passport.objects.count() == 1

    def test_it_can_be_taken_back(self, lamp, given):
        claim(given, lamp.made[0])
        passport_clear(user=given.author, answer_id=given.pk)
        passport_clear(user=given.author, answer_id=given.pk)
        assert not shown(given).passport.known

    def test_releases_of_no_product_of_the_question_are_refused(self, lamp, given):
        other = release(product("Kettle"), "k1")
        wrong = [(None, None), (999_999, None), (other.pk, None), (lamp.made[0].pk, other.pk)]
        for first, last in wrong:
            with pytest.raises(Invalid):
                passport_set(user=given.author, answer_id=given.pk, first_id=first, last_id=last)
        release_withdraw(user=member(staff=True), release_id=lamp.made[0].pk)
        with pytest.raises(Invalid):
            passport_set(user=given.author, answer_id=given.pk, first_id=lamp.made[0].pk)
        assert not Passport.objects.exists()

    def test_a_question_below_a_product_is_about_it(self, lamp):
        topic("Bulbs", parent=topic("Light", parent=lamp))
        below = answer(question(topics=("bulbs",)))
        claim(below, lamp.made[0])
        assert shown(below).passport.versions == "\u2068v1\u2069"

    def test_a_question_about_no_product_has_no_passports(self, lamp):
        plain = answer(question(topics=()))
        assert shown(plain).passport is None
        with pytest.raises(StateForbids):
            say(plain)

    def test_with_two_products_the_name_is_told_in_the_readers_language(self, lamp):
        topic("Kettle", product=True, ru="Чайник")
        kettle = release(product("Kettle"), "k1")
        given = answer(question(topics=("lamp", "kettle")))
        claim(given, kettle)
        with translation.override("ru"):
            assert shown(given).passport.versions == "Чайник \u2068k1\u2069"


class TestSaying:
    def test_a_member_confirms_on_the_newest_release(self, lamp, given):
        claim(given, lamp.made[0], lamp.made[1])
        assert say(given).label == "v3"
        passport = shown(given).passport
        assert (passport.versions, passport.pending) == ("\u2068v1–v3\u2069", None)
        assert (passport.confirmed.voice, passport.confirmed.count) == ("member", 1)

    def test_one_say_of_a_member_for_a_release_changed_and_taken_back(self, lamp, given):
        who = member()
        for works in (True, True, False):
            say(given, works, by=who)
        assert Confirmation.objects.count() == 1
        assert shown(given, who).passport.mine is False
        assert shown(given).passport.mine is None
        say(given, True, lamp.made[0], by=who)
        assert Confirmation.objects.count() == 2
        say(given, None, by=who)
        say(given, None, by=who)
        assert shown(given, who).passport.mine is None
        assert Confirmation.objects.get().release == lamp.made[0]

    def test_the_author_speaks_as_the_author_only(self, given):
        say(given, by=given.author)
        confirmed = shown(given).passport.confirmed
        assert confirmed.voice == Confirmation.objects.get().voice == "author"
        say(given)
        assert shown(given).passport.confirmed.voice == "member"

    def test_an_author_of_the_staff_is_the_author_too(self, lamp):
        given = answer(question(topics=("lamp",)), member(staff=True), official=True)
        say(given, by=given.author)
        assert Confirmation.objects.get().voice == "author"

    def test_two_members_make_it_outdated_and_one_of_the_staff_alone(self, given):
        first = member()
        say(given, False, by=first)
        assert not outdated(given)
        assert shown(given).passport.state == "doubtful"
        say(given, False)
        assert outdated(given)
        say(given, None, by=first)
        assert not outdated(given)
        say(given, False, by=member(staff=True))
        assert outdated(given)

    def test_it_holds_again_once_it_is_confirmed_on_a_later_release(self, lamp, given):
        say(given, False, lamp.made[1], by=member(staff=True))
        assert outdated(given)
        say(given, True, lamp.made[2])
        assert not outdated(given)

    def test_a_release_of_another_product_is_refused(self, given):
        other = release(product("Kettle"), "k1")
        with pytest.raises(Invalid):
            say(given, True, other)

    def test_the_word_of_a_deleted_account_stays_without_the_name(self, given):
        who, other = member(), member()
        say(given, by=who)
        say(given, by=other)
        who.delete()
        confirmed = shown(given).passport.confirmed
        assert (confirmed.voice, confirmed.count) == ("member", 2)
        given.author.delete()
        assert shown(given).passport.confirmed.voice == "member"

    def test_a_deleted_author_turns_no_confirmation_of_hers_into_a_members(self, given):
        say(given, by=given.author)
        given.author.delete()
        assert shown(given).passport.confirmed.voice == "author"

    def test_what_aged_counts_half_beside_the_new(self, given):
        for _each in range(2):
            say(given, False)
        Confirmation.objects.update(said_at=now() - timedelta(days=500))
        assert outdated(given)
        say(given)
        assert not outdated(given)


class TestOutdated:
    def test_by_hand_with_the_reason_and_back_with_a_record(self, given):
        obsolete_mark(user=given.author, answer_id=given.pk, reason="  The menu\nis gone. ")
        assert outdated(given)
        item = shown(given)
        assert (item.mark.reason, item.mark.marked_by) == ("The menu is gone.", given.author)
        obsolete_lift(user=given.author, answer_id=given.pk)
        assert not outdated(given)
        mark = ObsoleteMark.objects.get()
        assert (mark.lifted_by, mark.lifted_at is not None) == (given.author, True)

    @pytest.mark.parametrize("reason", ["", "   ", "\x00", "x" * 301])
    def test_it_needs_a_reason_of_a_sentence(self, given, reason):
        with pytest.raises(Invalid):
            obsolete_mark(user=given.author, answer_id=given.pk, reason=reason)
        assert not outdated(given)

    def test_once_is_enough(self, given):
        obsolete_mark(user=given.author, answer_id=given.pk, reason="Gone.")
        with pytest.raises(StateForbids):
            obsolete_mark(user=member(staff=True), answer_id=given.pk, reason="Gone.")

    def test_what_readers_say_still_counts_when_the_mark_is_taken_back(self, given):
        say(given, False, by=member(staff=True))
        obsolete_mark(user=given.author, answer_id=given.pk, reason="Gone.")
        obsolete_lift(user=given.author, answer_id=given.pk)
        assert outdated(given)

    def test_it_works_where_there_is_no_product_and_sinks(self):
        asked = question()
        old, new = answer(asked), answer(asked)
        vote(old)
        obsolete_mark(user=old.author, answer_id=old.pk, reason="Gone.")
        assert [item.post for item in question_page(user=STRANGER, question_id=asked.pk).answers] == [new, old]

    def test_it_is_marked_not_deleted_and_stays_accepted(self, given):
        accept(given)
        obsolete_mark(user=given.author, answer_id=given.pk, reason="Gone.")
        given.question.refresh_from_db()
        assert (given.question.accepted_answer_id, given.question.status) == (given.pk, "accepted")
        assert shown(given).accepted

    def test_the_turn_is_announced_once_and_the_search_looks_again(self, given):
        heard = []

        @receives(events.AnswerOutdated, events.AnswerRevived)
        def listen(event):
            heard.append((type(event).__name__, event.answer_id, event.answer_author_id))

        try:
            staff, waiting = member(staff=True), OutboxEntry.objects.filter(document_type="question")
            waiting.delete()
            say(given, False)
            assert (heard, waiting.count()) == ([], 0)
            say(given, False, by=staff)
            say(given, False)
            assert [entry.object_id for entry in waiting] == [str(given.question_id)]
            say(given, None, by=staff)
            for who in Confirmation.objects.select_related("user"):
                say(given, True, by=who.user)
        finally:
            for kind in (events.AnswerOutdated, events.AnswerRevived):
                _receivers[kind].remove(listen)
        both = (given.pk, given.author_id)
        assert heard == [("AnswerOutdated", *both), ("AnswerRevived", *both)]

    def test_recount_puts_right_what_drifted(self, given, capsys):
        say(given, False, by=member(staff=True))
        Answer.objects.filter(pk=given.pk).update(obsolete=False)
        other = answer()
        Answer.objects.filter(pk=other.pk).update(obsolete=True)
        call_command("recount")
        assert "outdated answers: 2 put right" in capsys.readouterr().out
        assert outdated(given)
        assert not outdated(other)
        call_command("recount")
        assert "outdated answers: 0 put right" in capsys.readouterr().out


class TestReleasesThatChange:
    def test_a_new_release_leaves_the_answer_as_it_was_and_asks_again(self, lamp, given):
        say(given)
        release(lamp, "v4")
        passport = shown(given).passport
        assert (passport.versions, passport.pending.label, passport.state) == ("\u2068v3\u2069", "v4", "works")

    def test_what_was_said_of_a_withdrawn_release_waits_for_its_return(self, lamp, given):
        staff = member(staff=True)
        claim(given, lamp.made[0], lamp.made[2])
        say(given, False, by=staff)
        assert outdated(given)
        release_withdraw(user=staff, release_id=lamp.made[2].pk)
        assert not outdated(given)
        assert shown(given).passport.versions == "\u2068v1\u2069"
        release_restore(user=staff, release_id=lamp.made[2].pk)
        assert outdated(given)

    def test_another_day_is_another_order(self, lamp, given):
        staff = member(staff=True)
        say(given, False, lamp.made[1], by=staff)
        say(given, True, lamp.made[0])
        assert outdated(given)
        release_edit(user=staff, release_id=lamp.made[0].pk, released_at=now().date())
        assert not outdated(given)

    def test_all_releases_withdrawn_is_no_product_at_all(self, lamp, given):
        claim(given, lamp.made[0])
        for each in lamp.made:
            release_withdraw(user=member(staff=True), release_id=each.pk)
        assert shown(given).passport is None
        assert question_page(user=STRANGER, question_id=given.question_id).versions.releases == {}


class TestSolutions:
    @pytest.fixture
    def asked(self, lamp):
        return question(topics=("lamp",))

    def listed(self, asked):
        """Returns (answer, versions, accepted) of the solutions by version."""
        found = question_page(user=STRANGER, question_id=asked.pk).versions.solutions
        return [(view.answer, view.versions.strip("\u2068\u2069"), view.accepted) for view in found]

    def mark(self, given, first, last=None):
        return solution_mark(
            user=given.question.author, answer_id=given.pk, first_id=first.pk, last_id=last.pk if last else None
        )

    def test_an_accepted_answer_alone_needs_no_list(self, asked):
        accept(answer(asked))
        assert self.listed(asked) == []

    def test_the_accepted_one_first_then_the_latest_versions(self, lamp, asked):
        main, old, mid = answer(asked), answer(asked), answer(asked)
        self.mark(old, lamp.made[0])
        self.mark(mid, lamp.made[0], lamp.made[1])
        accept(main)
        claim(main, lamp.made[2])
        assert self.listed(asked) == [(main, "v3", True), (mid, "v1–v2", False), (old, "v1", False)]

    def test_the_accepted_answer_is_still_one_and_its_change_leaves_the_others(self, lamp, asked):
        one, two = answer(asked), answer(asked)
        self.mark(one, lamp.made[0])
        accept(two)
        with committed():
            answer_accept(user=asked.author, answer_id=one.pk)
        assert self.listed(asked) == [(one, "v1", True)] or self.listed(asked) == []
        with committed():
            answer_unaccept(user=asked.author, answer_id=one.pk)
        assert self.listed(asked) == [(one, "v1", False)]

    def test_marked_again_is_moved_and_unmarked_is_gone(self, lamp, asked):
        given = answer(asked)
        self.mark(given, lamp.made[0])
        self.mark(given, lamp.made[1], lamp.made[2])
        assert self.listed(asked) == [(given, "v2–v3", False)]
        solution_unmark(user=asked.author, answer_id=given.pk)
        solution_unmark(user=asked.author, answer_id=given.pk)
        assert (self.listed(asked), Solution.objects.count()) == ([], 0)

    def test_a_deleted_answer_solves_nothing_until_it_is_back(self, lamp, asked):
        given = answer(asked)
        self.mark(given, lamp.made[0])
        answer_delete(user=given.author, answer_id=given.pk)
        assert self.listed(asked) == []
        answer_restore(user=given.author, answer_id=given.pk)
        assert self.listed(asked) == [(given, "v1", False)]

    def test_a_solution_for_versions_that_are_withdrawn_waits(self, lamp, asked):
        given = answer(asked)
        self.mark(given, lamp.made[0])
        release_withdraw(user=member(staff=True), release_id=lamp.made[0].pk)
        assert self.listed(asked) == []


def test_a_page_of_many_answers_costs_as_many_queries_as_one_of_few(lamp, django_assert_max_num_queries):
    few, many = question(topics=("lamp",)), question(topics=("lamp",))
    for asked, number in ((few, 1), (many, 12)):
        for _each in range(number):
            each = answer(asked)
            claim(each, lamp.made[0])
            say(each)
            solution_mark(user=asked.author, answer_id=each.pk, first_id=lamp.made[0].pk)
    reader = member()
    with django_assert_max_num_queries(16) as first:
        question_page(user=reader, question_id=few.pk)
    with django_assert_max_num_queries(16) as second:
        question_page(user=reader, question_id=many.pk)
    assert len(first) == len(second)
