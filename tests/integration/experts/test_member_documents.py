"""Members as search results."""

from collections import Counter

import pytest

from portal.accounts.models import User
from portal.accounts.services import settings_update
from portal.discovery.registry import result_types
from portal.experts import indexing
from portal.experts.services.reputation import reputation_totals_set
from search.documents import SearchRequest
from search.models import OutboxEntry
from search.registry import indexed_type
from tests.factories.accounts import member
from tests.factories.experts import brought_along, profile
from tests.factories.questions import answer, topic, vote

pytestmark = pytest.mark.django_db


@pytest.fixture
def mira():
    someone = member("mira", display_name="Mira Satō")
    topic("Labels", ru="Этикетки")
    profile(
        someone,
        bio="I mend **thermal** printers.",
        role="Technician",
        company="Kumo Works",
        languages={"ja": "native"},
        topics=("labels",),
    )
    return someone


def document(user):
    (found,) = indexing.load([str(user.pk)])
    return found


def test_a_member_is_found_by_what_her_page_says(mira):
    found = document(mira)
    assert (found.type, found.title, found.author, found.language) == ("member", "Mira Satō", "mira", None)
    for words in ("Technician", "Kumo Works", "thermal"):
        assert words in found.body, words
    assert found.answers == "mira"
    assert "**" not in found.body and "<" not in found.body


def test_topics_and_languages_narrow_a_search_but_do_not_crowd_its_results(mira):
    found = document(mira)
    for words in ("Labels", "Этикетки", "Japanese"):
        assert words not in found.body, words
    assert found.topics == ("labels",)


def test_an_address_is_never_in_the_index(mira):
    assert "example.org" not in str(document(mira).as_dict())


def test_reputation_and_staff_are_told(mira):
    brought_along(mira, 400)
    User.objects.filter(pk=mira.pk).update(is_staff=True)
    found = document(mira)
    assert found.score == 400 and found.official


def test_a_member_without_a_profile_has_a_document_too():
    assert document(User.objects.create_user("scripted")).title == "scripted"


def test_who_may_not_be_met_leaves_the_index(mira):
    assert list(indexing.every_id()) == [str(mira.pk)]
    User.objects.filter(pk=mira.pk).update(is_active=False)
    assert indexing.load([str(mira.pk)]) == [] and list(indexing.every_id()) == []
    assert result_types()["member"].visible(None, [str(mira.pk)]) == {}


def test_a_hit_leads_to_the_page_of_the_readers_language(client, mira):
    assert result_types()["member"].visible(None, [str(mira.pk), "999"]) == {str(mira.pk): "/en/members/mira/"}


def test_many_documents_take_few_queries(mira, django_assert_max_num_queries):
    people = [member(f"person-{place}") for place in range(30)]
    for someone in people:
        profile(someone, role="x", languages={"en": "native"}, topics=("labels",))
    with django_assert_max_num_queries(6):
        assert len(list(indexing.load([str(user.pk) for user in people]))) == 30


def test_what_changes_a_document_says_so(mira, monkeypatch):
    noted = Counter()
    monkeypatch.setattr("portal.accounts.indexing.enqueue", lambda kind, ids: noted.update({kind: len(list(ids))}))
    settings_update(user=mira, display_name="Mira", language="en", reads=[])
    assert noted == {"member": 1}
    profile(mira, bio="New words")
    assert noted["member"] >= 2
    before = noted["member"]
    member()
    assert noted["member"] > before


@pytest.mark.parametrize(
    ("request_", "found"),
    [
        (SearchRequest(text="satō"), True),
        (SearchRequest(text="MIRA"), True),
        (SearchRequest(text=""), True),
        (SearchRequest(text="mira", topics=("labels",)), True),
        (SearchRequest(text="mira", authors=("mira",)), True),
        (SearchRequest(text="omar"), False),
        (SearchRequest(text="mi\x00ra\x00"), False),
        (SearchRequest(text="mira", topics=("billing",)), False),
        (SearchRequest(text="mira", statuses=("open",)), False),
        (SearchRequest(text="mira", authors=("omar",)), False),
    ],
)
def test_the_database_answers_while_the_engine_is_away(mira, request_, found):
    assert [hit.title for hit in indexing.fallback(request_)] == (["Mira Satō"] if found else [])


def test_what_is_excluded_is_not_found(mira):
    assert indexing.fallback(SearchRequest(text="mira", exclude=(("member", str(mira.pk)),))) == []
    assert indexing.fallback(SearchRequest(text="mira", exclude=(("question", str(mira.pk)),))) != []


def test_the_type_is_registered_once():
    assert indexed_type("member").load is indexing.load
    indexing.register_types()
    assert indexed_type("member").load is indexing.load


def test_the_search_hears_of_a_reputation_that_changed():
    helpful = member("helpful")
    given = answer(user=helpful)
    OutboxEntry.objects.all().delete()
    vote(given)
    assert document(helpful).score > 0
    assert OutboxEntry.objects.filter(document_type="member", object_id=str(helpful.pk)).exists()
    OutboxEntry.objects.all().delete()
    assert reputation_totals_set(user_ids=[helpful.pk]) == 0
    assert not OutboxEntry.objects.exists(), "nothing changed, nothing is sent"
