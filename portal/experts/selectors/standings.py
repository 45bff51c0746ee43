"""Who helps with what: standing computed from answers, and the lists that show it."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from typing import Any

from django.conf import settings
from django.db.models import F, Q, QuerySet

from portal.accounts.models import User
from portal.accounts.selectors import members_visible_to
from portal.core.models import Topic
from portal.core.paging import Slice, keyset_page
from portal.experts.models import Standing
from portal.experts.rules import standing_points
from portal.questions.models import Question, QuestionTopic
from portal.questions.selectors.access import answers_visible_to
from portal.questions.selectors.authors import signed

PAGE_SIZE = 24
DEEPEST = 5
Place = tuple[int, int | None, str]


def topics_above() -> dict[int, tuple[int, ...]]:
    """Returns for each topic its own id and those of the topics above it."""
    parents = dict(Topic.objects.values_list("pk", "parent_id"))
    lines: dict[int, tuple[int, ...]] = {}
    for topic, parent in parents.items():
        line, here = [topic], parent
        while here is not None and here not in line and len(line) < DEEPEST:
            line.append(here)
            here = parents.get(here)
        lines[topic] = tuple(line)
    return lines


def standings_due(*, user_ids: Collection[int], above: dict[int, tuple[int, ...]]) -> list[Standing]:
    """Returns the standing, unsaved, of these members as their answers that everybody sees amount to.

    above: of ``topics_above``.
    """
    rows = list(
        signed(answers_visible_to(None))
        .filter(author_id__in=user_ids)
        .filter(Q(score__gt=0) | Q(question__accepted_answer=F("pk")))
        .values_list(
            "pk",
            "author_id",
            "language",
            "score",
            "question_id",
            "question__author_id",
            "question__accepted_answer_id",
            "accepted_by_id",
        )
    )
    topics: dict[int, set[int]] = defaultdict(set)
    for question_id, topic_id in _topic_rows({row[4] for row in rows}):
        topics[question_id].update(above.get(topic_id, (topic_id,)))
    sums: dict[Place, list[int]] = defaultdict(lambda: [0, 0, 0])
    for pk, author_id, language, score, question_id, asker_id, accepted_id, accepted_by in rows:
        accepted = accepted_id == pk and author_id not in (asker_id, accepted_by)
        if not accepted and score <= 0:
            continue
        for topic in (None, *topics[question_id]):
            for spoken in ("", language):
                tally = sums[author_id, topic, spoken]
                tally[0] += 1
                tally[1] += accepted
                tally[2] += max(score, 0)
    return [
        Standing(
            user_id=user_id,
            topic_id=topic,
            language=language,
            answers=answers,
            accepted=accepted,
            votes=votes,
            points=standing_points(accepted=accepted, votes=votes),
        )
        for (user_id, topic, language), (answers, accepted, votes) in sums.items()
    ]


def _topic_rows(question_ids: Iterable[int]) -> Iterator[tuple[int, int]]:
    ids = list(question_ids)
    for start in range(0, len(ids), 500):
        items = QuestionTopic.objects.filter(content_object_id__in=ids[start : start + 500])
        yield from items.values_list("content_object_id", "tag_id")


def experts_page(
    *, viewer: Any, topic: Topic | None = None, language: str = "", cursor: str | None = None, size: int = PAGE_SIZE
) -> Slice[Standing]:
    """Returns one page of members by their standing in a topic (None: in any) and a language ("": in any)."""
    found = _standings(viewer, topic, language).select_related("user__profile")
    return keyset_page(found, order=("-points", "-id"), cursor=cursor, size=size)


def experts_top(*, viewer: Any, topic: Topic | None = None, language: str = "", size: int = 6) -> list[Standing]:
    """Returns the members with the highest standing, for a short list on another page."""
    found = _standings(viewer, topic, language).select_related("user__profile")
    return list(found.order_by("-points", "-id")[:size])


def _standings(viewer: Any, topic: Topic | None, language: str) -> QuerySet[Standing]:
    return Standing.objects.filter(topic=topic, language=language, points__gt=0, user__in=members_visible_to(viewer))


def topics_with_experts() -> QuerySet[Topic]:
    """Returns the topics in which anybody has standing, with their names at hand."""
    found: QuerySet[Topic] = Topic.objects.filter(standings__isnull=False).distinct().prefetch_related("names")
    return found


def member_topics(*, member: User, size: int = 8) -> list[Standing]:
    """Returns the topics in which a member has standing, the highest first."""
    found = Standing.objects.filter(user=member, topic__isnull=False, language="", points__gt=0)
    return list(found.select_related("topic").prefetch_related("topic__names").order_by("-points", "id")[:size])


def topics_reviewed(user: Any) -> QuerySet[Standing, int]:
    """Returns a query for the ids of the topics in which a member has the standing to decide on suggested edits."""
    found = Standing.objects.filter(
        user=user, topic__isnull=False, language="", points__gte=settings.PORTAL_REVIEW_STANDING
    )
    return found.values_list("topic_id", flat=True)


def stands_in(user: Any, question: Question) -> bool:
    """Whether a member is an expert in any topic of a question, in whatever language she answered."""
    if user.reputation <= 0:  # The votes and acceptances that make standing make reputation; most members need no look.
        return False
    topics = QuestionTopic.objects.filter(content_object=question).values("tag_id")
    return Standing.objects.filter(
        user=user, topic__in=topics, language="", points__gte=settings.PORTAL_EXPERT_STANDING
    ).exists()
