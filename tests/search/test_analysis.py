"""How words become terms, in each language: what must be one term, and what must not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.analyzers import exact, language_of_text, normalize, prefixes, stems
from search.analyzers.arabic import fold_arabic, stem_arabic
from search.analyzers.scripts import script_of
from search.analyzers.words import LONGEST_TOKEN, bigrams, cut, word_parts


@pytest.mark.parametrize(
    "group",
    [
        ("printer", "printers", "Printers'", "printer's", "PRINTER"),
        ("install", "installing", "installed", "installs"),
        ("naïve", "naive", "Naïve"),
        ("Straße", "strasse"),
        ("принтер", "принтеры", "принтера", "Принтером"),
        ("ошибка", "ошибки", "ошибкой"),
        ("ёлка", "елка", "Ёлки"),
        ("مدرسة", "المدرسة", "مدرسةٌ"),
        ("طابعة", "الطابعة", "طابعات"),
        ("أحمد", "احمد", "إحمد"),
        ("忘れる", "忘れた", "忘れます", "忘れて"),
        ("サーバー", "サーバ", "ｻｰﾊﾞｰ"),
        ("引っ越し", "引越し", "引越"),
        ("プリンター", "ﾌﾟﾘﾝﾀｰ"),
        ("ＡＢＣ", "abc", "Abc"),
        ("２０２５", "2025", "٢٠٢٥", "۲۰۲۵"),
    ],
    ids=lambda group: group[0],
)
def test_forms_of_one_word_share_a_stem(group: tuple[str, ...]) -> None:
    assert {tuple(stems(form)) for form in group} == {tuple(stems(group[0]))}
    assert stems(group[0])


@pytest.mark.parametrize(
    ("one", "another"),
    [
        ("мой", "мои"),
        ("чай", "чаи"),
        ("printer", "paper"),
        ("принтер", "принцип"),
        ("كتاب", "باب"),
        ("印刷", "設定"),
        ("E-104", "E-105"),
        ("v2.3", "v2.4"),
        ("C++", "C#"),
    ],
)
def test_different_words_stay_different(one: str, another: str) -> None:
    assert exact(one) != exact(another)


@pytest.mark.parametrize(
    ("word", "terms"),
    [
        ("E-104", ["e", "104", "e104"]),
        ("e104", ["e104"]),
        ("ERR_17", ["err", "17", "err17"]),
        ("v2.3", ["v2", "3", "v2.3"]),
        ("10.0.0.1", ["10", "0", "0", "1", "10.0.0.1"]),
        ("node.js", ["node", "js", "nodejs"]),
        ("wi-fi", ["wi", "fi", "wifi"]),
        ("C++", ["c", "c++"]),
        ("C#", ["c", "c#"]),
        ("don't", ["don", "t", "dont"]),
        ("user's", ["user"]),
        ("0x80070005", ["0x80070005"]),
        ("snake_case_name", ["snake", "case", "name", "snakecasename"]),
        ("end.", ["end"]),
        ("...", []),
        ("«Пэнтерс»", ["пэнтерс"]),
        ("a@b.com", ["a", "b", "com", "bcom"]),
    ],
)
def test_codes_and_names_keep_their_whole_and_their_parts(word: str, terms: list[str]) -> None:
    assert exact(word) == terms


@pytest.mark.parametrize(
    "text", ["how do I", "What is the", "как это", "что такое", "كيف هل", "من هو", "これはそれですか"]
)
def test_words_that_say_nothing_give_no_stems_but_exact_terms(text: str) -> None:
    assert stems(text) == []
    assert exact(text)


def test_a_word_goes_through_the_stemmer_of_its_script_in_any_text() -> None:
    assert stems("Не работают printers", "ru") == ["работа", "printer"]
    assert stems("プリンターのprinters", "ja")[-1] == "printer"


def test_a_latin_word_goes_through_the_stemmer_of_the_text_s_language() -> None:
    assert stems("Häuser", "de") == stems("Haus", "de")
    assert stems("maisons", "fr") == stems("maison", "fr-ca")
    assert stems("casas", "xx") == stems("casas", "en")


def test_arabic_is_folded_in_the_exact_terms() -> None:
    assert exact("مَدْرَسَةٌ") == exact("مدرسه")
    assert exact("إلى") == exact("الي")
    assert fold_arabic("آأإٱىة") == "ااااي\u0647"


@pytest.mark.parametrize(
    ("word", "stem"),
    [
        ("الحسن", "حسن"),
        ("والحسن", "حسن"),
        ("للاخر", "اخر"),
        ("وحسن", "حسن"),
        ("زوجها", "زوج"),
        ("ساهدون", "ساهد"),
        ("ساهدهات", "ساهد"),
        ("الو", "الو"),
        ("وب", "وب"),
    ],
)
def test_the_light_stemmer_cuts_as_lucene_s_does(word: str, stem: str) -> None:
    assert stem_arabic(word) == stem


def test_japanese_words_are_words_and_pairs() -> None:
    assert stems("再設定方法") == ["再", "設定", "方法"]
    assert exact("再設定方法") == ["再設", "設定", "定方", "方法"]
    assert exact("語") == ["語"]


def test_other_scripts_without_spaces_are_pairs() -> None:
    assert exact("ภาษาไทย") == list(bigrams("ภาษาไทย"))
    assert exact("한국어") == ["한국", "국어"]


def test_marks_inside_a_word_do_not_cut_it() -> None:
    assert exact("हिन्दी भाषा") == ["हिन्दी", "भाषा"]
    assert exact("co\u00adop\u200cera\u200dte") == ["cooperate"]
    assert exact("\u200fعربي\u200e") == ["عربي"]


def test_a_beginning_is_every_beginning_of_a_word() -> None:
    assert prefixes("Reset it") == ["r", "re", "res", "rese", "reset", "i", "it"]
    assert prefixes("한국") == ["한", "국", "한국"]


def test_a_japanese_title_begins_with_its_characters_and_its_sounds() -> None:
    found = prefixes("紙詰まり")
    assert found[:4] == ["紙", "詰", "ま", "り"]
    assert {"紙詰", "詰ま", "か", "かみ", "かみづ", "かみづま", "かみづまり"} <= set(found)
    assert {"ぷりん", "ぷりんたー", "プリ"} <= set(prefixes("プリンター"))


def test_an_arabic_word_begins_with_its_article_and_without() -> None:
    assert {"ال", "الط", "ط", "طاب", "طابع\u0647"} <= set(prefixes("الطابعة"))
    assert {"بال", "ش", "شبك"} <= set(prefixes("بالشبكة"))
    assert prefixes("ال") == ["ا", "ال"], "an article alone is a word like any other"
    assert max(map(len, prefixes("x" * 50))) == 16


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Как настроить принтер HP?", "ru"),
        ("How to set up the printer", "en"),
        ("プリンターの設定", "ja"),
        ("كيف أضبط الطابعة", "ar"),
        ("12345 !!!", None),
        ("", None),
        ("Γειά σου", None),
    ],
)
def test_the_language_by_script(text: str, language: str | None) -> None:
    assert language_of_text(text) == language


@pytest.mark.parametrize(
    ("word", "script"),
    [("word", "latin"), ("слово", "cyrillic"), ("كلمة", "arabic"), ("語", "japanese"), ("カナ", "japanese"),
     ("λόγος", "other"), ("42", "latin"), ("7слово", "cyrillic")],
)  # fmt: skip
def test_the_script_of_a_word(word: str, script: str) -> None:
    assert script_of(word) == script


@given(st.text(max_size=200))
def test_any_text_gives_clean_terms(text: str) -> None:
    for term in [*exact(text), *stems(text), *prefixes(text)]:
        assert term
        assert not any(char.isspace() for char in term)
        assert len(term) <= LONGEST_TOKEN
        term.encode()


@given(st.text(max_size=200))
def test_folding_twice_changes_nothing_for_terms(text: str) -> None:
    assert exact(normalize(text)) == exact(text)


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=12))
def test_upper_case_is_never_another_word(word: str) -> None:
    assert exact(word.upper()) == exact(word)
    assert stems(word.title()) == stems(word)


@given(st.text(max_size=100))
def test_words_are_cut_from_the_text_in_order(text: str) -> None:
    normalized = normalize(text)
    position = 0
    for word in cut(normalized):
        position = normalized.index(word, position) + len(word)


@given(st.text(alphabet="abc0123-_.'", max_size=40))
def test_parts_and_whole_hold_the_same_letters(word: str) -> None:
    parts = word_parts(word)
    if len(parts) > 1:
        assert parts[-1].replace(".", "") == "".join(parts[:-1])
