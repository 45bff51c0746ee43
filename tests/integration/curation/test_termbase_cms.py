"""The termbase in Wagtail's admin: who may keep it, what the form refuses, what becomes of what is published."""

import pytest
from wagtail.models import ModelLogEntry, Revision

from portal.curation.models import LiveVersion, Promotion, TermEntry
from portal.curation.services.entries import EDITORS_GROUP, search_rights_ensure
from search import synonyms
from tests.factories.accounts import member
from tests.factories.curation import entry, search_editor
from tests.factories.events import committed

pytestmark = pytest.mark.django_db

LIST = "/cms/snippets/curation/termentry/"
PAGES = [
    LIST,
    f"{LIST}add/",
    "/cms/removed/termentry/",
    "/cms/removed/promotion/",
    "/cms/termbase/export.csv",
    "/cms/termbase/import/",
    "/cms/snippets/curation/promotion/",
    "/cms/snippets/curation/promotion/add/",
]
SECRET = "zanzibar"


def fields(**more):
    blank = {f"{kind}_{code}": "" for kind in ("terms", "typed") for code in ("all", "en", "ru", "ja", "ar")}
    return {"name": "", "note": "", "starts_on": "", "ends_on": "", **blank, **more}


def meant(text: str, *reads: str) -> list[str]:
    return [each.text for each in synonyms.current().expansions_for(text, reads)]


# Who may


def pages_of(row: TermEntry) -> list[str]:
    own = [
        f"{LIST}edit/{row.pk}/",
        f"{LIST}delete/{row.pk}/",
        f"{LIST}history/{row.pk}/",
        f"/cms/termbase/{row.pk}/effect/",
    ]
    return [*PAGES, *own]


@pytest.mark.parametrize("who", ["stranger", "member", "staff"])
def test_whoever_has_no_right_sees_and_changes_nothing(client, who):
    row = entry(en=[SECRET, "couch"])
    if who != "stranger":
        client.force_login(member(staff=who == "staff"))
    for path in pages_of(row):
        response = client.get(path)
        assert response.status_code in (302, 403), path
        assert SECRET not in client.get(path, follow=True).text, path
    sent = {"action-publish": "1", **fields(terms_en="sofa")}
    for path in (f"{LIST}add/", f"{LIST}edit/{row.pk}/", f"{LIST}delete/{row.pk}/", "/cms/removed/termentry/"):
        assert client.post(path, sent).status_code in (302, 403), path
    file = {"text": "en\nsofa", "apply": "1"}
    assert client.post("/cms/termbase/import/", file).status_code in (302, 403)
    kept = TermEntry.objects.get()
    assert kept.live and kept.words_text == f"{SECRET}\ncouch" and kept.removed_at is None


def test_the_menu_names_it_to_who_may_only(client):
    client.force_login(member(staff=True))
    assert LIST not in client.get("/cms/").text
    client.force_login(search_editor())
    assert LIST in client.get("/cms/").text


def test_the_rights_are_ensured_once():
    from django.contrib.auth.models import Group

    group = Group.objects.get(name=EDITORS_GROUP)
    names = set(group.permissions.values_list("codename", flat=True))
    assert names == {"access_admin"} | {
        f"{act}_{model}"
        for act in ("add", "change", "delete", "publish", "view")
        for model in ("termentry", "promotion")
    }
    search_rights_ensure()
    assert set(group.permissions.values_list("codename", flat=True)) == names
    assert not member(staff=True).has_perm("curation.change_termentry")
    assert search_editor().has_perm("curation.publish_promotion")


@pytest.mark.parametrize("path", PAGES)
def test_every_page_opens_for_an_editor_and_carries_the_policy(desk, path):
    response = desk.get(path)
    assert response.status_code == 200
    assert "script-src 'self'" in response.headers["Content-Security-Policy"]


# Writing


def test_an_entry_is_a_draft_until_it_is_published(desk):
    sent = fields(
        terms_en="sofa\n couch \nsofa\n\n", typed_en="divan", terms_ru="диван", terms_all="Sofalux", note="IKEA"
    )
    with committed():
        response = desk.post(f"{LIST}add/", sent)
    assert response.status_code == 302, response.context["form"].errors
    row = TermEntry.objects.get()
    assert (row.name, row.live, row.note) == ("Sofalux", False, "IKEA")
    assert row.words == [
        {"text": "Sofalux", "language": "", "one_way": False},
        {"text": "sofa", "language": "en", "one_way": False},
        {"text": "couch", "language": "en", "one_way": False},
        {"text": "divan", "language": "en", "one_way": True},
        {"text": "диван", "language": "ru", "one_way": False},
    ]
    assert meant("sofas") == []
    page = desk.get(f"{LIST}edit/{row.pk}/").text
    assert "диван" in page and f"/cms/termbase/{row.pk}/effect/" in page
    with committed():
        desk.post(f"{LIST}edit/{row.pk}/", {**sent, "action-publish": "1"})
    assert meant("sofas", "en") == ["Sofalux", "couch", "диван"]
    assert meant("divan", "ru") == ["Sofalux", "диван", "sofa", "couch"]


def test_a_draft_of_a_published_entry_changes_no_search(desk):
    row = entry(en=["sofa", "couch"])
    with committed():
        assert desk.post(f"{LIST}edit/{row.pk}/", fields(name="sofa", terms_en="sofa\nsettee")).status_code == 302
    assert meant("sofa") == ["couch"]
    assert "settee" in desk.get(f"{LIST}edit/{row.pk}/").text
    with committed():
        desk.post(f"{LIST}edit/{row.pk}/", {**fields(name="sofa", terms_en="sofa\nsettee"), "action-publish": "1"})
    assert meant("sofa") == ["settee"]


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({}, "at least one term"),
        ({"typed_en": "sofa"}, "at least one term"),
        ({"terms_en": "?!"}, "holds no word"),
        ({"terms_en": "sofa", "terms_ja": "…"}, "holds no word"),
        ({"terms_en": "so" * 60}, "is too long"),
        ({"terms_en": "so\x00fa"}, "Null characters"),
        ({"terms_en": "\n".join(f"sofa{n}" for n in range(61))}, "60 terms at most"),
        ({"terms_en": "sofa", "starts_on": "2027-02-01", "ends_on": "2027-01-31"}, "before the first"),
    ],
)
def test_what_the_form_refuses(desk, sent, words):
    response = desk.post(f"{LIST}add/", fields(**sent))
    assert response.status_code == 200 and words in response.text
    assert not TermEntry.objects.exists()


@pytest.mark.parametrize("text", ["<script>alert(1)</script> sofa", "' OR 1=1", "\u202eafos", "😀 sofa"])
def test_odd_terms_are_words_like_any(desk, text):
    with committed():
        assert desk.post(f"{LIST}add/", {**fields(terms_en=text + "\ncouch"), "action-publish": "1"}).status_code == 302
    row = TermEntry.objects.get()
    for path in (LIST, f"{LIST}edit/{row.pk}/", f"{LIST}history/{row.pk}/", f"/cms/termbase/{row.pk}/effect/"):
        page = desk.get(path)
        assert page.status_code == 200 and "<script>alert(1)" not in page.text, path


def test_terms_are_searched_in_the_list(desk):
    entry(en="sofa", ru="диван")
    entry(en="lamp")
    page = desk.get(LIST, {"q": "дива"}).text
    assert "sofa" in page and "lamp" not in page


# History, undoing, removing


def test_the_history_keeps_who_and_what_and_takes_back(desk):
    row = entry(en=["sofa", "couch"])
    with committed():
        desk.post(f"{LIST}edit/{row.pk}/", {**fields(name="sofa", terms_en="sofa\nsettee"), "action-publish": "1"})
    assert ModelLogEntry.objects.filter(action="wagtail.publish", user__username="editor").exists()
    first, last = Revision.objects.filter(object_id=str(row.pk)).order_by("pk")
    compared = desk.get(f"{LIST}history/{row.pk}/revisions/compare/{first.pk}...{last.pk}/").text
    assert "couch" in compared and "settee" in compared
    reverted = desk.get(f"{LIST}history/{row.pk}/revisions/{first.pk}/revert/")
    assert reverted.status_code == 200 and "couch" in reverted.text
    with committed():
        sent = {**fields(name="sofa", terms_en="sofa\ncouch"), "action-publish": "1", "revision": str(first.pk)}
        desk.post(f"{LIST}edit/{row.pk}/", sent)
    assert meant("sofa") == ["couch"]


def test_taking_an_entry_back_ends_its_effect(desk):
    row = entry(en=["sofa", "couch"])
    with committed():
        assert desk.post(f"{LIST}unpublish/{row.pk}/").status_code == 302
    assert meant("sofa") == []


def test_a_removed_entry_is_logged_and_comes_back_as_a_draft(desk):
    row = entry(en=["sofa", "couch"])
    with committed():
        assert desk.post(f"{LIST}delete/{row.pk}/").status_code == 302
    assert meant("sofa") == [] and ModelLogEntry.objects.get(action="wagtail.delete").user.username == "editor"
    assert "sofa" not in desk.get(LIST).context["object_list"].values_list("name", flat=True)
    assert "sofa" in desk.get("/cms/removed/termentry/").text
    with committed():
        assert desk.post("/cms/removed/termentry/", {"item": row.pk}).status_code == 302
    row.refresh_from_db()
    assert row.removed_at is None and not row.live and meant("sofa") == []
    assert ModelLogEntry.objects.filter(action="curation.restore").count() == 1
    with committed():
        desk.post(f"{LIST}edit/{row.pk}/", {**fields(name="sofa", terms_en="sofa\ncouch"), "action-publish": "1"})
    assert meant("sofa") == ["couch"]


def test_several_removed_at_once_come_back_too(desk):
    rows = [entry(en=[name, "x"]) for name in ("sofa", "lamp")]
    address = "/cms/bulk/curation/termentry/delete/?" + "&".join(f"id={row.pk}" for row in rows)
    with committed():
        assert desk.post(address).status_code == 302
    assert TermEntry.objects.filter(removed_at__isnull=False, live=False).count() == 2
    assert Revision.objects.filter(object_id=str(rows[0].pk)).exists()


@pytest.mark.parametrize("item", ["", "x", "0", "999999", "٣", "9" * 30])
def test_bringing_back_what_is_not_there(desk, item):
    row = entry(en=["sofa", "couch"])
    response = desk.post("/cms/removed/termentry/", {"item": item}, follow=True)
    assert response.status_code == 404 and TermEntry.objects.get(pk=row.pk).live
    assert desk.get("/cms/removed/nothing/", follow=True).status_code == 404


# Live


def test_each_publication_raises_the_version_and_a_draft_does_not():
    def number() -> int:
        return LiveVersion.objects.filter(name="terms").values_list("number", flat=True).first() or 0

    row = entry(en=["sofa", "couch"], publish=False)
    assert number() == 0
    row.latest_revision.publish()
    assert number() == 1
    TermEntry.objects.get().unpublish()
    assert number() == 2


def test_a_search_asks_the_database_once_and_then_not_at_all(django_assert_num_queries):
    entry(en=["sofa", "couch"])
    with django_assert_num_queries(6):  # version and terms, each in a savepoint
        assert meant("sofa") == ["couch"]
    with django_assert_num_queries(0):
        for _ in range(20):
            assert meant("sofa") == ["couch"]


def test_searches_go_on_when_the_table_cannot_be_read(client, monkeypatch):
    from django.db import connection

    def refuse(execute, sql, *args):
        if "curation_" in sql:
            raise OSError("the table is away")
        return execute(sql, *args)

    with connection.execute_wrapper(refuse):
        assert client.get("/en/search/?q=sofa").status_code == 200
        assert client.get("/api/v1/search?q=sofa").status_code == 200


def test_validity_is_by_days_of_the_portal(settings):
    row = TermEntry(starts_on=None, ends_on=None)
    assert row.concept().starts_at is None and row.concept().ends_at is None
    from datetime import date, datetime
    from zoneinfo import ZoneInfo

    settings.TIME_ZONE = "Asia/Tokyo"
    row = TermEntry(starts_on=date(2027, 1, 1), ends_on=date(2027, 1, 1))
    begins, ends = (datetime(2027, 1, day, tzinfo=ZoneInfo("Asia/Tokyo")) for day in (1, 2))
    assert (row.starts_at, row.ends_at) == (begins, ends)


def test_models_say_what_they_are():
    assert str(LiveVersion(name="terms", number=3)) == "terms: 3"
    assert str(Promotion(queries="a\n?\n b ")) == "a, b"
    assert str(TermEntry(name="sofa")) == "sofa"


@pytest.mark.parametrize(
    ("address", "name"), [(f"{LIST}add/", "typed_{}"), ("/cms/snippets/curation/promotion/add/", "queries")]
)
@pytest.mark.parametrize(("language", "shown"), [("ru", "ru"), ("xx", "all"), ("", "all")])
def test_a_form_begins_with_the_words_that_led_to_it(client, address, name, language, shown):
    client.force_login(search_editor())
    page = client.get(address, {"words": " забыл <b>\x00пароль ", "language": language})
    initial = page.context["form"].initial
    assert initial[name.format(shown)] == "забыл <b> пароль"
    assert "забыл &lt;b&gt; пароль" in page.text
    if name == "queries":
        assert initial["language"] == ("ru" if language == "ru" else "")
