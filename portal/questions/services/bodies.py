"""What follows from the words of a post once they are saved: uploads it shows, members it names."""

from typing import Any

from portal.core.clock import now
from portal.core.events import announce
from portal.core.mentions import MOST
from portal.questions.events import MembersMentioned
from portal.questions.models import Answer, Comment, Post, Question
from portal.questions.selectors.access import questions_visible_to
from portal.questions.selectors.bodies import body_read, members_named

from .uploads import uploads_use


def body_settle(*, post: Question | Answer | Comment, user: Any, before: str = "") -> None:
    """Notes what a post's words hold and announces whom they name; belongs into the transaction that saves them.

    Every service that writes a body calls it. user: who wrote the words, None for nobody with an account. before: the
    HTML of the version before, empty for a new post; who was named there already is not told again.
    """
    uploads_use(post=post, user=user)
    if post.body_format != Post.Format.MARKDOWN or "@" not in post.body:
        return
    named = [name for name in body_read(post.body)[1] if f">@{name}</a>" not in before]
    if not named:
        return
    question = post if isinstance(post, Question) else post.question
    writer = user.pk if user is not None else None
    told = [
        member.pk
        for member in members_named(named)
        if member.pk != writer and questions_visible_to(member).filter(pk=question.pk).exists()
    ]
    if told:
        announce(
            MembersMentioned(
                at=now(),
                actor_id=writer,
                question_id=question.pk,
                answer_id=_answer_id(post),
                comment_id=post.pk if isinstance(post, Comment) else None,
                member_ids=tuple(told[:MOST]),
            )
        )


def _answer_id(post: Question | Answer | Comment) -> int | None:
    if isinstance(post, Comment):
        return post.answer_id
    return post.pk if isinstance(post, Answer) else None
