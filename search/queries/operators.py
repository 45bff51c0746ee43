"""The operators of the query language: ``topic:printers``, ``is:accepted``, ``answers:>0``, ``before:2026``.

Their words are known in English, Russian, Japanese and Arabic at once: nobody has to switch languages to type one.
A word with a colon that is no operator, or whose value cannot be read, is no condition: it stays plain words.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from search.analyzers import normalize

# Each operator, kind, status and mark, and how it may be written besides.
OPERATORS = {
    "topic": ("tag", "тема", "тег", "トピック", "話題", "タグ", "موضوع", "الموضوع"),
    "product": ("продукт", "изделие", "товар", "製品", "商品", "منتج", "المنتج"),
    "author": ("by", "автор", "作者", "著者", "投稿者", "كاتب", "الكاتب"),
    "language": ("lang", "язык", "言語", "لغة", "اللغة"),
    "is": ("status", "type", "это", "статус", "тип", "状態", "種類", "حالة", "الحالة", "نوع", "النوع"),
    "answers": ("ответы", "ответов", "回答", "回答数", "إجابات", "الإجابات", "أجوبة"),
    "before": ("until", "до", "以前", "まで", "قبل"),
    "after": ("since", "после", "с", "以降", "から", "بعد"),
}
KINDS = {
    "question": ("questions", "вопрос", "вопросы", "質問", "سؤال", "أسئلة"),
    "article": ("articles", "статья", "статьи", "記事", "مقال", "مقالة", "مقالات"),
    "member": ("members", "участник", "участники", "メンバー", "عضو", "أعضاء"),
    "topic": ("topics", "тема", "темы", "トピック", "موضوع", "مواضيع"),
    "event": ("events", "событие", "события", "イベント", "فعالية", "فعاليات"),
    "idea": ("ideas", "идея", "идеи", "アイデア", "فكرة", "أفكار"),
}
STATUSES = {
    "open": ("открыт", "открыто", "открытый", "受付中", "مفتوح"),
    "needs_details": ("needs-details", "уточнить"),
    "closed": ("закрыт", "закрыто", "закрытый", "終了", "مغلق"),
    "duplicate": ("дубликат", "повтор", "重複", "مكرر"),
    "obsolete": ("outdated", "устарел", "устарело", "古い", "قديم"),
    "archived": ("архив", "в-архиве", "アーカイブ", "مؤرشف"),
}
MARKS = {
    "accepted": ("solved", "resolved", "решено", "решен", "принято", "解決済み", "解決", "محلول", "مقبول"),
    "official": ("официально", "официальный", "公式", "رسمي"),
    "answered": ("отвечено", "с-ответом", "回答済み", "مجاب"),
    "unanswered": ("без-ответа", "без-ответов", "未回答", "بلا-إجابة", "بدون-إجابة"),
}
LONGEST_NAME = 20
_ENDS = ",.;!?、。，．！？；،؛؟"
_COMMAS = re.compile(r"[,،、，]")
_COUNT = re.compile(r"(>=|<=|>|<|=)?(\d{1,9})")
_COUNTS = re.compile(r"(\d{1,9})?\.\.(\d{1,9})?")
_SIGNS = str.maketrans({"≥": ">=", "≤": "<=", "…": "..", "–": "-", "—": "-", "−": "-"})
_DATE = re.compile(r"(\d{4})(?:[-/.年](\d{1,2})(?:[-/.月](\d{1,2})日?)?)?[年月]?")


def _spellings(words: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    return {normalize(spelt): name for name, others in words.items() for spelt in (name, *others)}


_OPERATORS = _spellings(OPERATORS)
_STATES = _spellings({**KINDS, **STATUSES, **MARKS})


@dataclass(frozen=True, slots=True)
class Condition:
    """An operator as it was typed.

    ``name`` is one of ``OPERATORS``. ``values`` are what it names (any of them); for ``is`` they are keys of ``KINDS``,
    ``STATUSES`` or ``MARKS``, else as typed. ``low`` and ``high`` are the bounds, both included, of ``answers`` and, in
    microseconds of POSIX time, of ``before`` and ``after``. ``written`` is the piece of the query that says all this.
    """

    name: str
    values: tuple[str, ...] = ()
    low: int | None = None
    high: int | None = None
    negated: bool = False
    written: str = ""


def read_condition(name: str, value: str, *, negated: bool = False, written: str = "") -> Condition | None:
    """Return the condition that an operator's name and value come to; None when they come to none."""
    known = _OPERATORS.get(normalize(name))
    # Neither an index nor a database takes half a character.
    value = value.encode("utf-8", "replace").decode()
    value = value.strip() if value.endswith("..") else value.strip().rstrip(_ENDS)
    if known is None or not value:
        return None
    if known == "answers":
        return _with_bounds(known, _counts(value), negated, written)
    if known in ("before", "after"):
        return _with_bounds(known, _dates(known, value), negated, written)
    values = tuple(dict.fromkeys(part for each in _COMMAS.split(value) if (part := each.strip())))
    if known == "is":
        states = tuple(_STATES.get("-".join(normalize(each).split()), "") for each in values)
        return Condition(known, states, negated=negated, written=written) if states and all(states) else None
    return Condition(known, values, negated=negated, written=written) if values else None


def _with_bounds(name: str, bounds: tuple[int | None, int | None], negated: bool, written: str) -> Condition | None:
    low, high = bounds
    if low is None and high is None:
        return None
    return Condition(name, low=low, high=high, negated=negated, written=written)


def _plain(value: str) -> str:
    """Return a number or date in the width and with the signs that are read; digits of any script are digits."""
    return unicodedata.normalize("NFKC", value.translate(_SIGNS)).translate(_SIGNS).replace(" ", "")


def _counts(value: str) -> tuple[int | None, int | None]:
    """Read ``3``, ``>0``, ``<=5``, ``1..5``, ``2..``: bounds that are included."""
    plain = _plain(value)
    if found := _COUNTS.fullmatch(plain):
        bounds = [int(each) if each else None for each in found.groups()]
        if None not in bounds and bounds[0] > bounds[1]:  # type: ignore[operator]
            bounds.reverse()
        return bounds[0], bounds[1]
    single = _COUNT.fullmatch(plain)
    if single is None:
        return None, None
    sign, number = single[1] or "=", int(single[2])
    low = {">": number + 1, ">=": number, "=": number}.get(sign)
    high = {"<": number - 1, "<=": number, "=": number}.get(sign)
    return low, high


def _dates(name: str, value: str) -> tuple[int | None, int | None]:
    """Read ``2026``, ``2026-05`` and ``2026-05-12``: ``after`` begins with the date (UTC), ``before`` ends there."""
    found = _DATE.fullmatch(_plain(value))
    if found is None:
        return None, None
    year, month, day = (int(each) if each else 1 for each in found.groups())
    try:
        moment = (datetime(year, month, day, tzinfo=UTC) - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(
            microseconds=1
        )
    except ValueError:
        return None, None
    return (moment, None) if name == "after" else (None, moment - 1)
