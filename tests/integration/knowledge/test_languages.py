"""One article in several languages: addresses, the switcher, authors' names, and translation through the CMS."""

import re

import pytest
from django.test import Client
from wagtail.models import Locale, Page
from wagtail_localize.models import (
    StringSegment,
    StringTranslation,
    Translation,
    TranslationSource,
)

from portal.core.models import Topic
from portal.knowledge.models import ArticlePage, HomePage, KnowledgeIndexPage, NewsIndexPage
from portal.knowledge.services.articles import article_publish
from portal.knowledge.services.authors import author_ensure
from portal.knowledge.services.tree import tree_ensure
from tests.factories.accounts import member
from tests.factories.knowledge import article, author
from tests.factories.questions import topic

pytestmark = pytest.mark.django_db
BODY = [
    {"type": "heading", "value": {"text": "Before you begin", "level": "h2"}, "id": "b1"},
    {"type": "text", "value": "<p>Load the labels.</p>", "id": "b2"},
    {"type": "code", "value": {"language": "bash", "filename": "a.sh", "code": "lpstat -t"}, "id": "b3"},
    {"type": "callout", "value": {"kind": "tip", "title": "Tip", "text": "<p>Keep one.</p>"}, "id": "b4"},
]


def alternates(html: str) -> dict[str, str]:
    return dict(re.findall(r'<link rel="alternate" hreflang="(\w+)" href="([^"]+)"', html))


def switcher(html: str) -> dict[str, str]:
    menu = re.findall(r'<a href="([^"]+)" lang="\w+" hreflang="(\w+)"', html)
    return {code: path for path, code in menu}


def test_the_switcher_leads_to_the_translation_or_to_the_list_of_that_language(client: Client) -> None:
    english = article("Calibration")
    article("Калибровка", language="ru", translation_of=english, slug="kalibrovka")
    draft = article("調整", language="ja", translation_of=english, publish=False)
    html = client.get(english.url).content.decode()
    links = switcher(html)
    assert links["ru"] == "/ru/knowledge/kalibrovka/"
    assert links["ja"] == "/ja/knowledge/" and draft.slug not in html
    assert links["ar"] == "/ar/knowledge/"
    assert alternates(html) == {"ru": "/ru/knowledge/kalibrovka/"}
    assert re.search(r'<link rel="canonical" href="https?://[^"]+/en/knowledge/calibration/">', html)


def test_indexes_and_homes_lead_to_each_other(client: Client) -> None:
    for path in ("", "knowledge/", "news/"):
        html = client.get(f"/ar/{path}").content.decode()
        assert alternates(html) == {code: f"/{code}/{path}" for code in ("en", "ru", "ja")}


def test_an_author_is_named_in_the_readers_language(client: Client) -> None:
    by = author_ensure(
        user=member(staff=True, display_name="Yuki Tanaka"),
        texts={
            "en": {"job_title": "Support engineer", "bio": "Knows printers."},
            "ja": {"job_title": "サポートエンジニア", "bio": "プリンターの専門家。", "name": "田中 由紀"},
        },
    )
    english = article("Calibration", by=by)
    japanese = article("調整", language="ja", by=by, translation_of=english)
    russian = article("Калибровка", language="ru", by=by, translation_of=english)
    html = client.get(english.url).content.decode()
    assert "Yuki Tanaka" in html and "Support engineer" in html and "Knows printers." in html
    html = client.get(japanese.url).content.decode()
    assert "田中 由紀" in html and "サポートエンジニア" in html and "Support engineer" not in html
    html = client.get(russian.url).content.decode()
    assert "Yuki Tanaka" in html and "Support engineer" in html  # not written in Russian: the site's first language


def test_topics_are_named_in_the_readers_language(client: Client) -> None:
    printing = topic("Printing", ja="印刷")
    page = article("調整", language="ja", topics=[printing])
    assert "印刷" in client.get(page.url).content.decode()
    assert "印刷" in client.get("/ja/knowledge/").content.decode()


def test_the_tree_is_made_once_and_mended_where_something_is_missing() -> None:
    before = set(Page.objects.values_list("pk", "title"))
    tree_ensure()
    assert set(Page.objects.values_list("pk", "title")) == before
    home = HomePage.objects.get(locale__language_code="ja")
    key = home.translation_key
    home.delete()
    tree_ensure()
    assert HomePage.objects.get(locale__language_code="ja").translation_key == key
    assert KnowledgeIndexPage.objects.count() == NewsIndexPage.objects.count() == 4


def test_an_editors_words_are_never_overwritten() -> None:
    index = KnowledgeIndexPage.objects.get(locale__language_code="ru")
    index.title = "Справка"
    index.save_revision().publish()
    tree_ensure()
    assert KnowledgeIndexPage.objects.get(locale__language_code="ru").title == "Справка"


def test_a_deployment_may_add_a_language(settings: object) -> None:
    settings.LANGUAGES = [*settings.LANGUAGES, ("de", "German")]
    settings.WAGTAIL_CONTENT_LANGUAGES = [*settings.WAGTAIL_CONTENT_LANGUAGES, ("de", "German")]
    from wagtail.coreutils import get_content_languages

    get_content_languages.cache_clear()
    try:
        tree_ensure()
        assert KnowledgeIndexPage.objects.filter(locale__language_code="de", slug="knowledge").count() == 1
    finally:
        get_content_languages.cache_clear()


def translated(source: TranslationSource, language: str, words: dict[str, str]) -> ArticlePage:
    """Translates strings of a source and saves the page, as a translator does in the CMS."""
    locale = Locale.objects.get(language_code=language)
    translation, _made = Translation.objects.get_or_create(source=source, target_locale=locale)
    for segment in StringSegment.objects.filter(source=source).select_related("string"):
        if segment.string.data in words:
            StringTranslation.objects.update_or_create(
                translation_of=segment.string,
                context=segment.context,
                locale=locale,
                defaults={"data": words[segment.string.data]},
            )
    translation.save_target(publish=False)
    return ArticlePage.objects.get(locale=locale, translation_key=source.object_id)


def test_a_translation_stays_a_draft_and_takes_what_is_the_same_everywhere(client: Client) -> None:
    page = article("Calibration", body=BODY, topics=[topic("Printing")])
    source, _new = TranslationSource.get_or_create_from_instance(page)
    draft = translated(source, "ru", {"Calibration": "Калибровка", "Load the labels.": "Заправьте этикетки."})
    assert not draft.live
    assert client.get("/ru/knowledge/calibration/").status_code == 404
    assert "Calibration" not in client.get("/ru/knowledge/").content.decode()
    latest = draft.get_latest_revision_as_object()
    assert latest.title == "Калибровка"
    assert latest.author == page.author
    assert list(latest.topics.all()) == [Topic.objects.get()]
    words = str(list(latest.body.raw_data))
    assert "Заправьте этикетки." in words and "lpstat -t" in words
    assert draft.get_parent().specific == KnowledgeIndexPage.objects.get(locale__language_code="ru")
    article_publish(user=page.author.user, page=latest)
    assert "Заправьте этикетки." in client.get(draft.get_url()).content.decode()


def test_code_is_no_matter_for_translators() -> None:
    page = article("Calibration", body=BODY)
    source, _new = TranslationSource.get_or_create_from_instance(page)
    words = set(StringSegment.objects.filter(source=source).values_list("string__data", flat=True))
    assert {"Calibration", "Before you begin", "Load the labels.", "Tip", "Keep one."} <= words
    assert not words & {"lpstat -t", "a.sh", "bash", "h2", "tip"}


def test_publishing_the_source_brings_its_new_words_to_the_translators_and_keeps_their_work() -> None:
    page = article("Calibration", body=BODY)
    source, _new = TranslationSource.get_or_create_from_instance(page)
    translated(source, "ru", {"Calibration": "Калибровка", "Load the labels.": "Заправьте этикетки."})
    page.body = [*BODY, {"type": "text", "value": "<p>Print a test.</p>", "id": "b5"}]
    article_publish(user=page.author.user, page=page)
    words = set(StringSegment.objects.filter(source=source).values_list("string__data", flat=True))
    assert "Print a test." in words
    assert StringTranslation.objects.get(data="Заправьте этикетки.").locale.language_code == "ru"
    done = Translation.objects.get(source=source)
    total, ready = done.get_progress()
    assert 0 < ready < total


def test_a_page_without_translations_is_published_as_before() -> None:
    article("Alone")
    assert not TranslationSource.objects.exists()


def test_a_source_that_cannot_be_taken_does_not_keep_the_page_from_being_published(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    page = article("Calibration", body=BODY)
    TranslationSource.get_or_create_from_instance(page)

    def broken(self: TranslationSource) -> None:
        raise ValueError("a block of another time")

    monkeypatch.setattr(TranslationSource, "update_from_db", broken)
    page.title = "Calibration, again"
    article_publish(user=page.author.user, page=page)
    assert ArticlePage.objects.get(pk=page.pk).title == "Calibration, again"
    assert "cannot be brought up to date" in caplog.text


def test_authors_belong_to_the_staff() -> None:
    from portal.core.errors import Invalid

    with pytest.raises(Invalid):
        author_ensure(user=member(), texts={"en": {"job_title": "Fan"}})
    for texts in ({}, {"xx": {"job_title": "?"}}):
        with pytest.raises(Invalid):
            author_ensure(user=member(staff=True), texts=texts)
    by = author(en="Engineer")
    again = author_ensure(user=by.user, texts={"en": {"job_title": "Chief engineer"}, "ru": {"job_title": "Инженер"}})
    assert again.pk == by.pk
    assert [again.text_in(code).job_title for code in ("en", "ru", "ar")] == [
        "Chief engineer",
        "Инженер",
        "Chief engineer",
    ]
