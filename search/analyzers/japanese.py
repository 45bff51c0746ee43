"""Japanese morphology by Sudachi (small dictionary, short units), for the embedded engine."""

import threading
from collections.abc import Iterator
from functools import cache
from typing import Any

import sudachipy

# Sudachi takes 49,149 bytes a call: three bytes a character leave room.
_LONGEST_RUN = 8_000
# Particles, auxiliary verbs, signs and blanks carry no meaning of their own.
_EMPTY_CLASSES = frozenset({"助詞", "助動詞", "補助記号", "空白"})
# Words so frequent that they say nothing: する, いる, ある, なる, こと, もの, これ, ため...
_STOP_WORDS = frozenset(
    [
        "為る",
        "居る",
        "有る",
        "成る",
        "事",
        "物",
        "者",
        "此れ",
        "其れ",
        "此の",
        "其の",
        "此処",
        "為",
        "様",
        "因る",
        "於く",
        "出来る",
        "言う",
        "又",
        "及び",
        "何",
        "何処",
        "何時",
    ]
)
# Titles are read, not texts.
_LONGEST_READ = 200
_KANA = frozenset(chr(point) for point in (*range(0x3041, 0x3097), *range(0x30A1, 0x30F7), 0x30FC))
_TO_HIRAGANA = {point: point - 0x60 for point in range(0x30A1, 0x30F7)}
_local = threading.local()


@cache
def _dictionary() -> Any:
    return sudachipy.Dictionary(dict="small")


def _tokenizer() -> tuple[Any, Any]:
    """Return this thread's tokenizer and matcher: Sudachi's objects refuse to be shared by threads."""
    if not hasattr(_local, "pair"):
        dictionary = _dictionary()
        tokenizer = dictionary.tokenizer(mode=sudachipy.SplitMode.A, fields={"pos", "normalized_form"})
        _local.pair = (tokenizer, dictionary.pos_matcher(lambda pos: pos[0] in _EMPTY_CLASSES))
    pair: tuple[Any, Any] = _local.pair
    return pair


def _reader() -> Any:
    """Return this thread's tokenizer for readings: the one for terms leaves them in the dictionary."""
    if not hasattr(_local, "reader"):
        _local.reader = _dictionary().tokenizer(mode=sudachipy.SplitMode.A, fields={"reading_form"})
    return _local.reader


def as_hiragana(kana: str) -> str | None:
    """Return a text of kana in hiragana; None when it holds anything else."""
    if not all(char in _KANA for char in kana):
        return None
    return kana.translate(_TO_HIRAGANA)


def japanese_readings(run: str) -> list[str]:
    """Return how each word of a run is read, in hiragana; nothing of a word whose reading is unknown."""
    morphemes = _reader().tokenize(run[:_LONGEST_READ])
    return [as_hiragana(each.reading_form()) or "" for each in morphemes]


def japanese_terms(run: str) -> Iterator[str]:
    """Yield the normalised form of each word of meaning in a run of Han and kana."""
    tokenizer, is_empty = _tokenizer()
    for start in range(0, len(run), _LONGEST_RUN):
        for morpheme in tokenizer.tokenize(run[start : start + _LONGEST_RUN]):
            if not is_empty(morpheme):
                form = morpheme.normalized_form().casefold()
                if form not in _STOP_WORDS:
                    yield form


def japanese_surfaces(run: str) -> Iterator[tuple[int, int]]:
    """Yield where each word of meaning begins and ends in a run of Han and kana."""
    tokenizer, is_empty = _tokenizer()
    for morpheme in tokenizer.tokenize(run[:_LONGEST_RUN]):
        if not is_empty(morpheme):
            yield morpheme.begin(), morpheme.end()
