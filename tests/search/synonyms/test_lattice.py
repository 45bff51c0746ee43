"""A text read as places with forms on them: what terms are laid upon."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.analyzers import cut, normalize
from search.synonyms.lattice import LONGEST_TEXT, SPELLING, STEM, paths, read


def forms(text: str, *languages: str | None) -> list[tuple[int, int, str]]:
    lattice = read(text, languages)
    return sorted((start, end, form) for start, arcs in lattice.arcs.items() for end, form in arcs)


def ways(text: str, mark: str, *languages: str | None) -> set[tuple[str, ...]]:
    return paths(read(text, languages), mark)


def test_a_word_has_its_stem_and_its_spelling_on_one_place():
    assert forms("Chargers") == [(0, 1, "=chargers"), (0, 1, "~charger")]


def test_a_stop_word_keeps_its_place_and_may_be_stepped_over():
    lattice = read("reset the password", ())
    assert lattice.surfaces == ["reset", "the", "password"] and lattice.skippable == {1}
    assert (1, 2, "=the") in forms("reset the password")


def test_a_joined_word_has_its_parts_and_its_whole():
    found = forms("rill-mini")
    assert {(0, 1, "=rill"), (1, 2, "=mini"), (0, 2, "=rillmini"), (0, 2, "~rillmini")} <= set(found)


@pytest.mark.parametrize(("text", "form"), [("C++", "=c++"), ("C#", "=c#")])
def test_signs_at_the_end_belong_to_the_word(text, form):
    assert [found for _start, _end, found in forms(text) if found.startswith(SPELLING)] == [form]


def test_codes():
    assert {"=e", "=104", "=e104"} <= {form for _start, _end, form in forms("E-104")}
    assert {"=v2", "=3", "=v2.3"} <= {form for _start, _end, form in forms("v2.3")}


def test_words_of_meaning_of_japanese_each_have_a_place():
    lattice = read("冬じまいの水抜き", ())
    assert len(lattice.surfaces) >= 2 and "の" not in lattice.surfaces


@pytest.mark.parametrize("text", ["パスワード", "ﾊﾟｽﾜｰﾄﾞ", "パスワードを"])
def test_one_word_in_each_width_and_with_its_particle(text):
    assert [form for _start, _end, form in forms(text) if form.startswith(STEM)] == [
        form for _start, _end, form in forms("パスワード") if form.startswith(STEM)
    ]


def test_a_script_without_spaces_that_nobody_analyses_is_read_in_pairs():
    assert read("ภาษาไทย", ()).surfaces == [a + b for a, b in zip("ภาษาไทย", "าษาไทย", strict=False)]


def test_latin_words_have_a_stem_for_each_language_read():
    german = {form for _start, _end, form in forms("Ladegeräte", "de")}
    english = {form for _start, _end, form in forms("Ladegeräte")}
    assert english < german and len([form for form in german if form.startswith(STEM)]) == 2


def test_russian_and_arabic_words_have_one_stem_whatever_the_language():
    assert forms("шлюзами", "de", "en") == forms("шлюзами")
    assert forms("بطاريات", "ru") == forms("بطاريات")
    assert ways("шлюзами", STEM) == ways("шлюз", STEM)


def test_ways_through_a_term():
    assert ways("Power Banks", STEM) == {("~power", "~bank")}
    assert ways("Power Banks", SPELLING) == {("=power", "=banks")}
    assert ways("sign in", STEM) == {("~sign", "=in")}, "a stop word is kept as it is spelt"
    assert ways("Rill-Mini", SPELLING) == {("=rill", "=mini"), ("=rillmini",)}
    assert ways("?!", STEM) == ways("", SPELLING) == set()


def test_a_term_is_read_in_one_language_at_a_time():
    found = ways("Ladegeräte Netzteile", STEM, "de")
    assert len(found) == 2 and all(len(way) == 2 for way in found)


def test_only_the_beginning_of_a_long_text_is_read():
    assert len(read("word " * 10_000, ()).surfaces) == LONGEST_TEXT // len("word ")


@given(st.text(max_size=60), st.lists(st.sampled_from(["en", "de", "ru", "ja", "xx"]), max_size=3))
@settings(max_examples=150, deadline=None)
def test_any_text_has_a_sound_lattice(text, languages):
    lattice = read(text, languages)
    size = len(lattice.surfaces)
    assert bool(size) == bool(cut(normalize(text)))
    for start, arcs in lattice.arcs.items():
        assert 0 <= start < size
        for end, form in arcs:
            assert start < end <= size and form[0] in STEM + SPELLING and len(form) > 1
    assert set(range(size)) <= set(lattice.arcs), "each place can be left"
    stepped_over = [arc for place in lattice.skippable for arc in lattice.arcs[place] if arc[0] == place + 1]
    assert not any(form.startswith(STEM) for _end, form in stepped_over)
    for mark in (STEM, SPELLING):
        assert bool(paths(lattice, mark)) == bool(size)
