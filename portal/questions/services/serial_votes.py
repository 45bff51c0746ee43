"""Taking votes in series out of the count, and giving them back."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from portal.core.audit import LONGEST_REASON, audit_write
from portal.core.clock import now
from portal.core.errors import Invalid, NotFound, StateForbids
from portal.core.events import announce
from portal.core.permissions import require_moderator
from portal.questions.events import VotesReversed
from portal.questions.indexing import questions_changed
from portal.questions.models import Answer, Question, Vote, VoteReversal
from portal.questions.selectors.reversals import votes_cast_since
from portal.questions.serial import SerialRule, Series, serial_votes

from .counters import answers_recount, questions_recount
from .holding import rows_hold
from .texts import one_line

REVERSED, GIVEN_BACK = "votes-reversed", "votes-given-back"
LOOKED_BACK = timedelta(days=3)
SHORTEST_REASON = 10


def serial_votes_reverse(*, moment: datetime | None = None) -> int:
    """Takes out every series among the votes of the last ``LOOKED_BACK``; returns how many series there were.

    The rule is ``serial.py``'s, its figures are settings. It is off where it needs no votes, and where all limits are.
    """
    rule = SerialRule(settings.PORTAL_SERIAL_VOTES, settings.PORTAL_SERIAL_VOTES_PERCENT)
    if not settings.PORTAL_LIMITS or not rule.needed:
        return 0
    found = serial_votes(votes_cast_since((moment or now()) - LOOKED_BACK), rule=rule)
    return sum(_void(series, rule) is not None for series in found)


@transaction.atomic
def _void(series: Series, rule: SerialRule) -> VoteReversal | None:
    """Takes one series out; None where its votes changed meanwhile (the next run looks again)."""
    ids = [vote.pk for vote in series.votes]
    _posts_hold(ids)
    votes = Vote.objects.filter(pk__in=ids, reversal__isnull=True, value=series.value)
    if votes.count() != len(ids):
        return None
    made = VoteReversal.objects.create(
        voter_id=series.voter,
        author_id=series.author,
        value=series.value,
        votes_count=len(ids),
        cast_count=series.cast,
        needed=rule.needed,
        percent=rule.percent,
        began_at=series.began_at,
        ended_at=series.ended_at,
    )
    votes.update(reversal=made, void=True)
    _counted_anew(ids)
    audit_write(actor=None, action=REVERSED, subject_type="votes", subject_id=made.pk, detail={"votes": len(ids)})
    announce(VotesReversed(at=now(), actor_id=None, reversal_id=made.pk, author_id=series.author, undone=False))
    return made


@transaction.atomic
def reversal_undo(*, user: Any, reversal_id: int, reason: str) -> VoteReversal:
    """Gives the votes of a reversal back, by staff with a reason; the rule never looks at these votes again."""
    require_moderator(user)
    reversal = rows_hold(VoteReversal.objects.filter(pk=reversal_id)).first()
    if reversal is None:
        raise NotFound
    if reversal.undone_at is not None:
        raise StateForbids(_("These votes count again already."))
    reason = one_line(reason)
    if not SHORTEST_REASON <= len(reason) <= LONGEST_REASON:
        words = _("Say why in a few words: %(count)d characters or more.") % {"count": SHORTEST_REASON}
        raise Invalid({"reason": [words]})
    ids = list(Vote.objects.filter(reversal=reversal).values_list("pk", flat=True))
    _posts_hold(ids)
    Vote.objects.filter(pk__in=ids).update(void=False)
    reversal.undone_at, reversal.undone_by = now(), user
    reversal.save(update_fields=["undone_at", "undone_by"])
    _counted_anew(ids)
    audit_write(actor=user, action=GIVEN_BACK, subject_type="votes", subject_id=reversal.pk, reason=reason)
    announce(
        VotesReversed(at=now(), actor_id=user.pk, reversal_id=reversal.pk, author_id=reversal.author_id, undone=True)
    )
    return reversal


def _posts_hold(vote_ids: Sequence[int]) -> None:
    """Holds the posts of these votes until the transaction ends, questions before answers and each in order, so that
    who votes for one of them at the same moment waits, and no two wait for each other."""
    votes = Vote.objects.filter(pk__in=vote_ids)
    questions = Question.objects.filter(pk__in=votes.filter(question__isnull=False).values("question"))
    list(rows_hold(questions).values_list("pk"))
    answers = Answer.objects.filter(pk__in=votes.filter(answer__isnull=False).values("answer"))
    list(rows_hold(answers).values_list("pk"))


def _counted_anew(vote_ids: Sequence[int]) -> None:
    rows = Vote.objects.filter(pk__in=vote_ids).values_list("question_id", "answer_id", "answer__question_id")
    questions = {asked for asked, _answer, _of in rows if asked}
    answers = {given: of for _question, given, of in rows if given}
    questions_recount(ids=sorted(questions))
    answers_recount(ids=sorted(answers))
    questions_changed(sorted(questions | {of for of in answers.values() if of}))
