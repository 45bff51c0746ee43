"""What conditions come to, against a small model: a document is a dictionary, and the tree is read off word by word."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.documents import SPANS
from search.queries.conditions import any_of, condition_nodes, span_start, spans_counted
from search.queries.operators import KINDS, MARKS, STATUSES, Condition, read_condition
from search.queries.tree import Bool, Node, OneOf, Range

DIGITS = ("0123456789", "٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹", "０１２３４５６７８９")
numbers = st.integers(0, 999_999_999)
days = st.dates(date(1, 1, 1), date(9999, 12, 31))
documents = st.fixed_dictionaries(
    {
        "type": st.sampled_from(["question", "article"]),
        "status": st.sampled_from(sorted(STATUSES)),
        "language": st.sampled_from(["en", "ru"]),
        "topic": st.sampled_from(["a", "b"]),
        "product": st.sampled_from(["a", "c"]),
        "marks": st.sampled_from([("accepted",), ("official",), ("accepted", "official"), ()]),
        "answers_count": st.integers(0, 4),
        "created": st.integers(0, 10),
    }
)
conditions = st.one_of(
    st.builds(
        lambda values, negated: Condition("is", tuple(values), negated=negated),
        st.lists(st.sampled_from(["question", "article", "open", "closed", *MARKS]), min_size=1, max_size=3),
        st.booleans(),
    ),
    st.builds(
        lambda name, values, negated: Condition(name, tuple(values), negated=negated),
        st.sampled_from(["topic", "product", "language"]),
        st.lists(st.sampled_from(["a", "b", "c", "en"]), min_size=1, max_size=2),
        st.booleans(),
    ),
    st.builds(
        lambda low, negated: Condition("answers", low=low, high=low + 1, negated=negated),
        st.integers(0, 4),
        st.booleans(),
    ),
)


def holds(node: Node, document: dict[str, object]) -> bool:
    """Whether a document is found by a node."""
    match node:
        case OneOf(field, values):
            held = document[field]
            return bool(set(values) & set(held if isinstance(held, tuple) else (held,)))
        case Range(field, low, high):
            number = document[field]
            assert isinstance(number, int)
            return (low is None or number >= low) and (high is None or number <= high)
        case Bool(must=(), should=should, filters=filters, must_not=must_not, minimum=minimum):
            some = sum(holds(each, document) for each in should) >= minimum
            return (
                some
                and all(holds(each, document) for each in filters)
                and not any(holds(each, document) for each in must_not)
            )
    raise AssertionError(f"a condition is no {node}")


def found(asked: list[Condition], document: dict[str, object]) -> bool:
    return all(holds(node, document) for node in condition_nodes(asked, ()))


class TestAgainstTheModel:
    @given(conditions, documents)
    def test_a_negated_condition_finds_the_rest(self, condition: Condition, document: dict[str, object]) -> None:
        turned = Condition(
            condition.name, condition.values, condition.low, condition.high, negated=not condition.negated
        )
        assert found([condition], document) is not found([turned], document)

    @given(st.lists(conditions, max_size=5), documents, st.randoms(use_true_random=False))
    def test_their_order_does_not_matter(self, asked, document, chance) -> None:
        turned = list(asked)
        chance.shuffle(turned)
        assert found(asked, document) is found(turned, document)

    @given(st.lists(conditions, max_size=5), documents)
    def test_saying_all_of_it_twice_changes_nothing(self, asked, document) -> None:
        assert found(asked, document) is found([*asked, *asked], document)

    @given(st.lists(conditions, max_size=4), conditions, documents)
    def test_what_is_excluded_stays_excluded_whatever_else_is_asked(self, asked, condition, document) -> None:
        negated = Condition(condition.name, condition.values, condition.low, condition.high, negated=True)
        if found([*asked, negated], document):
            assert found([negated], document)

    @given(documents)
    def test_a_question_is_answered_or_unanswered_and_an_article_neither(self, document) -> None:
        told = [found([Condition("is", (mark,))], document) for mark in ("answered", "unanswered")]
        assert sum(told) == (document["type"] == "question")
        if document["type"] == "question":
            assert told[0] is (document["answers_count"] > 0)

    @given(documents, st.sampled_from(["a", "b", "c"]))
    def test_a_product_is_a_topic_too_but_a_topic_no_product(self, document, slug) -> None:
        by_topic = found([Condition("topic", (slug,))], document)
        by_product = found([Condition("product", (slug,))], document)
        assert by_topic is (slug in (document["topic"], document["product"]))
        assert by_product is (document["product"] == slug)

    @given(st.sampled_from([*KINDS, *STATUSES, *MARKS]), st.sampled_from([*KINDS, *STATUSES, *MARKS]), documents)
    def test_two_values_in_one_mean_either(self, one: str, other: str, document) -> None:
        either = found([Condition("is", (one, other))], document)
        assert either is (found([Condition("is", (one,))], document) or found([Condition("is", (other,))], document))


class TestNumbers:
    @given(numbers, numbers, st.sampled_from([">", ">=", "<", "<=", "="]))
    def test_a_sign_means_what_it_means(self, bound: int, number: int, sign: str) -> None:
        condition = read_condition("answers", f"{sign}{bound}")
        assert condition is not None
        compared = {
            ">": number > bound,
            ">=": number >= bound,
            "<": number < bound,
            "<=": number <= bound,
            "=": number == bound,
        }
        assert holds(Range("n", condition.low, condition.high), {"n": number}) is compared[sign]

    @given(numbers, numbers, st.sampled_from(["..", "…"]))
    def test_a_span_is_the_same_from_either_end(self, one: int, other: int, dots: str) -> None:
        first, second = (read_condition("answers", f"{a}{dots}{b}") for a, b in ((one, other), (other, one)))
        assert first is not None and second is not None
        assert (first.low, first.high) == (second.low, second.high) == (min(one, other), max(one, other))

    @given(numbers, st.sampled_from(DIGITS))
    def test_digits_of_any_script_are_digits(self, number: int, digits: str) -> None:
        plain = read_condition("answers", f">{number}")
        other = read_condition("answers", ">" + "".join(digits[int(each)] for each in str(number)))
        assert other == plain


class TestDates:
    @given(days)
    def test_before_and_after_a_day_share_no_moment_and_leave_none_out(self, day: date) -> None:
        after, before = (read_condition(name, day.isoformat()) for name in ("after", "before"))
        assert after is not None and before is not None
        assert before.high is not None and after.low == before.high + 1
        assert (after.high, before.low) == (None, None)

    @given(days, st.sampled_from(["{y:04}-{m:02}-{d:02}", "{y:04}/{m}/{d}", "{y:04}.{m}.{d}", "{y:04}年{m}月{d}日"]))
    def test_a_day_is_the_same_however_it_is_written(self, day: date, form: str) -> None:
        read = read_condition("after", form.format(y=day.year, m=day.month, d=day.day))
        assert read is not None and read.low is not None
        assert datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=read.low) == datetime(
            day.year, day.month, day.day, tzinfo=UTC
        )

    @given(days, days)
    def test_an_earlier_day_is_an_earlier_bound(self, one: date, other: date) -> None:
        first, second = (read_condition("after", day.isoformat()) for day in (one, other))
        assert first is not None and second is not None
        assert (first.low < second.low) is (one < other)  # type: ignore[operator]

    @pytest.mark.parametrize("value", ["2027-02-29", "2026-00-01", "2026-1-32", "20260101", "2026-", "0000-01-01"])
    def test_no_day_of_the_calendar_is_no_condition(self, value: str) -> None:
        assert read_condition("before", value) is None


class TestSpans:
    @given(st.lists(st.integers(0, 50), min_size=len(SPANS), max_size=len(SPANS)))
    def test_a_longer_span_holds_the_shorter_ones(self, parts: list[int]) -> None:
        counted = dict(spans_counted(parts))
        figures = [counted.get(span, 0) for span in SPANS]
        assert figures == sorted(figures)
        assert figures[-1] == sum(parts)
        assert 0 not in counted.values()

    def test_each_span_begins_earlier_than_the_one_before(self) -> None:
        moment = datetime(2027, 3, 10, 12, tzinfo=UTC)
        starts = [span_start(span, moment) for span in SPANS]
        assert starts == sorted(starts, reverse=True)
        assert len(set(starts)) == len(SPANS)
        assert span_start(None, moment) == span_start("day", moment) == starts[0]

    def test_one_alternative_needs_no_choice(self) -> None:
        node = OneOf("type", ("question",))
        assert any_of([node]) is node
        assert any_of([node, node]) == Bool(should=(node, node), minimum=1)
