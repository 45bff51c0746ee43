"""Pieces of words and keys of forms: what brings together words that no stemmer does."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.analyzers import exact
from search.analyzers.pieces import form_key, form_keys, loose_terms, weighted_pieces, word_pieces


def test_pieces_overlap_and_know_the_edges_of_a_word() -> None:
    assert word_pieces("cable") == ("_cab", "cabl", "able", "ble_")
    assert word_pieces("ab") == ("_ab_",)
    assert word_pieces("a1") == ("_a1_",)
    assert word_pieces("x") == ("_x_",)


@pytest.mark.parametrize("term", ["the", "для", "這是", "テス", "ก็"])
def test_stop_words_and_runs_have_no_pieces(term: str) -> None:
    assert word_pieces(term) == ()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ошибка", "ошибок"),
        ("настройки", "настроек"),
        ("деньги", "денег"),
        ("ссылка", "ссылок"),
        ("فاتورة", "فواتير"),
        ("جهاز", "أجهزة"),
        ("صورة", "الصور"),
        ("سعر", "أسعار"),
        ("مشكلة", "مشاكل"),
    ],
)
def test_forms_that_stemmers_keep_apart_have_one_key(one: str, other: str) -> None:
    assert form_keys(exact(one)) == form_keys(exact(other)) != ()


@pytest.mark.parametrize(("one", "other"), [("заказ", "закон"), ("طلب", "طابعة"), ("возврат", "ворота")])
def test_other_words_have_other_keys(one: str, other: str) -> None:
    assert form_keys(exact(one)) != form_keys(exact(other))


@pytest.mark.parametrize("term", ["invoice", "請求", "123", "이메일", "و", "не"])
def test_where_there_are_no_such_forms_there_is_no_key(term: str) -> None:
    assert form_key(term) is None


def test_a_word_weighs_by_the_root_of_its_pieces() -> None:
    weights = weighted_pieces(["cable", "ab"])
    assert weights["cabl"] == pytest.approx(1 / math.sqrt(4))
    assert weights["_ab_"] == 1.0
    assert weighted_pieces(["cable", "cables"])["cabl"] == pytest.approx(1 / math.sqrt(4))


def test_what_is_indexed_holds_what_is_asked_for() -> None:
    indexed = set(loose_terms(exact("Настройки принтеров и E-104")))
    asked = exact("настройки e-104")
    assert set(weighted_pieces(asked)) <= indexed
    assert set(form_keys(asked)) <= indexed


@given(st.text(max_size=120))
def test_any_text_has_pieces_without_blanks(text: str) -> None:
    terms = loose_terms(exact(text))
    assert all(term and not any(char.isspace() for char in term) for term in terms)
    assert set(weighted_pieces(exact(text))) <= set(terms)
