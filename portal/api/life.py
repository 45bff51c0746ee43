"""Calls about a question's life: its moves, and what is decided about it."""

from typing import cast

from django.http import HttpRequest, HttpResponse
from ninja import Router

from portal.questions import models
from portal.questions.selectors.access import question_visible_to
from portal.questions.selectors.authors import person_shown
from portal.questions.selectors.life import moves_page
from portal.questions.selectors.moves import check_reopen_vote, reopen_tally
from portal.questions.services.life import (
    move_undo,
    question_ask_details,
    question_lock,
    question_reopen,
    question_reopen_vote,
    question_settle,
)

from . import life_schemas, schemas
from .answering import answered, page_told
from .auth import ANYONE, MEMBER
from .idempotency import write
from .parsing import PageLimit, RowId
from .posts import changed, question_now
from .representations import author_told

router = Router(tags=["A question's life"])


def move_told(request: HttpRequest, move: models.QuestionMove) -> life_schemas.Move:
    """Returns a move that came with its question, answer and person; an anonymous asker stays so, also in her acts."""
    shown = person_shown(reader=None, question=move.question, person=move.by, post=move.answer)
    about = move.answer if move.answer is not None and move.answer.deleted_at is None else None
    return life_schemas.Move(
        id=move.pk,
        act=cast(life_schemas.ActName, str(move.act)),
        from_status=cast(schemas.StatusName, str(move.from_status)),
        to_status=cast(schemas.StatusName, str(move.to_status)),
        by=author_told(request, shown.member),
        role=move.role,  # type: ignore[arg-type]  # one of Role, as the column's choices say
        why=cast(life_schemas.WhyName, str(move.why)),
        words=move.words,
        answer_id=about.pk if about is not None else None,
        other_id=move.other_told.pk if move.other_told is not None else None,
        votes=move.voters_count,
        at=move.at,
    )


@router.get(
    "/questions/{row:question_id}/moves", auth=ANYONE, response=life_schemas.MovePage, by_alias=True,
    summary="List what happened to a question", operation_id="question_moves",
)  # fmt: skip
def question_moves(
    request: HttpRequest, question_id: RowId, cursor: str | None = None, limit: PageLimit = 50
) -> dict[str, object]:
    """Every move of a question, the earliest first: from which status to which, by whom, why and when."""
    question = question_visible_to(request.user, question_id)
    page = moves_page(user=request.user, question=question, cursor=cursor, size=limit)
    return page_told(request, page, move_told)


@router.post(
    "/questions/{row:question_id}/close", auth=MEMBER, response=schemas.Question, summary="Close a question",
    operation_id="question_close",
)  # fmt: skip
@write("edit")
def question_close(request: HttpRequest, question_id: RowId, payload: life_schemas.CloseIn) -> HttpResponse:
    """Closes it, or marks it as asked before or outdated; by the staff.

    Who asked may close her own with `why` `resolved_elsewhere`.
    """
    question_settle(
        user=request.user,
        question_id=question_id,
        status=payload.status,
        why=payload.why or "",
        reason=payload.words,
        duplicate_of=payload.duplicate_of if payload.status == "duplicate" else None,
    )
    return changed(question_now(request, question_id))


@router.post(
    "/questions/{row:question_id}/reopen", auth=MEMBER, response=schemas.Question, summary="Open a question again",
    operation_id="question_reopen",
)  # fmt: skip
@write("edit")
def question_open(request: HttpRequest, question_id: RowId, payload: life_schemas.WordsIn) -> HttpResponse:
    """Opens what is closed, takes the mark of missing details away, or takes it out of the archive; by the staff.

    Who asked may open her own once, unless it is off topic or asked before.
    """
    question_reopen(user=request.user, question_id=question_id, words=payload.words)
    return changed(question_now(request, question_id))


def _tally(request: HttpRequest, question: models.Question) -> HttpResponse:
    tally = reopen_tally(user=request.user, question=question)
    told = life_schemas.ReopenTally(
        votes=tally.votes,
        needed=tally.needed,
        days=tally.days,
        mine=tally.mine,
        status=cast(schemas.StatusName, str(question.status)),
    )
    return answered(told)


@router.get(
    "/questions/{row:question_id}/reopen/vote", auth=MEMBER, response=life_schemas.ReopenTally,
    summary="Read the vote to open a question again", operation_id="question_reopen_tally",
)  # fmt: skip
def question_reopen_count(request: HttpRequest, question_id: RowId) -> HttpResponse:
    """How many votes count now, how many it takes, and whether yours is among them; 409 where it is not closed."""
    question = question_visible_to(request.user, question_id)
    check_reopen_vote(request.user, question)
    return _tally(request, question)


@router.post(
    "/questions/{row:question_id}/reopen/vote", auth=MEMBER, response=life_schemas.ReopenTally,
    summary="Vote to open a question again", operation_id="question_reopen_vote",
)  # fmt: skip
@write("vote")
def question_reopen_voted(request: HttpRequest, question_id: RowId) -> HttpResponse:
    """Casts your one vote; the one that makes up the number opens the question. Repeating it changes nothing."""
    return _tally(request, question_reopen_vote(user=request.user, question_id=question_id))


@router.delete(
    "/questions/{row:question_id}/reopen/vote", auth=MEMBER, response=life_schemas.ReopenTally,
    summary="Take back a vote to open a question again", operation_id="question_reopen_unvote",
)  # fmt: skip
@write("vote")
def question_reopen_unvoted(request: HttpRequest, question_id: RowId) -> HttpResponse:
    """Takes your vote back."""
    return _tally(request, question_reopen_vote(user=request.user, question_id=question_id, value=False))


@router.post(
    "/questions/{row:question_id}/archive", auth=MEMBER, response=schemas.Question, summary="Archive a question",
    operation_id="question_archive",
)  # fmt: skip
@write("edit")
def question_archive(request: HttpRequest, question_id: RowId, payload: life_schemas.WordsIn) -> HttpResponse:
    """Makes it read-only for everybody; by the staff. `reopen` takes it out again, as what it was before."""
    question_settle(user=request.user, question_id=question_id, status="archived", reason=payload.words)
    return changed(question_now(request, question_id))


@router.post(
    "/questions/{row:question_id}/lock", auth=MEMBER, response=schemas.Question, summary="Lock a question",
    operation_id="question_lock",
)  # fmt: skip
@write("edit")
def question_locked(request: HttpRequest, question_id: RowId, payload: life_schemas.WordsIn) -> HttpResponse:
    """Leaves answering, commenting, voting and editing to the staff; by the staff."""
    question_lock(user=request.user, question_id=question_id, locked=True, reason=payload.words)
    return changed(question_now(request, question_id))


@router.delete(
    "/questions/{row:question_id}/lock", auth=MEMBER, response=schemas.Question, summary="Unlock a question",
    operation_id="question_unlock",
)  # fmt: skip
@write("edit")
def question_unlocked(request: HttpRequest, question_id: RowId) -> HttpResponse:
    """Opens a locked question to members again; by the staff."""
    question_lock(user=request.user, question_id=question_id, locked=False)
    return changed(question_now(request, question_id))


@router.post(
    "/questions/{row:question_id}/ask-details", auth=MEMBER, response=schemas.Question, summary="Ask for details",
    operation_id="question_ask_details",
)  # fmt: skip
@write("edit")
def question_details(request: HttpRequest, question_id: RowId, payload: life_schemas.DetailsIn) -> HttpResponse:
    """Says what is missing; by the staff and experts in its topics. The asker's next edit takes it away."""
    question_ask_details(user=request.user, question_id=question_id, words=payload.words)
    return changed(question_now(request, question_id))


@router.post(
    "/questions/{row:question_id}/moves/{row:move_id}/undo", auth=MEMBER, response=schemas.Question,
    summary="Take a decision back", operation_id="question_move_undo",
)  # fmt: skip
@write("edit")
def question_undo(request: HttpRequest, question_id: RowId, move_id: RowId) -> HttpResponse:
    """Takes back the last that was decided about a question; by the staff. 409 where something else was since."""
    move_undo(user=request.user, question_id=question_id, move_id=move_id)
    return changed(question_now(request, question_id))
