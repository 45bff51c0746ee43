"""Whether an answer holds, from what was said of it: pure functions (docs/explanation/answer-passport.md).

A *say* is one member's word about one release. The releases of a product come in their order, the earliest first; a
claim is the range of them that the answer was written for.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from portal.questions.models import Confirmation, HoldsOn

Voice = Confirmation.Voice

# A say weighs this, one much older than the newest about the same release half of it; the staff's counts twice.
FULL = 2
AGED = timedelta(days=365)
# So much against an answer, and twice what speaks for it, makes it outdated: two members, or one of the staff.
OBSOLETE_FROM = 2 * FULL


@dataclass(frozen=True, slots=True)
class Say:
    """What somebody said of an answer on one release. user_id: None where the account is gone."""

    release_id: int
    works: bool
    at: datetime
    voice: str = Voice.MEMBER
    user_id: int | None = None


@dataclass(frozen=True, slots=True)
class Confirmed:
    """Who confirmed an answer: in what quality, how many of them, and when the last one did."""

    voice: str
    count: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of an answer on the releases of one product, as ids.

    runs: the (first, last) of each unbroken row of releases that it works on. no_longer, doubtful: the latest release
    of which that was said, where it is later than all it works on. pending: the newest release, where nobody has said
    anything of it yet.
    """

    state: HoldsOn
    runs: tuple[tuple[int, int], ...] = ()
    no_longer: int | None = None
    doubtful: int | None = None
    pending: int | None = None
    confirmed: Confirmed | None = None


def weights_of(says: Iterable[Say]) -> tuple[int, int]:
    """Returns how much speaks for and against an answer on the one release that all of ``says`` are about."""
    known = list(says)
    newest = max((say.at for say in known), default=None)
    both = {True: 0, False: 0}
    for say in known:
        recent = newest is None or newest - say.at <= AGED
        both[say.works] += (FULL if recent else FULL // 2) * (2 if say.voice == Voice.STAFF else 1)
    return both[True], both[False]


def release_state(says: Iterable[Say]) -> HoldsOn:
    """Returns whether an answer holds on one release, from all that was said of it there."""
    speaks_for, against = weights_of(says)
    if against >= OBSOLETE_FROM and against >= 2 * speaks_for:
        return HoldsOn.OBSOLETE
    if against and against >= speaks_for:
        return HoldsOn.DOUBTFUL
    return HoldsOn.WORKS if speaks_for else HoldsOn.UNCONFIRMED


def range_ids(order: Sequence[int], first: int, last: int) -> tuple[int, ...]:
    """Returns the releases of ``order`` from ``first`` to ``last``, whichever of the two is the earlier.

    An end that is not in ``order`` (withdrawn) is left out with what cannot be placed: the other end alone remains.
    """
    places = [order.index(each) for each in (first, last) if each in order]
    return tuple(order[min(places) : max(places) + 1]) if places else ()


def runs_of(order: Sequence[int], chosen: Iterable[int]) -> tuple[tuple[int, int], ...]:
    """Returns the (first, last) of each unbroken row of ``chosen`` releases in ``order``."""
    wanted = set(chosen)
    runs: list[tuple[int, int]] = []
    before: int | None = None
    for each in order:
        if each in wanted:
            runs = [*runs[:-1], (runs[-1][0], each)] if before in wanted and runs else [*runs, (each, each)]
        before = each
    return tuple(runs)


def states_by_release(order: Sequence[int], says: Iterable[Say], claim: Iterable[int] = ()) -> dict[int, HoldsOn]:
    """Returns whether the answer holds on each release of ``order``; a claim counts where nobody said otherwise."""
    heard: dict[int, list[Say]] = {}
    for say in says:
        heard.setdefault(say.release_id, []).append(say)
    claimed = set(claim)
    states = {}
    for each in order:
        state = release_state(heard.get(each, ()))
        states[each] = HoldsOn.WORKS if state == HoldsOn.UNCONFIRMED and each in claimed else state
    return states


def standing_of(order: Sequence[int], says: Iterable[Say], claim: Iterable[int] = ()) -> Standing:
    """Returns what is known of an answer. The latest release that anything is known of decides: later ones only wait.

    order: the releases of the product, the earliest first. claim: those that the answer was written for.
    """
    heard = list(says)
    states = states_by_release(order, heard, claim)
    known = [each for each in order if states[each] != HoldsOn.UNCONFIRMED]
    if not known:
        return Standing(HoldsOn.UNCONFIRMED, pending=order[-1] if order else None)
    latest = known[-1]
    works = [each for each in order if states[each] == HoldsOn.WORKS]
    return Standing(
        state=states[latest],
        runs=runs_of(order, works),
        no_longer=latest if states[latest] == HoldsOn.OBSOLETE else None,
        doubtful=latest if states[latest] == HoldsOn.DOUBTFUL else None,
        pending=order[-1] if order[-1] != latest else None,
        confirmed=confirmed_by(say for say in heard if say.works and say.release_id in works),
    )


def confirmed_by(says: Iterable[Say]) -> Confirmed | None:
    """Returns who confirmed, in the quality that tells most: the staff, else members, else the author."""
    by_voice: Mapping[str, list[Say]] = {Voice.STAFF: [], Voice.MEMBER: [], Voice.AUTHOR: []}
    for say in says:
        by_voice[say.voice].append(say)
    for voice, said in by_voice.items():
        if said:
            people = len({say.user_id for say in said if say.user_id is not None})
            gone = sum(say.user_id is None for say in said)
            return Confirmed(str(voice), people + gone, max(say.at for say in said))
    return None


def leading_product(claimed: int | None, said: Mapping[int, datetime], about: Sequence[int]) -> int | None:
    """Returns the product that an answer is judged by, None where there is none.

    claimed: of its claim. said: the moment of the last say, by product. about: those of its question, in their order.
    """
    if claimed is not None:
        return claimed
    if said:
        return max(said, key=lambda product: (said[product], -product))
    return about[0] if about else None
