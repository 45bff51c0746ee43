"""Promoted results: when they are shown, to whom, and how the staff keeps them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from portal.curation.models import Promotion
from portal.curation.selectors.promotions import State, promoted_for, promotion_states, promotions_live, target_of
from portal.questions.services.questions import question_delete
from tests.factories.accounts import member
from tests.factories.curation import promotion
from tests.factories.events import committed
from tests.factories.knowledge import article
from tests.factories.questions import question, topic

pytestmark = pytest.mark.django_db

LIST = "/cms/snippets/curation/promotion/"
MARK = "Recommended by the team"


def day(offset: int):
    return timezone.localdate() + timedelta(days=offset)


def found(client, query: str, **more) -> list[tuple[int, bool]]:
    results = client.get("/api/v1/search", {"q": query, "language": "en", **more}).json()["results"]
    return [(each["id"], each["promoted"]) for each in results]


@pytest.fixture
def shop(index):
    """Three questions on labels, one of them promoted for labels though it does not hold the word."""
    plain = [question(title=f"Labels come out blank, number {n}") for n in range(3)]
    best = question(title="The head has to be cleaned", body="Wipe it with a dry cloth, gently.")
    index()
    return best, plain


# What readers get


def test_a_promoted_result_is_first_marked_and_not_repeated(client, shop):
    best, plain = shop
    assert (best.pk, False) not in found(client, "blank labels")
    promotion(best, plain[1], queries="blank labels\nempty labels")
    results = found(client, "Blank  LABELS!")
    assert results[:2] == [(best.pk, True), (plain[1].pk, True)]
    assert sorted(results[2:]) == sorted([(plain[0].pk, False), (plain[2].pk, False)])
    page = client.get("/en/search/?q=blank+labels")
    assert page.text.count(MARK) == 2
    assert [each.hit.id for each in page.context["page"].results][:2] == [str(best.pk), str(plain[1].pk)]


def test_it_counts_towards_the_limit_and_the_total_and_pages_go_on_behind_it(client, shop):
    best, plain = shop
    promotion(best, plain[2], queries="blank labels")
    every = client.get("/api/v1/search", {"q": "blank labels"}).json()
    assert every["total"] == 4 and len(every["results"]) == 4
    order = [each["id"] for each in every["results"]]
    for size in (1, 2, 3):
        paged = []
        for offset in range(0, 6, size):
            page = client.get("/api/v1/search", {"q": "blank labels", "limit": size, "offset": offset}).json()
            assert len(page["results"]) <= size and page["total"] == 4
            paged += [each["id"] for each in page["results"]]
        assert paged == order, size


@pytest.mark.parametrize("query", ["labels blank", "blank", "blank labels today", "", "?!", "-blank labels"])
def test_another_query_is_not_meant(client, shop, query):
    promotion(shop[0], queries="blank labels")
    assert (shop[0].pk, True) not in found(client, query)


@pytest.mark.parametrize("query", ["labels blank", "why is my label blank today?", "BLANK-LABELS"])
def test_all_words_contained_in_any_form(client, shop, query):
    promotion(shop[0], queries="blank labels", matching="words")
    assert found(client, query)[0] == (shop[0].pk, True)


def test_by_words_half_of_them_is_not_enough(client, shop):
    promotion(shop[0], queries="blank labels", matching="words")
    assert (shop[0].pk, True) not in found(client, "labels")


@pytest.mark.parametrize(
    ("script", "typed"), [("印刷できません", "印刷できません！"), ("الطابعة لا تعمل", "الطابعه لا تعمل؟")]
)
def test_queries_of_any_script(client, shop, script, typed):
    promotion(shop[0], queries=script)
    assert found(client, typed, language="")[0] == (shop[0].pk, True)


def test_in_the_language_of_the_reader_only(client, shop):
    promotion(shop[0], queries="blank labels", language="ru")
    assert MARK not in client.get("/en/search/?q=blank+labels").text
    page = client.get("/ru/search/?q=blank+labels")
    assert page.context["page"].results[0].promoted


@pytest.mark.parametrize(
    ("first", "last", "shown"),
    [(None, None, True), (0, 0, True), (-3, -1, False), (1, 5, False), (-1, None, True), (None, -1, False)],
)
def test_from_a_day_until_a_day(client, shop, first, last, shown):
    days = {"starts_on": None if first is None else day(first), "ends_on": None if last is None else day(last)}
    promotion(shop[0], queries="blank labels", **days)
    assert ((shop[0].pk, True) in found(client, "blank labels")) is shown


@pytest.mark.parametrize("more", [{"sort": "newest"}, {"status": "open"}, {"topic": "labels"}, {"type": "article"}])
def test_who_narrows_or_sorts_gets_just_that(client, shop, more):
    promotion(shop[0], queries="blank labels")
    assert (shop[0].pk, True) not in found(client, "blank labels", **more)


def test_a_choice_of_its_own_kind_keeps_it(client, shop):
    promotion(shop[0], queries="blank labels")
    assert found(client, "blank labels", type="question")[0] == (shop[0].pk, True)


def test_articles_and_members_too(client, shop, index):
    page = article("Cleaning the head")
    promotion(page, queries="blank labels")
    assert found(client, "blank labels")[0] == (page.pk, True)
    helper = member("helper")
    item = Promotion(queries="best helper", targets=[{"type": "member", "id": str(helper.pk), "path": ""}])
    item.save()
    promotions_live.forget()
    assert found(client, "best helper", language="")[0] == (helper.pk, True)


# What nobody may see


def test_a_deleted_target_disappears_at_once_and_is_flagged_for_the_staff(client, shop, desk):
    best, plain = shop
    row = promotion(best, plain[0], queries="blank labels")
    with committed():
        question_delete(user=member(staff=True), question_id=best.pk)
    assert [each for each in found(client, "blank labels") if each[1]] == [(plain[0].pk, True)]
    assert best.title not in client.get("/en/search/?q=blank+labels").text
    assert promotion_states([row]) == {row.pk: State.BROKEN}
    assert "Broken" in desk.get(LIST).text


def test_an_unpublished_article_is_not_shown(client, shop):
    page = article("The zanzibar article")
    promotion(page, queries="blank labels")
    assert "zanzibar" in client.get("/en/search/?q=blank+labels").text
    page.unpublish()
    answers = [client.get("/en/search/?q=blank+labels").text, client.get("/api/v1/search?q=blank+labels").text]
    assert not any("zanzibar" in answer for answer in answers)


def test_a_kind_that_no_app_knows_is_passed_over(client, shop):
    Promotion(queries="blank labels", targets=[{"type": "poll", "id": "1", "path": ""}]).save()
    promotions_live.forget()
    assert len(found(client, "blank labels")) == 3


def test_searches_go_on_when_the_table_cannot_be_read(client, shop):
    from django.db import connection

    promotion(shop[0], queries="blank labels")
    promotions_live.forget()

    def refuse(execute, sql, *args):
        if "curation_" in sql:
            raise OSError("the table is away")
        return execute(sql, *args)

    with connection.execute_wrapper(refuse):
        assert len(found(client, "blank labels")) == 3
    promotions_live.look_soon()
    assert len(found(client, "blank labels")) == 4


def test_no_query_for_a_search_that_nothing_is_promoted_for(shop, django_assert_num_queries):
    promotion(shop[0], queries="blank labels")
    promoted_for("warm", "en")
    with django_assert_num_queries(0):
        assert promoted_for("blank labels", "en") == (("question", str(shop[0].pk)),)
        assert promoted_for("other words", "en") == ()


# The staff's side


def fields(**more):
    blank = {
        "queries": "",
        "matching": "exact",
        "language": "",
        "pages": "",
        "starts_on": "",
        "ends_on": "",
        "note": "",
    }
    return {**blank, **more}


def test_an_editor_pastes_addresses_and_publishes(desk, client, shop):
    best, plain = shop
    address = f"http://testserver{best.get_absolute_url()}?tab=1#answer-5"
    sent = fields(queries=" blank  labels \n\nempty labels", pages=f"{address}\nquestion:{plain[0].pk}")
    with committed():
        response = desk.post(f"{LIST}add/", {**sent, "action-publish": "1"})
    assert response.status_code == 302, response.context["form"].errors
    row = Promotion.objects.get()
    assert row.queries == "blank labels\nempty labels"
    assert row.target_keys == (("question", str(best.pk)), ("question", str(plain[0].pk)))
    assert found(client, "empty labels")[:2] == [(best.pk, True), (plain[0].pk, True)]
    assert address.replace("&", "&amp;") in desk.get(f"{LIST}edit/{row.pk}/").text
    with committed():
        desk.post(f"{LIST}edit/{row.pk}/", {**sent, "pages": f"question:{plain[1].pk}", "action-publish": "1"})
    assert found(client, "empty labels")[0] == (plain[1].pk, True)
    history = desk.get(f"{LIST}history/{row.pk}/")
    assert history.status_code == 200 and "editor" in history.text


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"queries": ""}, "at least one query"),
        ({"queries": "…"}, "holds no word"),
        ({"pages": ""}, "at least one address"),
        ({"pages": "nowhere"}, "There is no question"),
        ({"pages": "/en/questions/999999/x/"}, "There is no question"),
        ({"pages": "question:999999999999999999999"}, "There is no question"),
        ({"pages": "javascript:alert(1)"}, "There is no question"),
        ({"pages": "http://[::1/x"}, "There is no question"),
        ({"pages": "/en/search/"}, "There is no question"),
        ({"matching": "magic"}, "not one of the available choices"),
        ({"language": "xx"}, "not one of the available choices"),
        ({"starts_on": "2027-02-01", "ends_on": "2027-01-01"}, "before the first"),
    ],
)
def test_what_the_form_refuses(desk, sent, words):
    target = question()
    response = desk.post(f"{LIST}add/", fields(**{"queries": "labels", "pages": f"question:{target.pk}", **sent}))
    assert response.status_code == 200 and words in response.text
    assert not Promotion.objects.exists()


def test_a_hidden_target_is_not_told_from_a_missing_one(desk):
    hidden = article("The zanzibar article")
    address = hidden.get_url()
    hidden.unpublish()
    pages = [desk.post(f"{LIST}add/", fields(queries="x", pages=each)).text for each in (address, "/en/knowledge/no/")]
    assert all("There is no question" in page for page in pages)


def test_addresses_of_every_kind(rf):
    asked, page, helper, subject = question(), article("Cleaning"), member("helper"), topic("Labels", slug="labels")
    assert target_of(asked.get_absolute_url()) == ("question", str(asked.pk))
    assert target_of(f"/ja/questions/{asked.pk}/") == ("question", str(asked.pk))
    assert target_of(f"https://hiroba.example{page.get_url()}?x=1#y") == ("article", str(page.pk))
    assert target_of("/en/members/helper/") == ("member", str(helper.pk))
    assert target_of("/ru/topics/labels/") == ("topic", str(subject.pk))
    for nothing in (
        "",
        " ",
        "/",
        "/en/",
        "/en/knowledge/",
        "/en/members/nobody/",
        "/en/topics/no/",
        "question:x",
        ":",
        "\x00",
    ):
        assert target_of(nothing) is None, nothing


def test_the_list_tells_how_each_stands(desk):
    here = question()
    states = {
        "aaa": promotion(here, queries="aaa"),
        "bbb": promotion(here, queries="bbb", starts_on=day(2)),
        "ccc": promotion(here, queries="ccc", ends_on=day(-2)),
        "ddd": promotion(here, queries="ddd", publish=False),
        "eee": promotion(queries="eee"),
    }
    told = promotion_states(states.values())
    assert [told[row.pk].value for row in states.values()] == ["current", "planned", "ended", "draft", "broken"]
    page = desk.get(LIST).text
    for words in ("In force", "Planned", "Ended", "Draft", "Broken"):
        assert words in page


def test_a_removed_promotion_ends_and_comes_back(desk, client, shop):
    row = promotion(shop[0], queries="blank labels")
    with committed():
        assert desk.post(f"{LIST}delete/{row.pk}/").status_code == 302
    assert (shop[0].pk, True) not in found(client, "blank labels")
    desk.post("/cms/removed/promotion/", {"item": row.pk})
    row.refresh_from_db()
    assert row.removed_at is None and not row.live


def test_staff_without_the_right_change_nothing(client):
    row = promotion(question(), queries="blank labels")
    client.force_login(member(staff=True))
    for path in (f"{LIST}edit/{row.pk}/", f"{LIST}delete/{row.pk}/", f"{LIST}add/"):
        assert client.post(path, fields(queries="x", pages="question:1")).status_code in (302, 403)
    assert Promotion.objects.get().queries == "blank labels" and Promotion.objects.get().removed_at is None
