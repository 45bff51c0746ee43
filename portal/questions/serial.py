"""Votes in series: the one rule that tells them, free of any database.

Somebody who likes or dislikes a person, and not posts, votes for one author again and again within a short time, and
for little else. So a member's votes in one direction for one author are a series where, within some 24 hours,

- there are at least so many of them as the rule needs, and
- they are more than so many of a hundred of all the votes that she cast in these hours.

All votes of such hours belong to the series; hours that overlap make one series. A reader who goes through an expert's
answers between others stays below the share; one who finds three good answers stays below the number.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

WINDOW = timedelta(hours=24)


@dataclass(frozen=True, slots=True, order=True)
class CastVote:
    """A vote as the rule sees it. value: 1 or -1. judged: it was reversed or given back before: it only counts as
    one of the voter's votes."""

    at: datetime
    pk: int
    voter: int
    author: int | None
    value: int
    judged: bool = False


@dataclass(frozen=True, slots=True)
class Series:
    """Votes of one voter for one author in one direction, the earliest first. cast: all that the voter cast from the
    first to the last of them."""

    voter: int
    author: int
    value: int
    votes: tuple[CastVote, ...]
    cast: int

    @property
    def began_at(self) -> datetime:
        """When the first vote was cast."""
        return self.votes[0].at

    @property
    def ended_at(self) -> datetime:
        """When the last vote was cast."""
        return self.votes[-1].at


@dataclass(frozen=True, slots=True)
class SerialRule:
    """What makes a series. needed: how many votes, at least 1. percent: they are more than so many of a hundred of all
    votes of the same hours, 0 to 99."""

    needed: int
    percent: int

    def holds(self, count: int, cast: int) -> bool:
        """Whether ``count`` votes for one author among ``cast`` votes are a series."""
        return count >= self.needed and count * 100 > self.percent * cast


def serial_votes(votes: Iterable[CastVote], *, rule: SerialRule) -> list[Series]:
    """Returns the series among these votes, by voter, author and direction."""
    by_voter: dict[int, list[CastVote]] = defaultdict(list)
    for vote in votes:
        by_voter[vote.voter].append(vote)
    found = []
    for voter in sorted(by_voter):
        cast = sorted(by_voter[voter])
        times = [vote.at for vote in cast]
        groups: dict[tuple[int, int], list[CastVote]] = defaultdict(list)
        for vote in cast:
            if vote.author is not None and not vote.judged:
                groups[vote.author, vote.value].append(vote)
        for (author, value), own in sorted(groups.items()):
            for first, last in _stretches(own, times, rule):
                part = tuple(own[first : last + 1])
                found.append(Series(voter, author, value, part, _between(times, part[0].at, part[-1].at)))
    return found


def _stretches(own: Sequence[CastVote], times: Sequence[datetime], rule: SerialRule) -> list[tuple[int, int]]:
    """Returns the first and last place in ``own`` of each series: hours that the rule holds for, joined where they
    share a vote. times: of all that the voter cast, in order."""
    found: list[tuple[int, int]] = []
    last = 0
    for first, vote in enumerate(own):
        last = max(last, first)
        while last + 1 < len(own) and own[last + 1].at - vote.at < WINDOW:
            last += 1
        end = _end(own, times, range(first, last + 1), rule)
        if end is None:
            continue
        if found and first <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((first, end))
    return found


def _end(own: Sequence[CastVote], times: Sequence[datetime], places: range, rule: SerialRule) -> int | None:
    """Returns the last of the places up to which the rule holds from the first one on; None where it never does.

    Votes for others at the end of a day must not hide a series at its beginning, so every end is tried.
    """
    for end in reversed(places):
        count = end - places.start + 1
        if rule.holds(count, _between(times, own[places.start].at, own[end].at)):
            return end
    return None


def _between(times: Sequence[datetime], began: datetime, ended: datetime) -> int:
    return bisect_right(times, ended) - bisect_left(times, began)
