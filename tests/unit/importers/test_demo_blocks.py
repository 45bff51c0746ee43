"""Blocks of the demo's files become the raw data of an article's body."""

import json
from uuid import UUID

import pytest

from portal.importers.demo.blocks import rich_text, stream_data
from portal.importers.demo.content import Block, Code, read_content
from portal.knowledge.models import ArticlePage

KEY = UUID("00000000-0000-4000-8000-000000000001")
OTHER = UUID("00000000-0000-4000-8000-000000000002")
BODY = ArticlePage._meta.get_field("body").stream_block


def raw(*blocks, key=KEY, images=None):
    return stream_data(list(blocks), key=key, images=images or {"overview": 7})


def value(block):
    return raw(block)[0]["value"]


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("plain", "<p>plain</p>"),
        ("**bold** and *soft*", "<p><b>bold</b> and <i>soft</i></p>"),
        ("- a\n- b", "<ul><li>a</li><li>b</li></ul>"),
        ("one\n\ntwo", "<p>one</p><p>two</p>"),
        ("`code`", "<p><code>code</code></p>"),
        ("1 < 2 & 3", "<p>1 &lt; 2 &amp; 3</p>"),
        ("", ""),
    ],
)
def test_markdown_as_rich_text(markdown, html):
    assert rich_text(markdown) == html


def test_markup_in_the_content_is_cleaned():
    assert "script" not in rich_text("<script>alert(1)</script>hello")
    assert "onclick" not in rich_text('<b onclick="x()">hello</b>')


def test_a_heading():
    assert value(Block("heading", "Before you begin")) == {"text": "Before you begin", "level": "h2"}


def test_a_picture_names_its_image():
    block = Block("image", {"drawing": "overview", "alt": "a hub", "caption": "1 hub"})
    assert value(block) == {"image": 7, "alt": "a hub", "caption": "1 hub"}


def test_a_picture_without_an_image_is_an_error():
    with pytest.raises(KeyError):
        value(Block("image", {"drawing": "nothing", "alt": "", "caption": ""}))


def test_code_ends_without_an_empty_line():
    assert value(Block("code", Code(language="bash", code="ls\n\n"))) == {
        "language": "bash",
        "filename": "",
        "code": "ls",
    }


@pytest.mark.parametrize(("kind", "kept"), [("note", "info"), ("tip", "tip"), ("warning", "warning")])
def test_a_callout(kind, kept):
    found = value(Block("callout", {"kind": kind, "text": "Mind the **gap**."}))
    assert found == {"kind": kept, "title": "", "text": "<p>Mind the <b>gap</b>.</p>"}


def test_a_callout_of_an_unknown_kind_is_an_error():
    with pytest.raises(KeyError):
        value(Block("callout", {"kind": "joke", "text": "x"}))


def test_steps_have_ids_of_their_own():
    steps = value(Block("steps", [{"title": "*One*", "text": "a"}, {"title": "Two", "text": "b"}]))["steps"]
    assert [step["value"]["title"] for step in steps] == ["One", "Two"]
    assert steps[0]["value"]["text"] == "<p>a</p>"
    assert len({step["id"] for step in steps}) == 2


def test_a_table_begins_with_its_head():
    table = value(Block("table", {"caption": "Codes", "head": ["Code"], "rows": [["E-12"], ["E-17"]]}))
    assert table["data"] == [["Code"], ["E-12"], ["E-17"]]
    assert (table["table_caption"], table["table_header_choice"]) == ("Codes", "row")
    assert table["first_row_is_table_header"] and not table["first_col_is_header"]


def test_an_unknown_block_is_an_error():
    with pytest.raises(ValueError, match="video"):
        value(Block("video", "x"))


def test_ids_depend_on_article_and_place_only():
    english = raw(Block("heading", "Hub"), Block("text", "words"))
    russian = raw(Block("heading", "Хаб"), Block("text", "слова"))
    assert [block["id"] for block in english] == [block["id"] for block in russian]
    assert len({block["id"] for block in english}) == 2
    elsewhere = raw(Block("heading", "Hub"), key=OTHER)
    assert elsewhere[0]["id"] != english[0]["id"]


@pytest.mark.parametrize("article", read_content().articles, ids=lambda article: article.key)
def test_wagtail_takes_the_data_as_it_is(article):
    """What is stored is what the body itself would store: opening a page in the CMS changes nothing."""
    for version in article.versions.values():
        data = [
            block
            for block in stream_data(version.blocks, key=KEY, images=dict.fromkeys(["unused"], 1) | _images(version))
            if block["type"] != "image"  # the only kind that needs a row in the database
        ]
        stored = BODY.get_prep_value(BODY.to_python(data))
        assert json.loads(json.dumps(stored)) == data


def _images(version):
    return {block.value["drawing"]: 1 for block in version.blocks if block.kind == "image"}


@pytest.mark.parametrize("article", read_content().articles, ids=lambda article: article.key)
def test_lengths_fit_the_cms(article):
    """An editor who opens a page can save it: no text is longer than its field."""
    for version in article.versions.values():
        assert len(version.summary) <= ArticlePage._meta.get_field("summary").max_length
        assert len(version.title) <= 255
        for block in version.blocks:
            if block.kind == "heading":
                assert len(block.value) <= 160
            elif block.kind == "image":
                assert len(block.value["alt"]) <= 250 and len(block.value["caption"]) <= 250
            elif block.kind == "steps":
                assert all(len(step["title"]) <= 160 for step in block.value)
