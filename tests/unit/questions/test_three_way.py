"""Two edits of one text: what does not overlap is put together, what does is offered whole. Nothing typed is lost."""

import time
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.core.merging import Passage, text_merge
from portal.questions.services.three_way import (
    MINE,
    OWN,
    THEIRS,
    common_text,
    lines_of,
    merged_set,
    passages_of,
    resolved,
)

# Few different lines, so that many stand in two versions, some of them more than once.
LINES = st.sampled_from(["red", "green", "blue", "", "  indented", "- a list", "النص", "日本語。", "```"])
TEXTS = st.lists(LINES, max_size=12).map("\n".join)
quick = settings(max_examples=200, deadline=None)


def put_together(base, theirs, mine, choices=None, words=None):
    """Returns the passages of three texts and what they come to."""
    found = passages_of(base=base, theirs=theirs, mine=mine)
    return found, resolved(found, choices=choices or {}, words=words or {})


def conflicts(passages):
    """Returns the passages that need a choice."""
    return [one for one in passages if one.conflict]


class TestExamples:
    BASE = "Open the cover.\nTake the sheet out.\nClose it.\n\nTurn it on."

    def test_changes_that_do_not_overlap_are_put_together(self):
        theirs = self.BASE.replace("Open the cover.", "Open the rear cover.")
        mine = self.BASE.replace("Turn it on.", "Turn it on and wait.")
        found, text = put_together(self.BASE, theirs, mine)
        assert not conflicts(found)
        assert text == "Open the rear cover.\nTake the sheet out.\nClose it.\n\nTurn it on and wait."

    def test_a_line_that_both_changed_is_a_conflict_with_all_three(self):
        theirs = self.BASE.replace("Take the sheet out.", "Pull the sheet out.")
        mine = self.BASE.replace("Take the sheet out.", "Take the torn sheet out.")
        found, text = put_together(self.BASE, theirs, mine)
        assert text is None
        assert conflicts(found) == [
            Passage("Take the sheet out.\n", "Pull the sheet out.\n", "Take the torn sheet out.\n")
        ]

    @pytest.mark.parametrize(
        ("choice", "line"),
        [(MINE, "Take the torn sheet out."), (THEIRS, "Pull the sheet out."), (OWN, "Pull the torn sheet out.")],
    )
    def test_it_is_decided_passage_by_passage(self, choice, line):
        theirs = self.BASE.replace("Take the sheet out.", "Pull the sheet out.")
        mine = self.BASE.replace("Take the sheet out.", "Take the torn sheet out.").replace("on.", "on again.")
        found, _none = put_together(self.BASE, theirs, mine)
        number = next(number for number, one in enumerate(found) if one.conflict)
        text = resolved(found, choices={number: choice}, words={number: "Pull the torn sheet out.\r\n"})
        assert text == f"Open the cover.\n{line}\nClose it.\n\nTurn it on again."

    def test_a_choice_that_is_none_decides_nothing(self):
        found = passages_of(base="a", theirs="b", mine="c")
        assert resolved(found, choices={0: "both"}, words={}) is None
        assert resolved(found, choices={}, words={0: "d"}) is None

    def test_what_one_took_out_and_the_other_left_alone_is_out(self):
        found, text = put_together("a\nb\nc", "a\nc", "a\nb\nc\nd")
        assert not conflicts(found)
        assert text == "a\nc\nd"

    def test_what_one_took_out_and_the_other_changed_is_asked(self):
        found, text = put_together("a\nb\nc", "a\nc", "a\nB\nc")
        assert (text, conflicts(found)) == (None, [Passage("b\n", "", "B\n")])

    def test_both_did_the_same(self):
        found, text = put_together("a\nb", "a\nB", "a\nB")
        assert (text, conflicts(found)) == ("a\nB", [])

    def test_both_added_at_the_same_place(self):
        found, text = put_together("a\nb", "a\nx\nb", "a\ny\nb")
        assert text is None
        assert conflicts(found)[0].merged == "y\nx\n"

    def test_line_ends_of_a_browser_are_no_change(self):
        found, text = put_together("a\nb\nc", "a\r\nB\r\nc\r\n", "a\r\nb\r\nc")
        assert (text, conflicts(found)) == ("a\nB\nc", [])

    def test_empty_texts(self):
        assert put_together("", "", "") == ([], "")
        assert put_together("", "a", "")[1] == "a"
        assert put_together("a", "", "a")[1] == ""

    def test_a_long_text_is_no_trap(self):
        """Thousands of equal lines, changed at many places, are compared in a moment: one conflict at the worst."""
        base = "\n".join("x" for _ in range(20_000))
        theirs = "\n".join("x" if n % 7 else "y" for n in range(20_000))
        mine = "\n".join("x" if n % 11 else "z" for n in range(20_000))
        begun = time.monotonic()
        found, text = put_together(base, theirs, mine)
        assert time.monotonic() - begun < 30
        assert text is None
        assert "".join(one.mine for one in found) == f"{mine}\n"


class TestProperties:
    @quick
    @given(TEXTS, TEXTS, TEXTS)
    def test_the_passages_are_the_three_versions(self, base, theirs, mine):
        found = passages_of(base=base, theirs=theirs, mine=mine)
        assert "".join(one.base for one in found) == "".join(lines_of(base))
        assert "".join(one.theirs for one in found) == "".join(lines_of(theirs))
        assert "".join(one.mine for one in found) == "".join(lines_of(mine))

    @quick
    @given(TEXTS, TEXTS, TEXTS)
    def test_every_line_that_either_wrote_is_in_what_is_offered(self, base, theirs, mine):
        """What is offered: what is taken by itself, and of a conflict both sides."""
        found = passages_of(base=base, theirs=theirs, mine=mine)
        offered = Counter(line for one in found for line in lines_of(one.merged))
        began = Counter(lines_of(base))
        for version in (theirs, mine):
            written = Counter(lines_of(version)) - began
            assert written <= offered, (written - offered, offered)

    @quick
    @given(TEXTS, TEXTS, TEXTS)
    def test_what_is_put_together_here_is_put_together_in_a_suggestion_too(self, base, theirs, mine):
        """Both stand on the same passages; a suggestion also looks within the lines."""
        found, text = put_together(base, theirs, mine)
        merge = text_merge("".join(lines_of(base)), "".join(lines_of(mine)), "".join(lines_of(theirs)))
        if not conflicts(found):
            assert merge.clean
            assert merge.text.removesuffix("\n") == text

    @quick
    @given(TEXTS, TEXTS)
    def test_who_alone_changed_something_has_it_so(self, base, mine):
        for theirs, own in ((base, mine), (mine, base), (mine, mine)):
            found, text = put_together(base, theirs, own)
            assert not conflicts(found)
            assert text == mine.removesuffix("\n")

    @quick
    @given(TEXTS, TEXTS, TEXTS)
    def test_it_does_not_matter_who_was_first(self, base, theirs, mine):
        one = passages_of(base=base, theirs=theirs, mine=mine)
        other = passages_of(base=base, theirs=mine, mine=theirs)
        assert one == [Passage(each.base, each.mine, each.theirs) for each in other]

    @quick
    @given(TEXTS, TEXTS, TEXTS)
    def test_choosing_one_side_everywhere_keeps_all_that_side_wrote(self, base, theirs, mine):
        found = passages_of(base=base, theirs=theirs, mine=mine)
        for side, version in ((MINE, mine), (THEIRS, theirs)):
            text = resolved(found, choices=dict.fromkeys(range(len(found)), side), words={})
            written = Counter(lines_of(version)) - Counter(lines_of(base))
            assert written <= Counter(lines_of(f"{text}\n"))

    @quick
    @given(TEXTS, TEXTS)
    def test_without_the_beginning_nothing_of_either_is_taken_for_removed(self, theirs, mine):
        found = passages_of(base=common_text(one=theirs, other=mine), theirs=theirs, mine=mine)
        offered = Counter(line for one in found for line in lines_of(one.merged))
        assert Counter(lines_of(theirs)) <= offered
        assert Counter(lines_of(mine)) <= offered

    @quick
    @given(TEXTS)
    def test_lines_are_the_text(self, text):
        assert "".join(lines_of(text)).removesuffix("\n") == text.removesuffix("\n")


NAMES = st.lists(st.sampled_from("abcdef"), unique=True, max_size=5)


class TestSets:
    def test_what_either_added_is_in_and_what_either_took_out_is_not(self):
        assert merged_set(base=["a", "b", "c"], theirs=["a", "b", "d"], mine=["b", "c", "e"]) == ["b", "d", "e"]

    @quick
    @given(NAMES, NAMES, NAMES)
    def test_both_changes_are_made(self, base, theirs, mine):
        both = set(merged_set(base=base, theirs=theirs, mine=mine))
        for changed in (theirs, mine):
            assert set(changed) - set(base) <= both
            assert not (set(base) - set(changed)) & both
        assert both <= set(theirs) | set(mine)
