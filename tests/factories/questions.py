"""Questions, answers, votes and comments for tests, made by the services that make real ones.

Each call ends as a commit would: receivers have run, so ledgers, badges and counters are what they would be.
"""

from datetime import timedelta
from itertools import count
from typing import Any

from portal.core.clock import now
from portal.core.models import Topic, TopicName
from portal.core.topics import topic_slug
from portal.questions.models import Answer, AskingSettings, Comment, Question
from portal.questions.services.answers import answer_accept, answer_create
from portal.questions.services.comments import comment_create
from portal.questions.services.questions import question_create
from portal.questions.services.votes import vote_cast

from .accounts import member
from .events import committed

_numbers = count(1)


def topic(name: str = "Printing", *, parent: Topic | None = None, product: bool = False, **names: str) -> Topic:
    """Returns a topic; ``names`` are its names by language: ``topic("Printing", ru="Печать")``."""
    values = {"name": name, "parent": parent, "kind": Topic.Kind.PRODUCT if product else Topic.Kind.TOPIC}
    made, _new = Topic.objects.get_or_create(slug=topic_slug(name), defaults=values)
    for language, translated in names.items():
        TopicName.objects.update_or_create(topic=made, language=language, defaults={"name": translated})
    return made


def question(
    user: Any = None,
    *,
    title: str | None = None,
    body: str = "It worked yesterday. Today the light blinks **red** and nothing comes out.",
    language: str = "en",
    topics: tuple[str, ...] = (),
    anonymous: bool = False,
) -> Question:
    """Returns a new question by ``user`` (default: a new member); ``topics`` are slugs that exist.

    anonymous: asked so, which this also allows from now on.
    """
    if anonymous:
        anonymous_allow()
    with committed():
        return question_create(
            user=user or member(),
            title=title or f"Why does the printer stop after page {next(_numbers)}?",
            body=body,
            language=language,
            topics=topics,
            anonymous=anonymous,
        )


def anonymous_allow(allowed: bool = True) -> None:
    """Allows members to ask anonymously, as the staff do in the CMS."""
    kept = AskingSettings.load()
    kept.anonymous_allowed = allowed
    kept.save()


def answer(
    to: Question | None = None,
    user: Any = None,
    *,
    body: str = "Open the rear cover and take the torn sheet out.",
    language: str | None = None,
    official: bool = False,
) -> Answer:
    """Returns a new answer to ``to`` (default: a new question) by ``user`` (default: a new member)."""
    with committed():
        return answer_create(
            user=user or member(),
            question_id=(to or question()).pk,
            body=body,
            language=language,
            official=official,
        )


def accept(given: Answer, user: Any = None) -> Answer:
    """Accepts an answer, by its question's author unless another ``user`` is named; returns it as it now stands.

    An answer of one's own can be accepted only a day after asking: then the question was asked two days ago.
    """
    if (user or given.question.author) == given.author:
        Question.objects.filter(pk=given.question_id).update(created_at=now() - timedelta(days=2))
    with committed():
        answer_accept(user=user or given.question.author, answer_id=given.pk)
    given.refresh_from_db()
    return given


def vote(post: Question | Answer, user: Any = None, value: int = 1) -> int:
    """Votes for a post by ``user`` (default: a new member) and returns the post's score."""
    with committed():
        kind = "answer" if isinstance(post, Answer) else "question"
        return vote_cast(user=user or member(), kind=kind, post_id=post.pk, value=value)


def comment(
    post: Question | Answer, user: Any = None, *, body: str = "Which model is it?", parent: Comment | None = None
) -> Comment:
    """Returns a new comment under ``post``, in reply to ``parent`` where one is given."""
    with committed():
        kind = "answer" if isinstance(post, Answer) else "question"
        return comment_create(
            user=user or member(),
            kind=kind,
            post_id=post.pk,
            body=body,
            parent_id=parent.pk if parent else None,
        )
