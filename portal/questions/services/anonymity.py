"""Giving one's name after all, and looking an author up: the two ways out of anonymity."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from portal.core.audit import LONGEST_REASON, audit_write
from portal.core.errors import Invalid, NotAllowed, StateForbids
from portal.core.permissions import require_member, require_moderator
from portal.questions import events
from portal.questions.indexing import questions_changed
from portal.questions.models import Answer, Comment, Question
from portal.questions.selectors.access import answer_visible_to, question_visible_to

from .holding import question_hold
from .texts import one_line

REVEALED = "author-revealed"
SHORTEST_REASON = 10


@transaction.atomic
def question_sign(*, user: Any, question_id: int) -> Question:
    """Gives the asker's name to a question that she asked anonymously, and to all that she wrote below it.

    There is no way back: others may have read it meanwhile. Raises ``NotAllowed`` to anyone but the asker.
    """
    require_member(user)
    question = question_hold(user=user, question_id=question_id)
    if question.author_id != user.pk:
        raise NotAllowed(_("Only who asked can do this."))
    if not question.anonymous:
        return question
    question.anonymous = False
    question.save(update_fields=["anonymous"])
    Answer.objects.filter(question=question, author=user).update(anonymous=False)
    Comment.objects.filter(question=question, author=user).update(anonymous=False)
    questions_changed([question.pk])
    events.announce_question(events.QuestionSigned, question, user)
    return question


@transaction.atomic
def author_reveal(*, user: Any, kind: str, post_id: int, reason: str) -> Any:
    """Tells a moderator who wrote an anonymous post (None: an account that is gone), and writes down that it did.

    kind: ``question`` or ``answer``. reason: at least ``SHORTEST_REASON`` characters, kept in the log of the staff's
    acts. The name itself is not written there.
    """
    require_moderator(user)
    post = question_visible_to(user, post_id) if kind == "question" else answer_visible_to(user, post_id)
    if not post.anonymous:
        raise StateForbids(_("This was not written anonymously."))
    reason = one_line(reason)
    if not SHORTEST_REASON <= len(reason) <= LONGEST_REASON:
        words = _("Say why in a few words: %(count)d characters or more.") % {"count": SHORTEST_REASON}
        raise Invalid({"reason": [words]})
    question_id = post.question_id if isinstance(post, Answer) else post.pk
    audit_write(
        actor=user,
        action=REVEALED,
        subject_type="question",
        subject_id=question_id,
        reason=reason,
        detail={"kind": kind, "id": post.pk},
    )
    return post.author
