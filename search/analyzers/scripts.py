"""Which script a word is in, and which language that speaks for where nobody said."""

from collections import Counter

_BY_SCRIPT_LANGUAGE = {"cyrillic": "ru", "arabic": "ar", "japanese": "ja", "latin": "en"}


def script_of(word: str) -> str:
    """Return ``latin``, ``cyrillic``, ``arabic``, ``japanese`` (Han and kana) or ``other``, by the first letter."""
    for char in word:
        point = ord(char)
        if point < 0x250:
            if char.isalpha():
                return "latin"
        elif 0x400 <= point < 0x530:
            return "cyrillic"
        elif 0x600 <= point < 0x780 or 0x8A0 <= point < 0x900:
            return "arabic"
        elif 0x3005 <= point < 0x3100 or 0x3400 <= point < 0xA000 or 0xF900 <= point < 0xFB00 or point >= 0x20000:
            return "japanese"
        else:
            return "other"
    return "latin"


def language_of_text(text: str) -> str | None:
    """Guess a language from the script of most letters of the first 400 characters; None when there are none."""
    found = Counter(script_of(char) for char in text[:400] if char.isalpha())
    if not found:
        return None
    return _BY_SCRIPT_LANGUAGE.get(found.most_common(1)[0][0])
