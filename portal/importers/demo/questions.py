"""The demo's questions with their answers, comments, votes and revisions, written in bulk at their own moments."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import chain

from portal.accounts.models import User
from portal.core.markdown import render_markdown
from portal.core.models import Topic
from portal.questions.indexing import questions_changed
from portal.questions.models import Answer, Comment, Question, QuestionLink, QuestionTopic, Revision, Status, Vote, Why
from portal.questions.models.question import question_slug
from portal.questions.services.counters import answers_recount, questions_recount

from . import content
from .moves import moves_load

ACCEPTED_AFTER = timedelta(hours=3)
SETTLED_AFTER = timedelta(hours=5)
VOTE_EVERY = timedelta(hours=7)
VIEWS_A_DAY = 3


@dataclass
class _Batch:
    """What is to be written, in the order of writing."""

    moment: datetime
    members: dict[str, User]
    topics: dict[str, Topic]
    questions: dict[str, Question] = field(default_factory=dict)
    answers: list[tuple[content.Answer, Answer]] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)
    votes: list[Vote] = field(default_factory=list)

    def past(self, moment: datetime) -> datetime:
        """Returns the moment, or now where it would lie ahead."""
        return min(moment, self.moment)


def questions_load(
    entries: list[content.Question], *, members: dict[str, User], topics: dict[str, Topic], moment: datetime
) -> dict[str, Question]:
    """Writes the questions and all that stands under them; returns the questions by key.

    moment: the time that ``days_ago`` counts back from. Counters and status are derived as everywhere else.
    """
    batch = _Batch(moment, members, topics)
    _questions_write(batch, entries)
    _answers_write(batch, entries)
    _comments_write(batch, entries)
    _votes_write(batch, entries)
    _revisions_write(batch, entries)
    _settle(batch, entries)
    answers_recount(ids=[answer.pk for _entry, answer in batch.answers])
    questions_recount(ids=[question.pk for question in batch.questions.values()])
    questions_changed([question.pk for question in batch.questions.values()])
    return batch.questions


def _questions_write(batch: _Batch, entries: Iterable[content.Question]) -> None:
    for entry in entries:
        asked = batch.moment - timedelta(days=entry.days_ago)
        batch.questions[entry.key] = Question(
            author=batch.members[entry.author],
            title=entry.title,
            slug=question_slug(entry.title),
            body=entry.body,
            body_html=render_markdown(entry.body),
            language=entry.language,
            anonymous=entry.anonymous,
            needs_details=entry.status == Status.NEEDS_DETAILS,
            views_count=round(entry.days_ago * VIEWS_A_DAY) + entry.up * 9,
            created_at=asked,
            updated_at=asked,
            last_activity_at=asked,
        )
    Question.objects.bulk_create(batch.questions.values())
    QuestionTopic.objects.bulk_create(
        QuestionTopic(content_object=batch.questions[entry.key], tag=batch.topics[slug])
        for entry in entries
        for slug in entry.topics
    )


def _answers_write(batch: _Batch, entries: Iterable[content.Question]) -> None:
    for entry in entries:
        question = batch.questions[entry.key]
        for given in entry.answers:
            author = batch.members[given.author]
            written = question.created_at + timedelta(hours=given.after)
            answer = Answer(
                question=question,
                author=author,
                anonymous=entry.anonymous and given.author == entry.author,
                body=given.body,
                body_html=render_markdown(given.body),
                language=entry.language,
                official=author.is_staff,
                accepted_at=batch.past(written + ACCEPTED_AFTER) if given.accepted else None,
                created_at=written,
                updated_at=written,
            )
            batch.answers.append((given, answer))
    Answer.objects.bulk_create(answer for _entry, answer in batch.answers)
    accepted = []
    for given, answer in batch.answers:
        if given.accepted:
            answer.question.accepted_answer = answer
            accepted.append(answer.question)
    Question.objects.bulk_update(accepted, ["accepted_answer"])


def _comments_write(batch: _Batch, entries: Iterable[content.Question]) -> None:
    for entry in entries:
        batch.comments.extend(_comments(batch, batch.questions[entry.key], None, entry.comments))
    for given, answer in batch.answers:
        batch.comments.extend(_comments(batch, answer.question, answer, given.comments))
    Comment.objects.bulk_create(batch.comments)


def _comments(
    batch: _Batch, question: Question, answer: Answer | None, entries: Iterable[content.Comment]
) -> Iterator[Comment]:
    post = answer or question
    for entry in entries:
        written = post.created_at + timedelta(hours=entry.after)
        yield Comment(
            question=question,
            answer=answer,
            author=batch.members[entry.author],
            anonymous=question.anonymous and batch.members[entry.author] == question.author,
            language=question.language,
            body=entry.body,
            body_html=render_markdown(entry.body),
            created_at=written,
            updated_at=written,
        )


def _votes_write(batch: _Batch, entries: Iterable[content.Question]) -> None:
    for entry in entries:
        batch.votes.extend(_votes(batch, batch.questions[entry.key], entry.up, entry.down))
    for given, answer in batch.answers:
        batch.votes.extend(_votes(batch, answer, given.up, given.down))
    Vote.objects.bulk_create(batch.votes)


def _votes(batch: _Batch, post: Question | Answer, up: int, down: int) -> Iterator[Vote]:
    """Yields the votes for a post: by readers of its language first, beginning with another one for each post."""
    others = [member for member in batch.members.values() if member.pk != post.author_id]
    turn = post.pk % len(others)
    voters = sorted(others[turn:] + others[:turn], key=lambda member: post.language not in member.reads)
    for place, voter in enumerate(voters[: up + down]):
        began = max(post.created_at, voter.date_joined)
        yield Vote(
            user=voter,
            question=post if isinstance(post, Question) else None,
            answer=post if isinstance(post, Answer) else None,
            value=1 if place < up else -1,
            created_at=batch.past(began + VOTE_EVERY * (place + 1)),
        )


def _revisions_write(batch: _Batch, entries: Iterable[content.Question]) -> None:
    questions: Iterable[Question | Answer] = batch.questions.values()
    slugs = {batch.questions[entry.key].pk: entry.topics for entry in entries}
    Revision.objects.bulk_create(
        Revision(
            question=post.question if isinstance(post, Answer) else post,
            answer=post if isinstance(post, Answer) else None,
            number=1,
            editor=post.author,
            title=post.title if isinstance(post, Question) else "",
            body=post.body,
            topics=slugs[post.pk] if isinstance(post, Question) else [],
            created_at=post.created_at,
        )
        for post in chain(questions, (answer for _entry, answer in batch.answers))
    )


def _settle(batch: _Batch, entries: Iterable[content.Question]) -> None:
    """Closes what staff closed, and marks what was asked before; keeps how each question came to where it stands."""
    staff = next(member for member in batch.members.values() if member.is_superuser)
    settled, links = [], []
    for entry in entries:
        question = batch.questions[entry.key]
        target = batch.questions.get(entry.duplicate_of)
        if target is None and entry.status != Status.CLOSED:
            continue
        last = max((answer.after for answer in entry.answers), default=0.0)
        question.settled_at = batch.past(question.created_at + timedelta(hours=last) + SETTLED_AFTER)
        question.settled_by, question.settled_reason = staff, entry.close_reason
        question.settled_why = "" if target else Why.OTHER
        question.status, question.duplicate_of = Status.DUPLICATE if target else Status.CLOSED, target
        settled.append(question)
        if target is not None:
            kind = QuestionLink.Kind.DUPLICATE
            links.append(QuestionLink(question=question, target=target, kind=kind, created_at=question.settled_at))
    fields = ["settled_at", "settled_by", "settled_why", "settled_reason", "status", "duplicate_of"]
    Question.objects.bulk_update(settled, fields)
    QuestionLink.objects.bulk_create(links)
    moves_load(batch.questions, answers=[answer for _entry, answer in batch.answers])
