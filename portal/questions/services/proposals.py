"""Members who know that a question was asked before, askers who say that it was not, and what staff decide."""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from portal.core.clock import now
from portal.core.errors import Invalid, NotFound, StateForbids, Words
from portal.core.permissions import require_member, require_moderator
from portal.questions import events
from portal.questions.models import Contest, DuplicateProposal, Outcome, Status
from portal.questions.models.duplicate import Claim
from portal.questions.selectors.access import question_visible_to, questions_visible_to
from portal.questions.selectors.duplicates import chain_of, check_contest, check_propose, contestable
from portal.questions.selectors.merging import question_led_to

from .holding import graph_hold, question_hold, rows_hold
from .life import question_reopen, question_settle
from .merging import merge_undo
from .texts import length_errors, require_fields

WORDS_SHORTEST, WORDS_LONGEST, REPLY_LONGEST = 10, 1_000, 300


@transaction.atomic
def duplicate_propose(*, user: Any, question_id: int, target_id: int, words: str = "") -> DuplicateProposal:
    """Says, by a member, that a question was asked before; staff decide. Saying it again changes the target.

    words: why, at most 1,000 characters. Raises ``Invalid`` for a target that cannot be one.
    """
    require_member(user)
    question = question_hold(user=user, question_id=question_id)
    check_propose(user, question)
    words = words.replace("\x00", "").strip()
    require_fields({"words": length_errors(words, longest=WORDS_LONGEST)})
    chain = chain_of(question_led_to(user, target_id).pk)
    target = questions_visible_to(user).filter(pk=chain[-1]).first()
    if target is None or question.pk in chain:
        raise Invalid({"target": [_("Name the earlier question that this one repeats.")]})
    proposal, made = DuplicateProposal.objects.update_or_create(
        question=question, member=user, outcome="", defaults={"target": target, "words": words, "created_at": now()}
    )
    if made:
        events.announce_question(events.DuplicateProposed, question, user, proposal_id=proposal.pk, target_id=target.pk)
    return proposal


@transaction.atomic
def duplicate_decide(*, user: Any, proposal_id: int, agree: bool, reply: str = "") -> DuplicateProposal:
    """Agrees or declines, by staff, and with it all open proposals of the same pair.

    To agree marks the question; proposals of other targets for it are declined then. reply: what the members are told.
    """
    require_moderator(user)
    graph_hold()
    proposal: DuplicateProposal = _open(DuplicateProposal, proposal_id)
    require_fields({"reply": length_errors(reply, longest=REPLY_LONGEST)})
    waiting = DuplicateProposal.objects.filter(question=proposal.question_id, outcome="")
    if agree:
        question_settle(
            user=user,
            question_id=proposal.question_id,
            status=Status.DUPLICATE,
            duplicate_of=proposal.target_id,
            reason=reply,
        )
    else:
        question_visible_to(user, proposal.question_id)
        waiting = waiting.filter(target=proposal.target_id)
    for each in waiting.select_related("question"):
        agreed = agree and each.target_id == proposal.target_id
        _decided(each, user, agreed, reply)
        events.announce_question(
            events.DuplicateDecided,
            each.question,
            user,
            proposal_id=each.pk,
            target_id=each.target_id,
            proposer_id=each.member_id,
            agreed=agreed,
            reply=each.reply,
        )
    proposal.refresh_from_db()
    return proposal


@transaction.atomic
def contest_open(*, user: Any, question_id: int, words: str) -> Contest:
    """Says, by who asked, that a question is no repeat, or that it should not have been joined; staff decide.

    words: why, 10 to 1,000 characters. What staff have declined is not contested again.
    """
    require_member(user)
    graph_hold()
    what = contestable(user, question_id)
    question = what.question
    check_contest(user, question)
    words = words.replace("\x00", "").strip()
    short: list[Words] = [_("Please say in a sentence what is different.")] if len(words) < WORDS_SHORTEST else []
    require_fields({"words": short or length_errors(words, longest=WORDS_LONGEST)})
    if what.waiting is not None:
        raise StateForbids(_("You have said so already. The staff will look at it."))
    since = what.merge.merged_at if what.merge else question.settled_at
    declined = Contest.objects.filter(question=question, outcome=Outcome.DECLINED, merge=what.merge)
    if since is not None and declined.filter(created_at__gte=since).exists():
        raise StateForbids(_("The staff has looked at this and decided."))
    try:
        with transaction.atomic():
            contest = Contest.objects.create(question=question, merge=what.merge, member=user, words=words)
    except IntegrityError:
        raise StateForbids(_("You have said so already. The staff will look at it.")) from None
    events.announce_question(events.SettlementContested, question, user, contest_id=contest.pk)
    return contest


@transaction.atomic
def contest_decide(*, user: Any, contest_id: int, agree: bool, reply: str = "") -> Contest:
    """Agrees (the question stands by itself again) or declines, by staff; who declines says why (reply)."""
    require_moderator(user)
    graph_hold()
    contest: Contest = _open(Contest, contest_id)
    reply = reply.strip()
    missing: list[Words] = [] if agree or reply else [_("Tell the asker why.")]
    require_fields({"reply": missing or length_errors(reply, longest=REPLY_LONGEST)})
    question = contest.question
    if agree and contest.merge_id is not None:
        if contest.merge is not None and contest.merge.undone_at is None:
            merge_undo(user=user, merge_id=contest.merge_id)
    elif agree and question.status == Status.DUPLICATE:
        question_reopen(user=user, question_id=question.pk)
    _decided(contest, user, agree, reply)
    events.announce_question(
        events.ContestDecided, question, user, contest_id=contest.pk, agreed=agree, reply=contest.reply
    )
    return contest


def _open(model: Any, pk: int) -> Any:
    """Returns a claim that waits, held until the transaction ends."""
    found = rows_hold(model.objects.select_related("question").filter(pk=pk)).first()
    if found is None:
        raise NotFound
    if found.outcome:
        raise StateForbids(_("This was decided already."))
    return found


def _decided(claim: Claim, user: Any, agree: bool, reply: str) -> None:
    claim.outcome = Outcome.AGREED if agree else Outcome.DECLINED
    claim.decided_at, claim.decided_by, claim.reply = now(), user, reply.strip()[:REPLY_LONGEST]
    claim.save(update_fields=["outcome", "decided_at", "decided_by", "reply"])
