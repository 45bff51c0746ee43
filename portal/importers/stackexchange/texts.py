"""The texts of a dump made into what pages show."""

import re
from functools import cache

from markdown_it import MarkdownIt

from portal.core.markdown import clean_html

# [tag:x], [help], [ask] and their like are short for links at the source.
SHORTHAND = re.compile(r"\[(?:meta-)?tag:([^\]\s]{1,60})\]")


@cache
def _inline() -> MarkdownIt:
    """Returns a parser for comments: what stands in one line, and no HTML, for none counts in comments there."""
    return MarkdownIt("commonmark", {"html": False, "linkify": True, "breaks": True}).enable(["linkify"])


def comment_html(text: str) -> str:
    """Returns the safe HTML of a comment's inline Markdown."""
    shown = SHORTHAND.sub(lambda match: f"`{match.group(1)}`", text)
    return clean_html(f"<p>{_inline().renderInline(shown)}</p>")


def site_links(hosts: tuple[str, ...]) -> re.Pattern[str]:
    """Returns a pattern of links to the site's own posts: group 2 is q, a or questions, 3 and 4 the ids named."""
    names = "|".join(re.escape(host) for host in hosts)
    host = rf"(?:(?:https?:)?//(?:www\.)?(?:{names}))?" if names else ""
    return re.compile(
        rf'href="({host}/(q|a|questions)/(\d{{1,18}})(?:/[^"/#?]*)?(?:/(\d{{1,18}}))?(?:\?[^"#]*)?(?:#[^"]*)?)"'
    )
