"""What follows for members who want to be told from what happens to questions; each calls one service.

What is to be told is written down in the change's own transaction (``kept_by``) and told by the worker.
"""

from portal.core.events import kept_by, receives
from portal.questions import events

from .services.follows import follow_begin, follow_forget
from .services.happenings import confirmations_keep, happening_keep, merge_forget


@receives(events.QuestionAsked)
def asker_follows(event: events.QuestionAsked) -> None:
    """Who asks follows the question."""
    _follow(event.author_id, event.question_id, "asked")


@receives(events.AnswerPosted)
def answerer_follows(event: events.AnswerPosted) -> None:
    """Who answers follows the question."""
    _follow(event.answer_author_id, event.question_id, "answered")


@receives(events.CommentPosted)
def commenter_follows(event: events.CommentPosted) -> None:
    """Who comments follows the question."""
    _follow(event.actor_id, event.question_id, "commented")


@receives(events.DemandAdded)
def sufferer_follows(event: events.DemandAdded) -> None:
    """Who has this too follows the question."""
    _follow(event.actor_id, event.question_id, "wanted")


@receives(events.DemandRemoved)
def sufferer_leaves(event: events.DemandRemoved) -> None:
    """Who no longer has it follows it no longer, unless she chose to."""
    if event.actor_id is not None:
        follow_forget(user_id=event.actor_id, question_id=event.question_id)


def _follow(user_id: int | None, question_id: int, why: str) -> None:
    if user_id is not None:
        follow_begin(user_id=user_id, question_id=question_id, why=why)


@kept_by(events.QuestionAsked)
def question_is_told(event: events.QuestionAsked) -> None:
    """A new question is told to who follows its topics or its author."""
    happening_keep(what="asked", question_id=event.question_id, actor_id=event.actor_id)


@kept_by(events.AnswerPosted)
def answer_is_told(event: events.AnswerPosted) -> None:
    """An answer is told to who follows the question or its author."""
    _answer("answered", event)


@kept_by(events.AnswerAccepted)
def acceptance_is_told(event: events.AnswerAccepted) -> None:
    """An acceptance is told to the answer's author and to who follows the question."""
    _answer("accepted", event)


@kept_by(events.AnswerOfficial)
def official_is_told(event: events.AnswerOfficial) -> None:
    """That an answer became official is told to its author and to who follows the question."""
    _answer("official", event)


@kept_by(events.QuestionEdited)
def question_edit_is_told(event: events.QuestionEdited) -> None:
    """An edit by somebody else is told to who asked."""
    if event.actor_id != event.author_id:
        happening_keep(what="edited", question_id=event.question_id, actor_id=event.actor_id)


@kept_by(events.AnswerEdited)
def answer_edit_is_told(event: events.AnswerEdited) -> None:
    """An edit by somebody else is told to who answered."""
    if event.actor_id != event.answer_author_id:
        _answer("edited", event)


@kept_by(events.QuestionStatusChanged)
def status_is_told(event: events.QuestionStatusChanged) -> None:
    """That a question is closed, opened again or needs details is told to who follows it."""
    data = {"status": event.status, "act": event.act, "words": event.words}
    happening_keep(what="status", question_id=event.question_id, actor_id=event.actor_id, data=data)


@kept_by(events.CommentPosted)
def comment_is_told(event: events.CommentPosted) -> None:
    """A comment is told to who follows the question and to who wrote what it is about."""
    happening_keep(
        what="commented",
        question_id=event.question_id,
        answer_id=event.answer_id,
        comment_id=event.comment_id,
        actor_id=event.actor_id,
    )


@kept_by(events.MembersMentioned)
def mention_is_told(event: events.MembersMentioned) -> None:
    """A mention is told to whom it names."""
    happening_keep(
        what="mentioned",
        question_id=event.question_id,
        answer_id=event.answer_id,
        comment_id=event.comment_id,
        actor_id=event.actor_id,
        data={"members": list(event.member_ids)},
    )


@kept_by(events.QuestionsMerged)
def merge_is_told(event: events.QuestionsMerged) -> None:
    """That two questions were joined is told to who asked the one that was put away."""
    _merge("merged", event, event.target_id)


@kept_by(events.QuestionsUnmerged)
def parting_is_told(event: events.QuestionsUnmerged) -> None:
    """That her question stands by itself again is told to who asked it; that it was joined no longer is."""
    merge_forget(merge_id=event.merge_id, target_id=event.target_id)
    _merge("parted", event, event.source_id)


@kept_by(events.ConfirmationWanted)
def confirmation_is_asked_for(event: events.ConfirmationWanted) -> None:
    """A new release asks authors whether their answers still hold."""
    confirmations_keep(asked=event.asked, actor_id=event.actor_id, release_id=event.release_id)


@kept_by(events.AnswerOutdated)
def outdating_is_told(event: events.AnswerOutdated) -> None:
    """That an answer counts as outdated is told to who gave it."""
    happening_keep(
        what="outdated",
        question_id=event.question_id,
        answer_id=event.answer_id,
        actor_id=event.actor_id,
        data={"members": [event.answer_author_id] if event.answer_author_id else []},
    )


@kept_by(events.SuggestionMade)
def suggestion_is_told(event: events.SuggestionMade) -> None:
    """A suggested edit is told to whose post it is about."""
    _suggestion("suggested", event, event.post_author_id, {})


@kept_by(events.SuggestionReviewed)
def review_is_told(event: events.SuggestionReviewed) -> None:
    """What became of a suggested edit is told to who made it."""
    verdict = {"verdict": "accepted" if event.accepted else "declined"}
    _suggestion("reviewed", event, event.suggester_id, verdict)


def _suggestion(what: str, event: events.SuggestionEvent, member_id: int | None, more: dict[str, str]) -> None:
    happening_keep(
        what=what,
        question_id=event.question_id,
        answer_id=event.answer_id,
        actor_id=event.actor_id,
        data={"members": [member_id] if member_id else [], "suggestion": event.suggestion_id, **more},
    )


@kept_by(events.DuplicateDecided)
def proposal_decision_is_told(event: events.DuplicateDecided) -> None:
    """What the staff decided is told to who thought that a question was asked before."""
    _decision("proposed", event, event.proposer_id)


@kept_by(events.ContestDecided)
def contest_decision_is_told(event: events.ContestDecided) -> None:
    """What the staff decided is told to who contested that her question repeats another."""
    _decision("contested", event, event.author_id)


def _decision(what: str, event: events.DuplicateDecided | events.ContestDecided, member_id: int | None) -> None:
    data = {"agreed": event.agreed, "words": event.reply, "members": [member_id] if member_id else []}
    happening_keep(what=what, question_id=event.question_id, actor_id=event.actor_id, data=data)


def _merge(what: str, event: events.MergeEvent, question_id: int) -> None:
    data = {"merge": event.merge_id, "members": [event.source_author_id] if event.source_author_id else []}
    happening_keep(what=what, question_id=question_id, actor_id=event.actor_id, data=data)


def _answer(what: str, event: events.AnswerEvent) -> None:
    happening_keep(what=what, question_id=event.question_id, answer_id=event.answer_id, actor_id=event.actor_id)
