"""Shares, and how sure one can be of the difference between two.

The interval is Newcombe's hybrid score interval (his method 10): Wilson's score interval of each share, put together.
R. G. Newcombe (1998), "Interval estimation for the difference between independent proportions: comparison of eleven
methods", Statistics in Medicine 17:873-890; E. B. Wilson (1927), JASA 22:209-212. Unlike the textbook's it holds for
few visitors and for shares near 0 and 1, and never leaves -1 to 1.
"""

import math
from dataclasses import dataclass

Z = 1.959963984540054
"""The 97.5 % point of the normal distribution: both sides together leave out 5 %."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure and the interval that holds the true one in 95 of 100 cases."""

    estimate: float
    low: float
    high: float


def wilson(successes: int, trials: int) -> Interval:
    """Returns a share with its interval; raises ``ValueError`` without a trial."""
    if not 0 <= successes <= trials or not trials:
        raise ValueError(f"{successes} of {trials} is no share")
    share = successes / trials
    spread = Z * math.sqrt(share * (1 - share) / trials + Z**2 / (4 * trials**2))
    middle, scale = share + Z**2 / (2 * trials), 1 + Z**2 / trials
    low = 0.0 if successes == 0 else (middle - spread) / scale
    high = 1.0 if successes == trials else (middle + spread) / scale
    return Interval(share, low, high)


def difference(successes: int, trials: int, other_successes: int, other_trials: int) -> Interval:
    """Returns the first share minus the other, with its interval; raises ``ValueError`` without trials of either."""
    first, other = wilson(successes, trials), wilson(other_successes, other_trials)
    estimate = first.estimate - other.estimate
    below = math.hypot(first.estimate - first.low, other.high - other.estimate)
    above = math.hypot(first.high - first.estimate, other.estimate - other.low)
    return Interval(estimate, max(estimate - below, -1.0), min(estimate + above, 1.0))
