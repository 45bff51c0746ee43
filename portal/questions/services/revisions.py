"""Keeping every version of a post."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Max

from portal.questions.models import Answer, Question, Revision


@dataclass(frozen=True, slots=True, kw_only=True)
class Credit:
    """Whose words a version holds, and how they came there.

    editor: a user, None for nobody with an account. note: why, in the editor's words. approver: who let a suggestion
    in; improved: and changed it on the way. restores: the number of the earlier version that this one brings back.
    """

    editor: Any
    note: str = ""
    approver: Any = None
    improved: bool = False
    restores: int | None = None

    @property
    def actor(self) -> Any:
        """Who did it: the approver of a suggestion, else the editor."""
        return self.approver or self.editor


def _earlier(post: Question | Answer) -> tuple[Question, Answer | None, int]:
    """Returns (question, answer or None, number of the last revision or 0)."""
    answer = post if isinstance(post, Answer) else None
    question = post.question if isinstance(post, Answer) else post
    last = Revision.objects.filter(question=question, answer=answer).aggregate(last=Max("number"))["last"]
    return question, answer, last or 0


def revision_keep(*, post: Question | Answer, credit: Credit, topics: list[str] | None = None) -> Revision:
    """Keeps the post as it now stands as its next revision."""
    question, answer, last = _earlier(post)
    return Revision.objects.create(
        question=question,
        answer=answer,
        number=last + 1,
        editor=credit.editor,
        approved_by=credit.approver,
        improved=credit.improved,
        restores=credit.restores,
        title="" if isinstance(post, Answer) else post.title,
        body=post.body,
        body_format=post.body_format,
        language=post.language,
        topics=topics or [],
        note=credit.note[:300],
        created_at=post.updated_at,
    )


def revision_begin(*, post: Question | Answer) -> None:
    """Keeps the post as it came, before its first edit here, where no revision does.

    A member's post has its first revision from the beginning; a dump without history brings none, and keeping every
    imported text twice for the few that are ever edited would be waste.
    """
    if _earlier(post)[2]:
        return
    topics: list[str] = []
    if isinstance(post, Question):
        topics = list(post.topic_items.order_by("tag__slug").values_list("tag__slug", flat=True))
    kept = revision_keep(post=post, credit=Credit(editor=post.edited_by or post.author), topics=topics)
    kept.editor_name, kept.source_licence = post.author_name, post.source_licence
    kept.save(update_fields=["editor_name", "source_licence"])
