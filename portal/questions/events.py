"""What happens to questions and answers, for whoever listens."""

from dataclasses import dataclass
from typing import Any

from portal.core.clock import now
from portal.core.events import DomainEvent, announce

from .models import Answer, Question, Suggestion


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionEvent(DomainEvent):
    """Something happened to a question; author_id is who wrote it (None: nobody with an account)."""

    question_id: int
    author_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionAsked(QuestionEvent):
    """A question was asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionEdited(QuestionEvent):
    """A question's words or topics changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionDeleted(QuestionEvent):
    """A question was taken away (it can come back)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionRestored(QuestionEvent):
    """A deleted question came back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionSigned(QuestionEvent):
    """Who asked anonymously gave her name after all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DemandAdded(QuestionEvent):
    """The actor has the problem of a question too, and wants to hear what becomes of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DemandRemoved(QuestionEvent):
    """The actor took that back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionStatusChanged(QuestionEvent):
    """A question was closed, archived, opened again, locked, or details were asked for (actor_id None: by the portal
    itself or a vote).

    status is the new one, before the old one; act and why are codes of ``lifecycle``, words what was said beside them.
    """

    status: str
    before: str = ""
    act: str = ""
    why: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerEvent(QuestionEvent):
    """Something happened to an answer; answer_author_id is who wrote it."""

    answer_id: int
    answer_author_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerPosted(AnswerEvent):
    """A question got an answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerEdited(AnswerEvent):
    """An answer's words changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerDeleted(AnswerEvent):
    """An answer was taken away (it can come back)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerRestored(AnswerEvent):
    """A deleted answer came back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerAccepted(AnswerEvent):
    """An answer was accepted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerUnaccepted(AnswerEvent):
    """An answer is no longer the accepted one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerOfficial(AnswerEvent):
    """An answer that was given before became the company's official one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerUnofficial(AnswerEvent):
    """An answer is no longer official."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VoteChanged(DomainEvent):
    """A vote for a post of author_id went from ``old`` to ``new`` (-1, 0 or 1); kind is question or answer."""

    kind: str
    post_id: int
    author_id: int | None
    old: int
    new: int


@dataclass(frozen=True, slots=True, kw_only=True)
class VotesReversed(DomainEvent):
    """Votes for posts of author_id were taken out of the count in one go, or given back (``undone``)."""

    reversal_id: int
    author_id: int
    undone: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentPosted(DomainEvent):
    """Somebody commented on a question or one of its answers."""

    comment_id: int
    question_id: int
    answer_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MembersMentioned(DomainEvent):
    """Members were named with @ in a question (answer_id and comment_id None), an answer or a comment.

    Only those newly named who may see the question; never who wrote it. An edit tells of those that it added.
    """

    question_id: int
    answer_id: int | None
    comment_id: int | None
    member_ids: tuple[int, ...]


class AnswerOutdated(AnswerEvent):
    """An answer turned outdated: marked by hand, or by what readers say of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerRevived(AnswerEvent):
    """An outdated answer holds again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseRegistered(DomainEvent):
    """The staff registered a release of a product."""

    release_id: int
    product_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmationWanted(DomainEvent):
    """A new release asks whether answers still work: (author's id, ids of the answers) of those read most.

    Told once for a release; each author comes once, the most viewed answers first.
    """

    release_id: int
    product_id: int
    asked: tuple[tuple[int, tuple[int, ...]], ...]


def announce_question(kind: type[QuestionEvent], question: Question, actor: Any, **more: Any) -> None:
    """Announces something that happened to a question, by ``actor`` (a user; None: by the portal itself)."""
    actor_id = None if actor is None else actor.pk
    announce(kind(at=now(), actor_id=actor_id, question_id=question.pk, author_id=question.author_id, **more))


def announce_answer(kind: type[AnswerEvent], answer: Answer, actor: Any) -> None:
    """Announces something that happened to an answer, by ``actor`` (a user)."""
    question = answer.question
    announce_question(kind, question, actor, answer_id=answer.pk, answer_author_id=answer.author_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentEvent(DomainEvent):
    """Something happened to a comment on a question (answer_id None) or on one of its answers."""

    comment_id: int
    question_id: int
    answer_id: int | None
    comment_author_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentEdited(CommentEvent):
    """A comment's words changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentDeleted(CommentEvent):
    """A comment was taken away (it can come back)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentRestored(CommentEvent):
    """A deleted comment came back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentConverted(CommentEvent):
    """A comment was made the answer ``answer_id``; ``AnswerPosted`` is announced too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeEvent(DomainEvent):
    """Something happened to the joining of two questions; source_author_id and target_author_id are who asked them."""

    merge_id: int
    source_id: int
    target_id: int
    source_author_id: int | None
    target_author_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionsMerged(MergeEvent):
    """A question was joined with another: whoever follows ``source`` follows ``target`` from now on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionsUnmerged(MergeEvent):
    """Two questions that were joined were parted again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DuplicateProposed(QuestionEvent):
    """A member (the actor) thinks that a question repeats ``target_id``; staff decide."""

    proposal_id: int
    target_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DuplicateDecided(QuestionEvent):
    """Staff decided a proposal of ``proposer_id``; reply is what they told her."""

    proposal_id: int
    target_id: int
    proposer_id: int | None
    agreed: bool
    reply: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlementContested(QuestionEvent):
    """Who asked a question says that it is no repeat, or should not have been joined with another; staff decide."""

    contest_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ContestDecided(QuestionEvent):
    """Staff decided what the asker contested: agreed means that the question stands by itself again."""

    contest_id: int
    agreed: bool
    reply: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestionEvent(QuestionEvent):
    """Something happened to a suggested edit of a question (answer_id None) or of an answer.

    suggester_id is who made it; post_author_id who wrote the post, and may decide.
    """

    suggestion_id: int
    answer_id: int | None
    suggester_id: int | None
    post_author_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestionMade(SuggestionEvent):
    """A member suggested an edit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestionReviewed(SuggestionEvent):
    """An edit was accepted (``improved``: with changes of the reviewer's) or rejected; the actor is who decided."""

    accepted: bool
    improved: bool = False


def announce_suggestion(kind: type[SuggestionEvent], suggestion: Suggestion, actor: Any, **more: Any) -> None:
    """Announces something that happened to a suggested edit, by ``actor`` (a user)."""
    announce_question(
        kind,
        suggestion.question,
        actor,
        suggestion_id=suggestion.pk,
        answer_id=suggestion.answer_id,
        suggester_id=suggestion.author_id,
        post_author_id=suggestion.post.author_id,
        **more,
    )
