"""At the same moment: words about versions, releases and marks leave one row each and nothing derived wrongly."""

from io import StringIO

import pytest
from django.core.management import call_command

from portal.core.errors import Invalid, PortalError, StateForbids
from portal.questions.models import Answer, Confirmation, ObsoleteMark, Passport, Release, Solution
from portal.questions.services.merging import questions_merge
from portal.questions.services.passport import answer_confirm, obsolete_lift, obsolete_mark, passport_set, solution_mark
from portal.questions.services.releases import release_register, release_restore, release_withdraw
from tests.factories.accounts import member
from tests.factories.questions import answer, question
from tests.factories.versions import product, releases, say

from .test_counters import together

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def lamp():
    """A product with two releases and an answer to a question about it."""
    made = product()
    made.made = releases("v1", "v2", of=made)
    made.given = answer(question(topics=("lamp",)))
    return made


def sound():
    """Returns whether nothing has drifted; the command raises where anything has."""
    call_command("check_integrity", stdout=StringIO())
    return True


def test_one_member_many_times_has_one_word_and_each_other_member_one(lamp):
    once, others = member(), [member() for _ in range(3)]
    pk = lamp.given.pk
    raised = together(
        *(lambda works=works: answer_confirm(user=once, answer_id=pk, works=works) for works in (True, False, True)),
        *(lambda who=who: answer_confirm(user=who, answer_id=pk, works=False) for who in others),
    )
    assert raised == []
    assert Confirmation.objects.filter(answer=pk, user=once).count() == 1
    assert Confirmation.objects.filter(answer=pk).count() == 4
    # Three of four are against it at the least: however the first one ended, it is outdated or doubtful as they say.
    against = Confirmation.objects.filter(answer=pk, works=False).count()
    assert Answer.objects.get(pk=pk).obsolete == (against >= 2 * (4 - against))
    assert sound()


def test_a_word_that_meets_the_withdrawal_of_its_release_counts_with_it_or_not_at_all(lamp):
    staff, first, last = member(staff=True), *lamp.made
    say(lamp.given, on=first)
    raised = together(
        lambda: release_withdraw(user=staff, release_id=last.pk),
        lambda: answer_confirm(user=staff, answer_id=lamp.given.pk, works=False, release_id=last.pk),
    )
    assert all(isinstance(error, Invalid) for error in raised)
    assert Answer.objects.get(pk=lamp.given.pk).obsolete is False
    release_restore(user=staff, release_id=last.pk)
    assert Answer.objects.get(pk=lamp.given.pk).obsolete is not bool(raised)
    assert sound()


def test_a_label_is_registered_once_and_a_release_withdrawn_once(lamp):
    staff = [member(staff=True) for _ in range(4)]
    raised = together(*(lambda who=who: release_register(user=who, product="lamp", label="v3") for who in staff))
    assert [type(error) for error in raised] == [Invalid] * 3
    made = Release.objects.get(label="v3")
    raised = together(*(lambda who=who: release_withdraw(user=who, release_id=made.pk) for who in staff))
    assert [type(error) for error in raised] == [StateForbids] * 3


def test_of_two_releases_that_want_one_label_back_one_gets_it(lamp):
    staff, old = member(staff=True), lamp.made[1]
    release_withdraw(user=staff, release_id=old.pk)
    raised = together(
        lambda: release_restore(user=staff, release_id=old.pk),
        lambda: release_register(user=staff, product="lamp", label="v2"),
    )
    assert [type(error) for error in raised] == [Invalid]
    assert Release.objects.filter(label="v2", withdrawn_at__isnull=True).count() == 1


def test_marks_claims_and_solutions_are_one_each(lamp):
    staff, author, pk = member(staff=True), lamp.given.author, lamp.given.pk
    first, last = lamp.made
    raised = together(
        *(lambda: obsolete_mark(user=staff, answer_id=pk, reason="The menu is gone.") for _ in range(2)),
        lambda: passport_set(user=author, answer_id=pk, first_id=first.pk),
        lambda: passport_set(user=author, answer_id=pk, first_id=first.pk, last_id=last.pk),
        *(lambda each=each: solution_mark(user=staff, answer_id=pk, first_id=each.pk) for each in lamp.made),
    )
    assert [type(error) for error in raised] == [StateForbids]
    for table in (ObsoleteMark, Passport, Solution):
        assert table.objects.filter(answer=pk).count() == 1
    raised = together(*(lambda: obsolete_lift(user=staff, answer_id=pk) for _ in range(3)))
    assert [type(error) for error in raised] == [StateForbids] * 2
    assert Answer.objects.get(pk=pk).obsolete is False


def test_a_word_that_meets_a_merge_stays_with_its_answer(lamp):
    staff, pk, target = member(staff=True), lamp.given.pk, question(topics=("lamp",))
    source, first = lamp.given.question_id, lamp.made[0].pk
    raised = together(
        lambda: questions_merge(user=staff, source_id=source, target_id=target.pk),
        *(lambda who=who: answer_confirm(user=who, answer_id=pk, works=False) for who in (member(), member())),
        lambda: solution_mark(user=staff, answer_id=pk, first_id=first),
    )
    assert all(isinstance(error, PortalError) for error in raised)
    found = Answer.objects.get(pk=pk)
    assert found.question_id == target.pk
    assert found.obsolete == (Confirmation.objects.filter(answer=pk).count() == 2)
    assert sound()
