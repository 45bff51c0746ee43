"""Two people changed one text: what can be put together by itself is, the rest is shown to the one who saves last.

The algorithm is diff3 as Khanna, Kunal and Pierce describe it ("A Formal Investigation of Diff3", FSTTCS 2007): where
the version that both began from stands unchanged in both, the text is stable; between two stable places lies a passage
that one of them changed (his words are taken), both changed alike, or both changed differently (a conflict). Lines are
compared, with the matching of Python's ``difflib``.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

# Beyond this, matching lines could take seconds; the whole changed part is then one conflict.
MOST_LINES = 2_000

MINE, THEIRS, OWN = "mine", "theirs", "edit"


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of the text in three versions, each with its line ends."""

    base: str
    theirs: str
    mine: str

    @property
    def conflict(self) -> bool:
        """Whether both changed it, and differently."""
        return self.mine != self.theirs and self.base not in (self.mine, self.theirs)

    @property
    def merged(self) -> str:
        """The words that both agree on: of a conflict mine, then theirs, so that nothing is missing."""
        if self.conflict:
            return self.mine + self.theirs
        return self.theirs if self.mine == self.base else self.mine


def lines_of(text: str) -> list[str]:
    """Returns the lines of a text, each with a plain line feed at its end, the last one too."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return [f"{line}\n" for line in text.removesuffix("\n").split("\n")] if text else []


def passages_of(*, base: str, theirs: str, mine: str) -> list[Passage]:
    """Returns the text as passages, in order; joined, each version's are that version."""
    one, two, three = lines_of(base), lines_of(theirs), lines_of(mine)
    found: list[Passage] = []
    at = (0, 0, 0)
    for begin, length in _stable(one, two, three):
        _add(found, one[at[0] : begin[0]], two[at[1] : begin[1]], three[at[2] : begin[2]])
        if length:
            same = one[begin[0] : begin[0] + length]
            _add(found, same, same, same)
        at = (begin[0] + length, begin[1] + length, begin[2] + length)
    return found


def _add(found: list[Passage], base: Sequence[str], theirs: Sequence[str], mine: Sequence[str]) -> None:
    if base or theirs or mine:
        found.append(Passage("".join(base), "".join(theirs), "".join(mine)))


Spot = tuple[int, int, int]


def _stable(base: list[str], theirs: list[str], mine: list[str]) -> Iterator[tuple[Spot, int]]:
    """Yields (where in base, theirs and mine, how many lines) of what stands unchanged in all; last the ends."""
    ours, his = _matches(base, mine), _matches(base, theirs)
    number = other = 0
    while number < len(ours) and other < len(his):
        (base_mine, at_mine, long_mine), (base_his, at_his, long_his) = ours[number], his[other]
        begin = max(base_mine, base_his)
        end = min(base_mine + long_mine, base_his + long_his)
        if begin < end:
            yield (begin, at_his + begin - base_his, at_mine + begin - base_mine), end - begin
        if base_mine + long_mine < base_his + long_his:
            number += 1
        else:
            other += 1
    yield (len(base), len(theirs), len(mine)), 0


def _matches(base: list[str], other: list[str]) -> list[tuple[int, int, int]]:
    """Returns (where in base, where in other, how many lines) of what both have, in order."""
    head = 0
    while head < min(len(base), len(other)) and base[head] == other[head]:
        head += 1
    tail = 0
    while tail < min(len(base), len(other)) - head and base[-1 - tail] == other[-1 - tail]:
        tail += 1
    found = [(0, 0, head)] if head else []
    one, two = base[head : len(base) - tail], other[head : len(other) - tail]
    if one and two and max(len(one), len(two)) <= MOST_LINES:
        matcher = SequenceMatcher(None, one, two)
        found += [(at + head, there + head, size) for at, there, size in matcher.get_matching_blocks() if size]
    return [*found, (len(base) - tail, len(other) - tail, tail)] if tail else found


def common_text(*, one: str, other: str) -> str:
    """Returns the lines that two texts share, in order: what both began from, where that is not known."""
    lines = lines_of(one)
    return "".join("".join(lines[at : at + size]) for at, _there, size in _matches(lines, lines_of(other)))


def resolved(passages: Sequence[Passage], *, choices: Mapping[int, str], words: Mapping[int, str]) -> str | None:
    """Returns the text as the conflicts were decided, None while one is not.

    choices: number of the passage to ``mine``, ``theirs`` or ``edit``; words: for ``edit``, what stands there instead.
    """
    whole = ""
    for number, passage in enumerate(passages):
        chosen = passage.merged
        if passage.conflict:
            choice = choices.get(number)
            if choice not in (MINE, THEIRS, OWN):
                return None
            own = "".join(lines_of(words.get(number, "")))
            chosen = {MINE: passage.mine, THEIRS: passage.theirs, OWN: own}[choice]
        whole += chosen
    return whole.removesuffix("\n")


def merged_set(*, base: Sequence[str], theirs: Sequence[str], mine: Sequence[str]) -> list[str]:
    """Returns names as both changed them: what either added is in, what either took out is not; theirs come first."""
    gone = (set(base) - set(theirs)) | (set(base) - set(mine))
    return [name for name in dict.fromkeys([*theirs, *mine]) if name not in gone]
