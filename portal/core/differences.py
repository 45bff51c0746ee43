"""How two texts differ: line by line, and within changed lines by words. Nothing of either text is lost.

difference = text_difference(old, new)
difference.old == old and difference.new == new
"""

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby

from .alignment import Budget, Span, alignment
from .words import words_of

LIKE = 0.34
"""How much of two lines must be shared for one to be shown as a change of the other (a share of their words)."""
PAIRS = 400
# What comparing two lines costs at least, in steps of the budget.
EACH = 40
CONTEXT = 3
RIGHT_TO_LEFT = frozenset({"R", "AL"})


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a line. changed: the other side does not have it."""

    text: str
    changed: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the one text beside its line of the other.

    kind: ``same``, ``changed``, ``gone`` (only the old text has it) or ``new``. The numbers are those of the lines,
    None where a text has none here. A line that differs only in how it ends (CR) counts as the same.
    """

    kind: str
    old: tuple[Piece, ...] = ()
    new: tuple[Piece, ...] = ()
    old_number: int | None = None
    new_number: int | None = None

    @property
    def old_text(self) -> str:
        """The old line."""
        return "".join(piece.text for piece in self.old)

    @property
    def new_text(self) -> str:
        """The new line."""
        return "".join(piece.text for piece in self.new)

    @property
    def right_to_left(self) -> bool:
        """Whether the line holds letters that are written from right to left."""
        return any(unicodedata.bidirectional(letter) in RIGHT_TO_LEFT for letter in self.old_text + self.new_text)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Rows that belong together; folded where they are unchanged and far from any change."""

    rows: list[Row]
    folded: bool


@dataclass(frozen=True)
class Difference:
    """Two texts beside each other. coarse: the texts were too large or unlike to compare everything word by word."""

    rows: list[Row] = field(default_factory=list)
    coarse: bool = False

    @cached_property
    def old(self) -> str:
        """The old text, exactly."""
        return "\n".join(row.old_text for row in self.rows if row.old_number is not None)

    @cached_property
    def new(self) -> str:
        """The new text, exactly."""
        return "\n".join(row.new_text for row in self.rows if row.new_number is not None)

    @cached_property
    def changed(self) -> bool:
        """Whether the texts differ in more than the ends of their lines."""
        return any(row.kind != "same" for row in self.rows)

    def stretches(self, context: int = CONTEXT) -> list[Stretch]:
        """Returns the rows with those farther than ``context`` rows from any change folded away."""
        near: set[int] = set()
        for place, row in enumerate(self.rows):
            if row.kind != "same":
                near.update(range(place - context, place + context + 1))
        found = [
            Stretch([row for _place, row in group], not shown)
            for shown, group in groupby(enumerate(self.rows), key=lambda pair: pair[0] in near)
        ]
        # A fold of one row would take as much room as the row.
        return [Stretch(each.rows, each.folded and len(each.rows) > 1) for each in found]


def text_difference(old: str, new: str, budget: Budget | None = None) -> Difference:
    """Returns how ``new`` differs from ``old``. budget: to share the work's bound among several texts."""
    budget = budget or Budget()
    rows = compared(old.split("\n"), new.split("\n"), words_of, budget, key=lambda line: line.removesuffix("\r"))
    return Difference(rows, budget.cut)


def line_difference(old: str, new: str) -> Row:
    """Returns how two short texts differ by words, as one row (a title)."""
    if old == new:
        return Row("same", (Piece(old, False),), (Piece(new, False),), 1, 1)
    return Row("changed", *_pieces(words_of(old), words_of(new), Budget()), 1, 1)


def compared(
    old: Sequence[str], new: Sequence[str], split: Callable[[str], list[str]], budget: Budget, key: Callable[[str], str]
) -> list[Row]:
    """Returns two lists of texts as rows. split: cuts one into words; key: what makes two the same."""
    rows: list[Row] = []
    for span in alignment([key(item) for item in old], [key(item) for item in new], budget):
        if span.same:
            for i, j in zip(range(span.a, span.b), range(span.c, span.d), strict=True):
                rows.append(Row("same", (Piece(old[i], False),), (Piece(new[j], False),), i + 1, j + 1))
        else:
            rows += _replaced(old, new, span, split, budget)
    return rows


def _replaced(
    old: Sequence[str], new: Sequence[str], span: Span, split: Callable[[str], list[str]], budget: Budget
) -> Iterator[Row]:
    """Yields the rows of a stretch that was replaced: lines that are like each other side by side."""
    left = [split(item) for item in old[span.a : span.b]]
    right = [split(item) for item in new[span.c : span.d]]
    i = j = 0
    for pair in [*_pairs(left, right), None]:
        up_to, over_to = pair or (len(left), len(right))
        for place in range(i, up_to):
            yield Row("gone", (Piece(old[span.a + place], True),), (), span.a + place + 1, None)
        for place in range(j, over_to):
            yield Row("new", (), (Piece(new[span.c + place], True),), None, span.c + place + 1)
        if pair:
            pieces = _pieces(left[up_to], right[over_to], budget)
            yield Row("changed", *pieces, span.a + up_to + 1, span.c + over_to + 1)
        i, j = up_to + 1, over_to + 1


def _pairs(left: list[list[str]], right: list[list[str]]) -> list[tuple[int, int]]:
    """Returns which lines of a replaced stretch became which: the pairs, in order, that share most."""
    if len(left) * len(right) > PAIRS:
        return list(zip(range(len(left)), range(len(right)), strict=False))
    bags, others = [_bag(words) for words in left], [_bag(words) for words in right]
    best = [[0.0] * (len(right) + 1) for _ in range(len(left) + 1)]
    likes = [[_likeness(one, other) for other in others] for one in bags]
    for i in range(len(left) - 1, -1, -1):
        for j in range(len(right) - 1, -1, -1):
            paired = likes[i][j] + best[i + 1][j + 1] if likes[i][j] >= LIKE else 0.0
            best[i][j] = max(paired, best[i + 1][j], best[i][j + 1])
    found = []
    i = j = 0
    while i < len(left) and j < len(right):
        if likes[i][j] >= LIKE and best[i][j] == likes[i][j] + best[i + 1][j + 1]:
            found.append((i, j))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return found


def _bag(words: list[str]) -> Counter[str]:
    return Counter(word for word in words if not word.isspace())


def _likeness(one: Counter[str], other: Counter[str]) -> float:
    whole = one.total() + other.total()
    return 2 * (one & other).total() / whole if whole else 0.0


def _pieces(left: list[str], right: list[str], budget: Budget) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Returns both lines in pieces. A word or two between changes is no anchor for the eye: it goes with them."""
    if budget.cut or not budget.spend(EACH):
        return (Piece("".join(left), True),), (Piece("".join(right), True),)
    parts = [
        ["" if span.same else "x", "".join(left[span.a : span.b]), "".join(right[span.c : span.d])]
        for span in alignment(left, right, budget)
    ]
    for place in range(1, len(parts) - 1):
        mark, old, new = parts[place]
        size = len(old.strip())
        around = min(max(map(len, parts[place - 1][1:])), max(map(len, parts[place + 1][1:])))
        if not mark and "\n" not in old and size <= 2 and size <= around:
            parts[place] = ["x", old, new]
    return tuple(_merged(parts, 1)), tuple(_merged(parts, 2))


def _merged(parts: list[list[str]], side: int) -> Iterator[Piece]:
    for changed, group in groupby(parts, key=lambda part: bool(part[0])):
        text = "".join(part[side] for part in group)
        if text:
            yield Piece(text, changed)
