"""The comments of a page as threads."""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery

from portal.core.permissions import allows
from portal.questions.models import Answer, Comment, Question

from .access import comments_visible_to
from .rights import check_convert, check_delete, check_edit

# Replies to a reply to a reply stand beside it, so that a thread stays readable on a phone.
DEEPEST = 2
# So many threads of a post are shown at once; the rest opens with a press.
SHOWN_AT_ONCE = 5

Key = tuple[str, int]


@dataclass(slots=True)
class CommentView:
    """A comment and the replies to it. to: the comment that it replies to, where it does not stand right below it."""

    comment: Comment
    may_edit: bool = False
    may_delete: bool = False
    may_convert: bool = False
    to: Comment | None = None
    depth: int = 0
    replies: list["CommentView"] = field(default_factory=list)

    @property
    def size(self) -> int:
        """How many comments the thread has."""
        return 1 + sum(reply.size for reply in self.replies)


@dataclass(slots=True)
class Folded:
    """The threads below a post: those that are shown at once, and those that open with a press."""

    shown: list[CommentView]
    rest: list[CommentView]

    @property
    def hidden(self) -> int:
        """How many comments open with a press."""
        return sum(view.size for view in self.rest)


def folded(views: list[CommentView]) -> Folded:
    """Returns the threads of a post, the first ones at once. One alone is never put away."""
    most = SHOWN_AT_ONCE if len(views) > SHOWN_AT_ONCE + 1 else len(views)
    return Folded(views[:most], views[most:])


def comment_threads(user: Any, question: Question, answers: list[Answer]) -> dict[Key, list[CommentView]]:
    """Returns the comments of the question and of these answers, each list as threads, oldest first. One query."""
    here = Q(answer__isnull=True) | Q(answer__in=answers)
    found = comments_visible_to(user).filter(here, question=question)
    views: dict[int, CommentView] = {}
    threads: dict[Key, list[CommentView]] = {}
    for comment in found.select_related("author").order_by("created_at", "id"):
        view = views[comment.pk] = _view(user, comment, question)
        parent = views.get(comment.parent_id or 0)
        place: Key = ("answer", comment.answer_id) if comment.answer_id else ("question", comment.question_id)
        if parent is None:
            threads.setdefault(place, []).append(view)
        else:
            _reply(views, parent, view)
    return threads


def _view(user: Any, comment: Comment, question: Question) -> CommentView:
    return CommentView(
        comment,
        may_edit=allows(check_edit, user, comment, question),
        may_delete=allows(check_delete, user, comment, question),
        may_convert=allows(check_convert, user, comment, question),
    )


def _reply(views: dict[int, CommentView], parent: CommentView, view: CommentView) -> None:
    holder = parent
    while holder.depth >= DEEPEST:
        view.to = parent.comment
        holder = views[holder.comment.parent_id or 0]
    view.depth = holder.depth + 1
    holder.replies.append(view)


@dataclass(frozen=True, slots=True)
class FormerComment:
    """The comment that an answer was: its number, and who made the answer of it."""

    pk: int
    deleted_by_id: int | None


def with_former_comments(answers: QuerySet[Answer]) -> QuerySet[Answer]:
    """Returns the answers with what ``former_comment`` reads; no query more."""
    made = Comment.objects.filter(became=OuterRef("pk")).order_by("-pk")
    return answers.annotate(
        former_pk=Subquery(made.values("pk")[:1]), former_deleted_by=Subquery(made.values("deleted_by")[:1])
    )


def former_comment(answer: Any) -> FormerComment | None:
    """Returns the comment that an answer was, None where it never was one. The answer comes from
    ``with_former_comments``."""
    return FormerComment(answer.former_pk, answer.former_deleted_by) if answer.former_pk else None
