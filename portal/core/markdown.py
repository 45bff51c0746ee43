"""Members' Markdown and foreign HTML made into the HTML that pages show.

One path for everything a person writes: markdown-it-py renders, nh3 cleans, links and pictures are made safe. The
live preview uses the same function, so that what is shown before is what stands there after.
"""

import re
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import nh3
from markdown_it import MarkdownIt
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

TAGS = {
    "a", "abbr", "b", "blockquote", "br", "code", "dd", "del", "dl", "dt", "em", "h1", "h2", "h3", "h4", "h5", "h6",
    "hr", "i", "img", "ins", "kbd", "li", "ol", "p", "pre", "q", "s", "samp", "span", "strong", "strike", "sub", "sup",
    "table", "tbody", "td", "th", "thead", "tr", "ul", "var", "div",
}  # fmt: skip
ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "alt", "title", "width", "height"},
    "ol": {"start"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
}
CODE_CLASS = re.compile(r"^(hl|[a-z][a-z0-9]?[a-z0-9]?|language-[\w+#-]{1,30})$")
PICTURE = re.compile(r"<img\b([^>]*)>")
ATTRIBUTE = re.compile(r'(\w+)="([^"]*)"')
HEADINGS = {"h1": "h3", "h2": "h3", "h3": "h4", "h4": "h5", "h5": "h6", "h6": "h6"}
HEADING = re.compile(r"<(/?)(h[1-6])>")


def _code(text: str, language: str, _attrs: str) -> str:
    """Returns highlighted code for markdown-it, or an empty string where the language is unknown."""
    try:
        lexer = get_lexer_by_name(language) if language else None
    except ClassNotFound:
        lexer = None
    if lexer is None:
        return ""
    return f'<pre class="hl"><code>{highlight(text, lexer, HtmlFormatter(nowrap=True))}</code></pre>'


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": True, "linkify": True, "highlight": _code}).enable(
        ["table", "strikethrough", "linkify"]
    )


def _kept(tag: str, name: str, value: str) -> str | None:
    if name == "class":
        kept = [word for word in value.split() if CODE_CLASS.match(word)]
        return " ".join(kept) if kept and tag in ("pre", "span", "code") else None
    if tag == "img" and name in ("width", "height"):
        return value if value.isascii() and value.isdigit() and len(value) < 5 else None
    return value


def _own(address: str) -> bool:
    """Whether an address lies on this site: a path without a host."""
    parts = urlsplit(address)
    return not parts.scheme and not parts.netloc and address.startswith("/")


def _picture(match: re.Match[str]) -> str:
    """Keeps a picture of our own; one that lies elsewhere becomes a link (no page loads from a third party)."""
    found: dict[str, str] = dict(ATTRIBUTE.findall(match.group(1)))
    source = found.get("src", "")
    try:
        own = _own(source)
    except ValueError:
        own, source = False, ""
    if own:
        return match.group(0)
    words = found.get("alt") or source
    return f'<a href="{source}" rel="nofollow ugc noopener noreferrer">{words}</a>' if source else words


@cache
def _cleaner() -> nh3.Cleaner:
    attributes: dict[str, set[str]] = {tag: set(names) for tag, names in ATTRIBUTES.items()}
    for tag in ("pre", "span", "code"):
        attributes[tag] = {"class"}
    options: dict[str, Any] = {
        "tags": TAGS,
        "attributes": attributes,
        "attribute_filter": _kept,
        "url_schemes": {"http", "https", "mailto"},
        "link_rel": "nofollow ugc noopener noreferrer",
        "strip_comments": True,
    }
    return nh3.Cleaner(**options)


def clean_html(html: str) -> str:
    """Returns foreign HTML with only what a post may hold: no script, style, frame, handler or third-party picture."""
    cleaned = _cleaner().clean(html)
    if "<img" in cleaned:
        cleaned = PICTURE.sub(_picture, cleaned)
    # A page has its own h1 and h2: what members write begins below them.
    return HEADING.sub(lambda m: f"<{m.group(1)}{HEADINGS[m.group(2)]}>", cleaned) if "<h" in cleaned else cleaned


def render_markdown(text: str) -> str:
    """Returns the safe HTML of a member's Markdown."""
    return clean_html(_parser().render(text))


def plain_text(html: str) -> str:
    """Returns the words of cleaned HTML, blocks parted by a space (for search and excerpts)."""
    spaced = re.sub(r"</?(?:p|li|pre|h[1-6]|td|th|tr|br|blockquote|div|dd|dt)\b[^>]*>", " ", html)
    stripped = nh3.clean(spaced, tags=set())
    words = stripped.replace("&lt;", "<").replace("&gt;", ">").replace("&nbsp;", " ").replace("&amp;", "&")
    return " ".join(words.split())
