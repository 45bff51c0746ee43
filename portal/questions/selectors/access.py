"""Who may see which question: the one rule for pages, API, search, feeds, mails and exports.

An answer or a comment is seen by whoever sees its question, unless it is deleted itself.
"""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from portal.core.errors import Moved, NotFound
from portal.core.permissions import is_member, may_moderate
from portal.questions.models import Answer, Comment, Question


def questions_visible_to(user: Any) -> QuerySet[Question]:
    """Returns the questions that this reader (None or anonymous: a stranger) may see."""
    return Question.objects.filter(deleted_at__isnull=True)


def answers_visible_to(user: Any) -> QuerySet[Answer]:
    """Returns the answers that this reader may see."""
    return Answer.objects.filter(deleted_at__isnull=True, question__in=questions_visible_to(user))


def comments_visible_to(user: Any) -> QuerySet[Comment]:
    """Returns the comments that this reader may see."""
    return Comment.objects.filter(
        Q(answer__isnull=True) | Q(answer__deleted_at__isnull=True),
        deleted_at__isnull=True,
        question__in=questions_visible_to(user),
    )


def question_visible_to(user: Any, question_id: int, *also: str) -> Question:
    """Returns one question; raises ``NotFound`` where there is none for this reader.

    also: what it is to come with, besides its author, in the same query. One that was joined with a question that she
    may see raises ``Moved``, which says where it is.
    """
    found = questions_visible_to(user).select_related("author", *also).filter(pk=question_id).first()
    if found is None:
        raise _moved(user, question_id) or NotFound
    return found


def _moved(user: Any, question_id: int) -> Moved | None:
    target = Question.objects.filter(pk=question_id).values("merged_into")
    joined = questions_visible_to(user).filter(pk__in=target).only("pk", "slug").first()
    if joined is None:
        return None
    place = [joined.pk, joined.slug]
    return Moved(kind="questions", earlier=question_id, to="questions", pk=joined.pk, view="question", args=place)


def answer_visible_to(user: Any, answer_id: int) -> Answer:
    """Returns one answer with its question; raises ``NotFound`` where there is none for this reader."""
    found = answers_visible_to(user).select_related("author", "question__author").filter(pk=answer_id).first()
    if found is None:
        raise NotFound
    return found


def comment_visible_to(user: Any, comment_id: int) -> Comment:
    """Returns one comment; raises ``NotFound`` where there is none for this reader.

    One that was made an answer that she may see raises ``Moved``, which says where it is.
    """
    found = comments_visible_to(user).select_related("author", "question", "answer").filter(pk=comment_id).first()
    if found is None:
        raise _answered(user, comment_id) or NotFound
    return found


def _answered(user: Any, comment_id: int) -> Moved | None:
    made = answers_visible_to(user).filter(former_comments=comment_id).only("pk").first()
    if made is None:
        return None
    words = _("This comment was made an answer. Please go on there.")
    return Moved(
        kind="comments", earlier=comment_id, to="answers", pk=made.pk, view="answer-at", args=[made.pk], words=words
    )


def may_restore(user: Any, post: Question | Answer | Comment) -> bool:
    """Whether this member may bring a deleted post back: staff, or who deleted her own."""
    return may_moderate(user) or (is_member(user) and post.author_id == user.pk == post.deleted_by_id)


def questions_deleted() -> QuerySet[Question]:
    """Returns the deleted questions that can be brought back.

    One that was joined with another comes back when the two are parted, not this way.
    """
    return Question.objects.filter(deleted_at__isnull=False, merged_into__isnull=True)


def answers_deleted(user: Any) -> QuerySet[Answer]:
    """Returns the deleted answers to questions that this reader sees."""
    return Answer.objects.filter(deleted_at__isnull=False, question__in=questions_visible_to(user))


def comments_deleted(user: Any) -> QuerySet[Comment]:
    """Returns the deleted comments under posts that this reader sees.

    One that was made an answer comes back when that is undone, not this way.
    """
    return Comment.objects.filter(
        Q(answer__isnull=True) | Q(answer__deleted_at__isnull=True),
        deleted_at__isnull=False,
        became__isnull=True,
        question__in=questions_visible_to(user),
    )


def deleted_question_for(user: Any, question_id: int) -> Question:
    """Returns a deleted question to whom may bring it back; raises ``NotFound`` for anyone else."""
    found = questions_deleted().filter(pk=question_id).first()
    if found is None or not may_restore(user, found):
        raise NotFound
    return found


def deleted_answer_for(user: Any, answer_id: int) -> Answer:
    """Returns a deleted answer of a visible question to whom may bring it back; else raises ``NotFound``."""
    found = answers_deleted(user).select_related("question").filter(pk=answer_id).first()
    if found is None or not may_restore(user, found):
        raise NotFound
    return found


def deleted_comment_for(user: Any, comment_id: int) -> Comment:
    """Returns a deleted comment of a visible post to whom may bring it back; else raises ``NotFound``."""
    found = comments_deleted(user).select_related("question", "answer").filter(pk=comment_id).first()
    if found is None or not may_restore(user, found):
        raise NotFound
    return found
