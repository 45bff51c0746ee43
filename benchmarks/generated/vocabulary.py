"""Words of languages that nobody speaks, in the shapes of four that many do."""

import random
from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import accumulate

from search.analyzers import stopwords

LANGUAGES = ("en", "ru", "ja", "ar")
SIZE = 120_000
# B. Mandelbrot's form of Zipf's law, 1 / (rank + SHIFT) ** SLOPE, with the values usual for running text.
SHIFT = 2.7
SLOPE = 1.07

_ENGLISH = (
    ["b", "c", "d", "f", "g", "h", "l", "m", "n", "p", "r", "s", "t", "v", "w", "st", "tr", "pl", "br", "ch", "sh"],
    ["a", "e", "i", "o", "u", "ea", "ou", "ai"],
    ["n", "r", "s", "t", "l", "d"],
)
_RUSSIAN = (
    ["б", "в", "г", "д", "ж", "з", "к", "л", "м", "н", "п", "р", "с", "т", "х", "ч", "ш", "ст", "пр", "тр"],
    ["а", "е", "и", "о", "у", "я", "ы"],
    ["н", "р", "с", "т", "л", "к"],
)
_ENGLISH_ENDINGS = ("", "s", "ing", "ed")
_RUSSIAN_ENDINGS = ("а", "ы", "ой", "ами")
_ARABIC = ["ب", "ت", "ج", "ح", "د", "ر", "ز", "س", "ش", "ص", "ط", "ع", "ف", "ق", "ك", "ل", "م", "ن", "ه"]
_ARABIC_PATTERNS = ("{0}{1}{2}", "{0}ا{1}{2}", "م{0}{1}و{2}", "ت{0}{1}ي{2}", "{0}{1}ا{2}ة", "{0}{1}{2}ات")
_KATAKANA = "アイウエオカキクケコサシスセソタチツテトナニノハヒフマミムメモラリルレロ"
# The first of the block of Han characters that everyday words are made of; which ones does not matter.
_HAN = 0x4E00
_HAN_COUNT = 2_400
_PARTICLES = ("の", "を", "が", "に", "は", "で", "と", "も", "から", "まで")


class Vocabulary:
    """The words of a language, the most frequent first."""

    def __init__(self, language: str, size: int = SIZE) -> None:
        self.language = language
        self.words = _words(language, size)
        self._shares = list(accumulate(1 / (rank + SHIFT) ** SLOPE for rank in range(1, len(self.words) + 1)))

    def choose(self, chance: random.Random, count: int) -> list[str]:
        """Returns so many words, the frequent ones often."""
        return chance.choices(self.words, cum_weights=self._shares, k=count)

    def joined(self, words: Sequence[str], chance: random.Random) -> str:
        """Returns words as they are written: Japanese without blanks, with particles between the words."""
        if self.language != "ja":
            return " ".join(words)
        return "".join(word + chance.choice(_PARTICLES) if place % 2 else word for place, word in enumerate(words))


@lru_cache(maxsize=8)
def _words(language: str, size: int) -> list[str]:
    chance = random.Random(f"words of {language}")
    frequent = {"en": stopwords.ENGLISH, "ru": stopwords.RUSSIAN, "ar": stopwords.ARABIC}.get(language, frozenset())
    made = dict.fromkeys(sorted(frequent, key=lambda word: (len(word), word)))
    family = _FAMILIES[language]
    while len(made) < size:
        made.update(dict.fromkeys(family(chance)))
    return list(made)[:size]


def _syllables(chance: random.Random, sounds: tuple[list[str], list[str], list[str]]) -> str:
    first, middle, last = sounds
    parts = [chance.choice(first) + chance.choice(middle) for _ in range(chance.choice((1, 2, 2, 3)))]
    return "".join(parts) + chance.choice(last)


def _english(chance: random.Random) -> list[str]:
    stem = _syllables(chance, _ENGLISH)
    return [stem + ending for ending in chance.sample(_ENGLISH_ENDINGS, chance.randint(1, 3))]


def _russian(chance: random.Random) -> list[str]:
    stem = _syllables(chance, _RUSSIAN)
    return [stem + ending for ending in chance.sample(_RUSSIAN_ENDINGS, chance.randint(1, 4))]


def _arabic(chance: random.Random) -> list[str]:
    root = chance.choices(_ARABIC, k=chance.choice((3, 3, 4)))
    bare = chance.choice(_ARABIC_PATTERNS).format(*root) + "".join(root[3:])
    return [bare, f"ال{bare}"]


def _japanese(chance: random.Random) -> list[str]:
    if chance.random() < 0.3:
        return ["".join(chance.choices(_KATAKANA, k=chance.randint(3, 6)))]
    return ["".join(chr(_HAN + int(chance.random() ** 2 * _HAN_COUNT)) for _ in range(chance.choice((1, 2, 2, 2, 3))))]


_FAMILIES: dict[str, Callable[[random.Random], list[str]]] = {
    "en": _english,
    "ru": _russian,
    "ar": _arabic,
    "ja": _japanese,
}
