"""Two people changed one text: what can be put together by itself is, the rest is shown to the one who saves last.

Lines are compared, and line ends are all alike: what a browser makes of them is no change.
"""

from collections.abc import Mapping, Sequence

from portal.core.alignment import Budget, alignment
from portal.core.merging import Passage, passages_between

MINE, THEIRS, OWN = "mine", "theirs", "edit"


def lines_of(text: str) -> list[str]:
    """Returns the lines of a text, each with a plain line feed at its end, the last one too."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return [f"{line}\n" for line in text.removesuffix("\n").split("\n")] if text else []


def passages_of(*, base: str, theirs: str, mine: str) -> list[Passage]:
    """Returns the text as passages of whole lines, in order; joined, each version's are that version."""
    return list(passages_between(base=lines_of(base), theirs=lines_of(theirs), mine=lines_of(mine)))


def common_text(*, one: str, other: str) -> str:
    """Returns the lines that two texts share, in order: what both began from, where that is not known."""
    lines = lines_of(one)
    spans = alignment(lines, lines_of(other), Budget())
    return "".join("".join(lines[span.a : span.b]) for span in spans if span.same)


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
