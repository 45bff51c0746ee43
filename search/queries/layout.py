"""Words typed with another keyboard layout on: ``ghbdtn`` was to be ``привет``, ``pasuwa-do`` パスワード.

Tables and functions only; which reading is meant, the caller decides by what the index knows. Layouts: US English,
Russian (ЙЦУКЕН), Arabic 101, and Hepburn romaji as Japanese input methods take it. The Arabic key ``b`` gives two
letters, which two other keys give as well: such a word is read back in each way.
"""

import re
from functools import cache
from itertools import islice, product

_ENGLISH = "`qwertyuiop[]asdfghjkl;'zxcvbnm,./"
_RUSSIAN = "ёйцукенгшщзхъфывапролджэячсмитьбю."
_ARABIC = (*"ذضصثقفغعهخحجدشسيبلاتنمكطئءؤر", "لا", *"ىةوزظ")
_ENGLISH_SHIFTED = '~QWERTYUIOP{}ASDFGHJKL:"ZXCVBNM<>?'
_RUSSIAN_SHIFTED = "ЁЙЦУКЕНГШЩЗХЪФЫВАПРОЛДЖЭЯЧСМИТЬБЮ,"
# Only the letters of the shifted Arabic keys; the others give vowel marks and signs.
_ARABIC_SHIFTED = {"Y": "إ", "H": "أ", "N": "آ", "G": "لأ", "T": "لإ", "B": "لآ"}
# Keys of the three letter rows, each shifted by about half a key against the one above it.
_ROWS = {
    "latin": ("qwertyuiop", "asdfghjkl", "zxcvbnm"),
    "cyrillic": ("йцукенгшщзхъ", "фывапролджэ", "ячсмитьбю"),
    "arabic": ("ضصثقفغعهخحجد", "شسيبلاتنمكط", "ئءؤر\u0000ىةوزظ"),
}
_MOST_READINGS = 8

_TO_RUSSIAN = dict(zip(_ENGLISH + _ENGLISH_SHIFTED, _RUSSIAN + _RUSSIAN_SHIFTED, strict=True))
_TO_ARABIC = {**dict(zip(_ENGLISH, _ARABIC, strict=True)), **_ARABIC_SHIFTED}
_FROM_RUSSIAN = {russian: english for english, russian in _TO_RUSSIAN.items()}
_FROM_ARABIC = {arabic: english for english, arabic in _TO_ARABIC.items()}

_VOWELS = "aiueo"
# パスワード is typed pasuwa-do; some write pasuwaado.
_LONG_VOWEL = re.compile(r"([aiueo])\1")
_TO_KATAKANA = {point: point + 0x60 for point in range(0x3041, 0x3097)}
_OTHER_KANA = _TO_KATAKANA | {katakana: hiragana for hiragana, katakana in _TO_KATAKANA.items()}
_KANA_ROWS = {
    "": "アイウエオ",
    "k": "カキクケコ",
    "g": "ガギグゲゴ",
    "s": "サシスセソ",
    "z": "ザジズゼゾ",
    "t": "タチツテト",
    "d": "ダヂヅデド",
    "n": "ナニヌネノ",
    "h": "ハヒフヘホ",
    "b": "バビブベボ",
    "p": "パピプペポ",
    "m": "マミムメモ",
    "r": "ラリルレロ",
}
_KANA_MORE = {
    "ya": "ヤ",
    "yu": "ユ",
    "yo": "ヨ",
    "wa": "ワ",
    "wo": "ヲ",
    "nn": "ン",
    "n'": "ン",
    "-": "ー",
    "shi": "シ",
    "chi": "チ",
    "tsu": "ツ",
    "fu": "フ",
    "ji": "ジ",
    "vu": "ヴ",
    "fa": "ファ",
    "fi": "フィ",
    "fe": "フェ",
    "fo": "フォ",
    "va": "ヴァ",
    "vi": "ヴィ",
    "ve": "ヴェ",
    "vo": "ヴォ",
    "she": "シェ",
    "je": "ジェ",
    "che": "チェ",
    "thi": "ティ",
    "dhi": "ディ",
    "wi": "ウィ",
    "we": "ウェ",
    "ja": "ジャ",
    "ju": "ジュ",
    "jo": "ジョ",
    "sha": "シャ",
    "shu": "シュ",
    "sho": "ショ",
    "cha": "チャ",
    "chu": "チュ",
    "cho": "チョ",
}


@cache
def _kana() -> dict[str, str]:
    table = {row + vowel: kana for row, line in _KANA_ROWS.items() for vowel, kana in zip(_VOWELS, line, strict=True)}
    for row in "kgsztdnhbpmr":
        for vowel, small in (("a", "ャ"), ("u", "ュ"), ("o", "ョ")):
            table[f"{row}y{vowel}"] = _KANA_ROWS[row][1] + small
    return table | _KANA_MORE


def other_layouts(typed: str) -> list[str]:
    """Return what the keys of ``typed`` (no blanks) would have given with another layout on; none where a key gives
    nothing there.

    >>> other_layouts("руддщ")
    ['hello']
    """
    found: dict[str, None] = {}
    if typed.isascii():
        for table in (_TO_RUSSIAN, _TO_ARABIC):
            found.update(dict.fromkeys(_readings(typed, table)))
        for spelt in (typed.lower(), _LONG_VOWEL.sub(r"\1-", typed.lower())):
            if kana := romaji(spelt):
                found[kana] = None
    else:
        for table in (_FROM_RUSSIAN, _FROM_ARABIC):
            found.update(dict.fromkeys(_readings(typed, table)))
    found.pop(typed, None)
    return list(found)


def retyped(text: str) -> list[str]:
    """Return what all keys of a text with blanks would have given with one other layout; numbers stay as they are.

    >>> retyped("rfr ghbynth 104")
    ['как принтер 104', 'قبق لالاغىفا 104']
    """
    tables = (_TO_RUSSIAN, _TO_ARABIC) if text.isascii() else (_FROM_RUSSIAN, _FROM_ARABIC)
    found: dict[str, None] = {}
    for table in tables:
        chunks = [[chunk] if chunk.isdecimal() else _readings(chunk, table)[:1] for chunk in text.split()]
        if chunks and all(chunks):
            found[" ".join(chunk for [chunk] in chunks)] = None
    found.pop(" ".join(text.split()), None)
    return list(found)


def _readings(typed: str, table: dict[str, str]) -> list[str]:
    """Return the ways to read ``typed`` key by key, the longer keys first; none when a character is on no key."""
    pieces: list[list[str]] = []
    position = 0
    while position < len(typed):
        pair, single = typed[position : position + 2], typed[position]
        if pair in table and len(pair) == 2:
            each = [table[key] for key in pair if key in table]
            pieces.append([table[pair], "".join(each)] if len(each) == 2 else [table[pair]])
            position += 2
        elif single in table:
            pieces.append([table[single]])
            position += 1
        else:
            return []
    return ["".join(chosen) for chosen in islice(product(*pieces), _MOST_READINGS)] if pieces else []


def romaji(typed: str) -> str | None:
    """Return katakana for lower-case romaji as it is typed into an input method; None when it is not romaji.

    >>> romaji("pasuwa-do")
    'パスワード'
    """
    table = _kana()
    kana: list[str] = []
    position = 0
    while position < len(typed):
        first, rest = typed[position], typed[position + 1 :]
        if first == rest[:1] and first not in "aiueon-'" and first.isalpha():
            kana.append("ッ")
            position += 1
            continue
        length = next((size for size in (3, 2, 1) if typed[position : position + size] in table), 0)
        if length:
            kana.append(table[typed[position : position + length]])
        elif first == "n":
            kana.append("ン")
            length = 1
        else:
            return None
        position += length
    return "".join(kana) or None


def other_kana(text: str) -> str:
    """Return hiragana as katakana and katakana as hiragana; all else stays."""
    return text.translate(_OTHER_KANA)


@cache
def neighbours(letter: str) -> frozenset[str]:
    """Return the letters on the keys around that of ``letter``, in its script's layout; none for other characters."""
    for rows in _ROWS.values():
        for row, keys in enumerate(rows):
            if len(letter) == 1 and letter in keys and letter != "\u0000":
                return _around(rows, row, keys.index(letter)) - {letter, "\u0000"}
    return frozenset()


def _around(rows: tuple[str, ...], row: int, column: int) -> frozenset[str]:
    """A key touches its neighbours in the row, two above (same column and next), two below (same and former)."""
    places = ((row, -1), (row, 1), (row - 1, 0), (row - 1, 1), (row + 1, 0), (row + 1, -1))
    found = {
        rows[each][column + step]
        for each, step in places
        if 0 <= each < len(rows) and 0 <= column + step < len(rows[each])
    }
    return frozenset(found)
