"""Cutting text into words, whatever the script.

A *run* is a stretch of a script written without spaces (Han, kana, Hangul, Thai, Lao, Khmer, Burmese); anything else
is a *word*, with the joints of codes and product names kept inside (``E-104``, ``ERR_17``, ``v2.3``, ``C++``).
"""

import re

from search.analyzers.normalization import character_class, is_word_character

LONGEST_TOKEN = 64
# Han, kana, Hangul, Thai, Lao, Burmese, Khmer: first and last code point of each block.
_RUN_BLOCKS = (
    (0x0E00, 0x0EFF),
    (0x1000, 0x109F),
    (0x1100, 0x11FF),
    (0x1780, 0x17FF),
    (0x3005, 0x3007),
    (0x3031, 0x3035),
    (0x3040, 0x309F),
    (0x30A1, 0x30FA),
    (0x30FC, 0x30FF),
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),
    (0xAC00, 0xD7A3),
    (0xF900, 0xFAFF),
    (0xFF66, 0xFF9F),
    (0x20000, 0x3FFFF),
)
_FIRST_RUN_CHARACTER = chr(_RUN_BLOCKS[0][0])
# Beyond the basic plane one range stands for all old and rare scripts: a class of many such ranges is six times slower.
_LAST_LETTER = 0xFFFF
_RARE_SCRIPTS = "\U00010000-\U0001cfff"
_JOINED = r"[{0}]+(?:[-_.'’]+[{0}]+)*(?:\+\+|#)?"


def _in_run(point: int) -> bool:
    return any(first <= point <= last for first, last in _RUN_BLOCKS)


def _pattern() -> str:
    """Build the pattern once: one flat class for letters, since an alternative for each character is slow."""
    run = "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in _RUN_BLOCKS)
    letter = character_class(p for p in range(_LAST_LETTER + 1) if is_word_character(chr(p)) and not _in_run(p))
    return f"[{run}]+|{_JOINED.format(letter + _RARE_SCRIPTS)}"


WORDS = re.compile(_pattern())
_PLAIN_WORDS = re.compile(_JOINED.format("a-z0-9"))
_JOINTS = re.compile(r"[-_.']+")


def cut(normalized: str) -> list[str]:
    """Return the words of a text that :func:`search.analyzers.normalize` has folded, in order."""
    return (_PLAIN_WORDS if normalized.isascii() else WORDS).findall(normalized)


def is_run(word: str) -> bool:
    """Say whether a word is a run: a stretch of a script written without spaces."""
    return word[:1] >= _FIRST_RUN_CHARACTER and _in_run(ord(word[0]))


def word_parts(word: str) -> tuple[str, ...]:
    """Return the tokens a word gives: itself when plain; of a joined one its parts, then the whole without joints.

    >>> word_parts("e-104")
    ('e', '104', 'e104')
    >>> word_parts("v2.3")
    ('v2', '3', 'v2.3')
    """
    if word.isalnum():
        return (word[:LONGEST_TOKEN],)
    if word.endswith(("'s", "s'")):
        word = word[:-2] if word.endswith("'s") else word[:-1]
    if word.endswith(("++", "#")):
        stem = word.rstrip("+#")
        return (stem[:LONGEST_TOKEN], word[:LONGEST_TOKEN])
    parts = tuple(part[:LONGEST_TOKEN] for part in _JOINTS.split(word) if part)
    if len(parts) < 2:
        return parts
    dotted = all(part[-1:].isdigit() or part[:1].isdigit() for part in parts)
    whole = ".".join(parts) if "." in word and dotted else "".join(parts)
    return (*parts, whole[:LONGEST_TOKEN])


def bigrams(run: str) -> tuple[str, ...]:
    """Return the overlapping pairs of a run's characters; of a single character itself."""
    if len(run) < 2:
        return (run,)
    return tuple(run[start : start + 2] for start in range(len(run) - 1))
