"""The words of a post as its author can change them."""

from markdownify import markdownify

from portal.questions.models import Post, Revision


def markdown_source(post: Post | Revision) -> str:
    """Returns the Markdown of a post; what an import brought as HTML is turned into Markdown (by markdownify)."""
    if post.body_format == Post.Format.MARKDOWN:
        return post.body
    return str(markdownify(post.body, heading_style="ATX", bullets="-")).strip()
