"""The order of suggestions, and the part of a title that was typed: the same on every engine.

Both engines bring a pool of candidates of each kind. A title that is what was typed comes first, then titles that hold
all of it as whole words, then beginnings; among equals the language of the page, then what was voted for and answered.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from search.analyzers import cut, is_run, normalize, without_article
from search.analyzers.words import WORDS
from search.documents import SearchDocument
from search.engine import Found
from search.queries.plan import SuggestPlan

# So many of one kind while another one still has something to show.
MOST_OF_A_KIND = 4
_EXACT, _WHOLE, _BEGINNING, _PARTLY = range(4)
_VOTES = 3  # where popularity begins in a rank
_JOINTS = "-_.'’"


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed so far, cut into folded words."""

    words: tuple[str, ...]

    @classmethod
    def of(cls, text: str) -> "Typed":
        return cls(tuple(cut(normalize(text))))

    def fit(self, title: str) -> tuple[int, int]:
        """Return how well a title fits: the step (the smaller the better) and how many typed words it lacks."""
        words = cut(normalize(title))
        if tuple(words) == self.words:
            return _EXACT, 0
        known = {without_article(word) for word in words}
        lacking = 0
        whole = True
        for word in self.words:
            bare = without_article(word)
            if bare in known:
                continue
            whole = False
            if not any(_begins(each, bare) for each in known):
                lacking += 1
        if lacking:
            return _PARTLY, lacking
        return (_WHOLE if whole else _BEGINNING), 0

    def marked(self, title: str) -> str:
        """Return a title, escaped, with what was typed of its words in ``<mark>``."""
        pieces: list[str] = []
        position = 0
        for start, end in self.spans(title):
            pieces += [escape(title[position:start]), "<mark>", escape(title[start:end]), "</mark>"]
            position = end
        return "".join([*pieces, escape(title[position:])])

    def spans(self, title: str) -> Iterator[tuple[int, int]]:
        """Yield where in a title the typed beginnings stand, in order."""
        for match in WORDS.finditer(title):
            folded = normalize(match.group())
            if len(folded) != len(match.group()):
                # Folding moved its letters: all of the word or nothing.
                if any(_begins(folded, word) for word in self.words):
                    yield match.span()
            elif is_run(match.group()):
                yield from self._spans_in_run(folded, match.start())
            elif span := self._span_in_word(folded):
                yield match.start() + span[0], match.start() + span[1]

    def _spans_in_run(self, run: str, offset: int) -> Iterator[tuple[int, int]]:
        for word in self.words:
            if is_run(word) and (found := run.find(word)) >= 0:
                yield offset + found, offset + found + len(word)
                return

    def _span_in_word(self, word: str) -> tuple[int, int] | None:
        starts = [0, len(word) - len(without_article(word))]
        starts += [place + 1 for place, letter in enumerate(word) if letter in _JOINTS]
        for typed in sorted(self.words, key=len, reverse=True):
            for start in dict.fromkeys(starts):
                for form in dict.fromkeys((typed, without_article(typed))):
                    if word.startswith(form, start):
                        return start, start + len(form)
        return None


def _begins(word: str, typed: str) -> bool:
    """Say whether a word begins like the typed one; a run does at any of its characters, a code at any of its parts."""
    if is_run(typed):
        return typed in word
    return word.startswith(typed) or any(word.startswith(typed, i + 1) for i, c in enumerate(word) if c in _JOINTS)


def popularity(document: SearchDocument) -> int:
    """Return a small whole number for how much a document helped: each step is twice as many votes and answers."""
    figure = max(0, document.score) + document.answers_count + 2 * document.accepted
    return int(math.log2(1 + figure))


def arranged(plan: SuggestPlan, pool: Sequence[Found]) -> tuple[Found, ...]:
    """Return the suggestions of a pool: at most ``plan.limit``, kind by kind, the kind with the best one first.

    The best of each kind is among them while there is room; nothing else keeps a kind from filling the list when the
    others have nothing to show.
    """
    typed = Typed.of(plan.typed)
    ranked = sorted(pool, key=lambda found: _rank(found, typed, plan))
    firsts = list({found.document.type: found for found in reversed(ranked)}.values())
    firsts.sort(key=lambda found: (_rank(found, typed, plan)[:_VOTES], _place(found, plan)))
    order = [found.document.type for found in firsts]
    chosen = firsts[: plan.limit]
    for most in (MOST_OF_A_KIND, plan.limit):
        for found in ranked:
            kin = sum(each.document.type == found.document.type for each in chosen)
            if len(chosen) < plan.limit and kin < most and found not in chosen:
                chosen.append(found)
    chosen.sort(key=lambda found: (order.index(found.document.type), _rank(found, typed, plan)))
    return tuple(chosen)


def _place(found: Found, plan: SuggestPlan) -> int:
    """Return where a kind stands among those asked for: votes for different kinds of thing are not compared."""
    kinds = plan.filters.types
    return kinds.index(found.document.type) if found.document.type in kinds else len(kinds)


def _rank(found: Found, typed: Typed, plan: SuggestPlan) -> tuple[float, ...]:
    document = found.document
    titles = [document.title, *(name for _, name in document.names)]
    step, lacking = min(typed.fit(title) for title in titles)
    elsewhere = bool(plan.language and document.language and document.language != plan.language)
    return (step, lacking, elsewhere, -popularity(document), -found.relevance)


def shown_title(document: SearchDocument, language: str | None, typed: Typed) -> tuple[str, str | None]:
    """Return the title to show of a document that has several, and its language.

    In the reader's language when that one was typed or none was, else the one that was.
    """
    own = dict(document.names)
    titles: list[tuple[str, str | None]] = [(own[language], language)] if language and own.get(language) else []
    titles.append((document.title, document.language))
    titles += [(name, code) for code, name in document.names if code]
    return next((each for each in titles if any(typed.spans(each[0]))), titles[0])
