"""Saved searches: who may see which, keeping one from the results page, changing, the limit, the pages."""

from urllib.parse import quote

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from portal.core.errors import Invalid, NotFound, SignInNeeded, Stale, StateForbids
from portal.discovery.models import SavedSearch
from portal.discovery.selectors import saved_search_of, saved_searches_of
from portal.discovery.services import saved_searches as services
from portal.discovery.services.saved_searches import (
    saved_parameters,
    saved_search_change,
    saved_search_create,
    saved_search_delete,
    saved_searches_silence,
)
from tests.factories.accounts import member
from tests.factories.browsers import browser

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner():
    return member("owner")


@pytest.fixture
def search(owner):
    return saved_search_create(user=owner, query="q=valve&type=question", name="Valves")


class TestOutsiders:
    def test_another_member_finds_nothing_there(self, owner, search):
        other = member(staff=True)
        assert list(saved_searches_of(other)) == []
        for deed in (
            lambda: saved_search_of(other, search.pk),
            lambda: saved_search_change(user=other, search_id=search.pk, name="Mine"),
            lambda: saved_search_delete(user=other, search_id=search.pk),
        ):
            with pytest.raises(NotFound):
                deed()
        client = browser(other)
        assert "Valves" not in client.get("/en/account/searches/").text
        assert client.post(f"/en/account/searches/{search.pk}/", {"name": "x", "frequency": "daily"}).status_code == 404
        assert client.post(f"/en/account/searches/{search.pk}/delete/").status_code == 404
        search.refresh_from_db()
        assert (search.name, search.owner_id) == ("Valves", owner.pk)

    def test_a_stranger_is_led_to_sign_in_and_back(self, search):
        client = browser()
        assert list(saved_searches_of(None)) == []
        reply = client.get("/ru/account/searches/")
        assert reply["Location"] == f"/ru/account/login/?next={quote('/ru/account/searches/')}"
        come_from = "http://testserver/ru/search/?q=valve"
        reply = client.post("/ru/account/searches/add/", {"query": "q=valve"}, HTTP_REFERER=come_from)
        assert reply["Location"].startswith("/ru/account/login/?next=") and "valve" in reply["Location"]
        assert client.post(f"/en/account/searches/{search.pk}/").status_code == 302
        assert SavedSearch.objects.count() == 1
        with pytest.raises(SignInNeeded):
            saved_search_create(user=None, query="q=valve")

    def test_silencing_takes_the_owners_only(self, search):
        assert saved_searches_silence(owner_id=member().pk, ids=[search.pk]) == 0
        assert saved_searches_silence(owner_id=search.owner_id, ids=[search.pk]) == 1
        assert saved_searches_silence(owner_id=search.owner_id, ids=[search.pk]) == 0


class TestParameters:
    @pytest.mark.parametrize(
        ("given", "kept"),
        [
            ("q=valve", "q=valve"),
            ("?q=valve&page=3&utm_source=x", "q=valve"),
            ("type=question&q=+valve+", "q=valve&type=question"),
            ("topic=leaks&language=&status=", "topic=leaks"),
            (
                "q=%D0%BA%D0%BB%D0%B0%D0%BF%D0%B0%D0%BD&sort=newest",
                "q=%D0%BA%D0%BB%D0%B0%D0%BF%D0%B0%D0%BD&sort=newest",
            ),
            ("q=a%00b", "q=ab"),
        ],
    )
    def test_what_says_what_is_looked_for_is_kept_in_one_order(self, given, kept):
        assert saved_parameters(given) == kept

    @pytest.mark.parametrize(
        "given", ["", "?", "page=2", "q=", "q=%20", "sort=newest", "x=" + "y" * 50, "q=" + "я" * 999]
    )
    def test_nothing_to_look_for_or_too_much_is_refused(self, given):
        with pytest.raises(Invalid):
            saved_parameters(given)

    def test_more_fields_than_django_reads_are_refused(self):
        with pytest.raises(Invalid):
            saved_parameters("&".join(f"x{number}=1" for number in range(2_000)))

    @given(st.text(max_size=60), st.sampled_from(["q", "topic", "status"]))
    def test_any_words_come_back_as_they_were(self, words, name):
        query = QueryDict(mutable=True)
        query[name] = words.encode("utf-8", "replace").decode()
        wanted = query[name].replace("\x00", "").strip()
        try:
            kept = saved_parameters(query.urlencode())
        except Invalid:
            assert not wanted
        else:
            assert QueryDict(kept).get(name) == wanted
            assert saved_parameters(kept) == kept


class TestKeeping:
    def test_it_has_the_words_for_a_name_unless_given_one(self, owner):
        assert saved_search_create(user=owner, query="q=" + quote("a " * 200)).name.endswith("…")
        assert saved_search_create(user=owner, query="q=valve").name == "valve"
        assert saved_search_create(user=owner, query="topic=leaks").name

    def test_the_same_one_again_is_the_one_that_is_there(self, owner, search):
        again = saved_search_create(user=owner, query="type=question&q=valve&page=2", name="Other", frequency="never")
        assert again.pk == search.pk
        assert (again.name, again.frequency, again.due_at) == ("Other", "never", None)

    def test_two_members_may_keep_the_same(self, search):
        other = saved_search_create(user=member(), query=search.parameters)
        assert other.pk != search.pk

    def test_the_limit_is_told(self, owner, search, monkeypatch):
        monkeypatch.setattr(services, "MOST_SAVED", 1)
        with pytest.raises(StateForbids, match="1 saved searches"):
            saved_search_create(user=owner, query="q=lamp")
        assert saved_search_create(user=owner, query=search.parameters).pk == search.pk

    @pytest.mark.parametrize(
        "fields", [{"name": "x" * 121}, {"name": " \x00 "}, {"frequency": "hourly"}, {"frequency": ""}]
    )
    def test_what_cannot_be_is_refused_and_changes_nothing(self, owner, search, fields):
        with pytest.raises(Invalid):
            saved_search_change(user=owner, search_id=search.pk, **fields)
        search.refresh_from_db()
        assert (search.name, search.frequency, search.version) == ("Valves", "daily", 1)

    def test_somebody_faster(self, owner, search):
        saved_search_change(user=owner, search_id=search.pk, name="Second", version=1)
        with pytest.raises(Stale):
            saved_search_change(user=owner, search_id=search.pk, name="Third", version=1)

    @pytest.mark.parametrize(("language", "kept"), [("ja", "ja"), ("xx", "en"), ("", "en")])
    def test_in_a_language_of_the_portal(self, owner, language, kept):
        assert saved_search_create(user=owner, query="q=valve", language=language).language == kept


class TestPages:
    def test_from_the_results_to_the_list_and_back(self, owner):
        client = browser(owner)
        page = client.get("/ja/search/?q=valve&type=question&page=1").text
        assert 'action="/ja/account/searches/add/"' in page
        form = {"query": "q=valve&type=question&page=1", "name": "Valves", "frequency": "weekly"}
        assert client.post("/ja/account/searches/add/", form)["Location"] == "/ja/account/searches/"
        page = client.get("/ja/account/searches/").text
        assert 'href="/ja/search/?q=valve&amp;type=question"' in page and "Valves" in page
        assert SavedSearch.objects.get().frequency == "weekly"

    def test_a_stranger_sees_the_way_to_sign_in_above_the_results(self):
        page = browser().get("/en/search/?q=valve").text
        assert f"/en/account/login/?next={quote('/en/search/?q=valve', safe='/')}" in page
        assert "searches/add" not in page

    def test_nothing_asked_nothing_to_save(self, owner):
        assert "searches/add" not in browser(owner).get("/en/search/").text

    def test_changing_and_deleting(self, owner, search):
        client = browser(owner)
        assert (
            client.post(f"/en/account/searches/{search.pk}/", {"name": "New", "frequency": "never"}).status_code == 302
        )
        search.refresh_from_db()
        assert (search.name, search.frequency) == ("New", "never")
        refused = client.post(f"/en/account/searches/{search.pk}/", {"name": "", "frequency": "daily"})
        assert refused.status_code == 422 and "field-error" in refused.text
        client.post(f"/en/account/searches/{search.pk}/delete/")
        assert SavedSearch.objects.count() == 0
        assert "No saved searches yet" in client.get("/en/account/searches/").text

    def test_a_refusal_is_told_on_the_list(self, owner):
        client = browser(owner)
        reply = client.post("/en/account/searches/add/", {"query": "page=2", "frequency": "daily"}, follow=True)
        assert "Search for something first" in reply.text
        reply = client.post("/en/account/searches/add/", {"query": "q=x", "frequency": "hourly"}, follow=True)
        assert "message-error" in reply.text

    def test_a_name_is_text(self, owner):
        saved_search_create(user=owner, query="q=valve", name="<script>alert(1)</script>")
        assert "<script>alert" not in browser(owner).get("/en/account/searches/").text

    def test_it_takes_few_queries(self, owner, django_assert_max_num_queries):
        client = browser(owner)
        for number in range(12):
            saved_search_create(user=owner, query=f"q=valve{number}")
        client.get("/en/account/searches/")
        with django_assert_max_num_queries(12):
            client.get("/en/account/searches/")
