"""What a member may do to a post that she sees. Each ``check_`` raises the reason, so that every door says the same."""

import math
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.core.clock import now
from portal.core.errors import NotAllowed, StateForbids
from portal.core.permissions import may_moderate, require_member
from portal.questions.models import Answer, Comment, Question, Status, Suggestion
from portal.questions.models.question import CLOSED_TO_ANSWERS

from .reviewers import reviewed_by
from .standing import ACCEPT, expert_rights

BREAKDOWN_REPUTATION = 500


def check_unlocked(user: Any, question: Question) -> None:
    """Raises ``StateForbids`` for a locked question (unless to staff) and for an archived one."""
    if question.status == Status.ARCHIVED:
        raise StateForbids(_("This question is archived: it can be read, but no longer changed."))
    if question.locked and not may_moderate(user):
        raise StateForbids(_("This question is locked by the staff."))


def check_answer(user: Any, question: Question) -> None:
    """Whether ``user`` may answer ``question``."""
    require_member(user)
    check_unlocked(user, question)
    if question.status in CLOSED_TO_ANSWERS:
        raise StateForbids(_("This question is closed and takes no new answers."))


def check_comment(user: Any, question: Question) -> None:
    """Whether ``user`` may comment on ``question`` or its answers."""
    require_member(user)
    check_unlocked(user, question)


def check_edit(user: Any, post: Question | Answer | Comment, question: Question) -> None:
    """Whether ``user`` may change the words of ``post``: its author, or staff."""
    require_member(user)
    if post.author_id != user.pk and not may_moderate(user):
        raise NotAllowed(_("Only the author and the staff can change this."))
    check_unlocked(user, question)


def check_delete(user: Any, post: Question | Answer | Comment, question: Question) -> None:
    """Whether ``user`` may take ``post`` away: its author, or staff; a question with answers only staff."""
    require_member(user)
    if post.author_id != user.pk and not may_moderate(user):
        raise NotAllowed(_("Only the author and the staff can delete this."))
    check_unlocked(user, question)
    if isinstance(post, Question) and post.answers_count and not may_moderate(user):
        raise StateForbids(_("This question has answers that help others. Ask the staff if it must go."))


def check_convert(user: Any, comment: Comment, question: Question) -> None:
    """Whether ``user`` may make an answer of ``comment``: its author, or staff, where the question takes answers."""
    require_member(user)
    if comment.author_id != user.pk and not may_moderate(user):
        raise NotAllowed(_("Only the author and the staff can make this an answer."))
    check_answer(user, question)


OWN_ANSWER_AFTER = timedelta(days=1)


def check_accept(user: Any, question: Question, answer: Answer | None = None) -> None:
    """Whether ``user`` may accept answers of ``question``, this one if it is given: the asker, staff, and experts where
    the staff allow it.

    Her own answer the asker accepts a day after asking at the earliest, so that others get their chance. An expert
    accepts none of her own, and leaves alone what the asker or the staff have chosen.
    """
    require_member(user)
    if question.author_id != user.pk and not may_moderate(user):
        _check_expert_accepts(user, question, answer)
    check_unlocked(user, question)
    own = answer is not None and answer.author_id == user.pk == question.author_id
    left = question.created_at + OWN_ANSWER_AFTER - now()
    if own and left > timedelta(0):
        hours = math.ceil(left / timedelta(hours=1))
        raise StateForbids(
            ngettext(
                "You can accept your own answer a day after asking: in %(count)d hour.",
                "You can accept your own answer a day after asking: in %(count)d hours.",
                hours,
            )
            % {"count": hours}
        )


def _check_expert_accepts(user: Any, question: Question, answer: Answer | None) -> None:
    if ACCEPT not in expert_rights(user, question):
        raise NotAllowed(_("Only who asked can accept an answer."))
    if answer is not None and answer.author_id == user.pk:
        raise StateForbids(_("Somebody else decides whether your answer solved it."))
    chosen = question.accepted_answer
    by = chosen.accepted_by if chosen is not None else None
    if chosen is not None and (by is None or by.pk == question.author_id or may_moderate(by)):
        raise StateForbids(_("Who asked or the staff have chosen already."))


def check_vote(user: Any, post: Question | Answer, question: Question) -> None:
    """Whether ``user`` may vote for ``post``: any member but its author."""
    require_member(user)
    if post.author_id == user.pk:
        raise StateForbids(_("You cannot vote for what you wrote yourself."))
    check_unlocked(user, question)


def check_demand(user: Any, question: Question) -> None:
    """Whether ``user`` may say that she has the problem of ``question`` too: any member but who asked."""
    require_member(user)
    if question.author_id == user.pk:
        raise StateForbids(_("You asked this yourself: you are counted already."))
    check_unlocked(user, question)


def check_breakdown(user: Any) -> None:
    """Whether ``user`` may see how many votes were up and how many down: staff, and members of some reputation."""
    require_member(user)
    if not may_moderate(user) and user.reputation < BREAKDOWN_REPUTATION:
        words = _("Members with %(count)d reputation see how many votes were up and how many down.")
        raise NotAllowed(words % {"count": BREAKDOWN_REPUTATION})


def check_suggest(user: Any, post: Question | Answer, question: Question) -> None:
    """Whether ``user`` may suggest an edit of ``post``: any member who may not edit it herself."""
    require_member(user)
    check_unlocked(user, question)
    if post.author_id == user.pk or may_moderate(user):
        raise StateForbids(_("You can change this yourself; there is nothing to suggest."))


def check_review(user: Any, suggestion: Suggestion) -> None:
    """Whether ``user`` may decide on a suggestion: the post's author, staff, members with standing in its topics."""
    require_member(user)
    if suggestion.author_id == user.pk:
        raise NotAllowed(_("Somebody else decides on what you suggested."))
    if not Suggestion.objects.filter(reviewed_by(user), pk=suggestion.pk).exists():
        raise NotAllowed(_("The author, the staff and experts in this topic decide on suggested edits."))
    check_unlocked(user, suggestion.question)
