"""When a promotion is meant, without a database: its queries, its words, its language, its days."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.curation.models import Promotion
from portal.curation.selectors.promotions import Rule, promoted_for, promotions_live
from search.analyzers import exact, stems

NOW = datetime(2027, 3, 10, 12, tzinfo=UTC)


def rule(queries: str, **more) -> Rule:
    return Rule.of(Promotion(queries=queries, targets=[{"type": "question", "id": "7", "path": ""}], **more))


def means(made: Rule, text: str, language: str = "en", moment: datetime = NOW) -> bool:
    return made.means(tuple(exact(text)), frozenset((*stems(text), *exact(text))), language, moment)


@pytest.mark.parametrize(
    "text", ["Blank labels", "BLANK  LABELS", "blank labels!", "ｂｌａｎｋ labels", "blánk labels"]
)
def test_exactly_but_for_case_signs_accents_and_width(text):
    assert means(rule("other\nblank labels"), text)


@pytest.mark.parametrize("text", ["blank label", "labels blank", "blank labels today", "blank", "", "?!"])
def test_exactly_is_exactly(text):
    assert not means(rule("blank labels"), text)


@pytest.mark.parametrize(
    ("queries", "text"),
    [
        ("blank labels", "my label is blank"),
        ("протечка клапана", "клапан дал протечку"),
        ("紙詰まり", "紙詰まりが直りません"),
        ("تسرب الصمام", "الصمام فيه تسرب"),
        ("E-17", "what is e17 please"),
        ("E17", "error E-17"),
        ("rill-mini", "my rill mini"),
        ("the", "the valve"),
    ],
)
def test_all_words_in_any_form(queries, text):
    assert means(rule(queries, matching="words"), text)
    assert not means(rule(queries), text)


def test_by_words_each_line_stands_for_itself():
    made = rule("blank labels\nempty roll", matching="words")
    assert means(made, "an empty roll") and not means(made, "blank roll") and not means(made, "labels")


@pytest.mark.parametrize(("kept", "reader", "meant"), [("", "ja", True), ("ja", "ja", True), ("ja", "en", False)])
def test_language(kept, reader, meant):
    assert means(rule("x1", language=kept), "x1", reader) is meant


def test_days_include_both_ends():
    made = rule("x1", starts_on=date(2027, 3, 10), ends_on=date(2027, 3, 11))
    start = datetime(2027, 3, 10, tzinfo=UTC)
    moments = [
        start - timedelta(seconds=1),
        start,
        start + timedelta(hours=47, minutes=59),
        start + timedelta(hours=48),
    ]
    assert [means(made, "x1", moment=moment) for moment in moments] == [False, True, True, False]


def test_lines_without_words_mean_nothing():
    made = rule("?!\n\n   \n…", matching="words")
    assert not means(made, "anything") and not made.queries


def test_targets_of_several_rules_follow_in_order_each_once():
    def promoting(queries: str, *numbers: int) -> Rule:
        targets = [{"type": "question", "id": str(number), "path": ""} for number in numbers]
        return Rule.of(Promotion(queries=queries, targets=targets))

    promotions_live.hold((promoting("a1", 3, 1), promoting("b1", 9), promoting("a1", 1, 2)))
    assert promoted_for("a1", "en") == (("question", "3"), ("question", "1"), ("question", "2"))
    assert promoted_for("c1", "en") == promoted_for("", "en") == promoted_for("?!", "en") == ()


@given(st.text(max_size=40), st.text(max_size=40), st.sampled_from(["exact", "words"]))
@settings(max_examples=150, deadline=None)
def test_any_query_is_its_own_and_words_ask_for_no_more_than_exactly(queries, text, matching):
    line = " ".join(queries.split())
    if exact(line):
        assert means(rule(line, matching=matching), line)
    if means(rule(line), text):
        assert means(rule(line, matching="words"), text)
    if not exact(text):
        assert not means(rule(line, matching=matching), text)
