"""What a question went through, and what somebody may do next: the table of moves, for one question and one person."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from portal.core.clock import now
from portal.core.errors import NotAllowed, StateForbids, Words
from portal.core.permissions import allows, is_member, may_moderate, require_member
from portal.questions.models import Act, Question, QuestionMove, ReopenVote, Role, Status, Why
from portal.questions.models.lifecycle import CLOSING, DECIDED, RULES, SHUT, UNDOABLE, Rule, rules_for

from .rights import check_unlocked
from .standing import expert_rights

# The words of the posts that a move names are not read for it.
BODIES = ("answer__body", "answer__body_html", "other__body", "other__body_html")


def roles_of(user: Any, question: Question, act: str) -> list[Role]:
    """Returns in what capacities ``user`` (None: the portal) can act on a question, the strongest first."""
    if user is None:
        return [Role.PORTAL]
    roles = [Role.STAFF] if may_moderate(user) else []
    if question.author_id == user.pk:
        roles.append(Role.ASKER)
    named = {role for rule in RULES if rule.act == act for role in rule.roles}
    if Role.EXPERT in named and not roles and act in expert_rights(user, question):
        roles.append(Role.EXPERT)
    return [*roles, Role.MEMBER]


def check_move(user: Any, question: Question, act: str, why: str = "") -> Role:
    """Returns the role in which ``user`` (None: the portal) may do this now; raises the reason where she may not."""
    if user is not None:
        require_member(user)
    roles = roles_of(user, question, act)
    rules = rules_for(act, roles, why)
    if not rules:
        raise NotAllowed(_not_allowed(act))
    if user is not None and act not in (Act.UNARCHIVE, Act.UNLOCK, Act.UNDO):
        check_unlocked(user, question)
    fitting = [rule for rule in rules if question.status in rule.froms]
    if not fitting:
        raise StateForbids(_not_now(question))
    after = [rule for rule in fitting if not rule.after or question.settled_why in rule.after]
    if not after:
        raise NotAllowed(_("Only the staff, or the vote of the members, can open this again."))
    return _role(roles, after)


def _role(roles: list[Role], rules: list[Rule]) -> Role:
    return next(role for role in roles if any(role in rule.roles for rule in rules))


def _not_allowed(act: str) -> Words | None:
    if act == Act.ASK_DETAILS:
        return _("Only the staff and experts in its topics can ask for details.")
    if act == Act.REOPEN:
        return _("Only who asked and the staff can open this again. You can vote for it.")
    return None


def _not_now(question: Question) -> Words:
    if question.status in SHUT:
        return _("This question is closed. It must be opened again first.")
    if question.status == Status.ACCEPTED:
        return _("This question is solved already.")
    return _("This question is open already.")


def check_reopen(user: Any, question: Question) -> Role:
    """Returns the role in which ``user`` may open a closed question again; raises the reason where she may not.

    Who asked may do so once where others closed it, and whenever she closed it herself; then it takes the staff or a
    vote.
    """
    role = check_move(user, question, Act.REOPEN)
    if role == Role.ASKER and question.settled_by_id != user.pk:
        done = QuestionMove.objects.filter(question=question, act=Act.REOPEN, role=Role.ASKER)
        if done.exclude(before__settled_by_id=user.pk).exists():
            raise NotAllowed(_("You opened this once already. Now it takes the staff, or the vote of the members."))
    return role


def check_reopen_vote(user: Any, question: Question) -> Role:
    """Returns the role in which ``user`` may vote to open a question again; raises the reason where she may not."""
    role = check_move(user, question, Act.REOPEN, Why.VOTE)
    if not settings.PORTAL_REOPEN_VOTES:
        raise NotAllowed(_("Here only the staff open closed questions again."))
    return role


@dataclass(frozen=True, slots=True)
class ReopenTally:
    """How a vote to open a question again stands: ``needed`` within ``days`` days; mine: whether the reader voted."""

    votes: int
    needed: int
    days: int
    mine: bool


def reopen_votes(question: Question) -> QuerySet[ReopenVote]:
    """Returns the votes that count: given since the closing in force, and not too long ago."""
    since: datetime = now() - timedelta(days=settings.PORTAL_REOPEN_DAYS)
    if question.settled_at is not None:
        since = max(since, question.settled_at)
    return ReopenVote.objects.filter(question=question, created_at__gte=since, user__is_active=True)


def reopen_tally(*, user: Any, question: Question) -> ReopenTally:
    """Returns how the vote to open a question again stands."""
    voters = list(reopen_votes(question).values_list("user_id", flat=True))
    mine = is_member(user) and user.pk in voters
    return ReopenTally(len(voters), settings.PORTAL_REOPEN_VOTES, settings.PORTAL_REOPEN_DAYS, mine)


def moves_of(question: Question, acts: Iterable[str] = ()) -> QuerySet[QuestionMove]:
    """Returns what a question went through, the latest first; acts: of these kinds only."""
    found = (
        QuestionMove.objects.filter(question=question)
        .select_related("by", "answer", "other")
        .defer(*BODIES)
        .order_by("-id")
    )
    kinds = [str(act) for act in acts]
    return found.filter(act__in=kinds) if kinds else found


def undoable_move(question: Question) -> QuestionMove | None:
    """Returns the move that staff can take back now: the last that was decided, where it can be taken back at all."""
    last = QuestionMove.objects.filter(question=question, act__in=[str(act) for act in DECIDED]).order_by("-id").first()
    return last if last is not None and last.may_be_undone else None


def acts_open(user: Any, question: Question) -> list[Act]:
    """Returns what this person may decide about the question now, as the page offers it."""
    return [act for act in Act if act in UNDOABLE and _possible(act, user, question)]


def whys_open(user: Any, question: Question) -> list[Why]:
    """Returns the reasons for which this person may close the question now."""
    return [why for why in CLOSING if allows(check_move, user, question, Act.CLOSE, why)]


def _possible(act: Act, user: Any, question: Question) -> bool:
    if act == Act.CLOSE:
        return bool(whys_open(user, question))
    if act in (Act.LOCK, Act.UNLOCK) and question.locked == (act == Act.LOCK):
        return False
    check = check_reopen if act == Act.REOPEN else check_move
    return allows(check, user, question, *(() if act == Act.REOPEN else (act,)))
