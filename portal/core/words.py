"""Texts cut into the words that a reader compares, in any script. The pieces joined are the text."""

import unicodedata
from functools import lru_cache

# Scripts without spaces between words, by the beginnings of their characters' names: there each character counts.
ALONE = ("CJK ", "HIRAGANA", "THAI", "LAO ", "KHMER", "MYANMAR", "TIBETAN", "YI ", "BOPOMOFO")
KATAKANA = ("KATAKANA", "HALFWIDTH KATAKANA")
JOINER = "\u200d"
# What belongs to the character before it: joiners, the choice of a drawing, shades of skin.
ATTACHED = frozenset({JOINER, "\u200c", "\ufe0e", "\ufe0f", *map(chr, range(0x1F3FB, 0x1F400))})


@lru_cache(maxsize=8192)
def letter_kind(letter: str) -> str:
    """Returns what a character does beside others: ``mark`` clings to the one before it, ``word``, ``katakana`` and
    ``space`` run together with their like, anything else (punctuation, ideographs) is ``alone``."""
    category = unicodedata.category(letter)
    if letter in ATTACHED or category[0] == "M":
        return "mark"
    if letter.isspace():
        return "alone" if letter == "\n" else "space"
    if category[0] in "PSC" and letter != "_":
        return "alone"
    name = unicodedata.name(letter, "")
    if name.startswith(ALONE):
        return "alone"
    return "katakana" if name.startswith(KATAKANA) else "word"


def words_of(text: str) -> list[str]:
    """Returns the words, spaces and signs of a text in their order.

    Words of scripts with spaces stay whole with their marks (so Arabic letters keep joining), Japanese and other
    scripts without spaces come by the character, but katakana by the run: it spells words.
    """
    found: list[str] = []
    before = ""
    for letter in text:
        kind = letter_kind(letter)
        joined = before and (kind == "mark" or found[-1][-1] == JOINER or (kind == before and kind != "alone"))
        if joined:
            found[-1] += letter
        else:
            found.append(letter)
        before = before if joined else kind
    return found
