"""Voting: one member has one vote for a post."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from portal.core.clock import now
from portal.core.errors import Invalid, StateForbids
from portal.core.events import announce
from portal.core.permissions import require_member
from portal.questions.events import VoteChanged
from portal.questions.indexing import questions_changed
from portal.questions.models import Answer, Vote
from portal.questions.selectors.rights import check_vote

from .counters import post_rescore
from .holding import voted_hold


@transaction.atomic
def vote_cast(*, user: Any, kind: str, post_id: int, value: int) -> int:
    """Sets the member's vote for a post and returns the post's score; repeating it changes nothing.

    kind: ``question`` or ``answer``. value: 1, -1, or 0 to take the vote back.
    """
    require_member(user)
    if value not in (-1, 0, 1):
        raise Invalid({"value": [_("A vote is -1, 0 or 1.")]})
    post = voted_hold(user=user, kind=kind, post_id=post_id)
    check_vote(user, post, post.question if isinstance(post, Answer) else post)
    mine = Vote.objects.filter(user=user, **{kind: post})
    old, void = mine.values_list("value", "void").first() or (0, False)
    if old == value:
        return post.score
    if void:
        # Else a series could be cast again, one vote at a time.
        raise StateForbids(
            _("This vote was taken out of the count, because it was one of a series. It stays as it is.")
        )
    if value == 0:
        mine.delete()
    else:
        place: dict[str, Any] = {kind: post}
        Vote.objects.update_or_create(user=user, **place, defaults={"value": value, "created_at": now()})
    score = post_rescore(post=post)
    questions_changed([post.question_id if isinstance(post, Answer) else post.pk])
    announce(
        VoteChanged(
            at=now(), actor_id=user.pk, kind=kind, post_id=post.pk, author_id=post.author_id, old=old, new=value
        )
    )
    return score
