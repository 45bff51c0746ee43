"""Title and excerpt with the query's words marked: made here from the stored text, so that both engines give the same.

The text is escaped piece by piece and the only markup put in is ``<mark>``: no document can carry markup through.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from html import escape

from search.analyzers import cut, is_run, normalize, stems, word_exact, word_stems
from search.analyzers.words import WORDS

EXCERPT_LENGTH = 240
# An excerpt is looked for in so much of the body, and as much of the answers.
SCANNED_LENGTH = 8_000
_BOUNDARIES = " \n\t。、．，"


@dataclass(frozen=True, slots=True)
class Highlighter:
    """Marks the words of one query. Make it once for a page of hits."""

    stemmed: frozenset[str]
    exact_words: frozenset[str]
    runs: tuple[str, ...]
    _verdicts: dict[tuple[str, str | None], bool] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def for_text(cls, text: str, stemmed: Sequence[str]) -> "Highlighter":
        """Make one for the text of a query and its stemmed terms."""
        words = cut(normalize(text))
        plain = frozenset(part for word in words if not is_run(word) for part in word_exact(word) if stems(part))
        runs = {word for word in words if is_run(word)}
        runs |= {term for word in words if is_run(word) for term in word_stems(word, None) if len(term) > 1}
        return cls(frozenset(stemmed), plain, tuple(sorted(runs, key=len, reverse=True)))

    def title(self, text: str) -> str:
        """Return the whole title, escaped, the query's words marked."""
        return _marked(text, list(self.spans(text, None)))

    def excerpt(self, texts: Sequence[str], language: str | None) -> str:
        """Return about 240 characters of the first text that holds most of the query's words, escaped and marked."""
        best: tuple[int, str, list[tuple[int, int]]] | None = None
        for text in texts:
            part = text[:SCANNED_LENGTH]
            spans = list(self.spans(part, language))
            if not spans:
                continue
            start, score = _best_window(part, spans)
            if best is None or score > best[0]:
                best = (score, *_cut_window(part, start, spans))
        if best is None:
            opening = next((text for text in texts if text.strip()), "")
            return escape(_opening(opening))
        return _marked(best[1], best[2])

    def spans(self, text: str, language: str | None) -> Iterator[tuple[int, int]]:
        """Yield where in ``text`` a word of the query stands, in order, not overlapping."""
        for match in WORDS.finditer(text):
            raw = match.group()
            if is_run(raw):
                yield from self._spans_in_run(raw, normalize(raw), match.start())
                continue
            # The texts of a page repeat most of their words.
            wanted = self._verdicts.get((raw, language))
            if wanted is None:
                wanted = self._verdicts[raw, language] = self._is_wanted(raw, language)
            if wanted:
                yield match.span()

    def _is_wanted(self, raw: str, language: str | None) -> bool:
        for word in cut(normalize(raw)):
            if not self.stemmed.isdisjoint(word_stems(word, language)):
                return True
            if not self.exact_words.isdisjoint(word_exact(word)):
                return True
        return False

    def _spans_in_run(self, raw: str, folded: str, offset: int) -> Iterator[tuple[int, int]]:
        """In a script without spaces a word is wherever its characters are (when folding kept their number)."""
        searched = folded if len(folded) == len(raw) else raw
        if self.runs:
            for match in _any_of(self.runs).finditer(searched):
                yield offset + match.start(), offset + match.end()


@lru_cache(maxsize=64)
def _any_of(runs: tuple[str, ...]) -> re.Pattern[str]:
    """Return a pattern for the first of ``runs`` that stands at a place."""
    return re.compile("|".join(map(re.escape, runs)))


def _best_window(text: str, spans: list[tuple[int, int]]) -> tuple[int, int]:
    """Return where the window with the most different words begins, and how many it holds."""
    best_start, best_score = spans[0][0], 0
    first = 0
    for last, (_, end) in enumerate(spans):
        while end - spans[first][0] > EXCERPT_LENGTH and first < last:
            first += 1
        score = len({normalize(text[a:b]) for a, b in spans[first : last + 1]})
        if score > best_score:
            best_start, best_score = spans[first][0], score
    return best_start, best_score


def _cut_window(text: str, start: int, spans: list[tuple[int, int]]) -> tuple[str, list[tuple[int, int]]]:
    """Cut the window out at word boundaries, with an ellipsis where text was left away, and move the spans along."""
    begin = max(0, start - 40)
    while begin > 0 and begin < start and text[begin - 1] not in _BOUNDARIES:
        begin += 1
    end = min(len(text), begin + EXCERPT_LENGTH)
    floor = max((b for a, b in spans if a < end), default=begin)
    while end < len(text) and end > max(begin + 1, min(floor, end)) and text[end] not in _BOUNDARIES:
        end -= 1
    lead = "… " if begin > 0 else ""
    tail = " …" if end < len(text) else ""
    moved = [(a - begin + len(lead), b - begin + len(lead)) for a, b in spans if a >= begin and b <= end]
    return lead + text[begin:end] + tail, moved


def _opening(text: str) -> str:
    text = text.strip()
    if len(text) <= EXCERPT_LENGTH:
        return text
    cut = max(
        text.rfind(" ", EXCERPT_LENGTH // 2, EXCERPT_LENGTH), text.rfind("。", EXCERPT_LENGTH // 2, EXCERPT_LENGTH)
    )
    return text[: cut if cut > 0 else EXCERPT_LENGTH].rstrip() + " …"


def _marked(text: str, spans: list[tuple[int, int]]) -> str:
    pieces: list[str] = []
    position = 0
    for start, end in spans:
        pieces += [escape(text[position:start]), "<mark>", escape(text[start:end]), "</mark>"]
        position = end
    pieces.append(escape(text[position:]))
    return "".join(pieces)
