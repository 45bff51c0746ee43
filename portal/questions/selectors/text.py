"""The words of a post as its author can change them."""

import re

from django.conf import settings
from markdownify import markdownify

from portal.questions.models import Post, Revision


def markdown_source(post: Post | Revision) -> str:
    """Returns the Markdown of a post; what an import brought as HTML is turned into Markdown (by markdownify)."""
    if post.body_format == Post.Format.MARKDOWN:
        return post.body
    return str(markdownify(post.body, heading_style="ATX", bullets="-")).strip()


SCRIPTS = {
    "ja": re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]"),
    "ru": re.compile(r"[\u0400-\u04ff]"),
    "ar": re.compile(r"[\u0600-\u06ff]"),
    "en": re.compile(r"[A-Za-z]"),
}
CODE = re.compile(r"```.*?```|`[^`]*`|https?://\S+|@\w+", re.DOTALL)


def written_language(body: str, *, default: str) -> str:
    """Returns the language of a short text, as far as its script tells: that of most letters, outside of code.

    default: for a text without letters, in a script of several languages, or too mixed to say.
    """
    words = CODE.sub(" ", body)
    counts = {code: len(pattern.findall(words)) for code, pattern in SCRIPTS.items()}
    letters = sum(counts.values())
    code = max(counts, key=lambda each: counts[each])
    if not letters or counts[code] < 0.6 * letters or code not in dict(settings.LANGUAGES):
        return default
    # Latin letters are those of many languages: only where the question is in another script do they say English.
    latin = code == "en" and default not in ("ja", "ru", "ar")
    return default if latin else code
