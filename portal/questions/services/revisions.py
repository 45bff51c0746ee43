"""Keeping every version of a post."""

from typing import Any

from django.db.models import Max

from portal.questions.models import Answer, Question, Revision


def revision_keep(*, post: Question | Answer, editor: Any, topics: list[str] | None = None, note: str = "") -> Revision:
    """Keeps the post as it now stands as its next revision."""
    answer = post if isinstance(post, Answer) else None
    question = post.question if isinstance(post, Answer) else post
    earlier = Revision.objects.filter(question=question, answer=answer).aggregate(last=Max("number"))["last"] or 0
    return Revision.objects.create(
        question=question,
        answer=answer,
        number=earlier + 1,
        editor=editor,
        title="" if isinstance(post, Answer) else post.title,
        body=post.body,
        body_format=post.body_format,
        topics=topics or [],
        note=note[:300],
        created_at=post.updated_at,
    )
