"""Whether two titles say the same."""

from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.discovery.duplicates import ALIKE, alike, likely_duplicates
from portal.discovery.registry import ResultType
from portal.discovery.selectors import Result, ResultPage
from search.documents import Hit, SearchDocument

titles = st.text(st.sampled_from("abc дом ёлка 印刷 プリンタ طابعة ?!-17 "), max_size=40)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Why does the blue lamp blink?", "The blue lamp is blinking"),
        ("Printer jams on page 3", "printer jam page 3"),
        ("Не печатает принтер", "принтер не печатает"),
        ("プリンターで印刷できません", "プリンターで印刷できない"),
        ("الطابعة لا تعمل اليوم", "الطابعه لا تعمل اليوم"),
        ("Valve hums", "valve HUMS!"),
        ("E-104", "e-104"),
    ],
)
def test_the_same_in_other_words(one, other):
    assert alike(one, other) >= ALIKE


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Why does the blue lamp blink?", "Why does the red lamp hum?"),
        ("Printer jams on page 3", "Scanner jams on page 3 since the update"),
        ("Valve", "Valves hum"),
        ("Valve hums", "Why does the valve hum at night?"),
        ("Not printing", "Принтер"),
        ("", "Valve hums"),
        ("the of and", "Valve"),
        ("Export rain as CSV", "Export soil as CSV"),
    ],
)
def test_only_near(one, other):
    assert alike(one, other) < ALIKE


@given(titles, titles)
def test_a_measure_between_nothing_and_all_the_same_both_ways(one, other):
    assert 0 <= alike(one, other) <= 1
    assert alike(one, other) == alike(other, one)


@given(titles)
def test_every_title_is_like_itself(title):
    assert alike(title, title) == 1


def result(title, kind="question"):
    """Returns something found."""
    document = SearchDocument(type=kind, id="1", title=title)
    kept = {each.name for each in fields(Hit)} & {each.name for each in fields(SearchDocument)}
    known = {name: getattr(document, name) for name in kept}
    hit = Hit(title_html=title, excerpt_html="", **known)
    return Result(hit, ResultType(kind, kind, kind, lambda _user, _ids: {}), "/x/")


def found(*results, degraded=False):
    """Returns a page of results."""
    return ResultPage(list(results), len(results), {}, None, took_ms=1.0, engine="embedded", degraded=degraded)


def test_questions_alone_are_asked_before():
    same = result("Why does the blue lamp blink?")
    page = found(same, result("Why does the blue lamp blink?", kind="article"), result("The red lamp hums"))
    assert likely_duplicates(title="blue lamp blinks, why", language="en", page=page) == [same]


def test_an_engine_that_is_away_is_no_witness():
    page = found(result("Why does the blue lamp blink?"), degraded=True)
    assert likely_duplicates(title="Why does the blue lamp blink?", language="en", page=page) == []
