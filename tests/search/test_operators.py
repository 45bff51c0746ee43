"""The query language: which pieces of a query are operators, in four languages, and what they come to."""

from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from search.analyzers import exact
from search.queries.conditions import condition_nodes, spans_counted
from search.queries.operators import KINDS, MARKS, OPERATORS, STATUSES, Condition, read_condition
from search.queries.parsing import parse_query, without_condition
from search.queries.tree import Bool, OneOf, Range


def conditions(typed: str) -> list[tuple[str, tuple[str, ...], bool]]:
    """What the operators of a query name: operator, values, whether it is negated."""
    return [(each.name, each.values, each.negated) for each in parse_query(typed).conditions]


def bounds(typed: str) -> tuple[int | None, int | None]:
    """The bounds of the only operator of a query."""
    (condition,) = parse_query(typed).conditions
    return condition.low, condition.high


def moment(*date: int) -> int:
    """A date as microseconds."""
    return int(datetime(*date, tzinfo=UTC).timestamp()) * 1_000_000  # type: ignore[misc,arg-type]


@pytest.mark.parametrize(
    ("typed", "text", "expected"),
    [
        ("topic:printers jam", "jam", [("topic", ("printers",), False)]),
        ("jam topic:printers", "jam", [("topic", ("printers",), False)]),
        ("-topic:printers jam", "jam", [("topic", ("printers",), True)]),
        ("TOPIC:Printers", "", [("topic", ("Printers",), False)]),
        ('topic:"paper jam" x', "x", [("topic", ("paper jam",), False)]),
        ("topic:«замятие бумаги»", "", [("topic", ("замятие бумаги",), False)]),
        ("topic：＂paper jam＂", "", [("topic", ("paper jam",), False)]),
        ("тема:принтеры", "", [("topic", ("принтеры",), False)]),
        ("Тема:принтеры автор:мира", "", [("topic", ("принтеры",), False), ("author", ("мира",), False)]),
        ("トピック：印刷　紙詰まり", "紙詰まり", [("topic", ("印刷",), False)]),
        ("الموضوع:طابعات", "", [("topic", ("طابعات",), False)]),
        ("لُغَة:ar", "", [("language", ("ar",), False)]),
        ("lang:en,ru、ja", "", [("language", ("en", "ru", "ja"), False)]),
        ("product:rill-hub?", "", [("product", ("rill-hub",), False)]),
        ("is:accepted", "", [("is", ("accepted",), False)]),
        ("is:Solved", "", [("is", ("accepted",), False)]),
        ("статус:решено", "", [("is", ("accepted",), False)]),
        ("状態:未回答", "", [("is", ("unanswered",), False)]),
        ("الحالة:محلول", "", [("is", ("accepted",), False)]),
        ('это:"без ответа"', "", [("is", ("unanswered",), False)]),
        ("is:question,article", "", [("is", ("question", "article"), False)]),
        ("type:needs_details", "", [("is", ("needs_details",), False)]),
        ("topic:a topic:b", "", [("topic", ("a",), False), ("topic", ("b",), False)]),
        ("−author:mira", "", [("author", ("mira",), True)]),
        ("author:mi:ra", "", [("author", ("mi:ra",), False)]),
    ],
)
def test_an_operator_is_taken_out_of_the_words(
    typed: str, text: str, expected: list[tuple[str, tuple[str, ...], bool]]
) -> None:
    assert conditions(typed) == expected
    assert parse_query(typed).text == text


@pytest.mark.parametrize(
    "typed",
    [
        "http://example.com/a", "https://example.com", "12:30", "C:\\path", "С:\\путь", "a: b", ":", "::", "：",
        "topic:",
        "topic: printers", "topic:,", "topic:?", 'topic:"paper', 'topic:"" x', 'topic:a"b', "is:nonsense",
        "is:accepted,x",
        "answers:many", "answers:", "answers:>", "answers:..", "answers:>>1", "answers:1e5", "answers:-1",
        "answers:99999999999", "before:yesterday", "before:2026-13", "before:2026-02-30", "after:0000", "after:26",
        "nosuch:word", "std::vector", "urn:isbn:1", "mailto:a@b.c", "key:value", "error:E-104", "subtopic:x",
        "x topic :a",
        "printer's topic", "re:topic:x", "１２：３０", "注意：印刷できません",
    ],
)  # fmt: skip
def test_what_is_no_operator_is_searched_as_words(typed: str) -> None:
    parsed = parse_query(typed)
    assert parsed.conditions == parsed.excluded == ()
    assert exact(parsed.text) == exact(typed)


@pytest.mark.parametrize("typed", ['"error topic:x"', '"is:accepted" manual'])
def test_in_quotes_it_is_a_phrase(typed: str) -> None:
    parsed = parse_query(typed)
    assert parsed.conditions == ()
    assert len(parsed.phrases) == 1


@pytest.mark.parametrize(
    ("typed", "low", "high"),
    [
        ("answers:3", 3, 3), ("answers:=3", 3, 3), ("answers:>0", 1, None), ("answers:>=2", 2, None),
        ("answers:<5", None, 4),
        ("answers:<=5", None, 5), ("answers:1..5", 1, 5), ("answers:5..1", 1, 5), ("answers:2..", 2, None),
        ("answers:..4", None, 4), ("answers:≥2", 2, None), ("answers:≤2", None, 2), ("answers:＞０", 1, None),
        ("answers:>٣", 4, None), ("ответы:0", 0, 0), ("回答数：1…3", 1, 3), ('answers:"> 2"', 3, None),
        ("after:2026", moment(2026, 1, 1), None), ("after:2026-05", moment(2026, 5, 1), None),
        ("after:2026-05-12", moment(2026, 5, 12), None), ("before:2026", None, moment(2026, 1, 1) - 1),
        ("before:2026-5-2", None, moment(2026, 5, 2) - 1), ("before:2026/05/12", None, moment(2026, 5, 12) - 1),
        ("before:2026.05", None, moment(2026, 5, 1) - 1), ("以前:2026年5月12日", None, moment(2026, 5, 12) - 1),
        ("以降：２０２６年", moment(2026, 1, 1), None), ("после:2026-05", moment(2026, 5, 1), None),
        ("بعد:٢٠٢٦-٠٥", moment(2026, 5, 1), None), ("before:0001", None, moment(1, 1, 1) - 1),
    ],
)  # fmt: skip
def test_numbers_and_dates(typed: str, low: int | None, high: int | None) -> None:
    assert bounds(typed) == (low, high)


def test_exclusions_beside_an_operator_stay_exclusions() -> None:
    parsed = parse_query("topic:printers -jam")
    assert (parsed.text, parsed.excluded) == ("", ("jam",))


@pytest.mark.parametrize(("typed", "word"), [("cable -12:30", "12:30"), ("cable -http://a.b", "http://a.b")])
def test_a_word_with_a_colon_can_be_excluded(typed: str, word: str) -> None:
    assert parse_query(typed).excluded == (word,)


@pytest.mark.parametrize("words", [OPERATORS, KINDS, STATUSES, MARKS])
def test_no_spelling_means_two_things(words: dict[str, tuple[str, ...]]) -> None:
    from search.analyzers import normalize

    spellings = [normalize(each) for name, others in words.items() for each in (name, *others)]
    assert len(spellings) == len(set(spellings))


@pytest.mark.parametrize(("name", "others"), OPERATORS.items())
def test_every_operator_can_be_written_in_four_languages(name: str, others: tuple[str, ...]) -> None:
    value = {"answers": ">0", "before": "2026", "after": "2026", "is": "open"}.get(name, "x")
    for spelt in (name, *others):
        assert [each.name for each in parse_query(f"{spelt}:{value}").conditions] == [name]
    scripts = [lambda c: c.isascii(), lambda c: "а" <= c <= "я", lambda c: c > "\u3000", lambda c: "ء" <= c <= "ي"]
    assert all(any(inside(each[-1]) for each in (name, *others)) for inside in scripts)


def test_taking_a_condition_off_leaves_the_rest_as_typed() -> None:
    typed = '"paper jam" topic:printers -Tray author:"Mira S"'
    topic, author = parse_query(typed).conditions
    assert without_condition(typed, topic) == '"paper jam" -Tray author:"Mira S"'
    assert without_condition(typed, author) == '"paper jam" topic:printers -Tray'
    assert without_condition("xtopic:a topic:a", Condition("topic", ("a",), written="topic:a")) == "xtopic:a"


PIECES = st.sampled_from(
    ["topic:a", "-topic:a", 'topic:"a b"', "is:open", "answers:>0", "answers:x", "before:2026", "before:x", "a:b",
    "-a:b",
     "http://x", '"', '"a b"', "-", ":", "：", "тема:б", "トピック：あ", "الموضوع:ب", "word", "؟", "x" * 30 + ":y"]
)  # fmt: skip
TYPED = st.one_of(st.text(max_size=80), st.lists(st.one_of(PIECES, st.text(max_size=8)), max_size=8).map(" ".join))


@given(TYPED)
@example("topic:\ud800")
@example("-" * 500 + ":")
def test_any_text_is_read_and_each_condition_can_be_taken_off(typed: str) -> None:
    parsed = parse_query(typed)
    for condition in parsed.conditions:
        assert condition.written in typed
        left = parse_query(without_condition(typed, condition))
        assert condition.written not in [each.written for each in left.conditions]
        assert len(left.conditions) < len(parsed.conditions)
    condition_nodes(parsed.conditions, ())


@given(st.text(max_size=30), st.text(max_size=30))
def test_any_name_and_value_are_read_or_refused(name: str, value: str) -> None:
    read_condition(name, value)
    for known in OPERATORS:
        read_condition(known, value)


def nodes(typed: str, *meanings: tuple[str, str, tuple[str, ...]]) -> list[object]:
    """The nodes that the operators of a query come to."""
    return list(condition_nodes(parse_query(typed).conditions, meanings))


def test_operators_become_filters_of_index_fields() -> None:
    assert nodes("is:official") == [OneOf("marks", ("official",))]
    assert nodes("answers:>2") == [Range("answers_count", 3, None)]
    assert nodes("-author:Mira") == [Bool(must_not=(OneOf("author", ("Mira",)),))]
    assert nodes("lang:EN") == [OneOf("language", ("en",))]


def test_the_same_operator_twice_means_either_and_another_one_means_both() -> None:
    assert len(nodes("lang:en lang:ru")) == 1
    assert len(nodes("is:question is:article")) == 1
    assert len(nodes("is:question is:accepted")) == 2
    assert len(nodes("is:open is:closed after:2026 before:2027")) == 3
    assert len(nodes("-lang:en -lang:ru")) == 2
    assert len(nodes("answers:>1 answers:<5")) == 2


def test_a_name_that_the_caller_knows_stands_for_its_values() -> None:
    meaning = ("author", "Мира", ("mira", "mira2"))
    assert nodes("author:Мира,tom", meaning) == [OneOf("author", ("mira", "mira2", "tom"))]
    assert nodes("author:Мира", ("topic", "Мира", ("x",))) == [OneOf("author", ("Мира",))]


def test_spans_of_time_hold_the_shorter_ones() -> None:
    assert spans_counted([1, 0, 2, 3]) == [("day", 1), ("week", 1), ("month", 3), ("year", 6)]
    assert spans_counted([0, 0, 0, 4]) == [("year", 4)]
    assert spans_counted([0, 0, 0, 0]) == []
