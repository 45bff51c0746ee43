"""Near-identical texts come together, others do not, and always in the same way."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.analytics.clustering import THRESHOLD, Leaders, signature, similarity, trigram_frequencies

WORDS = [
    "printer",
    "paper",
    "jam",
    "reset",
    "password",
    "invoice",
    "refund",
    "lamp",
    "blinks",
    "order",
    "cancel",
    "104",
]
queries = st.lists(st.sampled_from(WORDS), min_size=1, max_size=5).map(" ".join)


def clustered(texts, language="en"):
    """Returns for each text the place of the text that leads it."""
    signatures = [signature(text, language) for text in texts]
    leaders = Leaders(trigram_frequencies(signatures))
    led = []
    for place, found in enumerate(signatures):
        nearest = leaders.nearest(found)
        if nearest is None:
            leaders.add(place, found)
        led.append(place if nearest is None else nearest)
    return led


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("en", "reset password", "how do I reset my passwords?"),
        ("en", "reset password", "Password RESET"),
        ("en", "reset password", "reset pasword"),
        ("en", "change delivery address", "change the adress of delivery"),
        ("en", "wifi not working", "wi-fi does not work"),
        ("en", "error E-104", "E104 error"),
        ("ru", "не печатает принтер", "принтер не печатает"),
        ("ru", "не печатает принтер", "непечатает принтер"),
        ("ja", "パスワードを忘れた", "パスワード忘れた"),
        ("ar", "نسيت كلمة المرور", "كلمه المرور نسيت"),
        ("en", "the of and", "of the and"),
    ],
)
def test_what_says_the_same_is_one_cluster(language, one, other):
    assert clustered([one, other], language) == [0, 0]


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("en", "error 104", "error 105"),
        ("en", "iphone 12", "iphone 13"),
        ("en", "printer", "printer jam"),
        ("en", "reset password", "reset password iphone"),
        ("en", "cancel order", "cancel subscription"),
        ("en", "lamp blinks red", "lamp blinks green"),
        ("ja", "パスワードを忘れた", "パスワードを変更"),
        ("ru", "возврат", "доставка"),
        ("en", "refund", ""),
    ],
)
def test_what_says_something_else_is_another(language, one, other):
    assert clustered([one, other], language) == [0, 1]


def test_one_word_more_among_many_is_the_same():
    long = "printer stops after page three with a red light and beeps twice loudly every single morning"
    assert clustered([long, f"{long} again"]) == [0, 0]


@given(queries, queries)
def test_similarity_is_even_handed_and_bounded(one, other):
    first, second = signature(one, "en"), signature(other, "en")
    assert similarity(first, second) == similarity(second, first)
    assert 0 <= similarity(first, second) <= 1
    assert similarity(first, first) == 1


@settings(max_examples=60)
@given(st.lists(queries, max_size=25))
def test_the_filter_of_candidates_loses_no_leader(texts):
    """The quick way gives what comparing with every leader gives."""
    signatures = [signature(text, "en") for text in texts]
    slow, leaders = [], []
    for place, found in enumerate(signatures):
        alike = [(similarity(found, signatures[leader]), -leader) for leader in leaders]
        best = max(alike, default=(0, 0))
        same = [slow[earlier] for earlier in range(place) if signatures[earlier].stems == found.stems]
        if same:
            slow.append(same[0])
        elif best[0] >= THRESHOLD:
            slow.append(-best[1])
        else:
            leaders.append(place)
            slow.append(place)
    assert clustered(texts) == slow


@settings(max_examples=30)
@given(st.lists(queries, max_size=15), st.lists(queries, max_size=5))
def test_later_texts_move_no_earlier_ones(texts, later):
    assert clustered([*texts, *later])[: len(texts)] == clustered(texts)


@given(st.text(max_size=80), st.sampled_from(["en", "ru", "ja", "ar", "de"]))
def test_any_text_has_a_signature(text, language):
    found = signature(text, language)
    assert found == signature(text, language)
    assert similarity(found, found) == 1


def test_the_most_similar_leader_is_joined():
    leaders = Leaders()
    for key, text in (("far", "cancel the running order"), ("near", "cancel the running orderz now")):
        leaders.add(key, signature(text, "en"))
    assert leaders.nearest(signature("cancel the running orders", "en")) == "far"
    assert leaders.nearest(signature("cancel running orderz now", "en")) == "near"


def test_thousands_of_searches_come_to_fewer_leaders():
    rng = random.Random(7)
    consonants, vowels = "bdfgklmnprstvz", "aeiou"
    words = ["".join(rng.choice(consonants) + rng.choice(vowels) for _ in range(rng.randint(2, 4))) for _ in range(900)]
    texts = [" ".join(rng.choices(words, k=rng.randint(1, 4))) for _ in range(2_500)]
    led = clustered(texts)
    assert 500 < len(set(led)) < 2_450
