"""Lists of questions."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet, prefetch_related_objects

from portal.core.errors import NotFound
from portal.core.paging import Slice, keyset_page
from portal.core.topics import below_topics
from portal.questions.models import Question, QuestionTopic, Status

from .access import questions_visible_to
from .authors import authored

PAGE_SIZE = 20
UNANSWERED = (Status.OPEN, Status.NEEDS_DETAILS)


@dataclass(frozen=True, slots=True)
class Tab:
    """A way to list questions: the order (the last name unique) and the statuses shown (none: all)."""

    name: str
    order: tuple[str, ...]
    statuses: tuple[str, ...] = ()


TABS = {
    tab.name: tab
    for tab in (
        Tab("hot", ("-hot", "-id")),
        Tab("newest", ("-created_at", "-id")),
        Tab("active", ("-last_activity_at", "-id")),
        Tab("unanswered", ("-created_at", "-id"), UNANSWERED),
        Tab("wanted", ("-demand_count", "-id"), UNANSWERED),
        Tab("for-you", ("-hot", "-id"), UNANSWERED),
    )
}


def for_lists(questions: QuerySet[Question]) -> QuerySet[Question]:
    """Returns the questions with all that a row of a list shows, in two queries."""
    return questions.select_related("author").prefetch_related("topic_items__tag__names").defer("body", "body_html")


def question_list(
    *,
    user: Any,
    tab: str = "hot",
    cursor: str | None = None,
    topic: str = "",
    language: str = "",
    status: str = "",
    author: str = "",
    official: bool = False,
    reads: tuple[str, ...] = (),
    size: int = PAGE_SIZE,
) -> Slice[Question]:
    """Returns one page of questions as a tab lists them; raises ``NotFound`` for a tab that does not exist.

    topic: a slug; its sub-topics count. official: only those with an official answer. reads: on ``for-you``, the
    languages the member reads.
    """
    if tab not in TABS:
        raise NotFound
    chosen = TABS[tab]
    found = questions_visible_to(user)
    if chosen.statuses:
        found = found.filter(status__in=chosen.statuses)
    if topic:
        found = of_topic(found, topic)
    for name, value in (("language", language), ("status", status)):
        found = found.filter(**{name: value}) if value else found
    found = found.filter(official=True) if official else found
    found = authored(found, reader=user, author__username=author) if author else found
    if tab == "for-you" and user.is_authenticated:
        found = found.exclude(author=user)
        found = found.filter(language__in=reads) if reads else found
    return keyset_page(for_lists(found), order=chosen.order, cursor=cursor, size=size)


def of_topic(questions: QuerySet[Question], slug: str) -> QuerySet[Question]:
    """Returns the questions of a topic and of the topics below it (two levels)."""
    return questions.filter(
        pk__in=QuestionTopic.objects.filter(below_topics("tag", [slug])).values("content_object_id")
    )


def home_questions(*, user: Any, language: str, size: int = 6) -> dict[str, Any]:
    """Returns what the home page shows: lively questions in the reader's language, and a few that wait."""
    own = questions_visible_to(user).filter(language=language).select_related("author").defer("body", "body_html")
    lively = list(own.order_by("-hot", "-id")[:size])
    waiting = list(own.filter(status__in=UNANSWERED).order_by("-created_at", "-id")[:3])
    # Both lists are filled in together: three queries for the topics, not six.
    prefetch_related_objects([*lively, *waiting], "topic_items__tag__names")
    return {"lively": lively, "waiting": waiting}
