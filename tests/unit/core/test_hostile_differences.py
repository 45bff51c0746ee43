"""Hostile HTML compared: whatever two posts hold, their comparison runs nothing and opens nothing.

What compares takes cleaned HTML alone, so each pair goes through cleaning first, as on every page. The strongest
question is whether cleaning the comparison once more would take anything away.
"""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.core.alignment import Budget
from portal.core.differences import Piece
from portal.core.html_differences import EMPTY, html_blocks, html_difference, html_words, marked
from portal.core.markdown import clean_html, render_markdown

ATTACKS = [
    "<script>alert(1)</script>", "<scr<script>ipt>alert(1)</scr</script>ipt>", '<img src=x onerror="alert(1)">',
    "<svg/onload=alert(1)>", '<a href="javascript:alert(1)">go</a>', '<a href="jAvA\tscript:x">go</a>',
    '<iframe srcdoc="<script>1</script>"></iframe>', "<math><mtext><table><mglyph><style><img src=x onerror=1>",
    '<p style="position:fixed">over</p>', '<p id="main" class="button" onclick=x()>named</p>', "<!-- <b> -->",
    "<noscript><p title='</noscript><img src=x onerror=1>'>", "<b><i>crossed</b></i>", "</p></div></section>",
    "<del>gone</del><ins>come</ins>", "<ins", "<del onmouseover=x()>y</del>", '<b title="a > <ins> b">t</b>',
    "<form action=//evil.example><input name=q><button>x</button></form>", "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;img src=x onerror=1&#62;", "&amp;lt;b&amp;gt;", "a < b > c", "\x00<b>\u202eevil\u202c</b>", "<base href=//e>",
    '<a href="//evil.example/\'onmouseover=x()">q</a>', "<plaintext>", "<textarea><b>in</b></textarea>", "<x-y>z</x-y>",
    "<table><tr><td>one<td>two", "<ul><li>one<li>two</ul>", "<pre><code>x = 1 &lt; 2\n</code></pre>",
]  # fmt: skip
WORD = st.sampled_from(
    ["red", "green", "лампа", "電源", "زر", " ", "\n", "&amp;", "<", ">", '"', "'", "<p>", "</p>", "<b>"]
)
HTML = st.lists(st.one_of(st.sampled_from(ATTACKS), WORD), max_size=7).map("".join)
BEHAVIOUR = re.compile(r"^on|^(?:style|srcdoc|id|formaction)$")
RUNS = {"script", "style", "iframe", "svg", "math", "form", "input", "button", "base", "object", "embed", "textarea"}


class Reader(HTMLParser):
    """Reads HTML as a browser would: fails at what runs, and at elements that do not close in order."""

    def __init__(self, html):
        super().__init__(convert_charrefs=True)
        self.open, self.marks, self.text = [], [], ""
        self.feed(html)
        self.close()
        assert self.open == [], html

    def handle_starttag(self, tag, attrs):
        assert tag not in RUNS, tag
        for name, value in attrs:
            assert not BEHAVIOUR.match(name), (tag, name)
            assert "script:" not in re.sub(r"\s", "", value or "").casefold(), value
        if tag not in EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_comment(self, data):
        raise AssertionError(data)

    def handle_data(self, data):
        self.text += data


def settled(html):
    """Cleaned HTML whose headings have moved down as far as they go, without the space between words."""
    return re.sub(r"\s+", " ", re.sub(r"(</?h)[1-6]", r"\1", html)).strip()


@settings(max_examples=150, deadline=None)
@given(HTML, HTML)
def test_nothing_runs_in_a_comparison_of_imported_posts(old, new):
    for block in html_difference(clean_html(old), clean_html(new)).blocks:
        for side in (block.old_html, block.new_html):
            Reader(side)
            assert settled(clean_html(side)) == settled(side)


@settings(max_examples=150, deadline=None)
@given(HTML, HTML)
def test_nothing_runs_in_a_comparison_of_what_members_wrote(old, new):
    for block in html_difference(render_markdown(old), render_markdown(new)).blocks:
        Reader(block.old_html)
        Reader(block.new_html)


@settings(max_examples=100, deadline=None)
@given(HTML, HTML)
def test_a_reader_reads_on_each_side_the_words_of_that_version(old, new):
    before, after = clean_html(old), clean_html(new)
    blocks = html_difference(before, after).blocks
    for side, whole in (("old_html", before), ("new_html", after)):
        read = Reader("".join(getattr(block, side) for block in blocks)).text
        assert read.split() == Reader(whole).text.split()


@settings(max_examples=80, deadline=None)
@given(HTML, HTML, st.integers(0, 200))
def test_with_little_time_it_is_coarse_and_as_harmless(old, new, steps):
    found = html_difference(clean_html(old), clean_html(new), Budget(steps=steps))
    for block in found.blocks:
        Reader(block.old_html)
        Reader(block.new_html)
    assert (
        Reader("".join(block.new_html for block in found.blocks)).text.split() == Reader(clean_html(new)).text.split()
    )


@settings(max_examples=80, deadline=None)
@given(HTML)
def test_a_post_beside_itself_has_no_mark(html):
    cleaned = clean_html(html)
    found = html_difference(cleaned, cleaned)
    assert not found.changed and not found.coarse
    assert {block.kind for block in found.blocks} <= {"same"}
    assert all(block.old_html == block.new_html for block in found.blocks)


@pytest.mark.parametrize("attack", ATTACKS)
def test_each_attack_that_came_is_harmless_alone_and_inside_a_paragraph(attack):
    for post in (attack, f"<p>before {attack} after</p>", f"<ul><li>{attack}</li></ul>"):
        for block in html_difference(clean_html("<p>before after</p>"), clean_html(post)).blocks:
            Reader(block.old_html)
            Reader(block.new_html)


def test_what_runs_is_noticed():
    """What makes the cases above able to fail."""
    for html in ("<script>1</script>", "<p onclick=x()>y</p>", '<a href="java script:x">y</a>', "<p>", "<!-- x -->"):
        with pytest.raises((AssertionError, IndexError)):
            Reader(html)


class TestPieces:
    def test_marks_never_stand_around_a_tag(self):
        pieces = [Piece("<p>", True), Piece("one ", True), Piece("<b>two</b>", True), Piece(" three</p>", False)]
        assert marked(pieces, "ins") == "<p><ins>one </ins><b><ins>two</ins></b> three</p>"

    def test_space_alone_is_not_marked_and_a_picture_is(self):
        pieces = [Piece(" \n", True), Piece('<img src="/a.png" alt="">', True)]
        assert marked(pieces, "del") == ' \n<del><img src="/a.png" alt=""></del>'
        assert marked(pieces[:1], "del") == " \n"

    @pytest.mark.parametrize(
        ("html", "words"),
        [
            ("a&amp;b", ["a", "&amp;", "b"]),
            ("&#x1F44D;!", ["&#x1F44D;", "!"]),
            ("<b>电源</b>", ["<b>", "电", "源", "</b>"]),
            ('<a href="?a=1&amp;b=2">x</a>', ['<a href="?a=1&amp;b=2">', "x", "</a>"]),
            ("1 < 2", ["1", " ", "<", " ", "2"]),
        ],
    )
    def test_an_entity_and_a_tag_are_one_word(self, html, words):
        assert html_words(html) == words

    @pytest.mark.parametrize(
        ("html", "blocks"),
        [
            ("<p>a</p><p>b</p>", ["<p>a</p>", "<p>b</p>"]),
            ("loose<p>a</p>tail", ["loose", "<p>a</p>tail"]),
            ("<ul><li>a</li><li>b</li></ul>\n<hr>\n", ["<ul><li>a</li><li>b</li></ul>\n", "<hr>\n"]),
            ("<p>a<br>b</p>", ["<p>a<br>b</p>"]),
            ("</p>stray", ["</p>stray"]),
            ("", []),
        ],
    )
    def test_the_outermost_elements_are_the_blocks(self, html, blocks):
        assert html_blocks(html) == blocks


class TestWhatIsShown:
    def test_only_the_cell_that_changed_is_marked_in_a_table(self):
        table = "| Lamp | State |\n|---|---|\n| red | {} |\n| blue | off |"
        found = html_difference(render_markdown(table.format("on")), render_markdown(table.format("blinks")))
        assert len(found.blocks) == 1
        assert re.findall(r"<ins>(.*?)</ins>", found.blocks[0].new_html) == ["blinks"]
        assert re.findall(r"<del>(.*?)</del>", found.blocks[0].old_html) == ["on"]

    def test_a_paragraph_put_between_two_is_new_and_the_others_are_the_same(self):
        old, new = render_markdown("First.\n\nLast."), render_markdown("First.\n\nMiddle.\n\nLast.")
        kinds = [(block.kind, bool(block.old_html)) for block in html_difference(old, new).blocks]
        assert kinds == [("same", True), ("new", False), ("same", True)]

    def test_arabic_words_stay_whole_and_japanese_comes_by_the_sign(self):
        arabic = html_difference("<p>اضغط على الزر الأحمر</p>", "<p>اضغط على الزر الأزرق</p>").blocks[0]
        assert arabic.new_html == "<p>اضغط على الزر <ins>الأزرق</ins></p>"
        japanese = html_difference("<p>電源を入れてください</p>", "<p>電源を切ってください</p>").blocks[0]
        assert (japanese.old_html, japanese.new_html) == (
            "<p>電源を<del>入れ</del>てください</p>", "<p>電源を<ins>切っ</ins>てください</p>",
        )  # fmt: skip
