"""No document can carry markup through what is shown of it, whatever its title, body and answers, on every engine."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search.client import hits_of
from search.documents import Hit, SearchDocument, SearchRequest
from search.engine import SearchEngine
from tests.search.conftest import fill
from tests.search.documents import question

HOSTILE = (
    "<script>alert('cable')</script> cable",
    '<img src=x onerror="cable()"> cable',
    "<mark>cable</mark> cable </mark><mark",
    "&lt;b&gt;cable&lt;/b&gt; &amp; cable",
    "cable\u202e<b>\u202c cable",
    "<<cable>> <!-- cable --> <![CDATA[cable]]>",
    "＜script＞cable＜/script＞ cable",
    "cable\u2028<svg/onload=cable>\u2029",
    "ｃａｂｌｅ<a href='javascript:cable'>cable</a>",
)
QUERIES = ("cable", '"cable"', "<script> cable", "mark cable", "b cable is:question", "script cable <b>", "&lt; cable")


def shown(hit: Hit) -> None:
    """Check that the only tag is ``mark``, that it is closed, and that the text is the document's own."""
    for html in (hit.title_html, hit.excerpt_html):
        assert not re.search(r"[<>\"']", re.sub(r"</?mark>", "", html)), html
        assert re.fullmatch(r"(?:[^<]*<mark>[^<]*</mark>)*[^<]*", html), html
        assert not re.search(r"&(?!(?:amp|lt|gt|quot|#x27);)", html), html


@pytest.fixture
def hostile(engine: SearchEngine) -> SearchEngine:
    """An engine with every hostile text as a title, a body and an answer."""
    fill(engine, *(question(n, text, text, answers=f"{text} {text}") for n, text in enumerate(HOSTILE)))
    return engine


def test_the_only_markup_is_our_own(hostile: SearchEngine) -> None:
    for text in QUERIES:
        found = hostile.search(SearchRequest(text=text, reads=("en", "ja"), limit=50)).found
        hits = hits_of([each.document for each in found], text, ("en", "ja"))
        assert len(hits) == len(HOSTILE), text
        for hit in hits:
            shown(hit)
        assert all("<mark>" in hit.title_html for hit in hits), text


@given(title=st.text(max_size=60), body=st.text(max_size=120), asked=st.text(max_size=30))
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_is_written_and_asked(title: str, body: str, asked: str) -> None:
    document = SearchDocument(
        type="question", id="1", title=f"<b>{title}", body=f"{body}<i>", answers=f"{asked}</mark>"
    )
    for hit in hits_of([document], f"{asked} {title[:10]}", ("en",)):
        shown(hit)
