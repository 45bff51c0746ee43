"""What follows in profiles from what happens to questions, answers and votes; each calls one service."""

from portal.core.events import receives
from portal.questions import events

from .badges import ACCEPTED, ANSWERED, ASKED, PROFILE, VOTED
from .events import ProfileChanged
from .services.badges import badges_award, badges_reversal_sync
from .services.reputation import reputation_question_sync, reputation_recompute, reputation_vote_sync
from .services.standings import standing_question_sync, standing_recompute


@receives(events.VoteChanged)
def reputation_follows_vote(event: events.VoteChanged) -> None:
    """A vote changes the reputation of the post's author."""
    reputation_vote_sync(
        kind=event.kind, post_id=event.post_id, voter_id=event.actor_id or 0, author_id=event.author_id
    )


@receives(events.VotesReversed)
def reputation_follows_reversal(event: events.VotesReversed) -> None:
    """Votes taken out of the count, or given back, change the reputation and the standing of their posts' author."""
    reputation_recompute(user_ids=[event.author_id])
    standing_recompute(user_ids=[event.author_id])


@receives(events.VotesReversed)
def badges_follow_reversal(event: events.VotesReversed) -> None:
    """Badges that votes in series earned go with them, and come back with them."""
    badges_reversal_sync(reversal_id=event.reversal_id)


@receives(events.VoteChanged)
def standing_follows_vote(event: events.VoteChanged) -> None:
    """A vote for an answer changes the standing of its author."""
    if event.kind == "answer" and event.author_id is not None:
        standing_recompute(user_ids=[event.author_id])


@receives(events.VoteChanged)
def badges_follow_vote(event: events.VoteChanged) -> None:
    """A vote may earn its post's author a badge, and its giver."""
    badges_award(user_ids=[event.author_id or 0, event.actor_id or 0], after=[VOTED])


@receives(
    events.QuestionDeleted,
    events.QuestionRestored,
    events.QuestionSigned,
    events.AnswerDeleted,
    events.AnswerRestored,
    events.AnswerAccepted,
    events.AnswerUnaccepted,
)
def reputation_follows_post(event: events.QuestionEvent) -> None:
    """What is deleted, restored, accepted or no longer accepted changes the reputation of those who wrote it."""
    reputation_question_sync(question_id=event.question_id)


@receives(
    events.QuestionDeleted,
    events.QuestionRestored,
    events.QuestionSigned,
    events.QuestionEdited,
    events.AnswerDeleted,
    events.AnswerRestored,
    events.AnswerEdited,
    events.AnswerAccepted,
    events.AnswerUnaccepted,
)
def standing_follows_post(event: events.QuestionEvent) -> None:
    """The standing of everybody who answered follows a question's topics and its answers' fate and language."""
    standing_question_sync(question_id=event.question_id)


@receives(events.QuestionsMerged, events.QuestionsUnmerged)
def reputation_follows_merge(event: events.MergeEvent) -> None:
    """What moved from one question to another moves in the ledger, both ways."""
    for question_id in (event.source_id, event.target_id):
        reputation_question_sync(question_id=question_id)


@receives(events.QuestionsMerged, events.QuestionsUnmerged)
def standing_follows_merge(event: events.MergeEvent) -> None:
    """An answer counts in the topics of the question below which it now stands."""
    for question_id in (event.source_id, event.target_id):
        standing_question_sync(question_id=question_id)


@receives(events.QuestionAsked, events.QuestionRestored)
def badges_follow_question(event: events.QuestionEvent) -> None:
    """A question may earn its author a badge."""
    badges_award(user_ids=[event.author_id or 0], after=[ASKED])


@receives(events.QuestionSigned)
def badges_follow_name(event: events.QuestionSigned) -> None:
    """What was asked anonymously counts for badges once the asker gave her name."""
    badges_award(user_ids=[event.author_id or 0], after=[ASKED, ANSWERED, VOTED, ACCEPTED])


@receives(events.AnswerPosted, events.AnswerRestored, events.AnswerEdited)
def badges_follow_answer(event: events.AnswerEvent) -> None:
    """An answer may earn its author a badge."""
    badges_award(user_ids=[event.answer_author_id or 0], after=[ANSWERED])


@receives(events.AnswerAccepted)
def badges_follow_acceptance(event: events.AnswerAccepted) -> None:
    """An acceptance may earn both sides a badge."""
    badges_award(user_ids=[event.answer_author_id or 0, event.author_id or 0], after=[ACCEPTED])


@receives(ProfileChanged)
def badges_follow_profile(event: ProfileChanged) -> None:
    """A profile that tells enough earns a badge."""
    badges_award(user_ids=[event.user_id], after=[PROFILE])
