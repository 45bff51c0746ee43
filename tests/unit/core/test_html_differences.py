"""How rendered posts differ: both can be read back, and what is marked is as well-formed as what was given."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.core.html_differences import EMPTY, html_blocks, html_difference, html_words
from portal.core.markdown import clean_html, render_markdown

PART = st.sampled_from(
    [
        "Press **the** red button.", "Press *the* green button.", "- one\n- two", "- one\n- three\n  - four", "> said",
        "```python\nx = 1 < 2\n```", "    code & more", "[link](https://example.org/?a=1&b=2)", "![pic](/media/a.png)",
        "| a | b |\n|---|---|\n| 1 | 2 |", "# Title", "***", "電源を入れる", "اضغط على الزر", "a<br>b", "1 > 0 & 2 < 3",
        "<b title=\"x > y\">bold</b>", "`in < line`", "",
    ]
)  # fmt: skip
POSTS = st.lists(PART, max_size=6).map("\n\n".join)


class Balance(HTMLParser):
    """Fails where an element is closed that is not open, or stays open."""

    def __init__(self, html):
        super().__init__()
        self.open = []
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        if tag not in EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def unmarked(html):
    """The HTML without the marks of a difference (our posts here hold no del and ins of their own)."""
    return re.sub(r"</?(?:del|ins)>", "", html)


@settings(max_examples=120, deadline=None)
@given(POSTS, POSTS)
def test_both_posts_can_be_read_back_and_every_part_is_well_formed(old, new):
    before, after = render_markdown(old), render_markdown(new)
    found = html_difference(before, after)
    assert unmarked("".join(block.old_html for block in found.blocks)).split() == before.split()
    assert unmarked("".join(block.new_html for block in found.blocks)).split() == after.split()
    for block in found.blocks:
        Balance(block.old_html)
        Balance(block.new_html)
        # Marking words lets nothing through that cleaning would take away (which moves headings down once more).
        assert leveled(clean_html(block.new_html)) == leveled(block.new_html)
    assert found.changed == (html_blocks_of(before) != html_blocks_of(after))


def leveled(html):
    """The HTML with all headings alike."""
    return re.sub(r"(</?h)[1-6]", r"\1", html)


def html_blocks_of(html):
    """The blocks without the space around them."""
    return [block.strip() for block in html_blocks(html) if block.strip()]


@settings(max_examples=120, deadline=None)
@given(POSTS)
def test_blocks_and_words_joined_are_the_post(text):
    html = render_markdown(text)
    assert "".join(html_blocks(html)) == html
    assert "".join(html_words(html)) == html
    for block in html_blocks(html):
        Balance(block)


@pytest.mark.parametrize(
    ("old", "new", "marked"),
    [
        ("Press the red button.", "Press the blue button.", "<p>Press the <ins>blue</ins> button.</p>"),
        ("a & b", "a & c", "<p>a &amp; <ins>c</ins></p>"),
        ("- one\n- two", "- one\n- 2", "<ul>\n<li>one</li>\n<li><ins>2</ins></li>\n</ul>"),
        ("x **y** z", "x **q** z", "<p>x <strong><ins>q</ins></strong> z</p>"),
        ("", "new words", "<p><ins>new words</ins></p>"),
    ],
)
def test_what_came_is_marked_inside_its_element(old, new, marked):
    found = html_difference(render_markdown(old), render_markdown(new))
    assert [block.new_html.strip() for block in found.blocks] == [marked]


def test_a_picture_that_came_is_marked():
    found = html_difference("", render_markdown("![red lamp](/media/lamp.png)"))
    assert re.fullmatch(r'<p><ins><img src="/media/lamp.png"[^>]*></ins></p>\s*', found.blocks[0].new_html)


def test_a_change_that_no_reader_sees_is_none():
    assert not html_difference(render_markdown("**a**"), render_markdown("__a__")).changed


def test_a_change_of_emphasis_alone_is_a_change_of_its_block_without_a_mark():
    found = html_difference(render_markdown("so *quiet* is"), render_markdown("so **quiet** is"))
    assert [block.kind for block in found.blocks] == ["changed"]
    assert found.blocks[0].new_html.strip() == "<p>so <strong>quiet</strong> is</p>"


def test_a_sign_in_an_attribute_does_not_end_its_tag():
    html = '<p><a href="/x" title="a > b">go</a> on</p>'
    assert html_words(html)[1] == '<a href="/x" title="a > b">'
    assert html_difference(html, html.replace("on", "off")).blocks[0].new_html == html.replace("on", "<ins>off</ins>")


def test_hostile_words_stay_words():
    old, new = render_markdown("hello"), render_markdown("hello <script>alert(1)</script> &lt;script&gt;")
    for block in html_difference(old, new).blocks:
        assert "<script" not in block.new_html
