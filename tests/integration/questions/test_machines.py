"""What machines read: feeds, sitemaps, robots.txt, and the command that recounts."""

from io import StringIO
from xml.etree import ElementTree

import pytest
from django.core.management import call_command

from portal.questions.models import Answer, Question
from portal.questions.services.answers import answer_delete, answer_edit, answer_restore
from portal.questions.services.questions import question_delete
from tests.factories.accounts import member
from tests.factories.questions import answer, question, topic

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def entries(client, address):
    tree = ElementTree.fromstring(client.get(address).content)
    return {entry.findtext(f"{ATOM}title") for entry in tree.iter(f"{ATOM}entry")}


def places(client, address):
    tree = ElementTree.fromstring(client.get(address).content)
    return {place.text for place in tree.iter(f"{SITEMAP}loc")}


def test_a_deleted_question_is_in_no_feed_and_no_sitemap(client):
    kept, gone = question(title="It stays where it is"), question(title="It goes away soon")
    question_delete(user=gone.author, question_id=gone.pk)
    assert entries(client, "/feeds/questions.atom") == {kept.title}
    found = places(client, "/sitemap-questions.xml")
    assert [place for place in found if f"/{kept.pk}/" in place]
    assert not [place for place in found if f"/{gone.pk}/" in place]


def test_a_feed_is_narrowed_by_topic_and_language(client):
    parent = topic("Hub")
    topic("Firmware", parent=parent)
    question(title="About the firmware", topics=("firmware",))
    question(title="О чём-то другом", language="ru")
    assert entries(client, "/feeds/questions.atom?topic=hub") == {"About the firmware"}
    assert entries(client, "/feeds/questions.atom?language=ru") == {"О чём-то другом"}
    assert entries(client, "/feeds/questions.atom?topic=nothing") == set()


def test_feed_links_are_absolute_and_on_this_portal(client, settings):
    asked = question()
    text = client.get("/feeds/questions.atom").content.decode()
    assert settings.PORTAL_BASE_URL + asked.get_absolute_url() in text
    assert "example.com" not in text


def test_the_sitemap_leads_to_each_section(client, settings):
    question()
    assert places(client, "/sitemap.xml") == {
        f"{settings.PORTAL_BASE_URL}/sitemap-pages.xml",
        f"{settings.PORTAL_BASE_URL}/sitemap-questions.xml",
    }
    assert all(place.startswith(settings.PORTAL_BASE_URL) for place in places(client, "/sitemap-pages.xml"))
    assert len(places(client, "/sitemap-pages.xml")) >= 12


def test_robots_are_kept_from_what_is_not_for_them(client):
    said = client.get("/robots.txt").content.decode()
    assert "Disallow: /*/search/" in said
    assert "Sitemap: http://testserver/sitemap.xml" in said


def test_recount_puts_right_what_drifted_and_then_finds_nothing():
    given = answer()
    Question.objects.filter(pk=given.question_id).update(answers_count=9)
    Answer.objects.filter(pk=given.pk).update(score=5)
    first, second = StringIO(), StringIO()
    call_command("recount", stdout=first)
    call_command("recount", stdout=second)
    assert first.getvalue().splitlines() == [
        "answers: 1 put right",
        "outdated answers: 0 put right",
        "questions: 1 put right",
    ]
    assert second.getvalue().splitlines() == [
        "answers: 0 put right",
        "outdated answers: 0 put right",
        "questions: 0 put right",
    ]
    assert Question.objects.get(pk=given.question_id).answers_count == 1


def test_a_member_named_like_markup_stays_a_name_in_the_feed(client):
    who = member(display_name="<b>Bold</b> & Co")
    question(who)
    tree = ElementTree.fromstring(client.get("/feeds/questions.atom").content)
    assert tree.find(f".//{ATOM}entry/{ATOM}author/{ATOM}name").text == "<b>Bold</b> & Co"


def test_a_topic_has_a_feed_of_its_own_and_of_what_lies_below_it(client):
    topic("Firmware", parent=topic("Hub", ru="Хаб"))
    question(title="About the firmware", topics=("firmware",))
    question(title="About something else")
    assert entries(client, "/feeds/topics/hub.atom") == {"About the firmware"}
    tree = ElementTree.fromstring(client.get("/feeds/topics/hub.atom?language=ru").content)
    assert tree.findtext(f"{ATOM}title").endswith(": Хаб")
    assert client.get("/feeds/topics/nothing.atom").status_code == 404
    assert client.get("/feeds/topics/%00.atom").status_code == 404


def test_a_question_has_a_feed_of_its_answers(client, settings):
    asked = question(title="Why <so> & so?")
    first, gone, other = (
        answer(asked, body="Turn it *off*."),
        answer(asked, body="Never mind."),
        answer(body="Elsewhere."),
    )
    answer_delete(user=gone.author, answer_id=gone.pk)
    address = f"/feeds/questions/{asked.pk}.atom"
    tree = ElementTree.fromstring(client.get(address).content)
    assert tree.findtext(f"{ATOM}title") == "Why <so> & so?"
    (entry,) = tree.iter(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}title") == "Turn it off."
    assert entry.find(f"{ATOM}link").get("href") == settings.PORTAL_BASE_URL + first.get_absolute_url()
    assert entries(client, f"/feeds/questions/{other.question_id}.atom") == {"Elsewhere."}
    question_delete(user=member(staff=True), question_id=asked.pk)
    assert client.get(address).status_code == 404
    assert client.get("/feeds/questions/99999999.atom").status_code == 404


FEEDS = (
    "/feeds/questions.atom",
    "/feeds/questions.atom?language=ru",
    "/feeds/topics/hub.atom",
    "/feeds/questions/{}.atom",
)


class TestAskingAgain:
    """Programs ask for feeds again and again: most of the time nothing changed."""

    @pytest.mark.parametrize("address", FEEDS)
    def test_who_has_the_feed_as_it_is_gets_304(self, client, address):
        topic("Hub")
        asked = question(topics=("hub",))
        path = address.format(asked.pk)
        first = client.get(path)
        assert (first.status_code, first["Cache-Control"]) == (200, "no-cache")
        assert "Last-Modified" not in first, "a date does not tell what was deleted"
        again = client.get(path, headers={"If-None-Match": first["ETag"]})
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
        assert client.get(path, headers={"If-None-Match": '"other"'}).status_code == 200
        assert client.get(path, headers={"If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"}).status_code == 200

    def test_what_is_edited_deleted_or_brought_back_is_a_change(self, client):
        given = answer()
        address = f"/feeds/questions/{given.question_id}.atom"
        seen = [client.get(address)["ETag"]]
        answer_delete(user=given.author, answer_id=given.pk)
        seen.append(client.get(address)["ETag"])
        answer_restore(user=given.author, answer_id=given.pk)
        seen.append(client.get(address)["ETag"])
        answer_edit(user=given.author, answer_id=given.pk, version=1, body="Other words now.")
        seen.append(client.get(address)["ETag"])
        assert seen[0] == seen[2] and len(set(seen)) == 3

    def test_a_feed_of_what_is_gone_is_gone_whatever_one_has(self, client):
        asked = question()
        address = f"/feeds/questions/{asked.pk}.atom"
        known = client.get(address)["ETag"]
        question_delete(user=asked.author, question_id=asked.pk)
        assert client.get(address, headers={"If-None-Match": known}).status_code == 404

    def test_each_names_itself_and_speaks_its_own_language(self, client, settings):
        asked = question(language="ru")
        address = f"/feeds/questions/{asked.pk}.atom"
        tree = ElementTree.fromstring(client.get(address).content)
        links = {link.get("rel"): link.get("href") for link in tree.findall(f"{ATOM}link")}
        assert links["self"] == settings.PORTAL_BASE_URL + address
        assert tree.get("{http://www.w3.org/XML/1998/namespace}lang") == "ru"
        tree = ElementTree.fromstring(client.get("/feeds/questions.atom?language=ar").content)
        assert tree.findtext(f"{ATOM}title") != "Newest questions"
        assert tree.get("{http://www.w3.org/XML/1998/namespace}lang") == "ar"
        tree = ElementTree.fromstring(client.get("/feeds/questions.atom?language=klingon").content)
        assert tree.findtext(f"{ATOM}title") == "Newest questions"
