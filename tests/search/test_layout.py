"""Words typed with another keyboard layout on, there and back."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.analyzers import normalize
from search.queries import layout
from search.queries.layout import neighbours, other_kana, other_layouts, retyped, romaji

QUICK = settings(max_examples=40, deadline=None)
RUSSIAN = "абвгдежзийклмнопрстуфхцчшщъыьэюяё"
ARABIC = "ابتثجحخدذرزسشصضطظعغفقكلمنهويىةءؤئأإآ"
ENGLISH = "abcdefghijklmnopqrstuvwxyz"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ghbdtn", "привет"),
        ("руддщ", "hello"),
        ("Ghbdtn", "Привет"),
        ("lvpfh", "مرحبا"),
        ("اثممخ", "hello"),
        ("ghj,ktvf", "проблема"),
        ("[jxe", "хочу"),
        ("gfhjkm", "пароль"),
        ("зфыыцщкв", "password"),
        (";jg", "жоп"),
        ("`krf", "ёлка"),
        ("'kmlfh", "эльдар"),
        ("hg'fhum", "الطباعة"),
        ("لاشؤنعح", "backup"),
        ("لاخشقي", "board"),
        ("pasuwa-do", "パスワード"),
        ("purinta-", "プリンター"),
        ("ryukku", "リュック"),
        ("fairu", "ファイル"),
        ("shisutemu", "システム"),
        ("roguin", "ログイン"),
        ("pasuwaado", "パスワード"),
    ],
)
def test_what_was_meant_is_among_the_readings(typed: str, meant: str) -> None:
    assert meant in other_layouts(typed)


@pytest.mark.parametrize("typed", ["", "パスワード", "印刷", "مرحبا!☃", "héllo", "e104", "☃", "при☃"])
def test_what_is_on_no_keys_has_no_other_reading(typed: str) -> None:
    assert other_layouts(typed) == []


def keys_of(text: str, table: dict[str, str]) -> str:
    """The keys that give a text with a layout."""
    back = {letter: key for key, letter in table.items()}
    return "".join(back[letter] for letter in text)


@given(st.text(alphabet=RUSSIAN + RUSSIAN.upper(), min_size=1, max_size=16))
@QUICK
def test_russian_there_and_back(word: str) -> None:
    typed = keys_of(word, layout._TO_RUSSIAN)
    assert typed.isascii()
    assert word in other_layouts(typed)
    assert typed in other_layouts(word)


@given(st.text(alphabet=ARABIC, min_size=1, max_size=10))
@QUICK
def test_arabic_there_and_back(word: str) -> None:
    typed = keys_of(word, layout._TO_ARABIC)
    assert typed.isascii()
    assert word in other_layouts(typed)


@given(st.text(alphabet=ENGLISH, min_size=1, max_size=8))
@QUICK
def test_english_typed_with_each_layout_is_read_back(word: str) -> None:
    for table in (layout._TO_RUSSIAN, layout._TO_ARABIC):
        typed = "".join(table[letter] for letter in word)
        readings = other_layouts(typed)
        # Two Arabic keys give what a third one gives alone: of words full of them, the first few readings are made.
        assert word in readings or len(readings) == layout._MOST_READINGS or "gh" in word


@given(st.lists(st.sampled_from(sorted(layout._kana())), min_size=1, max_size=8))
@QUICK
def test_romaji_of_whole_syllables_is_always_kana(syllables: list[str]) -> None:
    kana = romaji("".join(syllables))
    assert kana is not None
    assert all("ァ" <= letter <= "ー" for letter in kana)


@pytest.mark.parametrize("typed", ["", "pasuword", "xyz", "printer", "q", "kk"])
def test_what_is_no_romaji(typed: str) -> None:
    assert romaji(typed) is None


@given(st.text(max_size=30))
@QUICK
def test_any_text_has_readings_or_none(typed: str) -> None:
    assert typed not in other_layouts(typed)
    assert len(other_layouts(typed)) <= 2 * layout._MOST_READINGS + 2
    assert all(isinstance(text, str) for text in retyped(typed))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("rfr ghbynth 104", "как принтер 104"), ("ащкпщееут зфыыцщкв", "forgotten password"), ("h;jf hgdi", "اكتب اليه")],
)
def test_a_whole_text_is_retyped(typed: str, meant: str) -> None:
    assert meant in retyped(typed)


@pytest.mark.parametrize("typed", ["", "  ", "印刷 hello", "104", "x☃"])
def test_what_cannot_be_retyped(typed: str) -> None:
    assert retyped(typed) == []


@given(st.sampled_from(ENGLISH + RUSSIAN.replace("ё", "") + ARABIC), st.data())
@QUICK
def test_who_is_beside_a_key_has_it_beside_himself(letter: str, data: st.DataObject) -> None:
    for other in neighbours(letter):
        assert letter in neighbours(other), (letter, other)
    assert letter not in neighbours(letter)


def test_neighbours_of_some_keys() -> None:
    assert neighbours("g") == set("fhtyvb")
    assert neighbours("ф") == set("йцыя")
    assert "ص" in neighbours("ض")
    assert neighbours("漢") == neighbours("") == frozenset()


def test_readings_fold_to_what_the_index_holds() -> None:
    assert all(normalize(text) for text in other_layouts("Ghbdtn"))


@given(st.text(alphabet="ぁあかがぱんゔアカガパンヴー漢a1", max_size=12))
@QUICK
def test_kana_there_and_back(text: str) -> None:
    assert other_kana(other_kana(text)) == text


def test_the_other_kana() -> None:
    assert other_kana("ぱすわーど、リンゴ 12") == "パスワード、りんご 12"
