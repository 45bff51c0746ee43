"""Whatever is written: the renderer never fails, what it gives runs nothing, loads nothing and comes in fair time."""

import time
from html import unescape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.core.link_cards import with_link_cards
from portal.core.markdown import clean_html, plain_text, render_markdown, render_mentioning

from .test_markdown import HOSTILE, Found, assert_harmless

LOADS = {"src", "srcset", "poster", "background", "data", "action", "formaction", "style", "ping", "xlink:href"}
MARKS = st.sampled_from(
    ["*", "_", "`", "```", "~~~", "[", "](", ")", "!", "<", ">", "</", "<!--", "-->", "&#", ";", "|", "\n|-|\n", "\n\n",
     "\t", "    ", "\\", "@", "@a", "http://", "https://x.example/", "//", "javascript:", "data:", "\u202e", "\u200b",
     "\ud7ff", "\ufffe", "\U0001f469\u200d\U0001f527", "\x00", "\x1b", "\r\n", "<img src=", "onerror=", "'", '"'],
)  # fmt: skip
TEXTS = st.lists(st.one_of(MARKS, HOSTILE, st.text(max_size=8)), max_size=25).map("".join)
LONG = {
    "open brackets": "[" * 5_000,
    "pictures without an end": "![" * 3_000,
    "quotes in quotes": ">" * 1_000 + " a",
    "stars": "*a " * 3_000 + "**" * 1_000,
    "ticks": "`" * 1_001 + "a" + "`" * 999,
    "tags without an end": "<a " * 3_000,
    "remarks": "<!--" * 3_000,
    "entities": "&#x" * 3_000,
    "lists in lists": "".join(" " * depth + "- a\n" for depth in range(150)),
    "mentions": "@" * 5_000 + "@a" * 2_000,
    "addresses": "http://a.example/" * 1_500,
    "a table": "|a" * 500 + "\n" + "|-" * 500 + "\n" + ("|b" * 500 + "\n") * 5,
}


def loaded(html):
    """What a browser would fetch by itself on showing this."""
    return [value for tag, name, value in Found(html).attributes if name in LOADS and tag != "a"]


@settings(max_examples=250)
@given(TEXTS)
def test_no_text_makes_the_renderer_fail_run_or_load_from_elsewhere(text):
    html, _named = render_mentioning(text, members=lambda names: dict.fromkeys(names, "/en/members/a/"))
    assert_harmless(html)
    found = Found(html)
    assert not {"script", "iframe", "object", "embed", "link", "meta", "base", "form", "svg", "style"} & found.tags
    assert not [name for _tag, name, _value in found.attributes if name.startswith("on")]
    assert all(value.startswith("/") and not value.startswith(("//", "/\\")) for value in loaded(html))
    for tag, name, value in found.attributes:
        if tag == "a" and name == "href":
            assert not value.strip().lower().startswith(("javascript:", "data:", "vbscript:"))


@settings(max_examples=150)
@given(TEXTS)
def test_what_is_drawn_can_be_cleaned_carded_and_read_without_changing_its_nature(text):
    html = render_markdown(text)
    assert_harmless(clean_html(html))
    assert with_link_cards([html]) == [html] or "127.0.0.1" in html or "localhost" in html
    words = plain_text(html)
    assert "\n" not in words and words == words.strip()


@settings(max_examples=100)
@given(TEXTS)
def test_a_link_to_another_site_gives_it_nothing(text):
    html = render_markdown(f"[words](https://evil.example/) {text}")
    found = Found(html)
    links = sum(name == "href" for tag, name, _value in found.attributes if tag == "a")
    polite = [value for tag, name, value in found.attributes if (tag, name) == ("a", "rel")]
    assert len(polite) >= links
    assert all({"nofollow", "ugc", "noopener", "noreferrer"} <= set(value.split()) for value in polite)


@pytest.mark.parametrize("text", LONG.values(), ids=LONG)
def test_texts_made_to_tire_it_are_drawn_in_fair_time(text):
    began = time.process_time()
    assert_harmless(render_markdown(text))
    assert time.process_time() - began < 3


@given(st.text(alphabet="ab<>&\"'@*_[]()!:/-健ж ", max_size=60))
def test_what_stands_in_code_stays_as_it_was_written(code):
    html = render_markdown(f"```\n{code}\n```", members=lambda names: dict.fromkeys(names, "/en/members/a/"))
    assert Found(html).tags == {"pre", "code"}
    assert unescape(html.partition("<code>")[2].rpartition("</code>")[0]) == f"{code}\n"
