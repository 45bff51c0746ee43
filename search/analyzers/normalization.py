"""One spelling for what people write in several ways: the same folding for documents and queries, on both engines.

Unicode NFKC (full and half width, ligatures, composed kana), case folding, then one table: Latin and Greek letters
without their accents, ё as е, Arabic without vowel marks and tatweel, Arabic and Persian digits as ASCII. й stays й.

The letters that Arabic writers confuse (forms of alef, final ya, ta marbuta) are folded in terms only, by
:func:`search.analyzers.arabic.fold_arabic`: Lucene folds them itself.
"""

import unicodedata
from collections.abc import Iterable

_INVISIBLE = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u061c"
_JOINERS = "\u00ad\u200c\u200d"
_TATWEEL = "\u0640"
_LETTERS = {
    "ё": "е",
    "ی": "ي",
    "ک": "ك",
    "ı": "i",
    "ø": "o",
    "đ": "d",
    "ł": "l",
    "æ": "ae",
    "œ": "oe",
    "’": "'",
    "‘": "'",
    "ʼ": "'",
}
_MARK_RANGES = ((0x300, 0x36F), (0x591, 0x5C7), (0x610, 0x61A), (0x64B, 0x65F), (0x670, 0x670), (0x6D6, 0x6ED))
_ACCENTED_RANGES = ((0xC0, 0x24F), (0x370, 0x3FF), (0x1E00, 0x1FFF))


def _folding_table() -> dict[int, str | None]:
    table: dict[int, str | None] = {ord(letter): plain for letter, plain in _LETTERS.items()}
    table.update({ord(sign): None for sign in _INVISIBLE + _TATWEEL})
    for first, last in _MARK_RANGES:
        for point in range(first, last + 1):
            if unicodedata.category(chr(point)) == "Mn":
                table[point] = None
    for first, last in _ACCENTED_RANGES:
        for point in range(first, last + 1):
            base = unicodedata.normalize("NFD", chr(point))[0]
            if base != chr(point):
                table.setdefault(point, base)
    for zero in (0x660, 0x6F0):
        table.update({zero + digit: str(digit) for digit in range(10)})
    return table


_FOLDING = _folding_table()


def normalize(text: str) -> str:
    """Return ``text`` folded to one spelling. Lone surrogates become spaces, so that any string may be sent on."""
    if text.isascii():
        return text.lower()
    folded = unicodedata.normalize("NFKC", text).casefold().translate(_FOLDING)
    return folded.encode("utf-8", "replace").decode() if _has_surrogate(folded) else folded


def _has_surrogate(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False


def is_word_character(char: str) -> bool:
    """Say whether ``char`` belongs inside a word: a letter, a digit, a combining mark or an invisible joiner."""
    return char.isalnum() or unicodedata.category(char) in ("Mn", "Mc") or char in _JOINERS


def character_class(points: Iterable[int]) -> str:
    """Return code points (rising) as the ranges of a regular expression's character class."""
    ranges: list[list[int]] = []
    for point in points:
        if ranges and point == ranges[-1][1] + 1:
            ranges[-1][1] = point
        else:
            ranges.append([point, point])
    return "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in ranges)
