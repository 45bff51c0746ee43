"""What help is worth: the one place where points are declared."""

from collections.abc import Mapping
from types import MappingProxyType

from .models import Kind

# What each kind of event adds to the reputation of the member it is about. An imported entry has its own amount.
REPUTATION: Mapping[str, int] = MappingProxyType(
    {
        Kind.QUESTION_UP: 5,
        Kind.QUESTION_DOWN: -2,
        Kind.ANSWER_UP: 10,
        Kind.ANSWER_DOWN: -2,
        Kind.ACCEPTED: 15,
        Kind.ACCEPTING: 2,
    }
)

# What an accepted answer weighs in a member's standing; one vote weighs 1.
STANDING_ACCEPTED = 3


def vote_kind(post: str, value: int) -> Kind:
    """Returns the kind of entry that a vote makes: post is ``question`` or ``answer``, value 1 or -1."""
    if post == "question":
        return Kind.QUESTION_UP if value > 0 else Kind.QUESTION_DOWN
    return Kind.ANSWER_UP if value > 0 else Kind.ANSWER_DOWN


def standing_points(*, accepted: int, votes: int) -> int:
    """Returns the standing that accepted answers and votes for well-received answers amount to."""
    return STANDING_ACCEPTED * accepted + votes
