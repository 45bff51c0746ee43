"""One question with an answer and comments, the kinds of people around it, and all that could change."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.db import transaction
from django.test import Client

from portal.questions.models import Answer, Comment, Question, QuestionMove, ReopenVote, Revision, Vote
from search.models import OutboxEntry
from tests.factories.accounts import member
from tests.factories.questions import answer, comment, question

KINDS = ("stranger", "sleeping", "member", "asker", "author", "commenter", "staff")
"""Strangers, a member whose account is switched off, a member with no part in it, who asked, who answered, who
commented, and staff. Tables of rights have one letter for each, in this order."""

SAFE_HEADERS = {"HTTP_REFERER": "http://testserver/en/questions/"}


@contextmanager
def undone() -> Iterator[None]:
    """Takes back what happens inside, so that the next one who tries meets the same scene."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    cache.clear()


def signed_in(user: Any) -> Client:
    """Returns a browser of ``user``, who may be a stranger."""
    client = Client(**SAFE_HEADERS)
    if getattr(user, "pk", None):
        client.force_login(user, backend="portal.accounts.backends.PortalBackend")
    return client


def everything() -> dict[str, Any]:
    """Returns every row of every table of questions, and what waits for the search."""
    tables = (Question, Answer, Comment, Revision, Vote, QuestionMove, ReopenVote, OutboxEntry)
    rows = {table.__name__: list(table.objects.order_by("pk").values()) for table in tables}
    return rows | {"topics": list(Question.topics.through.objects.order_by("pk").values())}


@dataclass
class Scene:
    """What a test of rights acts on."""

    asked: Question
    given: Answer
    below_question: Comment
    below_answer: Comment
    people: dict[str, Any] = field(default_factory=dict)

    @property
    def first_move(self) -> QuestionMove:
        """What moved the question first: its answer."""
        return QuestionMove.objects.filter(question=self.asked).earliest("id")

    def refresh(self) -> None:
        """Reads the posts again."""
        for post in (self.asked, self.given, self.below_question, self.below_answer):
            post.refresh_from_db()


def scene() -> Scene:
    """Returns a new scene with its people."""
    people: dict[str, Any] = {kind: member() for kind in ("sleeping", "member", "asker", "author", "commenter")}
    people["staff"] = member(staff=True)
    people["stranger"] = AnonymousUser()
    people["sleeping"].is_active = False
    people["sleeping"].save()
    asked = question(people["asker"])
    given = answer(asked, people["author"])
    scene = Scene(asked, given, comment(asked, people["commenter"]), comment(given, people["commenter"]), people)
    scene.refresh()
    return scene
