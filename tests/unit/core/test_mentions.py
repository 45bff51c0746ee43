"""Where an @ names a member, how far the name reaches, and that any text with any names stays harmless."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.core.markdown import render_markdown, render_mentioning
from portal.core.mentions import MOST, name_candidates

from .test_markdown import HOSTILE, assert_harmless

KNOWN = {"kenji", "mira.h", "健二", "иван", "a-b"}


def look(names):
    """Members by name; the path has what a name may have."""
    return {name: f"/en/members/{name}/" for name in names if name in KNOWN}


def named(text):
    return render_mentioning(text, members=look)[1]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("@kenji", ["kenji"]),
        ("Thank you, @kenji!", ["kenji"]),
        ("Ask @kenji. He knows.", ["kenji"]),
        ("(@kenji)", ["kenji"]),
        ("@kenji's hub", ["kenji"]),
        ("**@kenji**", ["kenji"]),
        ("> @kenji", ["kenji"]),
        ("- @kenji\n- @mira.h", ["kenji", "mira.h"]),
        ("@kenji and @kenji", ["kenji"]),
        ("@mira.h.", ["mira.h"]),
        ("@a-b-", ["a-b"]),
        ("@иван, спасибо", ["иван"]),
        ("@иванов", []),
        ("これは@kenjiさんの質問です", ["kenji"]),
        ("@健二さん、どうぞ", ["健二"]),
        ("@健さん", []),
        ("مرحبا @kenji،", ["kenji"]),
        ("| a |\n|---|\n| @kenji |", ["kenji"]),
    ],
)
def test_a_member_is_named(text, names):
    assert named(text) == names


@pytest.mark.parametrize(
    "text",
    [
        "`@kenji`",
        "```\n@kenji\n```",
        "    @kenji",
        "<code>@kenji</code>",
        "<pre>@kenji</pre>",
        "<kbd>@kenji</kbd> is a key",
        "[@kenji](https://example.org)",
        '<a href="/x">@kenji</a>',
        "me@kenji",
        "me@kenji.example",
        "https://social.example/@kenji",
        "@@kenji",
        "\\@kenji",
        "#@kenji",
        "@nobody",
        "@",
        "@ kenji",
        "![@kenji](/media/x.png)",
        '<img src="/media/x.png" alt="@kenji">',
    ],
)
def test_nobody_is_named(text):
    assert named(text) == []


def test_a_name_is_a_link_to_its_page_and_the_rest_stays():
    html = render_markdown("これは@kenjiさんの質問です", members=look)
    assert '<a href="/en/members/kenji/" rel="nofollow ugc noopener noreferrer">@kenji</a>さん' in html


def test_without_anybody_to_look_up_it_is_text():
    assert render_markdown("@kenji") == "<p>@kenji</p>\n"


def test_an_address_stays_one():
    assert 'href="mailto:me@kenji.org"' in render_markdown("me@kenji.org", members=look)


def test_only_so_many_in_one_text():
    many = {f"member{number}" for number in range(MOST + 5)}
    text = " ".join(f"@{name}" for name in sorted(many)) + " @member0"
    html, found = render_mentioning(text, members=lambda names: {name: "/x/" for name in names if name in many})
    assert len(found) == MOST
    assert html.count("<a ") == MOST + ("member0" in found)


def test_all_names_of_a_text_are_looked_up_at_once():
    asked = []

    def counted(names):
        asked.append(names)
        return look(names)

    render_mentioning("@kenji @mira.h @nobody", members=counted)
    render_mentioning("nobody at all", members=counted)
    assert len(asked) == 1


@given(st.text(alphabet="abc.+-_さ健иь", min_size=1, max_size=60))
def test_candidates_are_beginnings_the_longest_first(run):
    found = name_candidates(run)
    assert found[0] == run
    assert all(run.startswith(name) for name in found)
    assert [len(name) for name in found] == sorted({len(name) for name in found}, reverse=True)


@settings(max_examples=200)
@given(
    st.lists(
        st.one_of(
            HOSTILE,
            st.sampled_from(["@kenji", "@健二さん", "@иван", "`", "```\n", "<code>", "\n\n", "[", "]("]),
            st.text(max_size=12),
        ),
        max_size=10,
    ).map(" ".join)
)
def test_any_text_that_names_anybody_is_harmless(text):
    html, found = render_mentioning(text, members=look)
    assert_harmless(html)
    assert set(found) <= KNOWN
    for name in found:
        assert f">@{name}</a>" in html


@settings(max_examples=100)
@given(st.text(max_size=60))
def test_text_without_an_at_is_rendered_as_ever(text):
    text = text.replace("@", "")
    assert render_markdown(text, members=look) == render_markdown(text)
