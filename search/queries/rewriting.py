"""What the words of a query may have meant besides, in the light of which words the index knows.

Misspelt words, words typed with another keyboard layout, words joined or split: each gives :class:`Expansion` s. The
typed words are always searched for too, so that a guess can add documents and never take one away.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from itertools import pairwise

from search.analyzers import cut, exact, is_run, normalize, stems, stopwords
from search.analyzers.scripts import script_of
from search.analyzers.words import WORDS
from search.documents import Expansion
from search.engine import Found, WordsKnown
from search.queries import weights
from search.queries.correction import MOST_CANDIDATES, likelihood, prior
from search.queries.layout import other_kana, other_layouts
from search.queries.parsing import parse_query

MOST_WORDS = 24
# The shortest word read as typed with another layout, and the shortest parts that words are joined of.
SHORTEST_LAYOUT = 3
# Of what other layouts give, so many words are known by their stem too; a shorter stem is in any text.
SHORTEST_STEMMED = 4
MOST_STEMMED = 8
SHORTEST_JOINED = 4
LEAST_SHARE = 0.08
# A reader is told of a correction when it is so much likelier than all others together.
SURE = 0.6
# A known word may be a misspelling of one that so many times as many documents hold.
RARE_RATIO = 20
_KATAKANA = re.compile(r"[ァ-ヺー]{4,}")
_HIRAGANA = re.compile(r"[ぁ-ゖー]{3,}")
_PARTICLES = re.compile(r"[をがのはにでとへも]")
SHORTEST_KANA = 3
# Letters that folding brings together, as they stand in texts, and marks that it drops.
_FORMS = {"ا": "[اأإآٱ]", "ه": "[هة]", "ي": "[يىی]", "ك": "[كک]", "е": "[её]"}
_MARKS = "[\u064b-\u065f\u0640\u0301]*"
_EDGES = "\"'«»“”„?!.,:;()[]{}…؟،؛-"


@dataclass(frozen=True, slots=True)
class Correction:
    """``typed``, a stretch of the query, and what it was changed to.

    ``any_form``: a document that holds another form of this holds it too.
    """

    typed: str
    meant: str
    any_form: bool = False


@dataclass(frozen=True, slots=True)
class Rewriting:
    """What a query may have meant besides. ``corrected`` is the whole query put right, None where nothing is.

    ``by_stem``: see :class:`search.engine.WordsKnown`.
    """

    typed: str = ""
    expansions: tuple[Expansion, ...] = ()
    corrections: tuple[Correction, ...] = ()
    by_stem: Mapping[str, int] = field(default_factory=dict)

    @property
    def corrected(self) -> str | None:
        return corrected_text(self.typed, self.corrections) if self.corrections else None

    def corrected_by(self, found: Iterable[Found]) -> str | None:
        """Return the query with those corrections that a document found holds, spelt as it spells them; None for none.

        A term has lost its accents and forms of letters; a reader is shown a word as people write it.
        """
        texts = [f"{each.document.title}\n{each.document.body}\n{each.document.answers}" for each in found]
        forms = ((each, _form_in(texts, each.meant) or _stem_in(texts, each)) for each in self.corrections)
        held = [Correction(each.typed, form) for each, form in forms if form]
        return corrected_text(self.typed, held) if held else None


def _stem_in(texts: Iterable[str], correction: Correction) -> str | None:
    """Return what was meant where one of ``texts`` holds another form of it, and any will do."""
    wanted = set(stems(correction.meant)) if correction.any_form else set()
    return correction.meant if wanted and any(wanted <= set(stems(text)) for text in texts) else None


def _form_in(texts: Iterable[str], meant: str) -> str | None:
    """Return the folded words ``meant`` as the first of ``texts`` that holds them has them, in small letters.

    A word may stand there with hyphens: ``wifi`` as ``Wi-Fi``.
    """
    joint = "" if is_run(meant) else "-?"
    letters = (joint.join(_FORMS.get(each, re.escape(each)) + _MARKS for each in word) for word in meant.split())
    wanted = r"\W+".join(letters)
    pattern = re.compile(wanted if is_run(meant) else rf"(?<!\w){wanted}(?!\w)", re.IGNORECASE)
    return next((match.group().lower() for text in texts if (match := pattern.search(text))), None)


@dataclass(frozen=True)
class QueryWords:
    """The words of a query that may be misspelt, joined, split, or typed with another layout."""

    typed: str
    text: str
    keep: Callable[[str], bool] = lambda word: False

    @classmethod
    def of(cls, typed: str, keep: Callable[[str], bool] = lambda word: False) -> "QueryWords":
        """Read a query. ``keep(word)`` says which folded words are right as they are."""
        return cls(typed, parse_query(typed).text, keep)

    @cached_property
    def _cut(self) -> list[str]:
        return cut(normalize(self.text))[: 2 * MOST_WORDS]

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The words to look up, folded, without stop words and codes; of a run of Japanese its katakana words."""
        found: dict[str, None] = {}
        for word in self._cut:
            if is_run(word):
                found.update(dict.fromkeys(_KATAKANA.findall(word)))
            elif word.isalpha():
                found.update(dict.fromkeys(exact(word)))
        return tuple(word for word in found if word not in stopwords.ALL and not self.keep(word))[:MOST_WORDS]

    @cached_property
    def joins(self) -> dict[str, str]:
        """Neighbouring words written as one, and what they are of: ``powerbank`` of ``power bank``."""
        pairs = (pair for pair in pairwise(self._cut) if all(word.isalpha() and not is_run(word) for word in pair))
        return {
            left + right: f"{left} {right}"
            for left, right in pairs
            if len(left + right) >= SHORTEST_JOINED and not (left in stopwords.ALL and right in stopwords.ALL)
        }

    @cached_property
    def layouts(self) -> dict[str, tuple[str, ...]]:
        """Stretches without blanks, and what their keys give with another layout."""
        found: dict[str, tuple[str, ...]] = {}
        for chunk in self.text.split()[:MOST_WORDS]:
            for typed in dict.fromkeys((chunk, chunk.strip(_EDGES))):
                readings = dict.fromkeys(filter(_is_one_word, map(normalize, other_layouts(typed))))
                if len(typed) >= SHORTEST_LAYOUT and readings:
                    found[typed] = tuple(readings)
        return found

    @cached_property
    def small_words(self) -> dict[str, str]:
        """Stretches whose keys give a stop word with another layout: ``rfr``, ``как``. They alone say nothing."""
        found: dict[str, str] = {}
        for chunk in self.text.split()[:MOST_WORDS]:
            if normalize(chunk) not in stopwords.ALL:
                readings = (each for each in map(normalize, other_layouts(chunk)) if each in stopwords.ALL)
                found.update((chunk, reading) for reading in readings if len(reading) > 1)
        return found

    @property
    def stemmed(self) -> tuple[str, ...]:
        """The words that other layouts give whose stems are to be counted: one may stand nowhere in that very form."""
        readings = (each for found in self.layouts.values() for each in found)
        long = (each for each in readings if len(each) >= SHORTEST_STEMMED and not is_run(each))
        return tuple(dict.fromkeys(long))[:MOST_STEMMED]

    @cached_property
    def kana(self) -> dict[str, str]:
        """Stretches in one kana, and the same in the other: ``ぱすわーど`` in katakana, ``リンゴ`` in hiragana."""
        stretches: dict[str, None] = {}
        for word in filter(is_run, self._cut):
            for stretch in _HIRAGANA.findall(word):
                stretches.update(dict.fromkeys([stretch, *_PARTICLES.split(stretch)]))
            stretches.update(dict.fromkeys(_KATAKANA.findall(word)))
        return {each: other_kana(each) for each in stretches if len(each) >= SHORTEST_KANA}

    @property
    def looked_up(self) -> tuple[str, ...]:
        """All texts, besides :attr:`words`, whose documents are to be counted."""
        texts = [*self.joins, *(each for readings in self.layouts.values() for each in readings)]
        typed = [term for chunk in (*self.layouts, *self.small_words) for term in _telling(chunk)]
        return tuple(dict.fromkeys([*texts, *typed, *self.kana, *self.kana.values()]))


def _telling(chunk: str) -> list[str]:
    """Return the terms that would have to be unknown for a stretch to be typed with another layout."""
    terms = exact(chunk)
    return [term for term in terms if len(term) >= SHORTEST_LAYOUT and term not in stopwords.ALL] or terms


def _is_one_word(text: str) -> bool:
    return len(text) >= SHORTEST_LAYOUT and cut(text) == [text] and text not in stopwords.ALL


def splits(word: str) -> list[str]:
    """Return the ways to write a word as two, each of two letters or more.

    >>> splits("wifi")
    ['wi fi']
    """
    return [f"{word[:place]} {word[place:]}" for place in range(2, len(word) - 1)] if word.isalpha() else []


def rare_documents(documents: int) -> int:
    """Return in how many of ``documents`` a word is rare enough to be a misspelling that others made too."""
    return max(2, documents // 1_000)


def rewrite(query: QueryWords, known: WordsKnown) -> Rewriting:
    """Return what the query may have meant besides, given what is ``known`` of its words."""
    layout = _layout_corrections(query, known)
    covered = {term for each in layout for term in exact(each.typed)}
    expansions = [Expansion(each.meant, weights.LAYOUT, each.typed, "layout") for each in layout]
    corrections = list(layout)
    for word in query.words:
        if word in covered:
            continue
        meant = _meant(word, known)
        expansions += meant
        if meant and meant[0].weight >= SURE * weights.MISSPELT and not _is_inflection(word, meant[0].text):
            corrections.append(Correction(word, meant[0].text))
    for typed, other in query.kana.items():
        if known.documents.get(other) and not known.documents.get(typed):
            expansions.append(Expansion(other, weights.OTHER_KANA, typed, "kana"))
    for joined, of in query.joins.items():
        if known.documents.get(joined):
            expansions.append(Expansion(joined, weights.JOINED, of, "joined"))
    return Rewriting(query.typed, tuple(expansions), tuple(corrections), known.by_stem)


def _is_inflection(word: str, near: str) -> bool:
    """Say whether a word may be but another form of one near to it: Arabic changes at both ends, Russian at the last.

    Searching for it besides does no harm; telling a reader that he misspelt it would be wrong.
    """
    script = script_of(word)
    ends_alike = word[-1:] == near[-1:]
    return {"arabic": word[:1] != near[:1] or not ends_alike, "cyrillic": not ends_alike}.get(script, False)


def _layout_corrections(query: QueryWords, known: WordsKnown) -> list[Correction]:
    """Return the stretches none of whose words is known, while their keys give a known word with another layout, or a
    form of one; beside such a stretch also those that give a stop word with the same layout."""

    def holding(reading: str) -> tuple[int, int]:
        by_stem = known.by_stem.get(reading, 0) if len(reading) >= SHORTEST_STEMMED else 0
        return known.documents.get(reading, 0), by_stem

    def is_unknown(typed: str) -> bool:
        return not any(known.documents.get(term) for term in _telling(typed))

    found = []
    for typed, readings in query.layouts.items():
        best = max(readings, key=holding)
        if any(holding(best)) and is_unknown(typed):
            found.append(Correction(typed, best, any_form=True))
    scripts = {script_of(each.meant) for each in found}
    small = [Correction(typed, meant) for typed, meant in query.small_words.items() if script_of(meant) in scripts]
    return found + [each for each in small if is_unknown(each.typed)]


def _meant(word: str, known: WordsKnown) -> list[Expansion]:
    """Return what an unknown (or rare) word may have been meant to be, the likeliest first."""
    documents = known.documents.get(word, 0)
    known_stem = bool(known.by_stem.get(word))
    weighed: list[tuple[float, str]] = []
    for near, found in known.near.get(word, ()):
        is_split = " " in near
        if documents and (is_split or found < RARE_RATIO * documents):
            continue
        weight = (weights.SPLIT_LIKELIHOOD if is_split else likelihood(word, near)) * prior(found)
        if weight:  # what is too far away to be meant has none
            weighed.append((weight, near))
    total = sum(weight for weight, _ in weighed)
    best = sorted(weighed, reverse=True)[:MOST_CANDIDATES]
    share = weights.RARE if documents else weights.STEM_KNOWN if known_stem else weights.MISSPELT
    return [
        Expansion(near, round(share * weight / total, 3), word, "split" if " " in near else "spelling")
        for weight, near in best
        if weight / total >= LEAST_SHARE and near not in stopwords.ALL
    ]


def corrected_text(typed: str, corrections: Sequence[Correction]) -> str:
    """Return what was typed with the corrections put in; everything else stays to the letter."""
    stretches = {each.typed: each.meant for each in corrections if exact(each.typed) != [each.typed]}
    words = {each.typed: each.meant for each in corrections}
    if stretches:
        either = "|".join(re.escape(stretch) for stretch in sorted(stretches, key=len, reverse=True))
        cased = partial(_cased, stretches)
        typed = re.sub(rf"(?<!\w)(?:{either})(?!\w)", lambda match: cased(match.group()), typed)
    return WORDS.sub(lambda match: _corrected_word(match.group(), words), typed)


def _cased(corrections: Mapping[str, str], typed: str) -> str:
    """Return what ``typed`` is put right to, in capitals as it was."""
    meant = corrections[typed]
    if typed.isupper() and len(typed) > 1:
        return meant.upper()
    return meant[:1].upper() + meant[1:] if typed[:1].isupper() else meant


def _corrected_word(word: str, corrections: Mapping[str, str]) -> str:
    folded = exact(word)
    if len(folded) == 1 and folded[0] in corrections:
        return _cased({word: corrections[folded[0]]}, word)
    if is_run(word):
        return _KATAKANA.sub(lambda match: corrections.get(match.group(), match.group()), word)
    return word
