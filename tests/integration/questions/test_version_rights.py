"""Who may say what of versions: outsiders first; a refusal leaves every row as it was."""

import pytest

from portal.core.errors import NotAllowed, NotFound, SignInNeeded, StateForbids
from portal.questions.models import Confirmation, ObsoleteMark, Passport, Release, Solution
from portal.questions.services.answers import answer_delete
from portal.questions.services.life import question_lock, question_settle
from portal.questions.services.passport import (
    answer_confirm,
    obsolete_lift,
    obsolete_mark,
    passport_clear,
    passport_set,
    solution_mark,
    solution_unmark,
)
from portal.questions.services.questions import question_delete, question_edit
from portal.questions.services.releases import release_edit, release_register, release_restore, release_withdraw
from tests.factories.accounts import member
from tests.factories.versions import product, releases

from .scene import KINDS, everything, scene

pytestmark = pytest.mark.django_db

REFUSALS = {"S": SignInNeeded, "N": NotAllowed, "F": StateForbids, "H": NotFound}
TABLES = (Release, Passport, Solution, Confirmation, ObsoleteMark)

# What is tried, and a letter for each of KINDS: a dot lets pass, the others are in REFUSALS.
#          stranger, sleeping, member, asker, author, commenter, staff
TABLE = {
    "still works": (lambda u, s: answer_confirm(user=u, answer_id=s.given.pk, works=True), "SS....."),
    "no longer works": (lambda u, s: answer_confirm(user=u, answer_id=s.given.pk, works=False), "SS....."),
    "written for": (
        lambda u, s: passport_set(user=u, answer_id=s.given.pk, first_id=s.made[0].pk, last_id=s.made[1].pk),
        "SSNN.N.",
    ),
    "written for none": (lambda u, s: passport_clear(user=u, answer_id=s.given.pk), "SSNN.N."),
    "solution": (lambda u, s: solution_mark(user=u, answer_id=s.given.pk, first_id=s.made[0].pk), "SSN.NN."),
    "no solution": (lambda u, s: solution_unmark(user=u, answer_id=s.given.pk), "SSN.NN."),
    "outdated": (lambda u, s: obsolete_mark(user=u, answer_id=s.given.pk, reason="The menu is gone."), "SSNN.N."),
    "register": (lambda u, s: release_register(user=u, product="lamp", label="v9"), "SSNNNN."),
    "edit a release": (lambda u, s: release_edit(user=u, release_id=s.made[0].pk, label="v0"), "SSNNNN."),
    "withdraw": (lambda u, s: release_withdraw(user=u, release_id=s.made[0].pk), "SSNNNN."),
    "restore": (lambda u, s: release_restore(user=u, release_id=s.made[0].pk), "SSNNNNF"),
}
ALLOWED_WITHOUT_CHANGE = {"written for none", "no solution"}
OF_ANSWERS = [name for name in TABLE if "release" not in name and name not in ("register", "withdraw", "restore")]


def rows():
    """Returns every row that could change."""
    return everything() | {table.__name__: list(table.objects.order_by("pk").values()) for table in TABLES}


@pytest.fixture
def at():
    """A scene whose question is about a lamp with three releases."""
    found = scene()
    product()
    found.made = releases("v1", "v2", "v3")
    question_edit(user=found.people["staff"], question_id=found.asked.pk, version=1, topics=["lamp"])
    found.refresh()
    return found


@pytest.mark.parametrize("name", TABLE)
def test_each_kind_of_person_may_what_the_table_says(at, name):
    act, letters = TABLE[name]
    for kind, letter in zip(KINDS, letters, strict=True):
        if letter == ".":
            continue
        before = rows()
        with pytest.raises(REFUSALS[letter]):
            act(at.people[kind], at)
        assert rows() == before, kind
    for kind, letter in zip(KINDS, letters, strict=True):
        if letter == ".":
            before = rows()
            act(at.people[kind], at)
            assert name in ALLOWED_WITHOUT_CHANGE or rows() != before, kind
            if name == "outdated":
                obsolete_lift(user=at.people[kind], answer_id=at.given.pk)


@pytest.mark.parametrize("name", OF_ANSWERS)
@pytest.mark.parametrize("how", ["archived", "locked"])
def test_a_question_that_nobody_may_change_refuses_with_a_reason(at, name, how):
    if how == "archived":
        question_settle(user=at.people["staff"], question_id=at.asked.pk, status="archived")
    else:
        question_lock(user=at.people["staff"], question_id=at.asked.pk, locked=True)
    letters = TABLE[name][1]
    before = rows()
    for kind in ("member", "asker", "author") if how == "locked" else KINDS[2:]:
        if letters[KINDS.index(kind)] == ".":
            with pytest.raises(StateForbids) as refused:
                TABLE[name][0](at.people[kind], at)
            assert how in str(refused.value)
    assert rows() == before


@pytest.mark.parametrize("name", OF_ANSWERS)
@pytest.mark.parametrize("gone", ["answer", "question"])
def test_what_is_deleted_is_not_there_to_speak_of(at, name, gone):
    staff = at.people["staff"]
    if gone == "answer":
        answer_delete(user=staff, answer_id=at.given.pk)
    else:
        question_delete(user=staff, question_id=at.asked.pk)
    before = rows()
    for kind in ("member", "author", "staff"):
        with pytest.raises(NotFound):
            TABLE[name][0](at.people[kind], at)
    assert rows() == before


class TestTakingAMarkBack:
    def test_who_made_it_and_the_staff_but_nobody_else(self, at):
        obsolete_mark(user=at.people["author"], answer_id=at.given.pk, reason="The menu is gone.")
        for kind, refusal in (("stranger", SignInNeeded), ("member", NotAllowed), ("asker", NotAllowed)):
            with pytest.raises(refusal):
                obsolete_lift(user=at.people[kind], answer_id=at.given.pk)
        obsolete_lift(user=at.people["author"], answer_id=at.given.pk)
        obsolete_mark(user=at.people["author"], answer_id=at.given.pk, reason="It is gone after all.")
        obsolete_lift(user=at.people["staff"], answer_id=at.given.pk)
        assert ObsoleteMark.objects.filter(lifted_at__isnull=False).count() == 2

    def test_the_author_does_not_lift_what_the_staff_marked(self, at):
        obsolete_mark(user=at.people["staff"], answer_id=at.given.pk, reason="Withdrawn in v3.")
        with pytest.raises(NotAllowed):
            obsolete_lift(user=at.people["author"], answer_id=at.given.pk)

    def test_where_there_is_none_there_is_nothing_to_take_back(self, at):
        with pytest.raises(StateForbids):
            obsolete_lift(user=at.people["staff"], answer_id=at.given.pk)


def test_a_release_number_that_there_is_not_is_not_found():
    staff = member(staff=True)
    for act in (release_withdraw, release_restore, release_edit):
        with pytest.raises(NotFound):
            act(user=staff, release_id=999_999)
