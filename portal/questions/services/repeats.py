"""The same words from the same member within seconds are one post: two tabs, an impatient client.

The rule: what a member posts is a repeat where she posted the very same words at the same place at most ``REPEAT`` ago
and nothing has happened to that post since (no edit, vote, answer, comment or move). A repeat makes nothing; who sent
it is led to the first. Her own row is held meanwhile, so that two calls at the same moment cannot both be the first.
Programs name their calls themselves (an Idempotency-Key): the API does not guess.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import QuerySet

from portal.core.clock import now
from portal.core.permissions import require_member
from portal.questions.models import Answer, Comment, Question, Status
from portal.questions.selectors.passports import NO_ENDS

from .answers import answer_create
from .comments import comment_create
from .passport import Claim
from .questions import question_create

REPEAT = timedelta(seconds=15)


def _held(user: Any) -> None:
    """Holds the member until the transaction ends."""
    require_member(user)
    get_user_model().objects.select_for_update(no_key=True).only("pk").get(pk=user.pk)


def _lately(posts: QuerySet[Any], user: Any, body: str) -> Any:
    """Returns the member's untouched post of these words among ``posts``, None where there is none."""
    since = now() - REPEAT
    mine = posts.filter(author=user, created_at__gte=since, version=1, score=0, deleted_at__isnull=True)
    return next((post for post in mine.order_by("id")[:20] if _same_words(post.body, body)), None)


def _same_words(one: str, other: str) -> bool:
    """Whether two texts differ in nothing but line ends and space around them."""
    return one.replace("\r\n", "\n").strip() == other.replace("\r\n", "\n").strip()


@transaction.atomic
def question_create_once(
    *,
    user: Any,
    title: str,
    body: str,
    language: str,
    topics: Sequence[str] = (),
    anonymous: bool = False,
) -> tuple[Question, bool]:
    """Asks a question as ``question_create`` does; returns it and whether it is a repeat."""
    _held(user)
    alike = Question.objects.filter(
        title=" ".join(title.split()),
        language=language,
        anonymous=anonymous,
        answers_count=0,
        comments_count=0,
        status=Status.OPEN,
    )
    earlier = _lately(alike.filter(locked=False), user, body)
    if earlier is not None:
        return earlier, True
    made = question_create(user=user, title=title, body=body, language=language, topics=topics, anonymous=anonymous)
    return made, False


@transaction.atomic
def answer_create_once(
    *,
    user: Any,
    question_id: int,
    body: str,
    language: str | None = None,
    official: bool = False,
    claim: Claim | None = None,
) -> tuple[Answer, bool]:
    """Answers as ``answer_create`` does; returns the answer and whether it is a repeat."""
    _held(user)
    alike = Answer.objects.filter(
        question_id=question_id, official=official, comments_count=0, accepted_at__isnull=True
    ).select_related("question")
    first, last = claim.ends if claim else NO_ENDS
    alike = alike.filter(passport__first=first, passport__last=last) if first else alike.filter(passport=None)
    earlier = _lately(alike, user, body)
    if earlier is not None:
        return earlier, True
    made = answer_create(
        user=user, question_id=question_id, body=body, language=language, official=official, claim=claim
    )
    return made, False


@transaction.atomic
def comment_create_once(
    *,
    user: Any,
    kind: str,
    post_id: int,
    body: str,
    parent_id: int | None = None,
    language: str | None = None,
) -> tuple[Comment, bool]:
    """Comments as ``comment_create`` does; returns the comment and whether it is a repeat."""
    _held(user)
    answers = {"answer_id": post_id} if kind == "answer" else {"question_id": post_id, "answer_id": None}
    alike = Comment.objects.filter(parent_id=parent_id, **answers).select_related("question")
    earlier = _lately(alike, user, body)
    if earlier is not None:
        return earlier, True
    place: dict[str, Any] = {"kind": kind, "post_id": post_id, "parent_id": parent_id}
    return comment_create(user=user, body=body, language=language, **place), False
