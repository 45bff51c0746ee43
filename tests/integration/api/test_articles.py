"""Articles, news and the comments under them over the API."""

from typing import Any

import pytest
from wagtail.models import PageViewRestriction

from portal.knowledge.models import ArticlePage, CommentsPolicy, KnowledgeIndexPage
from portal.knowledge.services.comments import article_comment_remove
from tests.factories.accounts import member
from tests.factories.knowledge import article, article_comment, author
from tests.factories.questions import topic

from .conftest import Caller, problem_of

pytestmark = pytest.mark.django_db

FIELDS = {"id", "kind", "title", "summary", "url", "language", "author", "topics", "first_published_at", "updated_at"}
COMMENT = {"id", "body", "body_html", "author", "parent_id", "created_at", "url"}


def restrict(page: ArticlePage) -> None:
    """Opens a page to members only."""
    PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)


class TestReading:
    """GET /articles and /articles/{id}."""

    def test_a_stranger_reads_the_list_and_one(self, stranger: Caller) -> None:
        page = article("Feed three labels", topics=[topic("Printing")], by=author("Mira Sato"))
        told = stranger.get(f"articles/{page.pk}").json()
        assert told.keys() >= FIELDS | {"body_html"}
        assert (told["title"], told["kind"], told["language"]) == ("Feed three labels", "article", "en")
        assert told["topics"] == ["printing"]
        assert told["author"]["display_name"] == "Mira Sato"
        assert set(told["author"]) == {"username", "display_name", "url"}
        assert "Hold the green button" in told["body_html"]
        listed = stranger.get("articles").json()
        assert listed["next"] is None
        (row,) = listed["results"]
        assert row == {name: value for name, value in told.items() if name != "body_html"}

    def test_the_address_leads_to_its_page(self, stranger: Caller) -> None:
        page = article()
        told = Caller(Host="127.0.0.1:8123").get(f"articles/{page.pk}").json()
        assert told["url"].startswith("http://127.0.0.1:8123/en/knowledge/")
        path = told["url"].removeprefix("http://127.0.0.1:8123")
        assert stranger.client.get(path).status_code == 200

    def test_news_are_told_apart(self, stranger: Caller) -> None:
        page = article(news=True)
        assert stranger.get(f"articles/{page.pk}").json()["kind"] == "news"
        assert [row["kind"] for row in stranger.get("articles").json()["results"]] == ["news"]

    def test_filters(self, stranger: Caller) -> None:
        mira = author("Mira")
        english = article(by=mira, topics=[topic("Printing")])
        russian = article(language="ru")

        def ids(query: str) -> list[int]:
            return [row["id"] for row in stranger.get(f"articles?{query}").json()["results"]]

        assert ids("language=ru") == [russian.pk]
        assert ids("topic=printing") == [english.pk]
        assert ids(f"author={mira.user.username}") == [english.pk]
        assert ids("language=ja") == []
        assert ids("") == [russian.pk, english.pk]

    def test_drafts_and_unpublished_pages_are_not_there(self, stranger: Caller) -> None:
        draft, gone = article(publish=False), article()
        gone.unpublish()
        for page in (draft, gone):
            problem_of(stranger.get(f"articles/{page.pk}"), 404)
            problem_of(stranger.get(f"articles/{page.pk}/comments"), 404)
            problem_of(Caller(member()).post(f"articles/{page.pk}/comments", {"body": "Hello?"}), 404)
        assert stranger.get("articles").json()["results"] == []

    def test_what_is_for_members_does_not_exist_for_others(self, stranger: Caller) -> None:
        page = article()
        restrict(page)
        problem_of(stranger.get(f"articles/{page.pk}"), 404)
        problem_of(stranger.get(f"articles/{page.pk}/comments"), 404)
        assert stranger.get("articles").json()["results"] == []
        assert Caller(member()).get(f"articles/{page.pk}").json()["id"] == page.pk

    def test_other_kinds_of_page_are_no_articles(self, stranger: Caller) -> None:
        index = KnowledgeIndexPage.objects.first()
        assert index is not None
        problem_of(stranger.get(f"articles/{index.pk}"), 404)
        problem_of(stranger.get("articles/987654"), 404)

    def test_many_take_few_queries_and_are_paged(self, stranger: Caller, django_assert_max_num_queries: Any) -> None:
        by = author()
        made = [article(by=by).pk for _ in range(7)]
        stranger.get("articles")
        with django_assert_max_num_queries(12):
            assert len(stranger.get("articles").json()["results"]) == 7
        assert [row["id"] for row in stranger.walk("articles?limit=3")] == made[::-1]


class TestComments:
    """GET and POST /articles/{id}/comments."""

    def test_a_stranger_reads_and_cannot_write(self, stranger: Caller) -> None:
        page = article()
        made = [article_comment(page, f"Remark number {n}") for n in range(3)]
        told = stranger.get(f"articles/{page.pk}/comments").json()
        assert [row["id"] for row in told["results"]] == [one.pk for one in made]
        assert told["results"][0].keys() >= COMMENT
        problem_of(stranger.post(f"articles/{page.pk}/comments", {"body": "Me too."}), 401)

    def test_a_member_comments_and_replies(self) -> None:
        page, caller = article(), Caller(member("chi"))
        first = caller.post(f"articles/{page.pk}/comments", {"body": "This *helped*."})
        assert first.status_code == 201
        told = first.json()
        assert "<em>helped</em>" in told["body_html"]
        assert told["author"]["username"] == "chi"
        assert told["parent_id"] is None
        assert first.headers["Location"] == told["url"]
        reply = caller.post(f"articles/{page.pk}/comments", {"body": "And again.", "parent_id": told["id"]}).json()
        assert reply["parent_id"] == told["id"]
        listed = caller.get(f"articles/{page.pk}/comments").json()["results"]
        assert [row["parent_id"] for row in listed] == [None, told["id"]]

    @pytest.mark.parametrize(
        ("body", "field"),
        [
            ({}, "body"),
            ({"body": " "}, "body"),
            ({"body": "c" * 3_001}, "body"),
            ({"body": "Fine.", "parent_id": 987_654}, "parent_id"),
            ({"body": "Fine.", "parent_id": "x"}, "parent_id"),
        ],
    )
    def test_bad_fields_are_named(self, body: dict[str, Any], field: str) -> None:
        told = problem_of(Caller(member()).post(f"articles/{article().pk}/comments", body), 422)
        assert list(told["errors"]) == [field]

    def test_closed_comments_are_in_the_way(self) -> None:
        page = article()
        ArticlePage.objects.filter(pk=page.pk).update(comments_open=False)
        problem_of(Caller(member()).post(f"articles/{page.pk}/comments", {"body": "Too late."}), 409)

    def test_one_that_waits_is_seen_by_its_author_and_the_staff_only(self, stranger: Caller) -> None:
        page = article()
        KnowledgeIndexPage.objects.update(comments_policy=CommentsPolicy.ALL)
        writer = Caller(member())
        made = writer.post(f"articles/{page.pk}/comments", {"body": "Please look."})
        assert made.status_code == 201

        def seen(caller: Caller) -> list[int]:
            return [row["id"] for row in caller.get(f"articles/{page.pk}/comments").json()["results"]]

        assert seen(writer) == seen(Caller(member(staff=True))) == [made.json()["id"]]
        assert seen(stranger) == seen(Caller(member())) == []

    def test_removed_ones_are_gone(self, stranger: Caller) -> None:
        page = article()
        made = article_comment(page)
        article_comment_remove(user=made.user, comment_id=made.pk)
        assert stranger.get(f"articles/{page.pk}/comments").json()["results"] == []

    def test_pages_follow_each_other_in_few_queries(self, stranger: Caller, django_assert_max_num_queries: Any) -> None:
        page = article()
        made = [article_comment(page, f"Remark number {n}").pk for n in range(5)]
        assert [row["id"] for row in stranger.walk(f"articles/{page.pk}/comments?limit=2")] == made
        with django_assert_max_num_queries(8):
            stranger.get(f"articles/{page.pk}/comments")

    def test_one_key_makes_one_comment(self) -> None:
        page, caller = article(), Caller(member())
        answers = [
            caller.post(f"articles/{page.pk}/comments", {"body": "Thank you."}, Idempotency_Key="k") for _ in range(2)
        ]
        assert answers[0].json() == answers[1].json()
        assert len(caller.get(f"articles/{page.pk}/comments").json()["results"]) == 1
