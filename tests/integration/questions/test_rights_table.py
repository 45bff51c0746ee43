"""Who may do what: every service against every kind of person, and a refusal changes nothing."""

import pytest

from portal.core.errors import NotAllowed, NotFound, SignInNeeded, StateForbids
from portal.core.permissions import allows
from portal.questions.models import Answer, Comment, Question
from portal.questions.selectors import rights
from portal.questions.services.answers import (
    answer_accept,
    answer_create,
    answer_delete,
    answer_edit,
    answer_restore,
    answer_unaccept,
)
from portal.questions.services.comments import comment_create, comment_delete
from portal.questions.services.life import (
    move_undo,
    question_ask_details,
    question_lock,
    question_reopen,
    question_reopen_vote,
    question_settle,
)
from portal.questions.services.official import official_lift, official_mark
from portal.questions.services.questions import question_create, question_delete, question_edit, question_restore
from portal.questions.services.votes import vote_cast
from tests.factories.accounts import member
from tests.factories.questions import accept

from .scene import KINDS, everything, scene, undone

pytestmark = pytest.mark.django_db

REFUSALS = {"S": SignInNeeded, "N": NotAllowed, "F": StateForbids, "H": NotFound}
BODY = "Other words than before."

# What is tried, and a letter for each of KINDS: a dot lets pass, = lets pass and changes nothing; see REFUSALS.
#          stranger, sleeping, member, asker, author, commenter, staff
TABLE = {
    "ask": (lambda u, s: question_create(user=u, title="How is it done?", body=BODY, language="en"), "SS....."),
    "edit question": (lambda u, s: question_edit(user=u, question_id=s.asked.pk, version=1, body=BODY), "SSN.NN."),
    "delete question": (lambda u, s: question_delete(user=u, question_id=s.asked.pk), "SSNFNN."),
    "close": (lambda u, s: question_settle(user=u, question_id=s.asked.pk, status="closed"), "SSNNNN."),
    "archive": (lambda u, s: question_settle(user=u, question_id=s.asked.pk, status="archived"), "SSNNNN."),
    "reopen": (lambda u, s: question_reopen(user=u, question_id=s.asked.pk), "SSNFNNF"),
    "ask for details": (lambda u, s: question_ask_details(user=u, question_id=s.asked.pk), "SSNNNN."),
    "lock": (lambda u, s: question_lock(user=u, question_id=s.asked.pk, locked=True), "SSNNNN."),
    "unlock": (lambda u, s: question_lock(user=u, question_id=s.asked.pk, locked=False), "SSNNNN="),
    "close as off topic": (
        lambda u, s: question_settle(user=u, question_id=s.asked.pk, status="closed", why="off_topic"),
        "SSNNNN.",
    ),
    "close as resolved elsewhere": (
        lambda u, s: question_settle(user=u, question_id=s.asked.pk, status="closed", why="resolved_elsewhere"),
        "SSN.NN.",
    ),
    "mark as outdated": (lambda u, s: question_settle(user=u, question_id=s.asked.pk, status="obsolete"), "SSNNNN."),
    "vote to reopen": (lambda u, s: question_reopen_vote(user=u, question_id=s.asked.pk), "SSFFFFF"),
    "take back": (
        lambda u, s: move_undo(user=u, question_id=s.asked.pk, move_id=s.asked.moves.order_by("-id").first().pk),
        "SSNNNNF",
    ),
    "answer": (lambda u, s: answer_create(user=u, question_id=s.asked.pk, body=BODY), "SS....."),
    "answer officially": (
        lambda u, s: answer_create(user=u, question_id=s.asked.pk, body=BODY, official=True),
        "SSNNNN.",
    ),
    "edit answer": (lambda u, s: answer_edit(user=u, answer_id=s.given.pk, version=1, body=BODY), "SSNN.N."),
    "delete answer": (lambda u, s: answer_delete(user=u, answer_id=s.given.pk), "SSNN.N."),
    "accept": (lambda u, s: answer_accept(user=u, answer_id=s.given.pk), "SSN.NN."),
    "make official": (lambda u, s: official_mark(user=u, answer_id=s.given.pk), "SSNNNNN"),
    "no longer official": (lambda u, s: official_lift(user=u, answer_id=s.given.pk), "SSNN=N="),
    "comment": (lambda u, s: comment_create(user=u, kind="question", post_id=s.asked.pk, body=BODY), "SS....."),
    "comment below": (lambda u, s: comment_create(user=u, kind="answer", post_id=s.given.pk, body=BODY), "SS....."),
    "delete comment": (lambda u, s: comment_delete(user=u, comment_id=s.below_question.pk), "SSNNN.."),
    "delete comment below": (lambda u, s: comment_delete(user=u, comment_id=s.below_answer.pk), "SSNNN.."),
    "vote question up": (lambda u, s: vote_cast(user=u, kind="question", post_id=s.asked.pk, value=1), "SS.F..."),
    "vote question down": (lambda u, s: vote_cast(user=u, kind="question", post_id=s.asked.pk, value=-1), "SS.F..."),
    "vote answer up": (lambda u, s: vote_cast(user=u, kind="answer", post_id=s.given.pk, value=1), "SS..F.."),
    "vote answer down": (lambda u, s: vote_cast(user=u, kind="answer", post_id=s.given.pk, value=-1), "SS..F.."),
}


def attempt(act, user, at, letter):
    """Tries an act; a refused one must raise what the letter says and leave every row as it was."""
    before = everything()
    if letter in ".=":
        act(user, at)
        assert (everything() == before) == (letter == "="), user
        return
    with pytest.raises(REFUSALS[letter]) as refused:
        act(user, at)
    assert str(refused.value), user
    assert everything() == before, user


def attempts(act, at, letters):
    """Lets every kind of person try an act on the same scene."""
    for kind, letter in zip(KINDS, letters, strict=True):
        with undone():
            attempt(act, at.people[kind], at, letter)


@pytest.mark.parametrize("name", TABLE)
def test_each_service_knows_who_asks(name):
    act, letters = TABLE[name]
    attempts(act, scene(), letters)


CLOSED = {
    "reopen": ("resolved_elsewhere", "SSN.NN."),
    "vote to reopen": ("resolved_elsewhere", "SS....."),
    "reopen off topic": ("off_topic", "SSNNNN."),
    "take back": ("other", "SSNNNN."),
    "ask for details": ("other", "SSNNNNF"),
    "answer": ("other", "SSFFFFF"),
}


@pytest.mark.parametrize("name", CLOSED)
def test_what_is_closed_is_opened_by_those_who_may(name):
    at, (why, letters) = scene(), CLOSED[name]
    question_settle(user=member(staff=True), question_id=at.asked.pk, status="closed", why=why)
    attempts(TABLE[name.removesuffix(" off topic")][0], at, letters)


@pytest.mark.parametrize(("kind", "letter"), list(zip(KINDS, "SSN.NN.", strict=True)))
def test_an_acceptance_is_taken_back_by_those_who_may_give_it(kind, letter):
    at = scene()
    accept(at.given)
    attempt(lambda u, s: answer_unaccept(user=u, answer_id=s.given.pk), at.people[kind], at, letter)
    assert Question.objects.get(pk=at.asked.pk).accepted_answer_id == (None if letter == "." else at.given.pk)


@pytest.mark.parametrize(
    ("deleted_by", "letters"),
    # who deleted it: stranger, sleeping, member, asker, author, commenter, staff
    [("author", "SSHH.H."), ("staff", "SSHHHH.")],
)
@pytest.mark.parametrize("place", range(len(KINDS)))
def test_a_deleted_answer_comes_back_for_staff_and_who_deleted_her_own(deleted_by, letters, place):
    at = scene()
    answer_delete(user=at.people[deleted_by], answer_id=at.given.pk)
    act = lambda u, s: answer_restore(user=u, answer_id=s.given.pk)  # noqa: E731
    attempt(act, at.people[KINDS[place]], at, letters[place])
    assert (Answer.objects.get(pk=at.given.pk).deleted_at is None) == (letters[place] == ".")


@pytest.mark.parametrize(("deleted_by", "letters"), [("asker", "SSH.HH."), ("staff", "SSHHHH.")])
@pytest.mark.parametrize("place", range(len(KINDS)))
def test_a_deleted_question_comes_back_for_staff_and_who_deleted_her_own(deleted_by, letters, place):
    at = scene()
    answer_delete(user=at.people["author"], answer_id=at.given.pk)  # an asker deletes only what has no answers
    question_delete(user=at.people[deleted_by], question_id=at.asked.pk)
    act = lambda u, s: question_restore(user=u, question_id=s.asked.pk)  # noqa: E731
    attempt(act, at.people[KINDS[place]], at, letters[place])
    assert (Question.objects.get(pk=at.asked.pk).deleted_at is None) == (letters[place] == ".")


@pytest.mark.parametrize("kind", KINDS)
def test_below_a_deleted_question_nothing_can_be_done_by_anyone(kind):
    at = scene()
    question_delete(user=at.people["staff"], question_id=at.asked.pk)
    user, before = at.people[kind], everything()
    for name in ("edit question", "answer", "edit answer", "delete answer", "accept", "comment", "delete comment",
                 "vote question up", "vote answer up", "comment below", "delete comment below"):  # fmt: skip
        with pytest.raises((NotFound, SignInNeeded)):
            TABLE[name][0](user, at)
    assert everything() == before


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "stranger"])
def test_a_deleted_answer_is_out_of_reach_but_its_question_is_not(kind):
    at = scene()
    answer_delete(user=at.people["staff"], answer_id=at.given.pk)
    before = everything()
    for name in ("edit answer", "delete answer", "accept", "comment below", "vote answer up", "delete comment below"):
        with pytest.raises((NotFound, SignInNeeded)):
            TABLE[name][0](at.people[kind], at)
    assert everything() == before


def test_staff_who_lost_the_role_are_members_like_others():
    at = scene()
    former = at.people["staff"]
    former.is_staff = False
    former.save()
    attempt(TABLE["close"][0], former, at, "N")
    attempt(TABLE["delete comment"][0], former, at, "N")
    attempt(TABLE["answer"][0], former, at, ".")


def test_a_post_whose_author_left_is_staffs_alone():
    at = scene()
    Question.objects.update(author=None)
    Answer.objects.update(author=None)
    Comment.objects.update(author=None)
    for name in ("edit question", "edit answer", "delete comment"):
        attempt(TABLE[name][0], at.people["member"], at, "N")
        attempt(TABLE[name][0], at.people["stranger"], at, "S")
    attempt(TABLE["edit question"][0], at.people["staff"], at, ".")
    attempt(TABLE["vote answer up"][0], at.people["member"], at, ".")


@pytest.mark.parametrize("act", ["edit question", "edit answer", "delete answer", "close", "vote question up"])
def test_what_never_was_is_not_found_for_members(act):
    at = scene()
    at.asked.pk = at.given.pk = 10**12
    with pytest.raises(NotFound):
        TABLE[act][0](at.people["staff"], at)


class TestChecks:
    """The checks that pages ask before they show a control say what the services say."""

    @pytest.mark.parametrize("kind", KINDS)
    def test_allows_is_the_services_answer(self, kind):
        at = scene()
        user, letter = at.people[kind], KINDS.index(kind)
        expected = {name: letters[letter] == "." for name, (_act, letters) in TABLE.items()}
        assert allows(rights.check_answer, user, at.asked) == expected["answer"]
        assert allows(rights.check_comment, user, at.asked) == expected["comment"]
        assert allows(rights.check_accept, user, at.asked) == expected["accept"]
        assert allows(rights.check_edit, user, at.asked, at.asked) == expected["edit question"]
        assert allows(rights.check_edit, user, at.given, at.asked) == expected["edit answer"]
        assert allows(rights.check_delete, user, at.asked, at.asked) == expected["delete question"]
        assert allows(rights.check_delete, user, at.given, at.asked) == expected["delete answer"]
        assert allows(rights.check_delete, user, at.below_question, at.asked) == expected["delete comment"]
        assert allows(rights.check_vote, user, at.asked, at.asked) == expected["vote question up"]
        assert allows(rights.check_vote, user, at.given, at.asked) == expected["vote answer up"]

    def test_a_fault_of_ours_is_not_taken_for_a_refusal(self):
        def broken(user):
            raise ValueError(user)

        with pytest.raises(ValueError, match="nobody"):
            allows(broken, "nobody")
