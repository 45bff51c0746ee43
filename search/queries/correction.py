"""A misspelt word and the nearest word that the index knows."""

from collections.abc import Callable, Iterable

SHORTEST_CORRECTED = 4


def distance(left: str, right: str, limit: int) -> int:
    """Return the optimal string alignment distance (insert, delete, replace, swap neighbours), or ``limit + 1``.

    See F. J. Damerau, "A technique for computer detection and correction of spelling errors", CACM 7 (1964).
    """
    if abs(len(left) - len(right)) > limit:
        return limit + 1
    before_last: list[int] = []
    last = list(range(len(right) + 1))
    for row, a in enumerate(left, 1):
        now = [row]
        for column, b in enumerate(right, 1):
            cost = min(last[column] + 1, now[column - 1] + 1, last[column - 1] + (a != b))
            if row > 1 and column > 1 and a == right[column - 2] and left[row - 2] == b:
                cost = min(cost, before_last[column - 2] + 1)
            now.append(cost)
        if min(now) > limit:
            return limit + 1
        before_last, last = last, now
    return min(last[-1], limit + 1)


def nearest_word(word: str, starting_with: Callable[[str], Iterable[tuple[str, int]]]) -> str | None:
    """Return the known word nearest to ``word``; None when none is near.

    ``starting_with(prefix)`` gives known words with the number of documents they are in. A word with a wrong first
    letter is found when its first two are swapped, or the first or second is one too many or wrong.
    """
    if not is_correctable(word):
        return None
    starts = dict.fromkeys((word[:2], word[1] + word[0], word[0] + word[2], word[1:3]))
    return best_correction(word, (known for start in starts for known in starting_with(start)))


def is_correctable(word: str) -> bool:
    """Say whether a word may be corrected: short words and codes with digits are taken as they are."""
    return len(word) >= SHORTEST_CORRECTED and word.isalpha()


def best_correction(word: str, known_words: Iterable[tuple[str, int]]) -> str | None:
    """Return the nearest of ``known_words`` (word, number of documents), the more frequent one of equals.

    One error is forgiven in words of four to seven letters, two in longer ones.
    """
    if not is_correctable(word):
        return None
    limit = 1 if len(word) < 8 else 2
    best: tuple[int, int, str] | None = None
    for known, documents in known_words:
        if known != word and known.isalpha():
            found = distance(word, known, limit)
            if found <= limit and (best is None or (found, -documents, known) < best):
                best = (found, -documents, known)
    return best[2] if best else None
