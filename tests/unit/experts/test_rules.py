"""What help is worth, and who listens to what."""

import pytest

from portal.core.events import _receivers
from portal.experts import receivers
from portal.experts.badges import ACCEPTED, ANSWERED, ASKED, BADGES, PROFILE, TIME, VOTED
from portal.experts.events import ProfileChanged
from portal.experts.models import Kind
from portal.experts.rules import REPUTATION, STANDING_ACCEPTED, standing_points, vote_kind
from portal.experts.selectors.ledger import vote_key
from portal.questions import events


@pytest.mark.parametrize(
    ("post", "value", "kind"),
    [
        ("question", 1, Kind.QUESTION_UP),
        ("question", -1, Kind.QUESTION_DOWN),
        ("answer", 1, Kind.ANSWER_UP),
        ("answer", -1, Kind.ANSWER_DOWN),
    ],
)
def test_the_kind_of_a_vote(post, value, kind):
    assert vote_kind(post, value) is kind


def test_every_kind_but_the_imported_has_its_worth():
    assert set(REPUTATION) == set(Kind) - {Kind.IMPORTED}
    assert all(isinstance(amount, int) and amount for amount in REPUTATION.values())


def test_help_is_worth_more_than_asking_and_unkindness_costs_less_than_help_gives():
    assert REPUTATION[Kind.ACCEPTED] > REPUTATION[Kind.ANSWER_UP] > REPUTATION[Kind.QUESTION_UP] > 0
    assert 0 > REPUTATION[Kind.ANSWER_DOWN] > -REPUTATION[Kind.ANSWER_UP]
    assert REPUTATION[Kind.QUESTION_DOWN] < 0 < REPUTATION[Kind.ACCEPTING]


def test_the_rules_cannot_be_changed_by_accident():
    with pytest.raises(TypeError):
        REPUTATION[Kind.ACCEPTED] = 1000


def test_standing():
    assert standing_points(accepted=0, votes=0) == 0
    assert standing_points(accepted=0, votes=7) == 7
    assert standing_points(accepted=2, votes=7) == 2 * STANDING_ACCEPTED + 7


def test_each_reason_has_a_key_of_its_own():
    keys = {vote_key(kind, post, voter) for kind in ("question", "answer") for post in (1, 11) for voter in (1, 11)}
    assert len(keys) == 8


LISTENERS = {
    events.VoteChanged: {"reputation_follows_vote", "standing_follows_vote", "badges_follow_vote"},
    events.QuestionAsked: {"badges_follow_question"},
    events.QuestionEdited: {"standing_follows_post"},
    events.QuestionDeleted: {"reputation_follows_post", "standing_follows_post"},
    events.QuestionRestored: {"reputation_follows_post", "standing_follows_post", "badges_follow_question"},
    events.AnswerPosted: {"badges_follow_answer"},
    events.AnswerEdited: {"standing_follows_post", "badges_follow_answer"},
    events.AnswerDeleted: {"reputation_follows_post", "standing_follows_post"},
    events.AnswerRestored: {"reputation_follows_post", "standing_follows_post", "badges_follow_answer"},
    events.AnswerAccepted: {"reputation_follows_post", "standing_follows_post", "badges_follow_acceptance"},
    events.AnswerUnaccepted: {"reputation_follows_post", "standing_follows_post"},
    ProfileChanged: {"badges_follow_profile"},
}


@pytest.mark.parametrize("event", LISTENERS, ids=lambda event: event.__name__)
def test_who_listens_to_what(event):
    ours = {one.__name__ for one in _receivers[event] if one.__module__ == receivers.__name__}
    assert ours == LISTENERS[event]


def test_what_earns_a_badge_is_something_that_is_told_of():
    told = {ASKED, ANSWERED, VOTED, ACCEPTED, PROFILE, TIME}
    assert {after for badge in BADGES for after in badge.after} == told
