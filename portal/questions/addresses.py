"""What an address of this area is about, for who came to it by reading though it only takes forms."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse

from portal.core.errors import NotFound
from portal.core.leading_back import register_about
from portal.questions.models import Question
from portal.questions.selectors.access import (
    answer_visible_to,
    comment_visible_to,
    deleted_answer_for,
    deleted_comment_for,
    deleted_question_for,
    question_visible_to,
)


def path_about(user: Any, named: Mapping[str, Any]) -> str | None:
    """Returns the page of the question, answer or comment that an address names, None where it names none.

    What is deleted leads who may bring it back to its question. Raises ``NotFound`` where she may not see it.
    """
    kind = named.get("kind")
    if "comment_id" in named:
        return _comment(user, named["comment_id"])
    if "answer_id" in named or kind == "answer":
        return _answer(user, named.get("answer_id") or named["post_id"])
    if "question_id" in named or kind == "question":
        return _question(user, named.get("question_id") or named["post_id"])
    return reverse("drafts") if "name" in named else None


def _question(user: Any, question_id: int) -> str | None:
    try:
        return question_visible_to(user, question_id).get_absolute_url()
    except NotFound:
        if Question.objects.filter(pk=question_id, deleted_at__isnull=False, merged_into__isnull=True).exists():
            deleted_question_for(user, question_id)
            return reverse("questions")
        raise


def _answer(user: Any, answer_id: int) -> str:
    try:
        return answer_visible_to(user, answer_id).get_absolute_url()
    except NotFound:
        return deleted_answer_for(user, answer_id).question.get_absolute_url()


def _comment(user: Any, comment_id: int) -> str:
    try:
        return reverse("comment-at", args=[comment_visible_to(user, comment_id).pk])
    except NotFound:
        return deleted_comment_for(user, comment_id).question.get_absolute_url()


def register_addresses() -> None:
    """Lets the portal lead people back from addresses of questions."""
    register_about("portal.questions.", path_about)
