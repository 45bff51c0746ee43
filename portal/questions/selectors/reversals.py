"""Votes as the rule against series sees them, and reversals as the staff read them."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from portal.core.paging import Slice, keyset_page
from portal.core.permissions import require_moderator
from portal.questions.models import Answer, Question, Vote, VoteReversal
from portal.questions.serial import CastVote

from .access import answers_visible_to, questions_visible_to

PAGE_SIZE = 20


def votes_cast_since(moment: datetime) -> Iterator[CastVote]:
    """Yields the votes cast since a moment. Who wrote anonymously is no author here: a reversal would name her."""
    rows = Vote.objects.filter(created_at__gte=moment).values_list(
        "created_at", "pk", "user_id", "value", "reversal_id", "question__author_id", "question__anonymous",
        "answer__author_id", "answer__anonymous",
    )  # fmt: skip
    for at, pk, voter, value, reversal, asker, asked_hidden, helper, answered_hidden in rows.iterator():
        author = None if asked_hidden or answered_hidden else asker or helper
        yield CastVote(at, pk, voter, author, value, judged=reversal is not None)


@dataclass(frozen=True, slots=True)
class ReversalShown:
    """A reversal with the posts that its votes are for, as far as they are there."""

    reversal: VoteReversal
    posts: list[Question | Answer]

    @property
    def share(self) -> int:
        """How many of a hundred votes of the same time these are."""
        return round(100 * self.reversal.votes_count / max(1, self.reversal.cast_count))


def reversals_page(*, user: Any, cursor: str | None = None, size: int = PAGE_SIZE) -> Slice[VoteReversal]:
    """Returns one page of reversals, the newest first; to staff only."""
    require_moderator(user)
    found = VoteReversal.objects.select_related("voter", "author", "undone_by")
    return keyset_page(found, order=("-created_at", "-id"), cursor=cursor, size=size)


def reversals_shown(*, user: Any, reversals: list[VoteReversal]) -> list[ReversalShown]:
    """Returns these reversals with their posts, in two queries whatever their number."""
    require_moderator(user)
    seen = Q(question__in=questions_visible_to(user)) | Q(answer__in=answers_visible_to(user))
    votes = Vote.objects.filter(seen, reversal__in=reversals).select_related("question", "answer__question")
    posts: dict[int, list[Question | Answer]] = defaultdict(list)
    for vote in votes.order_by("created_at", "pk"):
        post = vote.question or vote.answer
        if post is not None and vote.reversal_id is not None:
            posts[vote.reversal_id].append(post)
    return [ReversalShown(reversal, posts[reversal.pk]) for reversal in reversals]


def votes_broken_down(*, post: Question | Answer) -> tuple[int, int]:
    """Returns how many votes for a post were up and how many down, imported ones included; void ones are left out."""
    place = {"answer": post} if isinstance(post, Answer) else {"question": post}
    values = list(Vote.objects.filter(void=False, **place).values_list("value", flat=True))
    up, down = sum(value > 0 for value in values), sum(value < 0 for value in values)
    return post.imported_upvotes + up, post.imported_downvotes + down
