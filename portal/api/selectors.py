"""Rows with all that the API tells of them, in a handful of queries whatever their number."""

from datetime import datetime
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet

from portal.core.models import Topic
from portal.core.paging import Slice, keyset_page
from portal.core.topics import topics_with_names
from portal.questions.models import Answer, Comment, Question
from portal.questions.selectors.access import answers_visible_to, comments_visible_to, questions_visible_to
from portal.questions.selectors.authors import authored
from portal.questions.selectors.lists import of_topic
from portal.questions.selectors.releases import answers_solving

NEWEST = ("-created_at", "-id")
OLDEST = ("created_at", "id")


def questions_with_parts(questions: QuerySet[Question]) -> QuerySet[Question]:
    """Returns the questions with their authors, topics and solutions by version (``solving``) at hand."""
    return questions.select_related("author").prefetch_related(
        "topic_items__tag", Prefetch("answers", queryset=answers_solving(), to_attr="solving")
    )


def question_rows(
    *,
    user: Any,
    cursor: str | None,
    size: int,
    language: str = "",
    topic: str = "",
    status: str = "",
    author: str = "",
    official: bool | None = None,
    since: datetime | None = None,
) -> Slice[Question]:
    """Returns a page of every question that the caller may see, the newest first.

    official: with an official answer, or without. since: asked or edited then or later. The order never changes under
    a reader who walks the pages.
    """
    found = questions_visible_to(user)
    for name, value in (("language", language), ("status", status)):
        found = found.filter(**{name: value}) if value else found
    found = authored(found, reader=user, author__username=author) if author else found
    if topic:
        found = of_topic(found, topic)
    found = found if official is None else found.filter(official=official)
    if since is not None:
        found = found.filter(updated_at__gte=since)
    return keyset_page(questions_with_parts(found), order=NEWEST, cursor=cursor, size=size)


def question_row(*, user: Any, question_id: int) -> Question | None:
    """Returns one question with its parts, None where there is none for this caller."""
    return questions_with_parts(questions_visible_to(user)).filter(pk=question_id).first()


def answer_rows(*, user: Any, question_id: int, cursor: str | None, size: int) -> Slice[Answer]:
    """Returns a page of the answers to a question, the earliest first."""
    found = answers_visible_to(user).filter(question_id=question_id).select_related("author", "question")
    return keyset_page(found, order=OLDEST, cursor=cursor, size=size)


def comment_rows(*, user: Any, kind: str, post_id: int, cursor: str | None, size: int) -> Slice[Comment]:
    """Returns a page of the comments on a question or an answer, the earliest first."""
    place = {"answer_id": post_id} if kind == "answer" else {"question_id": post_id, "answer": None}
    found = comments_visible_to(user).filter(**place).select_related("author", "question")
    return keyset_page(found, order=OLDEST, cursor=cursor, size=size)


def topic_rows(*, user: Any, cursor: str | None, size: int) -> Slice[Topic]:
    """Returns a page of topics with names, parents and the number of questions that the caller may see."""
    seen = questions_visible_to(user).values("pk")
    counted = Count("question_items", filter=Q(question_items__content_object__in=seen), distinct=True)
    found = topics_with_names().select_related("parent").annotate(questions_count=counted)
    return keyset_page(found, order=("id",), cursor=cursor, size=size)
