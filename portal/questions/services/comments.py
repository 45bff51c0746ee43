"""Commenting on questions and answers."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from portal.core.clock import now
from portal.core.errors import Invalid
from portal.core.events import announce
from portal.core.permissions import require_member
from portal.questions.events import CommentPosted
from portal.questions.models import Answer, Comment, Question
from portal.questions.selectors.access import answer_visible_to, comment_visible_to, question_visible_to
from portal.questions.selectors.authors import hides
from portal.questions.selectors.rights import check_comment, check_delete

from .bodies import body_settle
from .counters import answers_recount, questions_recount
from .texts import COMMENT_LONGEST, body_errors, rendered, require_fields


@transaction.atomic
def comment_create(*, user: Any, kind: str, post_id: int, body: str, parent_id: int | None = None) -> Comment:
    """Comments on a post and returns the comment.

    kind: ``question`` or ``answer``. parent_id: the comment under the same post that this one replies to.
    """
    require_member(user)
    question, answer = _place(user, kind, post_id)
    question = _held(question)
    check_comment(user, question)
    require_fields({"body": body_errors(body, longest=COMMENT_LONGEST)})
    parent = None
    if parent_id is not None:
        parent = Comment.objects.filter(pk=parent_id, question=question, answer=answer, deleted_at__isnull=True).first()
        if parent is None:
            raise Invalid({"parent_id": [_("The comment that you reply to is not there any more.")]})
    moment = now()
    comment = Comment.objects.create(
        question=question,
        answer=answer,
        parent=parent,
        author=user,
        anonymous=hides(user, question),
        language=question.language,
        body=body,
        body_html=rendered(body, language=question.language),
        created_at=moment,
        updated_at=moment,
    )
    body_settle(post=comment, user=user)
    _recount(comment)
    announce(
        CommentPosted(
            at=moment,
            actor_id=user.pk,
            comment_id=comment.pk,
            question_id=question.pk,
            answer_id=answer.pk if answer else None,
        )
    )
    return comment


@transaction.atomic
def comment_delete(*, user: Any, comment_id: int) -> None:
    """Takes a comment away, by its author or staff."""
    comment = comment_visible_to(user, comment_id)
    check_delete(user, comment, _held(comment.question))
    comment.deleted_at, comment.deleted_by = now(), user
    comment.save(update_fields=["deleted_at", "deleted_by"])
    _recount(comment)


def _place(user: Any, kind: str, post_id: int) -> tuple[Question, Answer | None]:
    if kind == "question":
        return question_visible_to(user, post_id), None
    answer = answer_visible_to(user, post_id)
    return answer.question, answer


def _held(question: Question) -> Question:
    """Returns the question, held until the transaction ends, so that comments at the same moment are all counted."""
    return Question.objects.select_for_update(of=["self"]).get(pk=question.pk)


def _recount(comment: Comment) -> None:
    if comment.answer_id is not None:
        answers_recount(ids=[comment.answer_id])
    questions_recount(ids=[comment.question_id])
