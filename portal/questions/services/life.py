"""Closing, opening again, archiving, locking, asking for details: what people decide about a question.

Who may do what from where is in ``models.lifecycle``; each act is kept as a ``QuestionMove`` and can be taken back.
"""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from portal.core.clock import now
from portal.core.errors import Invalid, NotFound, StateForbids
from portal.core.permissions import require_member, require_moderator
from portal.questions import events
from portal.questions.indexing import questions_changed
from portal.questions.models import Act, Question, QuestionMove, ReopenVote, Role, Status, Why
from portal.questions.models.lifecycle import CLOSING, SETTLING, UNDOABLE
from portal.questions.selectors.moves import (
    check_move,
    check_reopen,
    check_reopen_vote,
    reopen_tally,
    reopen_votes,
    undoable_move,
)

from .counters import questions_recount
from .duplicates import duplicate_target, duplicates_hold, duplicates_lead
from .holding import graph_hold, question_hold
from .moves import Decision, move_keep, settlement_clear, state_of, state_restore


@transaction.atomic
def question_settle(
    *, user: Any, question_id: int, status: str, reason: str = "", duplicate_of: int | None = None, why: str = ""
) -> Question:
    """Closes, archives or marks a question and returns it; the asker may close her own as resolved elsewhere.

    user: None for the portal itself. status: one of ``SETTLED``; a duplicate must name the visible question it
    repeats. why: for one that is closed, a reason of ``lifecycle.CLOSING`` ("": another). reason: words beside it.
    """
    duplicates_hold(question_id=question_id, number=duplicate_of if status == Status.DUPLICATE else None)
    question = _held(user, question_id)
    act = SETTLING.get(Status(status)) if status in Status.values else None
    if act is None:
        require_moderator(user)
        raise Invalid({"status": [_("Choose how the question is settled.")]})
    if user is not None and why and (act != Act.CLOSE or why not in CLOSING):
        require_moderator(user)
        raise Invalid({"why": [_("Choose one of the reasons.")]})
    if act == Act.CLOSE:
        why = why or Why.OTHER
    role = check_move(user, question, act, why)
    before, target = state_of(question), None
    if act == Act.MARK_DUPLICATE:
        target = duplicate_target(user=user, question_id=question.pk, number=duplicate_of)
    question.status, question.settled_at, question.settled_by = Status(status), now(), user
    question.settled_why, question.settled_reason, question.duplicate_of = why, reason[:300], target
    return _moved(question, before, Decision(act=act, by=user, role=role, why=why, words=reason))


def _led(user: Any, question: Question) -> None:
    """Leads a question that is a repeat again to where its target leads by now; to itself never, it is open then."""
    if question.status != Status.DUPLICATE:
        return
    try:
        number = question.duplicate_of_id
        question.duplicate_of = duplicate_target(user=user, question_id=question.pk, number=number)
    except Invalid:
        settlement_clear(question)
    except NotFound:
        return


@transaction.atomic
def question_reopen(*, user: Any, question_id: int, words: str = "") -> Question:
    """Opens a settled question again and returns it: by staff, or once by who asked (``check_reopen``).

    One that needs details no longer does; one that is archived becomes what it was before.
    """
    duplicates_hold(question_id=question_id, number=_led_before(question_id, Act.ARCHIVE))
    question = _held(user, question_id)
    if question.status == Status.ARCHIVED:
        return _unarchived(user, question, words)
    role = check_reopen(user, question)
    return _opened(question, Decision(act=Act.REOPEN, by=user, role=role, words=words))


def _unarchived(user: Any, question: Question, words: str) -> Question:
    role, before = check_move(user, question, Act.UNARCHIVE), state_of(question)
    last = QuestionMove.objects.filter(question=question, act=Act.ARCHIVE).order_by("-id").first()
    settlement_clear(question)
    if last is not None:
        state_restore(question=question, before={**last.before, "locked": question.locked})
        _led(user, question)
    return _moved(question, before, Decision(act=Act.UNARCHIVE, by=user, role=role, words=words))


def _opened(question: Question, decision: Decision) -> Question:
    before = state_of(question)
    settlement_clear(question)
    question.needs_details = False
    return _moved(question, before, decision)


@transaction.atomic
def question_reopen_vote(*, user: Any, question_id: int, value: bool = True) -> Question:
    """Casts or takes back a member's vote to open a closed question again, and returns the question as it then is.

    The vote that makes up the number (PORTAL_REOPEN_VOTES within PORTAL_REOPEN_DAYS) opens it. Repeating a vote
    changes nothing.
    """
    graph_hold()
    question = _held(user, question_id)
    check_reopen_vote(user, question)
    tally = reopen_tally(user=user, question=question)
    if not value:
        ReopenVote.objects.filter(question=question, user=user).delete()
    elif not tally.mine:
        ReopenVote.objects.update_or_create(question=question, user=user, defaults={"created_at": now()})
        if reopen_votes(question).count() >= tally.needed:
            return _opened(question, Decision(act=Act.REOPEN, by=None, role=Role.MEMBER, why=Why.VOTE))
    return question


@transaction.atomic
def question_ask_details(*, user: Any, question_id: int, words: str = "") -> Question:
    """Says what is missing in a question, by staff or an expert in its topics; the asker's next edit takes it away."""
    question = _held(user, question_id)
    role, before = check_move(user, question, Act.ASK_DETAILS), state_of(question)
    question.needs_details = True
    return _moved(question, before, Decision(act=Act.ASK_DETAILS, by=user, role=role, words=words))


@transaction.atomic
def question_lock(*, user: Any, question_id: int, locked: bool, reason: str = "") -> Question:
    """Locks a question against answers, comments, votes and edits by members, or opens it again, by staff."""
    question = _held(user, question_id)
    act = Act.LOCK if locked else Act.UNLOCK
    role, before = check_move(user, question, act), state_of(question)
    if question.locked == locked and not reason:
        return question
    question.locked = locked
    return _moved(question, before, Decision(act=act, by=user, role=role, words=reason))


@transaction.atomic
def move_undo(*, user: Any, question_id: int, move_id: int) -> Question:
    """Takes back the last thing that was decided about a question, by staff; raises ``StateForbids`` for any other."""
    duplicates_hold(question_id=question_id, number=_led_before(question_id))
    question = _held(user, question_id)
    require_moderator(user)
    move = undoable_move(question)
    if not QuestionMove.objects.filter(pk=move_id, question=question).exists():
        raise NotFound
    if move is None or move.pk != move_id:
        raise StateForbids(_("Something else was decided since. Look at the question as it is now."))
    before = state_of(question)
    state_restore(question=question, before=move.before)
    _led(user, question)
    return _moved(question, before, Decision(act=Act.UNDO, by=user, role=Role.STAFF))


def _held(user: Any, question_id: int) -> Question:
    """Returns a visible question, held until the transaction ends so that two acts cannot cross."""
    if user is not None:
        require_member(user)
    return question_hold(user=user, question_id=question_id)


def _led_before(question_id: int, *acts: Act) -> int | None:
    """Returns the question to which this one led before the last act (one of ``acts``) that may be taken back."""
    moves = QuestionMove.objects.filter(question=question_id, act__in=acts or UNDOABLE)
    before: dict[str, Any] | None = moves.order_by("-id").values_list("before", flat=True).first()
    return (before or {}).get("duplicate_of_id")


def _moved(question: Question, before: Mapping[str, Any], decision: Decision) -> Question:
    """Saves a question that was moved, keeps the move and tells of it."""
    question.save(update_fields=[name.removesuffix("_id") for name in before])
    if question.status == Status.DUPLICATE and question.duplicate_of_id is not None:
        duplicates_lead(question_id=question.pk, target_id=question.duplicate_of_id)
    questions_recount(ids=[question.pk])
    question.refresh_from_db()
    voters = ReopenVote.objects.filter(question=question)
    if decision.why == Why.VOTE:
        before = {**before, "voters": list(voters.order_by("id").values_list("user_id", flat=True))}
    voters.delete()
    move_keep(question=question, before=before, decision=decision)
    questions_changed([question.pk])
    events.announce_question(
        events.QuestionStatusChanged,
        question,
        decision.by,
        status=question.status,
        before=before["status"],
        act=str(decision.act),
        why=decision.why,
        words=decision.words[:300],
    )
    return question
