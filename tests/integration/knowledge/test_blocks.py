"""What each block of an article becomes, and that it is kept exactly as long as it holds."""

import json
import re
from html.parser import HTMLParser
from typing import Any

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wagtail.images.models import Image

from portal.knowledge.models import ArticlePage
from portal.knowledge.models.blocks import CODE_LANGUAGES, ArticleBody, VideoBlock
from portal.knowledge.selectors.bodies import article_body
from portal.knowledge.services.articles import article_publish, article_unpublish
from tests.factories.knowledge import article, document, image

pytestmark = pytest.mark.django_db
RICH = '<p>See <b>this</b> &amp; <a href="https://example.org/a?b=1">that</a>.</p>'


def body_of(*blocks: tuple[str, Any], language: str = "en", **more: Any) -> str:
    page = article(body=[{"type": kind, "value": value} for kind, value in blocks], language=language, **more)
    return article_body(page).html


def link(page: ArticlePage) -> str:
    return f'<p><a linktype="page" id="{page.pk}">there</a></p>'


def test_headings_have_anchors_that_differ() -> None:
    html = body_of(
        ("heading", {"text": "Set it up", "level": "h2"}),
        ("heading", {"text": "Set it up", "level": "h3"}),
        ("heading", {"text": "Настройка <b>", "level": "h2"}),
        ("heading", {"text": "???", "level": "h2"}),
    )
    assert '<h2 id="set-it-up">Set it up</h2>' in html
    assert '<h3 id="set-it-up-2">Set it up</h3>' in html
    assert '<h2 id="настройка-b">Настройка &lt;b&gt;</h2>' in html
    assert '<h2 id="section-3">???</h2>' in html


def test_the_table_of_contents_leads_to_the_headings(client: Client) -> None:
    page = article(body=[{"type": "heading", "value": {"text": text, "level": "h2"}} for text in ("Before", "After")])
    html = client.get(page.url).content.decode()
    assert '<a href="#before">Before</a>' in html and '<h2 id="before">Before</h2>' in html


def test_code_is_escaped_and_coloured_by_classes() -> None:
    html = body_of(("code", {"language": "python", "filename": "a.py", "code": 'print("<b>") # no'}))
    assert "&lt;b&gt;" in html and "<b>" not in html
    assert re.search(r'<span class="nb?">print</span>', html)
    assert "a.py" in html and 'class="hl"' in html and "style=" not in html


@pytest.mark.parametrize("language", [name for name, _label in CODE_LANGUAGES])
def test_every_code_language_is_known_to_the_highlighter(language: str) -> None:
    assert "x = 1" in re.sub(r"<[^>]+>", "", body_of(("code", {"language": language, "filename": "", "code": "x = 1"})))


@pytest.mark.parametrize("kind", ["info", "tip", "warning", "danger"])
def test_callouts(kind: str) -> None:
    html = body_of(("callout", {"kind": kind, "title": "Mind <this>", "text": RICH}))
    assert f'class="callout callout-{kind}"' in html and "Mind &lt;this&gt;" in html and "<b>this</b>" in html


def test_steps_are_an_ordered_list() -> None:
    html = body_of(("steps", {"steps": [{"title": "One", "text": RICH}, {"title": "Two", "text": ""}]}))
    assert html.count('<li class="step">') == 2 and html.count("step-body") == 1
    assert html.index("One") < html.index("Two")


def test_a_table_has_headers_and_can_be_scrolled() -> None:
    html = body_of(
        (
            "table",
            {
                "data": [["Media", "Gap"], ["Roll <1>", "2.0 mm"]],
                "first_row_is_table_header": True,
                "first_col_is_header": False,
                "table_caption": "Gaps",
            },
        )
    )
    assert '<th scope="col"' in html and "Roll &lt;1&gt;" in html and "<caption>Gaps</caption>" in html
    assert 'class="table-scroll" tabindex="0" role="region" aria-label="Gaps"' in html


def test_an_image_comes_in_sizes_with_its_description() -> None:
    picture = image("Head", size=(1600, 900))
    html = body_of(("image", {"image": picture.pk, "alt": 'The "head"', "caption": "Seen from above"}))
    assert 'alt="The &quot;head&quot;"' in html and "<figcaption>Seen from above</figcaption>" in html
    assert html.count("/media/images/") >= 3 and 'loading="lazy"' in html and 'width="' in html


def test_an_image_without_a_description_is_refused() -> None:
    with pytest.raises(ValidationError):
        block = ArticleBody().child_blocks["image"]
        block.clean(block.to_python({"image": image().pk, "alt": "", "caption": ""}))


def test_an_uploaded_film_plays_from_this_site_with_captions() -> None:
    film, captions = document("tour.mp4"), document("tour.vtt", b"WEBVTT\n")
    html = body_of(("video", {"title": "A tour", "file": film.pk, "captions": captions.pk, "link": ""}), language="ru")
    assert f'<source src="{film.url}" type="video/mp4">' in html
    assert f'<track kind="captions" src="{captions.url}" srclang="ru"' in html


def test_a_film_elsewhere_is_a_link_and_never_embedded() -> None:
    html = body_of(("video", {"title": "A tour", "file": None, "captions": None, "link": "https://tube.example/v?x=1"}))
    assert 'href="https://tube.example/v?x=1"' in html and "tube.example" in re.sub(r"<[^>]+>", "", html)
    assert "<iframe" not in html and "<video" not in html and "src=" not in html


@pytest.mark.parametrize("wrong", ["nothing", "both", "no film", "no captions"])
def test_a_film_that_cannot_be_shown_is_refused(wrong: str) -> None:
    film = document("tour.mp4").pk
    value = {
        "nothing": {"file": None, "link": "", "captions": None},
        "both": {"file": film, "link": "https://tube.example/", "captions": None},
        "no film": {"file": document("letter.pdf").pk, "link": "", "captions": None},
        "no captions": {"file": film, "link": "", "captions": document("words.txt").pk},
    }[wrong]
    block = VideoBlock()
    with pytest.raises(ValidationError):
        block.clean(block.to_python({"title": "T", **value}))


class Attributes(HTMLParser):
    """Gathers the names of all attributes and elements of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.names |= {name for name, _value in attrs}


def test_a_page_of_every_block_has_no_inline_style_script_or_frame(client: Client) -> None:
    blocks = [
        {"type": "heading", "value": {"text": "H", "level": "h2"}},
        {"type": "text", "value": RICH},
        {"type": "image", "value": {"image": image().pk, "alt": "A", "caption": ""}},
        {"type": "code", "value": {"language": "html", "filename": "", "code": "<script>alert(1)</script>"}},
        {"type": "callout", "value": {"kind": "tip", "title": "", "text": RICH}},
        {"type": "steps", "value": {"steps": [{"title": "S", "text": RICH}]}},
        {"type": "table", "value": {"data": [["a", "b"]], "first_row_is_table_header": False}},
        {"type": "video", "value": {"title": "V", "file": document().pk, "captions": None, "link": ""}},
    ]
    response = client.get(article(body=blocks).url)
    parser = Attributes()
    parser.feed(response.content.decode())
    assert not {name for name in parser.names if name == "style" or name.startswith("on")}
    assert not parser.tags & {"style", "iframe", "object", "embed"}
    assert "alert(1)" in re.sub(r"<[^>]+>", "", response.content.decode())
    assert not re.search(r"<script(?![^>]+src=)", response.content.decode())
    policy = response.headers["Content-Security-Policy"]
    assert "unsafe-inline" not in policy and "default-src 'none'" in policy


def test_links_to_pages_lead_to_the_readers_language() -> None:
    target = article("Target")
    assert 'href="/en/knowledge/target/"' in body_of(("text", link(target)))
    assert 'href="/en/knowledge/target/"' in body_of(("text", link(target)), language="ja")
    article("Цель", language="ru", translation_of=target)
    assert 'href="/ru/knowledge/цель/"' in body_of(("text", link(target)), language="ru").replace(
        "%D1%86%D0%B5%D0%BB%D1%8C", "цель"
    )


def test_a_link_to_a_page_that_is_not_there_is_plain_text() -> None:
    gone = article("Gone")
    article_unpublish(user=gone.author.user, page=gone)
    assert "<a>there</a>" in body_of(("text", link(gone)))
    assert "<a>there</a>" in body_of(("text", '<p><a linktype="page" id="999999">there</a></p>'))


def test_a_body_is_rendered_once(django_assert_max_num_queries: Any) -> None:
    cache.clear()
    page = article(body=[{"type": "text", "value": link(article(f"T{n}"))} for n in range(25)])
    first = article_body(page)
    again = ArticlePage.objects.select_related("locale").get(pk=page.pk)
    with django_assert_max_num_queries(1):
        assert article_body(again) == first
    assert len(re.findall("href=", first.html)) == 25


def test_rendering_twenty_five_blocks_of_links_takes_few_queries(django_assert_max_num_queries: Any) -> None:
    page = article(body=[{"type": "text", "value": link(article(f"T{n}"))} for n in range(25)])
    page = ArticlePage.objects.select_related("locale").get(pk=page.pk)
    cache.clear()
    with django_assert_max_num_queries(4):
        article_body(page)


def test_a_kept_body_follows_every_change_it_depends_on() -> None:
    target, picture, film = article("Target"), image("One"), document("one.mp4")
    page = article(
        body=[
            {"type": "text", "value": link(target)},
            {"type": "image", "value": {"image": picture.pk, "alt": "A", "caption": ""}},
            {"type": "video", "value": {"title": "V", "file": film.pk, "captions": None, "link": ""}},
        ]
    )

    def fresh() -> str:
        return article_body(ArticlePage.objects.get(pk=page.pk)).html

    assert "/en/knowledge/target/" in fresh()
    target.slug = "moved"
    article_publish(user=target.author.user, page=target)
    assert "/en/knowledge/moved/" in fresh() and "/en/knowledge/target/" not in fresh()
    article_unpublish(user=target.author.user, page=target)
    assert "/en/knowledge/moved/" not in fresh()
    before = fresh()
    other = image("Two", colour="red")
    Image.objects.filter(pk=picture.pk).update(file=other.file.name)
    picture.renditions.all().delete()
    assert fresh() != before and "two" in fresh()
    type(film).objects.filter(pk=film.pk).update(file=document("second.mp4").file.name)
    assert "second.mp4" in fresh()
    page.body = json.dumps([{"type": "text", "value": "<p>Quite new</p>"}])
    article_publish(user=page.author.user, page=page)
    assert "Quite new" in fresh()


def test_a_preview_shows_unsaved_words_and_keeps_nothing() -> None:
    page = article()
    page.body = json.dumps([{"type": "text", "value": "<p>Only a draft</p>"}])
    assert "Only a draft" in article_body(page, keep=False).html
    assert "Only a draft" not in article_body(ArticlePage.objects.get(pk=page.pk)).html


@pytest.mark.parametrize(("words", "minutes"), [("word " * 40, 1), ("word " * 1000, 5), ("字" * 2000, 4)])
def test_the_time_to_read(words: str, minutes: int) -> None:
    page = article(body=[{"type": "text", "value": f"<p>{words}</p>"}])
    assert article_body(page).minutes == minutes


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(max_size=30), max_size=6))
def test_any_headings_give_unique_anchors(texts: list[str]) -> None:
    page = getattr(test_any_headings_give_unique_anchors, "page", None)
    if page is None or not ArticlePage.objects.filter(pk=page.pk).exists():
        page = test_any_headings_give_unique_anchors.page = article()
    page.body = json.dumps([{"type": "heading", "value": {"text": text, "level": "h2"}} for text in texts])
    headings = article_body(page, keep=False).headings
    assert [heading.text for heading in headings] == texts
    assert len({heading.anchor for heading in headings}) == len(texts)
    assert all(heading.anchor and " " not in heading.anchor for heading in headings)
