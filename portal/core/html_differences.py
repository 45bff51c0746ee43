"""How two posts differ as readers see them: block beside block, with what went and what came marked in the words.

Only for HTML that ``portal.core.markdown`` has cleaned: it is well-formed, which is why marking words between tags
leaves it so.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from .alignment import Budget
from .differences import Piece, compared
from .words import words_of

TAG = r"<(?:[^<>\"]|\"[^\"]*\")*>"
PART = re.compile(rf"{TAG}|[^<]+|<")
NAME = re.compile(r"<(/?)([a-z0-9]+)")
ENTITY = re.compile(r"(&(?:\w+|#\w+);)")
EMPTY = frozenset({"br", "hr", "img"})


@dataclass(frozen=True, slots=True)
class Block:
    """A block of the one post beside its block of the other, empty where a post has none here; kinds as of ``Row``."""

    kind: str
    old_html: str
    new_html: str


@dataclass(frozen=True, slots=True)
class RenderedDifference:
    """Two rendered posts beside each other. coarse: not everything was compared word by word."""

    blocks: list[Block]
    coarse: bool

    @property
    def changed(self) -> bool:
        """Whether readers see any difference."""
        return any(block.kind != "same" for block in self.blocks)


def html_difference(old: str, new: str, budget: Budget | None = None) -> RenderedDifference:
    """Returns how two cleaned posts differ: ``<del>`` around words that went, ``<ins>`` around those that came."""
    budget = budget or Budget()
    rows = compared(html_blocks(old), html_blocks(new), html_words, budget, key=str.strip)
    blocks = [
        Block(row.kind, row.old_text, row.new_text)
        if row.kind == "same"
        else Block(row.kind, marked(row.old, "del"), marked(row.new, "ins"))
        for row in rows
        if row.old_text.strip() or row.new_text.strip()
    ]
    return RenderedDifference(blocks, budget.cut)


def html_blocks(html: str) -> list[str]:
    """Returns the outermost elements of cleaned HTML, each with the words after it; joined they are the whole."""
    found: list[str] = []
    depth = 0
    for part in PART.findall(html):
        named = NAME.match(part)
        if found and (depth or not named):
            found[-1] += part
        else:
            found.append(part)
        if named and named[2] not in EMPTY:
            depth = max(depth + (-1 if named[1] else 1), 0)
    return found


def html_words(html: str) -> list[str]:
    """Returns tags, entities and words of cleaned HTML in their order."""
    found: list[str] = []
    for part in PART.findall(html):
        if NAME.match(part):
            found.append(part)
        else:
            for piece in ENTITY.split(part):
                found += [piece] if ENTITY.fullmatch(piece) else words_of(piece)
    return found


def marked(pieces: Iterable[Piece], tag: str) -> str:
    """Returns the HTML of a block with its changed words and pictures in ``tag``, never across another tag."""
    return "".join(_marked(pieces, tag))


def _marked(pieces: Iterable[Piece], tag: str) -> Iterator[str]:
    for piece in pieces:
        if not piece.changed:
            yield piece.text
            continue
        for markup, group in groupby(PART.findall(piece.text), key=_is_markup):
            text = "".join(group)
            yield text if markup or not text.strip() else f"<{tag}>{text}</{tag}>"


def _is_markup(part: str) -> bool:
    return bool(NAME.match(part)) and not part.startswith("<img")
