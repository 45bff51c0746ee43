"""What was deleted and can be brought back, as the staff look through it."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from portal.core.markdown import plain_text, shortened
from portal.core.paging import Slice, keyset_page
from portal.core.permissions import require_moderator
from portal.questions.models import Answer, Comment, Question

from .access import answers_deleted, comments_deleted, questions_deleted

KINDS = ("comment", "answer", "question")
PAGE_SIZE = 30
EXCERPT = 300
"""Characters of what a deleted post said."""


@dataclass(frozen=True, slots=True)
class DeletedPost:
    """A deleted post with the question that it belongs to (a question: itself)."""

    post: Question | Answer | Comment

    @property
    def kind(self) -> str:
        """Which of ``KINDS`` it is."""
        return self.post._meta.model_name or ""

    @property
    def question(self) -> Question:
        """The question, which is still there where the post is an answer or a comment."""
        return self.post if isinstance(self.post, Question) else self.post.question

    @property
    def excerpt(self) -> str:
        """The beginning of what it said, as plain text."""
        return shortened(plain_text(self.post.body_html), EXCERPT)


def deleted_page(*, user: Any, kind: str, cursor: str | None = None, size: int = PAGE_SIZE) -> Slice[Any]:
    """Returns one page of deleted posts of a kind (of ``KINDS``, anything else: comments), the latest deleted first.

    Of what was deleted with its question or answer, the question or answer alone is listed: it brings the rest back.
    To staff only.
    """
    require_moderator(user)
    kind = kind if kind in KINDS else KINDS[0]
    found: dict[str, QuerySet[Any]] = {
        "comment": comments_deleted(user).select_related("author", "deleted_by", "question__author", "answer"),
        "answer": answers_deleted(user).select_related("author", "deleted_by", "question__author"),
        "question": questions_deleted().select_related("author", "deleted_by"),
    }
    return keyset_page(found[kind], order=("-deleted_at", "-id"), cursor=cursor, size=size)
