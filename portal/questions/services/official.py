"""Making an answer the company's official one after it was given, and taking that back."""

from typing import Any

from django.db import transaction

from portal.core.audit import audit_write
from portal.core.permissions import may_moderate
from portal.questions import events
from portal.questions.models import Act, Answer, Role
from portal.questions.selectors.official import check_official, check_unofficial

from .answers import answer_moved
from .holding import answer_hold
from .moves import Decision
from .texts import length_errors, one_line, require_fields

WORDS_LONGEST = 300
# Acts of the staff that are written down.
MARKED, LIFTED = "answer-official", "answer-official-lifted"


@transaction.atomic
def official_mark(*, user: Any, answer_id: int, words: str = "") -> Answer:
    """Makes an answer official, by who may say so, and returns it; repeating it changes nothing.

    words: why, for everybody to read in the question's story; at most ``WORDS_LONGEST`` characters.
    """
    answer = answer_hold(user=user, answer_id=answer_id)
    check_official(user, answer, answer.question)
    return _turned(answer, user, words, official=True)


@transaction.atomic
def official_lift(*, user: Any, answer_id: int, words: str = "") -> Answer:
    """Takes it back that an answer is official, by its author and the staff; on any other it changes nothing.

    The answer stays, with its votes and its acceptance. words: as for ``official_mark``.
    """
    answer = answer_hold(user=user, answer_id=answer_id)
    check_unofficial(user, answer, answer.question)
    return _turned(answer, user, words, official=False)


def _turned(answer: Answer, user: Any, words: str, *, official: bool) -> Answer:
    words = one_line(words)
    require_fields({"words": length_errors(words, longest=WORDS_LONGEST)})
    if answer.official == official:
        return answer
    answer.official = official
    answer.save(update_fields=["official"])
    staff = may_moderate(user)
    if staff:
        action = MARKED if official else LIFTED
        audit_write(actor=user, action=action, subject_type="answer", subject_id=answer.pk, reason=words)
    act = Act.MAKE_OFFICIAL if official else Act.END_OFFICIAL
    role = Role.STAFF if staff else Role.EXPERT
    answer_moved(answer=answer, decision=Decision(act=act, by=user, role=role, words=words, answer=answer))
    kind = events.AnswerOfficial if official else events.AnswerUnofficial
    events.announce_answer(kind, answer, user)
    return answer
