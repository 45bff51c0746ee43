"""Which questions a post speaks of: its links to pages of questions here."""

import re
from html import unescape
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Q

from portal.questions.models import Answer, Comment, Question

HREF = re.compile(r'<a\b[^<>]*?\bhref="([^"]*)"')
PAGE = re.compile(r"(?:/[a-z]{2,3}(?:-[a-z]+)?)?/questions/(\d{1,18})(?:/[^/]*)?/?")
# What a post with more links than this speaks of is a list, not a relation.
MOST = 50


def questions_linked(html: str) -> list[int]:
    """Returns the numbers of the questions that a post's HTML links to, each once, as they come."""
    if "/questions/" not in html:
        return []
    found = (_number(unescape(address)) for address in HREF.findall(html))
    return list(dict.fromkeys(number for number in found if number is not None))[:MOST]


def _number(address: str) -> int | None:
    try:
        parts = urlsplit(address)
        foreign = parts.netloc not in ("", urlsplit(settings.PORTAL_BASE_URL).netloc)
    except ValueError:
        return None
    if foreign or parts.scheme not in ("", "http", "https"):
        return None
    found = PAGE.fullmatch(parts.path)
    return int(found.group(1)) if found else None


def questions_spoken_of(question_id: int) -> set[int]:
    """Returns the questions that a question, its answers and its comments link to, as far as they are there.

    The words of questions that were joined with it count; a link to one that was joined leads where that one is.
    """
    here = {"deleted_at__isnull": True, "body_html__contains": "/questions/"}
    answer = Q(answer__isnull=True) | Q(answer__deleted_at__isnull=True)
    own = Q(pk=question_id) | Q(merged_into=question_id)
    posts = [
        *Question.objects.filter(own, body_html__contains="/questions/").values_list("body_html", flat=True),
        *Answer.objects.filter(question=question_id, **here).values_list("body_html", flat=True),
        *Comment.objects.filter(answer, question=question_id, **here).values_list("body_html", flat=True),
    ]
    numbers = {number for html in posts for number in questions_linked(html)}
    found = Question.objects.filter(pk__in=numbers).values_list("pk", "merged_into")
    return {joined or pk for pk, joined in found} - {question_id}
