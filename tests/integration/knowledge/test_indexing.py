"""Articles as search documents: what is found, by whom, and when the index hears of a change."""

import pytest
from django.contrib.auth.models import AnonymousUser
from wagtail.models import Page, PageViewRestriction

from portal.discovery.registry import result_types
from portal.knowledge.indexing import TYPE, document, every_id, fallback, load
from portal.knowledge.models import ArticlePage, KnowledgeIndexPage
from portal.knowledge.services.articles import article_publish, article_unpublish, section_create
from search.documents import SearchRequest
from search.models import OutboxEntry
from tests.factories.accounts import member
from tests.factories.knowledge import article, author
from tests.factories.questions import topic

pytestmark = pytest.mark.django_db

BODY = [
    {"type": "heading", "value": {"text": "Before you begin", "level": "h2"}},
    {"type": "text", "value": "<p>Load the <b>labels</b> first.</p>"},
    {"type": "steps", "value": {"steps": [{"title": "Open the lid", "text": "<p>Gently.</p>"}]}},
    {"type": "code", "value": {"language": "bash", "filename": "", "code": "lpstat -t"}},
]


def waiting() -> list[str]:
    """Returns the ids of articles that the index is to look at, and forgets them."""
    lines = OutboxEntry.objects.filter(document_type=TYPE)
    ids = list(lines.values_list("object_id", flat=True))
    lines.delete()
    return ids


def test_a_document_holds_the_words_of_every_block() -> None:
    by = author("Omar Haddad")
    page = article("Calibration", by=by, body=BODY, topics=[topic("Printing")], summary="Ten minutes well spent.")
    (found,) = load([str(page.pk)])
    assert (found.type, found.id, found.title, found.language) == ("article", str(page.pk), "Calibration", "en")
    for words in ("Ten minutes well spent.", "Before you begin", "Load the labels first.", "Open the lid", "lpstat -t"):
        assert words in found.body
    assert "<" not in found.body
    assert found.topics == ("printing",)
    assert (found.author, found.official, found.visibility) == (by.user.username, True, ("public",))
    assert found.created_at == page.first_published_at


def test_news_are_indexed_with_articles_in_every_language() -> None:
    pages = [article("A"), article("Б", language="ru"), article("お", language="ja", news=True)]
    assert list(every_id()) == [str(page.pk) for page in pages]
    assert {found.language for found in load([str(page.pk) for page in pages])} == {"en", "ru", "ja"}


def test_each_change_is_noted_in_the_same_transaction() -> None:
    page = article("First words")
    assert str(page.pk) in waiting()
    page.title = "Second words"
    page.save_revision()
    assert waiting() == []  # a draft changes nothing that readers see
    article_publish(user=page.author.user, page=page)
    assert waiting() == [str(page.pk)]
    article_unpublish(user=page.author.user, page=page)
    assert waiting() == [str(page.pk)]
    assert list(load([str(page.pk)])) == []


def test_a_deleted_page_leaves_the_index_also_with_its_parent() -> None:
    staff = member(staff=True)
    section = section_create(user=staff, language="en", title="Printing")
    inside, outside = article("Inside", parent=section), article("Outside")
    waiting()
    Page.objects.get(pk=section.pk).delete()
    assert waiting() == [str(inside.pk)]
    assert list(every_id()) == [str(outside.pk)]


def test_moving_and_closing_a_section_reach_everything_below_it() -> None:
    staff = member(staff=True)
    section, other = (section_create(user=staff, language="en", title=title) for title in ("A", "B"))
    page = article("Inside", parent=section)
    waiting()
    page.move(other, pos="last-child")
    assert waiting() == [str(page.pk)]
    restriction = PageViewRestriction.objects.create(page=other, restriction_type=PageViewRestriction.LOGIN)
    assert waiting() == [str(page.pk)]
    assert list(load([str(page.pk)])) == []
    restriction.delete()
    assert waiting() == [str(page.pk)]
    assert len(list(load([str(page.pk)]))) == 1


def test_a_hit_is_checked_once_more_in_the_database() -> None:
    page, closed = article("Open"), article("Closed")
    PageViewRestriction.objects.create(page=closed, restriction_type=PageViewRestriction.LOGIN)
    ids = [str(page.pk), str(closed.pk), "999999"]
    visible = result_types()["article"].visible
    assert visible(AnonymousUser(), ids) == visible(None, ids) == {str(page.pk): "/en/knowledge/open/"}
    assert visible(member(), ids) == {str(page.pk): "/en/knowledge/open/", str(closed.pk): "/en/knowledge/closed/"}


def test_the_hit_check_takes_few_queries(django_assert_max_num_queries: object) -> None:
    pages = [article(f"Number {n}") for n in range(12)]
    reader = member()
    with django_assert_max_num_queries(4):
        assert len(result_types()["article"].visible(reader, [str(page.pk) for page in pages])) == 12


@pytest.mark.parametrize(
    ("text", "title"),
    [("labels", "English"), ("принтер", "По-русски"), ("ラベル", "日本語"), ("ENGLISH", "English")],
)
def test_the_database_answers_while_the_engine_is_away(text: str, title: str) -> None:
    article("English", body=[{"type": "text", "value": "<p>Load the labels first.</p>"}])
    article("По-русски", language="ru", body=[{"type": "text", "value": "<p>Включите принтер.</p>"}])
    article("日本語", language="ja", body=[{"type": "text", "value": "<p>ラベルを入れます。</p>"}])
    assert [found.title for found in fallback(SearchRequest(text=text))] == [title]


def test_the_fallback_keeps_to_the_filters_and_to_what_is_public() -> None:
    one = article("Labels in English", topics=[topic("Printing")])
    two = article("Labels in Russian", language="ru")
    hidden = article("Labels for the staff")
    PageViewRestriction.objects.create(page=hidden, restriction_type=PageViewRestriction.GROUPS)

    def found(**asked: object) -> set[str]:
        return {row.id for row in fallback(SearchRequest(text="labels", **asked))}

    assert found() == {str(one.pk), str(two.pk)}
    assert found(languages=("ru",)) == {str(two.pk)}
    assert found(topics=("printing",)) == {str(one.pk)}
    assert found(authors=(two.author.username,)) == {str(two.pk)}
    assert found(exclude=(("article", str(one.pk)),)) == {str(two.pk)}
    assert found(statuses=("open",)) == set()
    assert [row.id for row in fallback(SearchRequest(sort="newest"))] == [str(two.pk), str(one.pk)]
    assert len(fallback(SearchRequest(limit=1))) == 1


def test_a_document_is_made_in_few_queries(django_assert_max_num_queries: object) -> None:
    pages = [article(f"Number {n}", body=BODY) for n in range(8)]
    with django_assert_max_num_queries(6):
        assert len(list(load([str(page.pk) for page in pages]))) == 8


def test_pages_that_are_no_articles_are_left_alone() -> None:
    waiting()
    KnowledgeIndexPage.objects.first().save_revision().publish()
    assert waiting() == []
    assert document(ArticlePage.objects.select_related("author__user").get(pk=article().pk)).type == "article"
