"""Small parts of the forms and words of curation."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core import demo
from portal.core.demo import DemoMaterial, demo_parts, register_demo_part
from portal.curation.forms.entries import EntryForm, field_name, languages, term_problems
from portal.curation.forms.validity import lines_of
from portal.curation.models import TermEntry
from portal.curation.selectors.promotions import State
from portal.curation.selectors.termbase import Conflict, ConflictKind
from portal.curation.services.demo import _terms
from portal.curation.views.words import STATE_NAMES, conflict_told
from search.synonyms import Term


@given(st.text(max_size=80))
def test_lines_are_tidy_and_each_there_once(text):
    lines = lines_of(text)
    assert len(set(lines)) == len(lines)
    for line in lines:
        assert line and line == " ".join(line.split()) and "\x00" not in line and "\n" not in line


def test_lines():
    assert lines_of(" a  b \n\n\nc\r\na b\n") == ["a b", "c"]
    assert lines_of("") == lines_of(" \n ") == []


def test_the_form_has_two_fields_for_each_language():
    assert languages() == ["", "en", "ru", "ja", "ar"]
    names = {field_name(code, one_way=way) for code in languages() for way in (False, True)}
    assert {"terms_all", "typed_ar"} < names <= set(EntryForm.base_fields)
    for code in languages()[1:]:
        assert EntryForm.base_fields[field_name(code, one_way=False)].widget.attrs["lang"] == code


@pytest.mark.parametrize(("text", "count"), [("sofa", 0), ("x" * 100, 0), ("x" * 101, 1), ("?!", 1), ("在", 0)])
def test_problems_of_a_term(text, count):
    assert len(term_problems([Term("fine"), Term(text)])) == count


@pytest.mark.parametrize("kind", ConflictKind)
def test_each_conflict_is_told_with_its_words(kind):
    alone = kind in (ConflictKind.EVERYDAY, ConflictKind.ALONE)
    told = conflict_told(Conflict(kind, "100 % sofa", None if alone else TermEntry(name="couch")))
    assert "100 % sofa" in told and ("couch" in told) is not alone and "%(" not in told


def test_each_state_has_a_name_of_its_own():
    assert set(STATE_NAMES) == set(State)
    assert len({str(name) for name in STATE_NAMES.values()}) == len(State)


def test_a_part_of_the_demo_is_loaded_by_who_registered_it(monkeypatch):
    monkeypatch.setattr(demo, "_parts", {})
    loaded = []
    register_demo_part("words", loaded.append)
    register_demo_part("other", print)
    assert list(demo_parts()) == ["words", "other"]
    material = DemoMaterial(entries=[{"en": ["a"]}], pages={}, staff=None)
    demo_parts()["words"](material)
    assert loaded == [material]


def test_terms_of_the_demo_by_language_and_way():
    entry = {"name": "x", "all": ["Rill"], "ru": ["полив"], "typed_ru": ["орошение"], "typed_all": ["ril"]}
    assert _terms(entry) == [
        Term("Rill"), Term("ril", None, True), Term("полив", "ru"), Term("орошение", "ru", True)
    ]  # fmt: skip
