"""How texts differ: nothing is lost, the work is bounded, words are what a reader of each script takes for words."""

import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.core.alignment import Budget, alignment
from portal.core.differences import CONTEXT, line_difference, text_difference
from portal.core.words import words_of

LONGEST = 60_000
ITEMS = st.lists(st.sampled_from("abcd"), max_size=12)
# Letters of several scripts, signs, ends of lines of both kinds, marks and joiners.
TEXT = st.text(st.sampled_from("ab c\n\r\t.-*のスト電ー源اضغطиё\u0301\u064e\u200d\u200f👍🏽<&"), max_size=60)


def common(one, other):
    """The length of the longest common subsequence, by the book."""
    rows = [[0] * (len(other) + 1) for _ in range(len(one) + 1)]
    for i, left in enumerate(one):
        for j, right in enumerate(other):
            rows[i + 1][j + 1] = rows[i][j] + 1 if left == right else max(rows[i][j + 1], rows[i + 1][j])
    return rows[-1][-1]


def shown(pieces):
    """A line with its changed parts in brackets."""
    return "".join(f"[{piece.text}]" if piece.changed else piece.text for piece in pieces)


def rows_of(old, new):
    """The rows of a difference as readable tuples."""
    return [(row.kind, shown(row.old), shown(row.new)) for row in text_difference(old, new).rows]


class TestAlignment:
    @settings(max_examples=300, deadline=None)
    @given(ITEMS, ITEMS)
    def test_the_spans_cover_both_sides_and_share_as_much_as_can_be(self, old, new):
        spans = alignment(old, new, Budget())
        a = c = shared = 0
        for place, span in enumerate(spans):
            assert (span.a, span.c) == (a, c)
            assert place == 0 or span.same != spans[place - 1].same
            if span.same:
                assert old[span.a : span.b] == new[span.c : span.d]
                shared += span.b - span.a
            a, c = span.b, span.d
        assert (a, c) == (len(old), len(new))
        assert shared == common(old, new)

    @settings(max_examples=60, deadline=None)
    @given(st.lists(st.integers(0, 300), min_size=260, max_size=400), st.randoms(use_true_random=False))
    def test_long_ones_are_parted_at_what_is_there_once_and_stay_whole(self, old, chance):
        new = [item for item in old if chance.random() > 0.1] + [chance.randrange(300) for _ in range(20)]
        spans = alignment(old, new, Budget())
        assert [item for span in spans for item in old[span.a : span.b]] == old
        assert [item for span in spans for item in new[span.c : span.d]] == new
        assert all(old[span.a : span.b] == new[span.c : span.d] for span in spans if span.same)

    def test_without_a_budget_the_middle_counts_as_replaced_and_says_so(self):
        budget = Budget(steps=3)
        spans = alignment("same" + "abcdef" + "end", "same" + "fedcba" + "end", budget)
        assert [span.same for span in spans] == [True, False, True]
        assert budget.cut

    def test_a_budget_that_suffices_is_not_cut(self):
        budget = Budget()
        alignment("kitten", "sitting", budget)
        assert not budget.cut
        assert 0 < budget.steps < Budget().steps

    @pytest.mark.parametrize(("old", "new"), [("", ""), ("", "abc"), ("abc", ""), ("abc", "abc")])
    def test_empty_and_equal_ones(self, old, new):
        spans = alignment(old, new, Budget())
        assert [(span.same, span.b - span.a, span.d - span.c) for span in spans] == (
            [] if not old and not new else [(old == new, len(old), len(new))]
        )


class TestWords:
    @settings(max_examples=200, deadline=None)
    @given(TEXT)
    def test_joined_they_are_the_text(self, text):
        assert "".join(words_of(text)) == text

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("Press it, now.", ["Press", " ", "it", ",", " ", "now", "."]),
            ("Кнопка ё1", ["Кнопка", " ", "ё1"]),
            ("اضغط على الزِّرّ", ["اضغط", " ", "على", " ", "الزِّرّ"]),
            ("プリンターの電源", ["プリンター", "の", "電", "源"]),
            ("人々ガス１２", ["人", "々", "ガス", "１２"]),
            ("caf\u0065\u0301 x", ["cafe\u0301", " ", "x"]),
            ("ok👍🏽👩\u200d👧!", ["ok", "👍🏽", "👩\u200d👧", "!"]),
            ("snake_case a+b", ["snake_case", " ", "a", "+", "b"]),
            ("한국어 글", ["한국어", " ", "글"]),
            ("a\n\n b", ["a", "\n", "\n", " ", "b"]),
            ("\u0301a", ["\u0301", "a"]),
        ],
    )
    def test_what_a_word_is(self, text, words):
        assert words_of(text) == words


class TestTexts:
    @settings(max_examples=300, deadline=None)
    @given(TEXT, TEXT)
    def test_both_texts_can_be_read_back_exactly(self, old, new):
        found = text_difference(old, new)
        assert (found.old, found.new) == (old, new)
        assert found.changed == (
            [line.removesuffix("\r") for line in old.split("\n")]
            != [line.removesuffix("\r") for line in new.split("\n")]
        )

    @settings(max_examples=60, deadline=None)
    @given(TEXT, TEXT)
    def test_also_where_the_work_was_cut_short(self, old, new):
        found = text_difference(old, new, Budget(steps=5))
        assert (found.old, found.new) == (old, new)

    @settings(max_examples=100, deadline=None)
    @given(TEXT, TEXT)
    def test_what_is_not_marked_stands_on_both_sides(self, old, new):
        for row in text_difference(old, new).rows:
            if row.kind == "changed":
                kept = ["".join(piece.text for piece in side if not piece.changed) for side in (row.old, row.new)]
                assert kept[0] == kept[1]

    @settings(max_examples=100, deadline=None)
    @given(TEXT, TEXT)
    def test_folding_leaves_out_no_row_and_no_change(self, old, new):
        found = text_difference(old, new)
        stretches = found.stretches()
        assert [row for each in stretches for row in each.rows] == found.rows
        assert all(row.kind == "same" for each in stretches if each.folded for row in each.rows)

    def test_words_within_lines(self):
        assert rows_of("Press the red button.\nThen wait.", "Press the green button.\nThen wait.") == [
            ("changed", "Press the [red] button.", "Press the [green] button."),
            ("same", "Then wait.", "Then wait."),
        ]

    def test_japanese_by_the_character(self):
        assert rows_of("電源を入れると、ランプが点滅します。", "電源を切ると、ランプが点滅します。") == [
            ("changed", "電源を[入れ]ると、ランプが点滅します。", "電源を[切]ると、ランプが点滅します。")
        ]

    def test_arabic_words_stay_whole_with_their_marks(self):
        assert rows_of("اضغط على الزِّرّ الأحمر", "اضغط على الزِّرّ الأخضر") == [
            ("changed", "اضغط على الزِّرّ [الأحمر]", "اضغط على الزِّرّ [الأخضر]")
        ]

    def test_a_line_that_only_ends_otherwise_did_not_change(self):
        found = text_difference("one\r\ntwo\r\n", "one\ntwo\n")
        assert not found.changed
        assert {row.kind for row in found.rows} == {"same"}
        assert (found.old, found.new) == ("one\r\ntwo\r\n", "one\ntwo\n")

    def test_lines_that_share_nothing_are_no_change_of_each_other(self):
        assert rows_of("apples and pears", "wholly other words here") == [
            ("gone", "[apples and pears]", ""),
            ("new", "", "[wholly other words here]"),
        ]

    def test_a_line_that_came_between_does_not_mark_the_others(self):
        old = "First do this.\nThen do that."
        assert rows_of(old, "First do this.\nAnd breathe in.\nThen do that.") == [
            ("same", "First do this.", "First do this."),
            ("new", "", "[And breathe in.]"),
            ("same", "Then do that.", "Then do that."),
        ]

    def test_a_line_is_set_beside_the_one_it_came_from_not_beside_its_neighbour(self):
        old = "Open the rear cover slowly.\nTake out the torn sheet of paper."
        new = "Switch everything off!\nOpen the front cover slowly.\nTake out the torn sheet of paper, all of it."
        assert [row[0] for row in rows_of(old, new)] == ["new", "changed", "changed"]

    def test_a_lonely_short_word_between_changes_goes_with_them(self):
        ((kind, old, new),) = rows_of("keep alpha of beta keep", "keep gamma of delta keep")
        assert (kind, old, new) == ("changed", "keep [alpha of beta] keep", "keep [gamma of delta] keep")

    def test_far_lines_are_folded_and_near_ones_shown(self):
        lines = [f"Line {number}" for number in range(20)]
        stretches = text_difference("\n".join(lines), "\n".join([*lines[:10], "other words", *lines[11:]])).stretches()
        assert [(each.folded, len(each.rows)) for each in stretches] == [
            (True, 10 - CONTEXT), (False, 2 * CONTEXT + 2), (True, 9 - CONTEXT),
        ]  # fmt: skip

    def test_a_title(self):
        row = line_difference("Why is the lamp red?", "Why is the lamp blue?")
        assert (row.kind, shown(row.old), shown(row.new)) == (
            "changed", "Why is the lamp [red]?", "Why is the lamp [blue]?",
        )  # fmt: skip
        assert line_difference("a", "a").kind == "same"


CHANCE = random.Random(5)
WORDS = ["".join(CHANCE.choice("abcdefghij") for _ in range(CHANCE.randint(2, 9))) for _ in range(3000)]


def prose():
    """60,000 characters in paragraphs."""
    return "\n\n".join(" ".join(CHANCE.choice(WORDS) for _ in range(60)) for _ in range(160))[:LONGEST]


def japanese():
    """60,000 ideographs in one line."""
    return "".join(chr(CHANCE.randint(0x4E00, 0x5200)) for _ in range(LONGEST))


HARD = {
    "prose against other prose": (prose(), prose()),
    "one line of ideographs against another": (japanese(), japanese()),
    "only ends of lines": ("\n" * LONGEST, "a\n" * (LONGEST // 2)),
    "every line another": ("a\n" * (LONGEST // 2), "b\n" * (LONGEST // 2)),
    "the same few words again and again": ("a b " * 15_000, "b c " * 15_000),
    "short lines in another order": ("x\n\n" * 20_000, "\nx" * 30_000),
}


@pytest.mark.parametrize("name", HARD)
def test_the_longest_texts_take_a_bounded_time(name):
    """About half a second on a quiet machine; ten times that would mean that the work has no bound."""
    old, new = HARD[name]
    began = time.process_time()
    found = text_difference(old, new)
    assert time.process_time() - began < 5
    assert (found.old, found.new) == (old, new)
    assert found.changed


def test_where_words_were_not_compared_it_says_so():
    assert text_difference(*HARD["one line of ideographs against another"]).coarse
    assert not text_difference("a short text", "a long text").coarse


def test_a_few_edits_in_the_longest_text_are_found_word_by_word():
    old = prose()
    words = old.split(" ")
    places = [place for place in range(50, len(words), 200) if "\n" not in words[place]]
    for place in places:
        words[place] = "REPLACED"
    found = text_difference(old, " ".join(words))
    assert not found.coarse
    assert [piece.text for row in found.rows for piece in row.new if piece.changed] == ["REPLACED"] * len(places)
