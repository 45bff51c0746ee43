"""What members write becomes HTML that can do nothing but be read."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.core.markdown import ATTRIBUTES, TAGS, clean_html, plain_text, render_markdown

HOSTILE = st.sampled_from(
    [
        "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "[x](javascript:alert(1))", "<svg onload=a>",
        "<iframe src=//x>", "<a href='data:text/html,x'>x</a>", "<style>*{}</style>", "<math><mi//xlink:href='x'>",
        "![a](//evil.example/x.png)", "<a style='x' class='y' onclick=z href=/ok>k</a>", "<!--><script>x</script>-->",
        "<form action=/x><button>y</button></form>", "<base href=//x>", "<meta http-equiv=refresh>", "\x00", "<p",
        "<img src='/media/a.png' alt='\"><script>'>", "<object data=x>", "&#106;avascript:x",
        "`<script>`", "```\n<b>\n```",
    ]
)  # fmt: skip
TEXTS = st.lists(st.one_of(HOSTILE, st.text(max_size=30)), max_size=8).map(" ".join)


class Found(HTMLParser):
    """The tags and attributes of a piece of HTML."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.attributes = set(), []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]


def assert_harmless(html):
    found = Found(html)
    assert found.tags <= TAGS
    allowed = {(tag, name) for tag, names in ATTRIBUTES.items() for name in names}
    allowed |= {("a", "rel"), ("img", "loading")} | {(tag, "class") for tag in ("pre", "span", "code")}
    for tag, name, value in found.attributes:
        assert (tag, name) in allowed
        if name == "href":
            assert re.match(r"(https?:|mailto:|[^:]*$|[/#?])", value.strip(), re.I), value
        if name == "src":
            assert value.startswith("/")
            assert not value.startswith("//")


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_any_markdown_is_harmless(text):
    assert_harmless(render_markdown(text))


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_any_foreign_html_is_harmless_and_cleaning_twice_changes_nothing(text):
    once = clean_html(text)
    assert_harmless(once)
    assert_harmless(clean_html(once))


@settings(max_examples=200, deadline=None)
@given(TEXTS)
def test_plain_text_has_no_tags(text):
    words = plain_text(clean_html(text))
    assert words == " ".join(words.split())


class TestMarkdown:
    def test_the_usual_marks(self):
        html = render_markdown("**b** *i* ~~s~~ `c`\n\n- one\n- two\n\n| a | b |\n|---|---|\n| 1 | 2 |")
        for piece in ("<strong>b</strong>", "<em>i</em>", "<s>s</s>", "<code>c</code>", "<li>one</li>", "<td>1</td>"):
            assert piece in html

    def test_bare_addresses_become_links(self):
        assert '<a href="https://example.org/x"' in render_markdown("see https://example.org/x please")

    def test_links_tell_robots_not_to_follow(self):
        html = render_markdown("[x](https://example.org)")
        assert 'rel="nofollow ugc noopener noreferrer"' in html

    def test_code_of_a_known_language_is_coloured_and_of_an_unknown_one_kept(self):
        assert '<span class="k">' in render_markdown("```python\ndef f(): pass\n```")
        plain = render_markdown("```nonsense\na < b\n```")
        assert "a &lt; b" in plain
        assert "<span" not in plain

    @pytest.mark.parametrize(
        ("fence", "label"),
        [
            ("python", "Python"),
            ("js", "JavaScript"),
            ("c++", "C++"),
            ("nonsense", "nonsense"),
            ("", None),
            ('"><b', None),
        ],
    )
    def test_code_says_its_language(self, fence, label):
        html = render_markdown(f"```{fence}\nx = 1\n```")
        found = [value for tag, name, value in Found(html).attributes if (tag, name) == ("pre", "data-language")]
        assert found == ([label] if label else [])
        assert '<pre class="hl"' in html

    def test_a_listing_beyond_measure_is_kept_without_colours(self):
        html = render_markdown("```python\n" + "x = 1\n" * 10_000 + "```")
        assert "<span" not in html and html.count("x = 1") == 10_000

    def test_foreign_html_cannot_name_a_language_that_is_none(self):
        assert "data-language" not in clean_html('<pre data-language="<b>&quot;">x</pre>')
        assert "data-language" not in clean_html('<p data-language="python">x</p>')

    def test_headings_begin_below_those_of_the_page(self):
        html = render_markdown("# One\n\n###### Six")
        assert "<h3>One</h3>" in html
        assert "<h6>Six</h6>" in html

    def test_pictures_from_elsewhere_become_links_and_ours_stay(self):
        html = render_markdown("![a cat](https://example.org/cat.png) ![ours](/media/x.png)")
        assert '<a href="https://example.org/cat.png"' in html
        assert ">a cat</a>" in html
        assert '<img src="/media/x.png" alt="ours" loading="lazy">' in html

    @pytest.mark.parametrize("source", ["//evil.example/x.png", "https://evil.example/x.png", "http://[bad/x.png"])
    def test_no_page_loads_a_picture_of_a_third_party(self, source):
        assert "<img" not in clean_html(f'<img src="{source}" alt="x">')

    def test_classes_that_could_dress_up_as_ours_are_dropped(self):
        assert "class" not in clean_html('<code class="button button-primary">x</code>')
        assert 'class="language-python"' in clean_html('<code class="language-python">x</code>')

    def test_words_of_blocks_do_not_run_together(self):
        assert plain_text("<p>one</p><p>two</p><ul><li>three</li><li>a &amp; b</li></ul>") == "one two three a & b"

    def test_entities_are_words_again_only_once(self):
        assert plain_text("<p>&amp;lt;b&amp;gt;</p>") == "&lt;b&gt;"
