"""What was deleted, for the staff."""

from typing import Literal

from django.http import HttpRequest
from ninja import Router
from pydantic import BaseModel, Field

from portal.questions.models import Answer, Comment, Question
from portal.questions.selectors.authors import author_shown, person_shown
from portal.questions.selectors.deleted import DeletedPost, deleted_page

from . import schemas
from .answering import page_told
from .auth import MEMBER
from .parsing import PageLimit
from .representations import author_told

router = Router(tags=["Deleted posts"])
Kind = Literal["question", "answer", "comment"]


class Deleted(BaseModel):
    """A deleted post that can be brought back."""

    kind: Kind
    id: int
    question_id: int
    title: str = Field(description="Of the question.")
    excerpt: str = Field(description="The beginning of what it said, as plain text.")
    language: str
    author: schemas.Author | None = Field(description="null: anonymous, or no longer a member.")
    deleted_by: schemas.Author | None
    created_at: schemas.Written
    deleted_at: schemas.Written


class DeletedPage(BaseModel):
    """A page of deleted posts."""

    results: list[Deleted]
    next: str | None


def deleted_told(request: HttpRequest, post: Question | Answer | Comment) -> Deleted:
    """Returns a deleted post that came with its people and its question."""
    deleted = DeletedPost(post)
    question = deleted.question
    who = person_shown(reader=None, question=question, person=post.deleted_by, post=post)
    return Deleted.model_validate(
        {
            "kind": deleted.kind,
            "id": post.pk,
            "question_id": question.pk,
            "title": question.title,
            "excerpt": deleted.excerpt,
            "language": post.language,
            "author": author_told(request, author_shown(reader=None, post=post).member),
            "deleted_by": author_told(request, who.member),
            "created_at": post.created_at,
            "deleted_at": post.deleted_at,
        }
    )


@router.get(
    "/staff/deleted", auth=MEMBER, response=DeletedPage, summary="List deleted posts", operation_id="deleted_posts"
)
def deleted_list(
    request: HttpRequest, kind: Kind = "comment", cursor: str | None = None, limit: PageLimit = 50
) -> dict[str, object]:
    """Deleted posts of a kind that can be brought back, the latest deleted first. 403 for others than staff."""
    return page_told(request, deleted_page(user=request.user, kind=kind, cursor=cursor, size=limit), deleted_told)
