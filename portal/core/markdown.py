"""Members' Markdown and foreign HTML made into the HTML that pages show.

One path for everything a person writes: markdown-it-py renders, nh3 cleans, links and pictures are made safe. The
live preview uses the same function, so that what is shown before is what stands there after.
"""

import re
from functools import cache
from html import escape
from typing import Any
from urllib.parse import urlsplit

import nh3
from markdown_it import MarkdownIt
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

from .mentions import Members, mention_plugin, mentions_resolve

TAGS = {
    "a", "abbr", "b", "blockquote", "br", "code", "dd", "del", "dl", "dt", "em", "h1", "h2", "h3", "h4", "h5", "h6",
    "hr", "i", "img", "ins", "kbd", "li", "ol", "p", "pre", "q", "s", "samp", "span", "strong", "strike", "sub", "sup",
    "table", "tbody", "td", "th", "thead", "tr", "ul", "var", "div",
}  # fmt: skip
ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "alt", "title", "width", "height"},
    "ol": {"start"},
    "pre": {"data-language"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
}
CODE_CLASS = re.compile(r"^(hl|[a-z][a-z0-9]?[a-z0-9]?|language-[\w+#-]{1,30})$")
LABEL = re.compile(r"^[\w+#./() -]{1,40}$")
# Some lexers take long for long texts; a listing of this size is read for its words, not its colours.
COLOURED_LONGEST = 30_000
FORMATTER = HtmlFormatter(nowrap=True)
PICTURE = re.compile(r"<img\b([^>]*)>")
ATTRIBUTE = re.compile(r'(\w+)="([^"]*)"')
HEADINGS = {"h1": "h3", "h2": "h3", "h3": "h4", "h4": "h5", "h5": "h6", "h6": "h6"}
HEADING = re.compile(r"<(/?)(h[1-6])>")


def _code(text: str, language: str, _attrs: str) -> str:
    """Returns a block of code for markdown-it: coloured where the language is known, labelled where one is named."""
    try:
        lexer = get_lexer_by_name(language) if language else None
    except ClassNotFound:
        lexer = None
    label = str(lexer.name) if lexer else language
    shown = highlight(text, lexer, FORMATTER) if lexer and len(text) <= COLOURED_LONGEST else escape(text)
    named = f' data-language="{escape(label)}"' if LABEL.match(label) else ""
    return f'<pre class="hl"{named}><code>{shown}</code></pre>'


@cache
def _parser() -> MarkdownIt:
    options = {"html": True, "linkify": True, "highlight": _code}
    parser = MarkdownIt("commonmark", options).enable(["table", "strikethrough", "linkify"])
    return parser.use(mention_plugin)


def _kept(tag: str, name: str, value: str) -> str | None:
    if name == "class":
        kept = [word for word in value.split() if CODE_CLASS.match(word)]
        return " ".join(kept) if kept and tag in ("pre", "span", "code") else None
    if name == "data-language":
        return value if LABEL.match(value) else None
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
        return f'<img{match.group(1)} loading="lazy">'
    words = found.get("alt") or source
    return f'<a href="{source}" rel="nofollow ugc noopener noreferrer">{words}</a>' if source else words


@cache
def _cleaner() -> nh3.Cleaner:
    attributes: dict[str, set[str]] = {tag: set(names) for tag, names in ATTRIBUTES.items()}
    for tag in ("pre", "span", "code"):
        attributes.setdefault(tag, set()).add("class")
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


def render_markdown(text: str, *, members: Members | None = None) -> str:
    """Returns the safe HTML of a member's Markdown. members: looks up who is mentioned; None links nobody."""
    return render_mentioning(text, members=members)[0]


def render_mentioning(text: str, *, members: Members | None = None) -> tuple[str, list[str]]:
    """Returns the safe HTML of a member's Markdown, and the names of the members that it mentions."""
    parser, env = _parser(), dict[str, Any]()
    tokens = parser.parse(text, env)
    named = mentions_resolve(tokens, members) if members is not None else []
    html = clean_html(parser.renderer.render(tokens, parser.options, env))
    # Cleaning may take away what a name stood in: nobody is told of a mention that nobody can read.
    return html, [name for name in named if f">@{name}</a>" in html]


def plain_text(html: str) -> str:
    """Returns the words of cleaned HTML, blocks parted by a space (for search and excerpts)."""
    spaced = re.sub(r"</?(?:p|li|pre|h[1-6]|td|th|tr|br|blockquote|div|dd|dt)\b[^>]*>", " ", html)
    stripped = nh3.clean(spaced, tags=set())
    words = stripped.replace("&lt;", "<").replace("&gt;", ">").replace("&nbsp;", " ").replace("&amp;", "&")
    return " ".join(words.split())


def shortened(words: str, longest: int) -> str:
    """Returns the first ``longest`` characters of some words, with an ellipsis where there are more."""
    return words[:longest] + ("…" if len(words) > longest else "")
