"""Commenting on questions and answers."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from portal.core.clock import now
from portal.core.errors import Invalid, Stale, Words
from portal.core.events import announce
from portal.core.permissions import require_member
from portal.questions.events import CommentDeleted, CommentEdited, CommentEvent, CommentPosted, CommentRestored
from portal.questions.models import Answer, Comment, CommentVersion, Post
from portal.questions.selectors.access import deleted_comment_for
from portal.questions.selectors.authors import hides
from portal.questions.selectors.rights import check_comment, check_delete, check_edit, check_unlocked
from portal.questions.selectors.text import written_language

from .bodies import body_settle
from .counters import answers_recount, questions_recount
from .holding import comment_hold, post_hold
from .texts import COMMENT_LONGEST, body_errors, language_errors, rendered, require_fields


@transaction.atomic
def comment_create(
    *, user: Any, kind: str, post_id: int, body: str, parent_id: int | None = None, language: str | None = None
) -> Comment:
    """Comments on a post and returns the comment.

    kind: ``question`` or ``answer``. parent_id: the comment under the same post that this one replies to. language:
    None for what the script of the words tells, else the question's.
    """
    require_member(user)
    post = post_hold(user=user, kind=kind, post_id=post_id)
    question, answer = (post.question, post) if isinstance(post, Answer) else (post, None)
    check_comment(user, question)
    language = language or written_language(body, default=question.language)
    require_fields(
        {"body": body_errors(body, longest=COMMENT_LONGEST), "language": _language_errors(language, question)}
    )
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
        language=language,
        body=body,
        body_html=rendered(body, language=language),
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
def comment_edit(*, user: Any, comment_id: int, version: int, body: str, language: str | None = None) -> Comment:
    """Changes a comment's words and returns it, by its author or staff; what it said before is kept.

    version: the one the editor began from; raises ``Stale`` where there is a newer one. language: None for as it is.
    """
    comment = comment_hold(user=user, comment_id=comment_id)
    check_edit(user, comment, comment.question)
    if comment.version != version:
        raise Stale
    language = language or comment.language
    require_fields(
        {"body": body_errors(body, longest=COMMENT_LONGEST), "language": _language_errors(language, comment)}
    )
    if (body, language) == (comment.body, comment.language):
        return comment
    _version_keep(comment)
    shown = comment.body_html
    comment.body, comment.body_html, comment.body_format = body, rendered(body, language=language), Post.Format.MARKDOWN
    comment.language, comment.version = language, comment.version + 1
    comment.updated_at = comment.edited_at = now()
    comment.edited_by = user
    comment.save()
    body_settle(post=comment, user=user, before=shown)
    _announced(CommentEdited, comment, user)
    return comment


def _version_keep(comment: Comment) -> None:
    CommentVersion.objects.create(
        comment=comment,
        number=comment.version,
        body=comment.body,
        body_format=comment.body_format,
        language=comment.language,
        editor=comment.edited_by or comment.author,
        created_at=comment.edited_at or comment.created_at,
    )


@transaction.atomic
def comment_restore(*, user: Any, comment_id: int) -> Comment:
    """Brings a deleted comment back, with its place among the replies: by staff, or by who deleted her own."""
    require_member(user)
    comment = comment_hold(user=user, comment_id=comment_id, find=deleted_comment_for)
    check_unlocked(user, comment.question)
    comment.deleted_at, comment.deleted_by = None, None
    comment.save(update_fields=["deleted_at", "deleted_by"])
    _recount(comment)
    _announced(CommentRestored, comment, user)
    return comment


@transaction.atomic
def comment_delete(*, user: Any, comment_id: int) -> None:
    """Takes a comment away, by its author or staff; it can come back. Replies to it stay."""
    comment = comment_hold(user=user, comment_id=comment_id)
    check_delete(user, comment, comment.question)
    comment.deleted_at, comment.deleted_by = now(), user
    comment.save(update_fields=["deleted_at", "deleted_by"])
    _recount(comment)
    _announced(CommentDeleted, comment, user)


def _announced(kind: type[CommentEvent], comment: Comment, user: Any) -> None:
    announce(
        kind(
            at=now(),
            actor_id=user.pk,
            comment_id=comment.pk,
            question_id=comment.question_id,
            answer_id=comment.answer_id,
            comment_author_id=comment.author_id,
        )
    )


def _language_errors(language: str, beside: Post) -> list[Words]:
    """Returns what is wrong with a comment's language: any of the portal's may be, and that of the post beside it."""
    return [] if language == beside.language else language_errors(language)


def _recount(comment: Comment) -> None:
    if comment.answer_id is not None:
        answers_recount(ids=[comment.answer_id])
    questions_recount(ids=[comment.question_id])
