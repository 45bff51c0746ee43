"""Words met in forms that the query does not have, openings, and long pasted queries; on every engine."""

import pytest

from search.documents import SimilarRequest
from search.engine import SearchEngine
from tests.search.conftest import fill
from tests.search.contract.asking import ids, search
from tests.search.documents import question

RUSSIAN = [
    question(1, "Список ошибок принтера", "Здесь все коды.", "ru"),
    question(2, "Изменение настроек", "Откройте меню.", "ru"),
    question(3, "Скидки на кабели", "В декабре дешевле.", "ru"),
]
ARABIC = [
    question(1, "تحميل الفواتير", "اضغط الزر.", "ar"),
    question(2, "الأجهزة لا تعمل", "بعد التحديث.", "ar"),
    question(3, "تغيير العنوان", "من الصفحة.", "ar"),
]


@pytest.mark.parametrize(("typed", "answer"), [("ошибка", "1"), ("настройки", "2"), ("скидок", "3")])
def test_russian_fleeting_vowels(engine: SearchEngine, typed: str, answer: str) -> None:
    fill(engine, *RUSSIAN)
    assert search(engine, typed) == [answer]


@pytest.mark.parametrize(("typed", "answer"), [("فاتورة", "1"), ("جهازي", "2"), ("جهاز", "2")])
def test_arabic_broken_plurals(engine: SearchEngine, typed: str, answer: str) -> None:
    fill(engine, *ARABIC)
    assert search(engine, typed) == [answer]


def test_pieces_lift_and_find_nothing_by_themselves(engine: SearchEngine) -> None:
    fill(
        engine,
        question(1, "Printer", "A driver for it, and other things."),
        question(2, "Printer", "A screwdriver for it, other things."),
        question(3, "Scanner", "A screwdriver again."),
    )
    assert search(engine, "printer screwdrivers")[0] == "2"
    assert search(engine, "drivewayx") == []


def test_what_is_said_first_counts_for_more(engine: SearchEngine) -> None:
    filler = " ".join(f"word{number}" for number in range(80))
    early = question(1, "A question", f"The firmware of it. {filler}")
    late = question(2, "A question", f"{filler} The firmware of it.")
    fill(engine, early, late)
    assert search(engine, "firmware") == ["1", "2"]


def test_the_rare_words_of_a_pasted_letter_decide(engine: SearchEngine) -> None:
    polite = "thank you for your kind help with this question, dear team, "
    common = [question(10 + n, "Thanks for your help", "Kind team, dear question.") for n in range(8)]
    fill(engine, question(1, "Fluxcapacitor overheats", "It is hot."), *common)
    assert search(engine, polite * 3 + "the fluxcapacitor overheats " + polite * 3)[0] == "1"
    similar = SimilarRequest(title="Dear team", body=polite * 3 + "fluxcapacitor overheats " + polite)
    assert "1" in ids(engine.similar(similar))


def test_words_that_nobody_wrote_find_nothing(engine: SearchEngine) -> None:
    fill(engine, *RUSSIAN)
    assert search(engine, "zzqx qqzzy") == []
    assert search(engine, "и не то") == []
