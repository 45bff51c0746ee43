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


def japanese_terms(run: str) -> Iterator[str]:
    """Yield the normalised form of each word of meaning in a run of Han and kana."""
    tokenizer, is_empty = _tokenizer()
    for start in range(0, len(run), _LONGEST_RUN):
        for morpheme in tokenizer.tokenize(run[start : start + _LONGEST_RUN]):
            if not is_empty(morpheme):
                form = morpheme.normalized_form().casefold()
                if form not in _STOP_WORDS:
                    yield form
