"""Two changes of one text brought together: nothing of either is lost, or it is said where."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.core.alignment import Budget
from portal.core.merging import text_merge

TEXT = st.text(st.sampled_from("ab .\n電の"), max_size=24)


@settings(max_examples=200, deadline=None)
@given(TEXT, TEXT)
def test_where_one_side_did_nothing_the_other_is_taken_whole(base, changed):
    assert (text_merge(base, changed, base).text, text_merge(base, changed, base).clean) == (changed, True)
    assert (text_merge(base, base, changed).text, text_merge(base, base, changed).clean) == (changed, True)


@settings(max_examples=200, deadline=None)
@given(TEXT, TEXT)
def test_the_same_change_twice_is_made_once(base, changed):
    merge = text_merge(base, changed, changed)
    assert (merge.text, merge.clean) == (changed, True)


@settings(max_examples=200, deadline=None)
@given(TEXT, TEXT, TEXT)
def test_who_comes_first_does_not_matter_where_there_is_no_clash(base, mine, theirs):
    one, other = text_merge(base, mine, theirs), text_merge(base, theirs, mine)
    assert one.clean == other.clean
    if one.clean:
        assert one.text == other.text


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(["red", "green", "blue"]), min_size=3, max_size=12), st.data())
def test_changes_of_different_lines_are_all_there(words, data):
    """Each line differs from the others, so that there is one right answer."""
    lines = [f"{number}: {word}" for number, word in enumerate(words)]
    places = st.integers(0, len(lines) - 1)
    first, second = data.draw(places), data.draw(places)
    mine, theirs = list(lines), list(lines)
    mine[first] = f"{first}: mine"
    theirs[second] = f"{second}: theirs"
    merge = text_merge("\n".join(lines), "\n".join(mine), "\n".join(theirs))
    if first == second:
        assert not merge.clean
        assert merge.text == "\n".join(theirs)
    else:
        expected = list(mine)
        expected[second] = theirs[second]
        assert (merge.text, merge.clean) == ("\n".join(expected), True)


@pytest.mark.parametrize(
    ("base", "mine", "theirs", "text", "clashes"),
    [
        ("The red lamp blinks twice.", "The green lamp blinks twice.", "The red lamp blinks thrice.",
         "The green lamp blinks thrice.", 0),
        ("a\nb\nc\n", "a\nB\nc\n", "a\nb\nC\n", "a\nB\nC\n", 0),
        ("The red lamp", "The green lamp", "The blue lamp", "The blue lamp", 1),
        ("keep\ngo\n", "keep\n", "keep\ngo now\n", "keep\ngo now\n", 1),
        ("one\n", "one\ntwo\n", "one\nthree\n", "one\nthree\n", 1),
        ("電源を入れてください。", "電源を切ってください。", "電源を入れて下さい。", "電源を切って下さい。", 0),
        ("", "", "", "", 0),
    ],
)  # fmt: skip
def test_as_a_person_would(base, mine, theirs, text, clashes):
    merge = text_merge(base, mine, theirs)
    assert (merge.text, merge.clashes) == (text, clashes)


def test_without_a_budget_it_clashes_rather_than_guesses():
    base = "\n".join(f"Line {number} says {number * 7 % 11}" for number in range(60))
    mine, theirs = base.replace("Line 3 ", "Row 3 "), base.replace("Line 50 ", "Row 50 ")
    assert text_merge(base, mine, theirs).clean
    cut = text_merge(base, mine.replace("says", "tells"), theirs.replace("Line", "Zeile"), Budget(steps=1))
    assert not cut.clean
