"""Rendering posts anew from what was written: after a new release draws something better, or a member left."""

from collections.abc import Sequence

from django.db import transaction

from portal.core.bulk import rows_update
from portal.core.markdown import clean_html
from portal.questions.indexing import questions_changed
from portal.questions.models import Answer, Comment, Post, Question
from portal.questions.selectors.bodies import body_html

from .holding import rows_hold

Kind = type[Question] | type[Answer] | type[Comment]


@transaction.atomic
def posts_render(*, kind: Kind, ids: Sequence[int]) -> int:
    """Draws the HTML of these posts anew and returns how many differed. Their words, versions and times stay.

    Markdown is rendered as if it were written now; what an import brought as HTML is cleaned again.
    """
    differed: list[Post] = []
    found = rows_hold(kind._default_manager.filter(pk__in=list(ids)))
    for post in found.only("body", "body_html", "body_format", "language"):
        markdown = post.body_format == Post.Format.MARKDOWN
        html = body_html(post.body, language=post.language) if markdown else clean_html(post.body)
        if html != post.body_html:
            post.body_html = html
            differed.append(post)
    rows_update(model=kind, objects=differed, names=["body_html"])
    column = "pk" if kind is Question else "question_id"
    if differed and kind is not Comment:
        rows = kind.objects.filter(pk__in=[post.pk for post in differed])
        questions_changed(sorted(set(rows.values_list(column, flat=True))))
    return len(differed)
