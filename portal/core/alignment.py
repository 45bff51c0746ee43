"""What two sequences have in common, in bounded time.

Equal beginnings and ends are taken off; long stretches are parted at what occurs once in each (Bram Cohen's patience
diff); what is left goes through Eugene W. Myers, "An O(ND) Difference Algorithm and Its Variations" (1986). A budget of
steps ends the work where two texts have too little in common to be worth it: such stretches count as replaced.
"""

from bisect import bisect_left
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

STEPS = 400_000
SMALL = 60_000
EDITS = 500


@dataclass(slots=True)
class Budget:
    """How many steps may still be taken; ``cut`` tells that some work was left undone."""

    steps: int = STEPS
    cut: bool = False

    def spend(self, steps: int) -> bool:
        """Takes steps; whether there were any left."""
        self.steps -= steps
        self.cut = self.cut or self.steps < 0
        return self.steps >= 0


@dataclass(frozen=True, slots=True)
class Span:
    """Items ``old[a:b]`` and ``new[c:d]``: equal one by one where ``same``, else the latter take the former's place."""

    same: bool
    a: int
    b: int
    c: int
    d: int


Range = tuple[int, int, int, int]
Match = tuple[int, int, int]


def alignment(old: Sequence[Hashable], new: Sequence[Hashable], budget: Budget) -> list[Span]:
    """Returns spans that cover both sequences from begin to end, equal and replaced ones in turn."""
    names: dict[Hashable, int] = {}
    left = [names.setdefault(item, len(names)) for item in old]
    right = [names.setdefault(item, len(names)) for item in new]
    matches: list[Match] = []
    waiting: list[Range] = [(0, len(left), 0, len(right))]
    while waiting:
        a, b, c, d = part = _trimmed(left, right, waiting.pop(), matches)
        if a == b or c == d or not budget.spend(b - a + d - c):
            continue
        anchors = _anchors(left, right, part) if (b - a) * (d - c) > SMALL else []
        if not anchors:
            matches += _shortest(left, right, part, budget)
            continue
        for i, j in anchors:
            waiting.append((a, i, c, j))
            matches.append((i, j, 1))
            a, c = i + 1, j + 1
        waiting.append((a, b, c, d))
    return _spans(sorted(match for match in matches if match[2]), len(left), len(right))


def _trimmed(left: list[int], right: list[int], part: Range, matches: list[Match]) -> Range:
    """Takes the equal beginning and end off a stretch, adds them to ``matches`` and returns what is left."""
    a, b, c, d = part
    while a < b and c < d and left[a] == right[c]:
        a += 1
        c += 1
    while a < b and c < d and left[b - 1] == right[d - 1]:
        b -= 1
        d -= 1
    matches += [(part[0], part[2], a - part[0]), (b, d, part[1] - b)]
    return a, b, c, d


def _anchors(left: list[int], right: list[int], part: Range) -> list[tuple[int, int]]:
    """Returns the longest row of items that occur once on either side, in the same order on both."""
    a, b, c, d = part
    places = _once(left, a, b)
    others = _once(right, c, d)
    pairs = [(i, others[item]) for item, i in places.items() if item in others]
    ends: list[int] = []
    tails: list[int] = []
    before: list[int] = []
    for number, (_i, j) in enumerate(pairs):
        at = bisect_left(ends, j)
        before.append(tails[at - 1] if at else -1)
        if at == len(ends):
            ends.append(j)
            tails.append(number)
        else:
            ends[at], tails[at] = j, number
    found = []
    number = tails[-1] if tails else -1
    while number >= 0:
        found.append(pairs[number])
        number = before[number]
    return found[::-1]


def _once(items: list[int], start: int, end: int) -> dict[int, int]:
    places: dict[int, int] = {}
    again = set()
    for place in range(start, end):
        if items[place] in places:
            again.add(items[place])
        places[items[place]] = place
    return {item: place for item, place in places.items() if item not in again}


def _shortest(left: list[int], right: list[int], part: Range, budget: Budget) -> list[Match]:
    """Returns the matches of a shortest edit, nothing where it takes more than EDITS edits or the budget holds."""
    a, b, c, d = part
    n, m = b - a, d - c
    furthest = {1: 0}
    trail: list[dict[int, int]] = []
    for edits in range(min(n + m, EDITS) + 1):
        reached: dict[int, int] = {}
        walked = 0
        for k in range(-edits, edits + 1, 2):
            x = max(furthest.get(k + 1, -1), furthest.get(k - 1, -2) + 1)
            y = x - k
            if x < 0 or x > n or y < 0 or y > m:
                continue
            begun = x
            while x < n and y < m and left[a + x] == right[c + y]:
                x += 1
                y += 1
            walked += x - begun
            reached[k] = x
            if x == n and y == m:
                trail.append(reached)
                return _walked_back(trail, part)
        trail.append(reached)
        furthest = reached
        if not budget.spend(edits + 1 + walked):
            return []
    budget.cut = True
    return []


def _walked_back(trail: list[dict[int, int]], part: Range) -> list[Match]:
    """Returns the equal stretches on the way that ``trail`` has found; trail[e][k] is how far e edits reach on k."""
    a, b, c, d = part
    x, y = b - a, d - c
    found = []
    for edits in range(len(trail) - 1, 0, -1):
        k, before = x - y, trail[edits - 1]
        down = before.get(k + 1, -1) >= before.get(k - 1, -2) + 1
        from_x = before[k + 1] if down else before[k - 1]
        begun = from_x if down else from_x + 1
        found.append((a + begun, c + y - (x - begun), x - begun))
        x, y = from_x, from_x - (k + 1 if down else k - 1)
    found.append((a, c, x))
    return found


def _spans(matches: list[Match], n: int, m: int) -> list[Span]:
    spans: list[Span] = []
    at, to = 0, 0
    for i, j, count in [*matches, (n, m, 0)]:
        if at < i or to < j:
            spans.append(Span(False, at, i, to, j))
        at, to = i + count, j + count
        if count and spans and spans[-1].same:
            spans[-1] = Span(True, spans[-1].a, at, spans[-1].c, to)
        elif count:
            spans.append(Span(True, i, at, j, to))
    return spans
