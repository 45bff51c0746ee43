"""Calls about questions that repeat others: proposing, contesting, deciding, joining and parting."""

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import Field

from portal.core.paging import keyset_page
from portal.core.permissions import require_moderator
from portal.questions.models import Contest, DuplicateProposal, Merge
from portal.questions.selectors.duplicates import contests_waiting, proposals_waiting
from portal.questions.selectors.merging import merge_of, merges_made
from portal.questions.services.merging import MergePlan, merge_plan, merge_undo, questions_merge
from portal.questions.services.proposals import contest_decide, contest_open, duplicate_decide, duplicate_propose

from . import repeat_schemas as schemas
from .answering import answered, page_told
from .auth import MEMBER
from .idempotency import write
from .parsing import PageLimit, RowId

router = Router(tags=["Repeats"])
TargetId = Annotated[RowId, Field(description="The question that would stay.")]
EARLIEST, LATEST = ("id",), ("-id",)


def _proposal(_request: HttpRequest, proposal: DuplicateProposal) -> schemas.Proposal:
    return schemas.Proposal(
        id=proposal.pk,
        question_id=proposal.question_id,
        target_id=proposal.target_id,
        words=proposal.words,
        state=schemas.STATES[proposal.outcome],
        reply=proposal.reply,
        created_at=proposal.created_at,
    )


def _contest(_request: HttpRequest, contest: Contest) -> schemas.Contest:
    return schemas.Contest(
        id=contest.pk,
        question_id=contest.question_id,
        merge_id=contest.merge_id,
        words=contest.words,
        state=schemas.STATES[contest.outcome],
        reply=contest.reply,
        created_at=contest.created_at,
    )


def _merge(_request: HttpRequest, merge: Merge) -> schemas.Merge:
    return schemas.Merge(
        id=merge.pk,
        source_id=merge.source_id,
        target_id=merge.target_id,
        reason=merge.reason,
        merged_at=merge.merged_at,
        undone_at=merge.undone_at,
    )


def _plan(plan: MergePlan) -> schemas.MergePlan:
    return schemas.MergePlan(
        source_id=plan.source.pk,
        target_id=plan.target.pk,
        answers=plan.answers_count,
        comments=plan.comments_count,
        votes=plan.votes_count,
        votes_left=plan.votes_left,
        accepted_answer_id=plan.accepted,
        unaccepted_answer_id=plan.unaccepted,
        other_language=plan.other_language,
    )


@router.post(
    "/questions/{row:question_id}/duplicate-proposals", auth=MEMBER, response={201: schemas.Proposal},
    summary="Say that a question was asked before", operation_id="duplicate_propose",
)  # fmt: skip
@write("edit")
def propose(request: HttpRequest, question_id: RowId, payload: schemas.ProposalIn) -> HttpResponse:
    """Names the earlier question; the staff decide. Saying it again changes the target."""
    user: Any = request.user
    made = duplicate_propose(user=user, question_id=question_id, target_id=payload.target_id, words=payload.words)
    return answered(_proposal(request, made), status=201)


@router.get(
    "/duplicate-proposals", auth=MEMBER, response=schemas.ProposalPage, summary="List proposals that wait",
    operation_id="duplicate_proposals",
)  # fmt: skip
def proposals(request: HttpRequest, cursor: str | None = None, limit: PageLimit = 50) -> dict[str, object]:
    """What members said was asked before and staff have not decided, the earliest first; to staff only."""
    page = keyset_page(proposals_waiting(request.user), order=EARLIEST, cursor=cursor, size=limit)
    return page_told(request, page, _proposal)


@router.post(
    "/duplicate-proposals/{row:proposal_id}/decision", auth=MEMBER, response=schemas.Proposal,
    summary="Decide a proposal", operation_id="duplicate_decide",
)  # fmt: skip
@write("edit")
def decide_proposal(request: HttpRequest, proposal_id: RowId, payload: schemas.DecisionIn) -> HttpResponse:
    """Agrees (the question is marked as asked before) or declines, by staff, with all proposals of the same pair."""
    user: Any = request.user
    made = duplicate_decide(user=user, proposal_id=proposal_id, agree=payload.agree, reply=payload.reply)
    return answered(_proposal(request, made))


@router.post(
    "/questions/{row:question_id}/contests", auth=MEMBER, response={201: schemas.Contest},
    summary="Say that a question is no repeat", operation_id="contest_open",
)  # fmt: skip
@write("edit")
def contest(request: HttpRequest, question_id: RowId, payload: schemas.ContestIn) -> HttpResponse:
    """By who asked: her question is no repeat, or should not have been joined with another. The staff decide."""
    made = contest_open(user=request.user, question_id=question_id, words=payload.words)
    return answered(_contest(request, made), status=201)


@router.get(
    "/contests", auth=MEMBER, response=schemas.ContestPage, summary="List what is contested", operation_id="contests"
)
def contests(request: HttpRequest, cursor: str | None = None, limit: PageLimit = 50) -> dict[str, object]:
    """What askers contest and staff have not decided, the earliest first; to staff only."""
    page = keyset_page(contests_waiting(request.user), order=EARLIEST, cursor=cursor, size=limit)
    return page_told(request, page, _contest)


@router.post(
    "/contests/{row:contest_id}/decision", auth=MEMBER, response=schemas.Contest,
    summary="Decide what is contested", operation_id="contest_decide",
)  # fmt: skip
@write("edit")
def decide_contest(request: HttpRequest, contest_id: RowId, payload: schemas.DecisionIn) -> HttpResponse:
    """Agrees (the question stands by itself again) or declines with a `reply`, by staff."""
    made = contest_decide(user=request.user, contest_id=contest_id, agree=payload.agree, reply=payload.reply)
    return answered(_contest(request, made))


@router.get(
    "/questions/{row:question_id}/merge", auth=MEMBER, response=schemas.MergePlan,
    summary="Look at what joining two questions would do", operation_id="merge_plan",
)  # fmt: skip
def plan(request: HttpRequest, question_id: RowId, target_id: TargetId) -> schemas.MergePlan:
    """What would go from this question to `target_id`; to staff only. Nothing is changed."""
    return _plan(merge_plan(user=request.user, source_id=question_id, target_id=target_id))


@router.post(
    "/questions/{row:question_id}/merge", auth=MEMBER, response={201: schemas.Merge},
    summary="Join a question with another", operation_id="questions_merge",
)  # fmt: skip
@write("edit")
def merge(request: HttpRequest, question_id: RowId, payload: schemas.MergeIn) -> HttpResponse:
    """Joins this question with `target_id`, by staff. From then on its address answers 301 with `merged_into`."""
    user: Any = request.user
    made = questions_merge(user=user, source_id=question_id, target_id=payload.target_id, reason=payload.reason)
    location = request.build_absolute_uri(f"/api/v1/merges/{made.pk}")
    return answered(_merge(request, made), status=201, location=location)


@router.get("/merges", auth=MEMBER, response=schemas.MergePage, summary="List merges", operation_id="merges")
def merges(request: HttpRequest, cursor: str | None = None, limit: PageLimit = 50) -> dict[str, object]:
    """Every merge, the latest first, undone ones too; to staff only."""
    require_moderator(request.user)
    return page_told(request, keyset_page(merges_made(request.user), order=LATEST, cursor=cursor, size=limit), _merge)


@router.get("/merges/{row:merge_id}", auth=MEMBER, response=schemas.Merge, summary="Read a merge", operation_id="merge")
def merge_read(request: HttpRequest, merge_id: RowId) -> schemas.Merge:
    """One merge; to staff only."""
    return _merge(request, merge_of(request.user, merge_id))


@router.delete(
    "/merges/{row:merge_id}", auth=MEMBER, response=schemas.Merge, summary="Undo a merge", operation_id="merge_undo"
)
@write("edit")
def merge_delete(request: HttpRequest, merge_id: RowId) -> HttpResponse:
    """Parts the two questions again, by staff. What came to the target since stays there."""
    return answered(_merge(request, merge_undo(user=request.user, merge_id=merge_id)))
