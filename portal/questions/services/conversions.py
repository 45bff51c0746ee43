"""A comment that answers the question becomes an answer, and may become a comment again.

It keeps its author and its date. Replies to it become the comments of the answer; its address leads there. Undone, the
comment stands where it stood, with every comment of the answer as a reply to it; the answer is deleted.
"""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from portal.core.clock import now
from portal.core.errors import NotAllowed, NotFound
from portal.core.events import announce
from portal.core.permissions import may_moderate, require_member
from portal.questions import events
from portal.questions.models import Answer, Comment
from portal.questions.selectors.rights import check_convert, check_unlocked

from .answers import answer_changed
from .bodies import body_settle
from .counters import answers_recount
from .holding import answer_hold, comment_hold
from .revisions import Credit, revision_keep


@transaction.atomic
def comment_convert(*, user: Any, comment_id: int) -> Answer:
    """Makes an answer of a comment and returns it, by the comment's author or staff."""
    comment = comment_hold(user=user, comment_id=comment_id)
    question = comment.question
    check_convert(user, comment, question)
    answer = Answer.objects.create(
        question=question,
        author=comment.author,
        author_name=comment.author_name,
        anonymous=comment.anonymous,
        language=comment.language,
        body=comment.body,
        body_format=comment.body_format,
        body_html=comment.body_html,
        source_url=comment.source_url,
        source_licence=comment.source_licence,
        created_at=comment.created_at,
        updated_at=comment.updated_at,
        edited_at=comment.edited_at,
        edited_by=comment.edited_by,
    )
    revision_keep(post=answer, credit=Credit(editor=comment.author))
    body_settle(post=answer, user=user, before=comment.body_html)
    _replies_lead(comment, answer)
    comment.deleted_at, comment.deleted_by, comment.became = now(), user, answer
    comment.save(update_fields=["deleted_at", "deleted_by", "became"])
    _recounted(comment, answer)
    answer_changed(answer=answer, kind=events.AnswerPosted, user=user)
    announce(
        events.CommentConverted(
            at=now(),
            actor_id=user.pk,
            comment_id=comment.pk,
            question_id=question.pk,
            answer_id=answer.pk,
            comment_author_id=comment.author_id,
        )
    )
    return answer


def _replies_lead(comment: Comment, answer: Answer) -> None:
    """Makes the replies to a comment, and the replies to those, the comments of an answer."""
    known: set[int] = set()
    found = [comment.pk]
    while found:
        replies = Comment.objects.filter(parent__in=found, question=comment.question_id, answer=comment.answer_id)
        found = [pk for pk in replies.values_list("pk", flat=True) if pk not in known]
        known.update(found)
    Comment.objects.filter(pk__in=known).update(answer=answer)
    Comment.objects.filter(parent=comment).update(parent=None)


@transaction.atomic
def conversion_undo(*, user: Any, answer_id: int) -> Comment:
    """Makes an answer that was a comment that comment again, and returns it: by staff, or by its author who had made
    the answer of it. Raises ``NotFound`` for an answer that was none, or while what was commented on is deleted."""
    require_member(user)
    answer = answer_hold(user=user, answer_id=answer_id)
    comment = Comment.objects.filter(became=answer).first()
    if comment is None:
        raise NotFound
    if not may_moderate(user) and not (comment.author_id == user.pk == comment.deleted_by_id):
        raise NotAllowed(_("Only who made this an answer and the staff can undo it."))
    check_unlocked(user, answer.question)
    # Below an answer that is gone its words would be gone too.
    if comment.answer is not None and comment.answer.deleted_at is not None:
        raise NotFound
    comment.deleted_at = comment.deleted_by = comment.became = None
    comment.save(update_fields=["deleted_at", "deleted_by", "became"])
    below = Comment.objects.filter(answer=answer)
    below.filter(parent=None).update(parent=comment)
    below.update(answer=comment.answer_id)
    answer.deleted_at, answer.deleted_by = now(), user
    answer.save(update_fields=["deleted_at", "deleted_by"])
    _recounted(comment, answer)
    answer_changed(answer=answer, kind=events.AnswerDeleted, user=user)
    return comment


def _recounted(comment: Comment, answer: Answer) -> None:
    answers_recount(ids=[pk for pk in (comment.answer_id, answer.pk) if pk is not None])
