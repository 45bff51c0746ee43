"""The badges and what earns them: declared here, judged here, for one member or for all in one query each.

A rule answers with the members who meet it and the moment from which they do, as far as the database tells. The same
function serves an event (one member) and ``manage.py award_badges`` (everybody), so the two cannot disagree. Only
what everybody can see counts, and under the name that everybody sees: a badge must not tell who asked anonymously.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import (
    Count,
    DurationField,
    ExpressionWrapper,
    F,
    Max,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
)
from django.db.models.functions import Coalesce
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.core.clock import now
from portal.questions.models import Answer, Question, Vote
from portal.questions.selectors.accepting import accepted_by_its_author
from portal.questions.selectors.access import answers_visible_to, questions_visible_to
from portal.questions.selectors.authors import signed

from .models import Profile, Tier

Members = Collection[int] | None
Earned = Iterable[tuple[int, datetime]]
Posts = QuerySet[Any]

# What has to happen before a rule is worth asking: receivers name one of these.
ASKED, ANSWERED, VOTED, ACCEPTED, PROFILE, TIME = "asked", "answered", "voted", "accepted", "profile", "time"


@dataclass(frozen=True, slots=True)
class Badge:
    """A badge: its stable slug, its words, its tier, what may earn it and who did.

    earned takes the ids of the members to judge (None: all) and gives (user id, moment) of those who meet the rule.
    reversed gives those who would meet it did the votes count that were taken out as a series; None where no vote
    earns it.
    """

    slug: str
    name: Promise | str
    description: Promise | str
    tier: Tier
    after: tuple[str, ...]
    earned: Callable[[Members], Earned]
    reversed: Callable[[Members], Earned] | None = None


def _questions(members: Members) -> QuerySet[Question]:
    found = signed(questions_visible_to(None)).filter(author__isnull=False)
    return found if members is None else found.filter(author__in=members)


def _answers(members: Members) -> QuerySet[Answer]:
    found = signed(answers_visible_to(None)).filter(author__isnull=False)
    return found if members is None else found.filter(author__in=members)


def _accepted(members: Members) -> QuerySet[Answer]:
    helped = _answers(members).filter(question__accepted_answer=F("pk"))
    return helped.exclude(question__author=F("author")).exclude(accepted_by_its_author())


def _first(posts: "QuerySet[Question] | QuerySet[Answer]") -> Earned:
    return posts.order_by().values_list("author").annotate(Min("created_at"))


def _many(posts: QuerySet[Answer], least: int) -> Earned:
    counted = posts.order_by().values("author").annotate(count=Count("pk"), moment=Max("created_at"))
    return counted.filter(count__gte=least).values_list("author", "moment")


def _scholar(members: Members) -> Earned:
    settled = _questions(members).filter(accepted_answer__isnull=False)
    return _first(settled.exclude(accepted_answer__author=F("author")))


def _scored(posts: Posts, least: int) -> Posts:
    return posts.filter(score__gte=least)


def _scored_once(posts: Posts, least: int) -> Posts:
    """The posts that would have such a score, did the votes count that were taken out as a series."""
    kind = posts.model.__name__.lower()
    votes = Vote.objects.filter(void=True, **{kind: OuterRef("pk")}).order_by().values(kind)
    lost = Subquery(votes.annotate(lost=Sum("value")).values("lost"))
    found: Posts = posts.annotate(cast=F("score") + Coalesce(lost, 0)).filter(cast__gte=least)
    return found


def _polyglot(members: Members) -> Earned:
    spoken = _answers(members).order_by().values("author")
    spoken = spoken.annotate(count=Count("language", distinct=True), moment=Max("created_at"))
    return spoken.filter(count__gte=3).values_list("author", "moment")


def _late(members: Members) -> QuerySet[Answer]:
    waited = ExpressionWrapper(F("created_at") - F("question__created_at"), output_field=DurationField())
    late = _answers(members).annotate(waited=waited).filter(waited__gte=timedelta(days=60))
    return late.exclude(question__author=F("author"))


def _fair_reader(votes: QuerySet[Vote], members: Members) -> Earned:
    votes = votes if members is None else votes.filter(user__in=members)
    counted = votes.order_by().values("user").annotate(count=Count("pk"), moment=Max("created_at"))
    return counted.filter(count__gte=25).values_list("user", "moment")


def _introduced(members: Members) -> Earned:
    told = Profile.objects.exclude(bio_html="").exclude(role="", company="").filter(languages__isnull=False)
    told = told if members is None else told.filter(user__in=members)
    return told.distinct().values_list("user", "updated_at")


def _ten_years(members: Members) -> Earned:
    long_ago = now() - timedelta(days=3653)
    here = User.objects.filter(is_active=True, date_joined__lte=long_ago)
    here = here if members is None else here.filter(pk__in=members)
    wrote = Q(questions__in=_questions(None)) | Q(answers__in=_answers(None))
    for pk, joined in here.filter(wrote).distinct().values_list("pk", "date_joined"):
        yield pk, joined + timedelta(days=3653)


BADGES: tuple[Badge, ...] = (
    Badge(
        "first-question", _("First question"), _("Asked a first question."), Tier.BRONZE, (ASKED,),
        lambda members: _first(_questions(members)),
    ),
    Badge(
        "first-answer", _("First answer"), _("Gave a first answer."), Tier.BRONZE, (ANSWERED,),
        lambda members: _first(_answers(members)),
    ),
    Badge(
        "teacher", _("Teacher"), _("Gave an answer that others found useful."), Tier.BRONZE, (VOTED,),
        lambda members: _first(_scored(_answers(members), 1)),
        lambda members: _first(_scored_once(_answers(members), 1)),
    ),
    Badge(
        "scholar", _("Scholar"), _("Accepted an answer to a question of one's own."), Tier.BRONZE, (ACCEPTED,),
        _scholar,
    ),
    Badge(
        "introduced", _("Introduced"),
        _("Told in the profile who one is, what one does and which languages one knows."),
        Tier.BRONZE, (PROFILE,), _introduced,
    ),
    Badge(
        "fair-reader", _("Fair reader"), _("Voted for 25 posts of others."), Tier.BRONZE, (VOTED,),
        lambda members: _fair_reader(Vote.objects.filter(void=False), members),
        lambda members: _fair_reader(Vote.objects.all(), members),
    ),
    Badge(
        "first-solution", _("First solution"), _("Had an answer accepted."), Tier.BRONZE, (ACCEPTED,),
        lambda members: _first(_accepted(members)),
    ),
    Badge(
        "good-question", _("Good question"), _("Asked a question that reached a score of 10."), Tier.SILVER, (VOTED,),
        lambda members: _first(_scored(_questions(members), 10)),
        lambda members: _first(_scored_once(_questions(members), 10)),
    ),
    Badge(
        "good-answer", _("Good answer"), _("Gave an answer that reached a score of 10."), Tier.SILVER, (VOTED,),
        lambda members: _first(_scored(_answers(members), 10)),
        lambda members: _first(_scored_once(_answers(members), 10)),
    ),
    Badge(
        "helpful", _("Helping hand"), _("Had ten answers accepted by others."), Tier.SILVER, (ACCEPTED,),
        lambda members: _many(_accepted(members), 10),
    ),
    Badge(
        "better-late", _("Better late"), _("Gave a useful answer to a question that had waited for 60 days."),
        Tier.SILVER, (VOTED,),
        lambda members: _first(_scored(_late(members), 1)),
        lambda members: _first(_scored_once(_late(members), 1)),
    ),
    Badge(
        "polyglot", _("Polyglot"), _("Answered in three languages."), Tier.SILVER, (ANSWERED,), _polyglot,
    ),
    Badge(
        "pillar", _("Pillar"), _("Had a hundred answers accepted by others."), Tier.GOLD, (ACCEPTED,),
        lambda members: _many(_accepted(members), 100),
    ),
    Badge(
        "ten-years", _("Ten years"), _("Has been here for ten years and wrote for others."), Tier.GOLD, (TIME,),
        _ten_years,
    ),
)  # fmt: skip

BY_SLUG = {badge.slug: badge for badge in BADGES}
