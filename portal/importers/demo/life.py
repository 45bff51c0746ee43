"""What happened to the demo's questions since they were asked: releases, passports, suggestions, repeats and the rest.

It is played by the services that do it in earnest, in the order and at the moments of the story, so that every counter,
move and line of the log is what it would be. Nobody is told of it.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from portal.accounts.models import User
from portal.core.clock import clock_at
from portal.core.events import untold
from portal.questions.models import Answer, AskingSettings, Draft, Question, Release, Suggestion
from portal.questions.selectors.drafts import DraftPlace
from portal.questions.selectors.text import markdown_source
from portal.questions.services.bookmarks import bookmark_set
from portal.questions.services.demands import demand_add
from portal.questions.services.drafts import draft_save
from portal.questions.services.life import question_ask_details, question_lock, question_reopen_vote, question_settle
from portal.questions.services.merging import questions_merge
from portal.questions.services.passport import answer_confirm, obsolete_mark, passport_set, solution_mark
from portal.questions.services.proposals import contest_open, duplicate_propose
from portal.questions.services.releases import release_register
from portal.questions.services.suggestions import suggestion_accept, suggestion_create, suggestion_reject

from . import content


@dataclass(frozen=True, slots=True)
class _Place:
    """A step with whom and what it is about. releases: the ids by label of those that it may name."""

    step: content.Step
    user: User
    question: Question
    answer: Answer | None
    target: Question | None
    releases: Mapping[str, int]

    @property
    def post(self) -> Question | Answer:
        """The answer, or the question itself."""
        return self.answer or self.question

    @property
    def kind(self) -> str:
        """What the post is, as services call it."""
        return "answer" if self.answer else "question"

    def version(self, label: str) -> int | None:
        """Returns the release of a label, None where the step names none."""
        return self.releases[label] if label else None


def life_load(
    story: content.Content, *, members: Mapping[str, User], questions: Mapping[str, Question], moment: datetime
) -> int:
    """Plays the releases and steps of the story; returns how many. moment: what ``days_ago`` counts back from."""
    with untold():
        _anonymous_allow(any(question.anonymous for question in story.questions))
        labels = _releases_register(story.releases, members=members, moment=moment)
        for step in story.steps:
            question = questions[step.question]
            products = {product for slug in _topics_of(story, step.question) for product in _above(story, slug)}
            place = _Place(
                step=step,
                user=members[step.by],
                question=question,
                answer=question.answers.get(author=members[step.answer]) if step.answer else None,
                target=questions[step.target] if step.target else None,
                releases={label: pk for (product, label), pk in labels.items() if product in products},
            )
            with clock_at(moment - timedelta(days=step.days_ago)):
                ACTS[step.act](place)
    return len(story.releases) + len(story.steps)


def _anonymous_allow(allowed: bool) -> None:
    kept = AskingSettings.load()
    kept.anonymous_allowed = allowed
    kept.save()


def _releases_register(
    entries: Iterable[content.Release], *, members: Mapping[str, User], moment: datetime
) -> dict[tuple[str, str], int]:
    made: dict[tuple[str, str], int] = {}
    for entry in sorted(entries, key=lambda each: each.days_ago, reverse=True):
        came_out = moment - timedelta(days=entry.days_ago)
        with clock_at(came_out):
            release: Release = release_register(
                user=members[entry.by], product=entry.product, label=entry.label, notes_url=entry.notes_url
            )
        made[entry.product, entry.label] = release.pk
    return made


def _topics_of(story: content.Content, key: str) -> list[str]:
    return next(entry.topics for entry in story.questions if entry.key == key)


def _above(story: content.Content, slug: str) -> list[str]:
    """Returns a topic and the one above it."""
    parent = next(topic.parent for topic in story.topics if topic.slug == slug)
    return [slug, parent] if parent else [slug]


def _post_of(place: _Place) -> tuple[str, int]:
    return place.kind, place.post.pk


def _answer_of(place: _Place) -> int:
    assert place.answer is not None, place.step
    return place.answer.pk


def _of_versions(service: Callable[..., object]) -> Callable[[_Place], None]:
    def of_versions(place: _Place) -> None:
        first, last = place.version(place.step.first), place.version(place.step.last)
        service(user=place.user, answer_id=_answer_of(place), first_id=first, last_id=last)

    return of_versions


def _say(works: bool) -> Callable[[_Place], None]:
    def say(place: _Place) -> None:
        release = place.version(place.step.first)
        answer_confirm(user=place.user, answer_id=_answer_of(place), works=works, release_id=release)

    return say


def _outdated(place: _Place) -> None:
    obsolete_mark(user=place.user, answer_id=_answer_of(place), reason=place.step.words)


def _settle(place: _Place) -> None:
    step = place.step
    question_settle(user=place.user, question_id=place.question.pk, status=step.status, why=step.why, reason=step.words)


def _merge(place: _Place) -> None:
    assert place.target is not None, place.step
    questions_merge(user=place.user, source_id=place.question.pk, target_id=place.target.pk, reason=place.step.words)


def _propose(place: _Place) -> None:
    assert place.target is not None, place.step
    duplicate_propose(user=place.user, question_id=place.question.pk, target_id=place.target.pk, words=place.step.words)


def _suggest(place: _Place) -> None:
    """Suggests other words where the post says ``old``: in its title where they stand there, else in its text."""
    kind, post_id = _post_of(place)
    place.post.refresh_from_db()
    step, post = place.step, place.post
    changed: dict[str, Any] = {"body": markdown_source(post).replace(step.old, step.new)}
    if isinstance(post, Question) and step.old in post.title:
        changed = {"title": post.title.replace(step.old, step.new)}
    suggestion_create(user=place.user, kind=kind, post_id=post_id, version=post.version, reason=step.words, **changed)


def _decide(place: _Place) -> None:
    """Decides on what waits at the post: declines it with ``words``, accepts it without any."""
    waits = Suggestion.objects.filter(
        question=place.question, answer=place.answer, status=Suggestion.Status.PENDING
    ).latest("id")
    if place.step.words:
        suggestion_reject(user=place.user, suggestion_id=waits.pk, words=place.step.words)
    else:
        suggestion_accept(user=place.user, suggestion_id=waits.pk)


def _bookmark(place: _Place) -> None:
    kind, post_id = _post_of(place)
    bookmark_set(user=place.user, kind=kind, post_id=post_id, note=place.step.words)


def _draft(place: _Place) -> None:
    where = DraftPlace(Draft.Kind.ANSWER, place.question.pk)
    draft_save(user=place.user, place=where, fields={"body": place.step.words})


ACTS: Mapping[str, Callable[[_Place], object]] = {
    "claim": _of_versions(passport_set),
    "solve": _of_versions(solution_mark),
    "works": _say(True),
    "fails": _say(False),
    "outdated": _outdated,
    "settle": _settle,
    "ask_details": lambda place: question_ask_details(
        user=place.user, question_id=place.question.pk, words=place.step.words
    ),
    "lock": lambda place: question_lock(
        user=place.user, question_id=place.question.pk, locked=True, reason=place.step.words
    ),
    "reopen_vote": lambda place: question_reopen_vote(user=place.user, question_id=place.question.pk),
    "merge": _merge,
    "propose": _propose,
    "contest": lambda place: contest_open(user=place.user, question_id=place.question.pk, words=place.step.words),
    "suggest": _suggest,
    "decide": _decide,
    "bookmark": _bookmark,
    "want": lambda place: demand_add(user=place.user, question_id=place.question.pk),
    "draft": _draft,
}
"""What a step can do, by its name in ``content/life.yaml``."""
