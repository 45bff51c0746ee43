"""Topics, feeds, sitemaps and the command that prepares a portal."""

from io import StringIO
from xml.etree import ElementTree

import pytest
from django.core.management import call_command
from django.template import Context, Template
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from portal.core.bulk import rows_insert, rows_update
from portal.core.errors import Invalid, NotFound
from portal.core.models import Source, Topic, TopicName
from portal.core.topics import topic_by_slug, topic_choices, topic_slug, topics_by_slug, topics_with_names
from portal.questions.models import Question
from tests.factories.questions import answer, question, topic


@pytest.mark.django_db
class TestTopics:
    def test_a_topic_is_found_by_its_slug_only(self):
        made = topic("Battery", ru="Батарея")
        assert topic_by_slug("battery") == made
        for slug in ("Battery", "Батарея", "", "batter", "\x00", "battery\x00", "x" * 500):
            with pytest.raises(NotFound):
                topic_by_slug(slug)

    def test_slugs_keep_the_order_of_who_named_them_and_are_taken_once(self):
        for name in ("Alpha", "Beta", "Gamma"):
            topic(name)
        found = topics_by_slug(slugs=["gamma", " alpha ", "", "gamma", "beta"])
        assert [each.slug for each in found] == ["gamma", "alpha", "beta"]
        assert topics_by_slug(slugs=[]) == []

    def test_the_first_that_is_missing_is_named(self):
        topic("Alpha")
        with pytest.raises(Invalid) as refused:
            topics_by_slug(slugs=["alpha", "<b>nothing</b>", "neither"])
        assert "<b>nothing</b>" in str(refused.value.fields["topics"][0])
        assert "neither" not in str(refused.value.fields["topics"][0])

    def test_names_fall_back_to_the_one_it_was_made_with(self):
        made = topic("Battery", ru="Батарея")
        TopicName.objects.create(topic=made, language="ja", name="電池", description="電源について")
        assert [made.name_in(code) for code in ("en", "ru", "ja", "ar", "")] == [
            "Battery", "Батарея", "電池", "Battery", "Battery",
        ]  # fmt: skip
        assert made.description_in("ja") == "電源について"
        assert made.description_in("en") == made.description

    def test_all_names_come_in_two_queries(self, django_assert_num_queries):
        for number in range(6):
            topic(f"Topic {number}", ru=f"Тема {number}")
        with django_assert_num_queries(2):
            assert [each.name_in("ru") for each in topics_with_names()] == [f"Тема {n}" for n in range(6)]

    def test_choices_are_sorted_names_of_the_language(self):
        topic("Zebra", ru="Азбука")
        topic("Alpha", ru="Яблоко")
        assert topic_choices(language="ru") == ["Азбука", "Яблоко"]
        assert topic_choices(language="en") == ["Alpha", "Zebra"]

    def test_a_parent_that_goes_leaves_its_children(self):
        parent = topic("Parent")
        child = topic("Child", parent=parent)
        parent.delete()
        child.refresh_from_db()
        assert child.parent is None

    @pytest.mark.parametrize(("language", "name"), [("ru", "Батарея"), ("en", "Battery"), ("ar", "Battery")])
    def test_templates_name_them_in_the_language_of_the_page(self, language, name):
        made = topic("Battery", ru="Батарея")
        drawn = Template("{% load topics %}{% topic_name topic %}|{% topic_description topic %}")
        with translation.override(language):
            assert drawn.render(Context({"topic": made})) == f"{name}|"

    def test_a_name_is_text(self):
        made = Topic.objects.create(name="<b>x</b>", slug="x")
        drawn = Template("{% load topics %}{% topic_name topic %}").render(Context({"topic": made}))
        assert drawn == "&lt;b&gt;x&lt;/b&gt;"


@given(st.text(max_size=150))
def test_a_slug_of_a_topic_is_stable_and_short(name):
    slug = topic_slug(name)
    assert len(slug) <= 100
    assert topic_slug(slug) == slug
    assert "/" not in slug
    assert "," not in slug


@pytest.mark.parametrize(
    ("name", "slug"),
    [("C", "c"), ("C++", "c-plus-plus"), ("C#", "c-sharp"), ("F#", "f-sharp"), (".NET", "net"), ("印刷", "印刷")],
)
def test_names_that_differ_by_a_sign_have_slugs_that_differ(name, slug):
    assert topic_slug(name) == slug


@pytest.mark.django_db
@pytest.mark.parametrize("hostile", ["'); DROP TABLE core_source; --", "%s ? :1 %%", '"', "\\", "\u202e", "a\nb"])
def test_words_written_in_bulk_are_values_and_never_statements(hostile):
    rows_insert(model=Source, objects=[Source(name="x", title=hostile)])
    made = Source.objects.get()
    assert made.title == hostile
    made.title = hostile * 2
    rows_update(model=Source, objects=[made], names=["title"])
    assert Source.objects.get().title == hostile * 2


@pytest.mark.django_db
class TestFeeds:
    ATOM = "{http://www.w3.org/2005/Atom}"

    def feed(self, client, address="/feeds/questions.atom"):
        reply = client.get(address)
        assert reply.status_code == 200
        assert reply.headers["Content-Type"].startswith("application/atom+xml")
        return ElementTree.fromstring(reply.content)

    @pytest.mark.parametrize("sign", ["\x01", "\x08", "\x0b", "\x1b", "\x1f", "\uffff", "\ufffe"])
    def test_a_sign_that_xml_cannot_hold_breaks_no_feed(self, client, sign):
        """One text pasted from a terminal must not take the feed away from everybody."""
        asked = question()
        Question.objects.filter(pk=asked.pk).update(
            title=f"Bad{sign} title", body_html=f"<p>a{sign}b</p>", author=None, author_name=f"No{sign}body"
        )
        (entry,) = self.feed(client).iter(f"{self.ATOM}entry")
        assert entry.findtext(f"{self.ATOM}title") == "Bad title"
        assert entry.findtext(f"{self.ATOM}summary") == "<p>ab</p>"
        assert entry.findtext(f"{self.ATOM}author/{self.ATOM}name") == "Nobody"

    @pytest.mark.parametrize("value", ["a\x00b", "\x01c", "%", "<b>", "'", "x" * 4000, "日本", "\u202e"])
    @pytest.mark.parametrize("name", ["topic", "language"])
    def test_any_address_gives_a_feed(self, client, name, value):
        question()
        reply = client.get("/feeds/questions.atom", {name: value})
        assert reply.status_code == 200
        assert list(ElementTree.fromstring(reply.content).iter(f"{self.ATOM}entry")) == []

    def test_it_is_the_newest_and_no_more_than_thirty(self, client):
        for number in range(32):
            question(title=f"Question number {number}")
        titles = [entry.findtext(f"{self.ATOM}title") for entry in self.feed(client).iter(f"{self.ATOM}entry")]
        assert titles == [f"Question number {number}" for number in range(31, 1, -1)]

    def test_it_sets_no_cookie_and_takes_few_queries(self, client, django_assert_max_num_queries):
        for _ in range(5):
            answer(question())
        with django_assert_max_num_queries(2):
            reply = client.get("/feeds/questions.atom")
        assert not reply.cookies

    def test_an_entry_is_updated_when_something_happens(self, client):
        asked = question()
        given_answer = answer(asked)
        (entry,) = self.feed(client).iter(f"{self.ATOM}entry")
        assert entry.findtext(f"{self.ATOM}updated")[:19] == given_answer.created_at.isoformat()[:19]
        assert entry.findtext(f"{self.ATOM}published")[:19] == asked.created_at.isoformat()[:19]


@pytest.mark.django_db
class TestSitemaps:
    SPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"

    def places(self, client, address):
        return [each.text for each in ElementTree.fromstring(client.get(address).content).iter(f"{self.SPACE}loc")]

    def test_each_question_stands_under_its_own_language(self, client, settings):
        settings.PORTAL_BASE_URL = "https://help.example.org:8443"
        rows = [question(language=code, title=f"Title in {code}") for code in ("en", "ru", "ja", "ar")]
        found = self.places(client, "/sitemap-questions.xml")
        assert found == [settings.PORTAL_BASE_URL + row.get_absolute_url() for row in rows]

    def test_a_long_sitemap_is_parted(self, client, monkeypatch, settings):
        from portal.questions.sitemaps import QuestionSitemap

        monkeypatch.setattr(QuestionSitemap, "limit", 2)
        rows = [question() for _ in range(5)]
        index = self.places(client, "/sitemap.xml")
        own = [place for place in index if "sitemap-questions" in place]
        base = f"{settings.PORTAL_BASE_URL}/sitemap-questions.xml"
        assert own == [base, f"{base}?p=2", f"{base}?p=3"]
        found = [place for page in own for place in self.places(client, page.removeprefix(settings.PORTAL_BASE_URL))]
        assert found == [settings.PORTAL_BASE_URL + row.get_absolute_url() for row in rows]

    @pytest.mark.parametrize("page", ["0", "99", "x", "-1"])
    def test_a_part_that_is_not_there(self, client, page):
        question()
        assert client.get(f"/sitemap-questions.xml?p={page}").status_code == 404

    def test_a_section_that_is_not_there(self, client):
        assert client.get("/sitemap-secrets.xml").status_code == 404


@pytest.mark.django_db
class TestPreparation:
    def test_a_prepared_portal_is_left_alone_and_gets_its_index(self, settings, tmp_path, capsys):
        from search.engines import forget_engines, selected_engine

        settings.SEARCH = {**settings.SEARCH, "ELASTICSEARCH_URL": None, "EMBEDDED_PATH": tmp_path / "search"}
        settings.STATIC_ROOT = tmp_path / "static"
        settings.DEBUG = True  # no files to collect
        forget_engines()
        question(title="Asked before the index was there")
        try:
            call_command("prepare_portal", stdout=StringIO())
            assert selected_engine().health().has_index
            assert "Building the search index" in capsys.readouterr().out
            call_command("prepare_portal", stdout=StringIO())
            assert "Building the search index" not in capsys.readouterr().out
        finally:
            forget_engines()
        assert not (tmp_path / "static").exists()

    def test_files_are_collected_once_for_each_state_of_the_code(self, settings, tmp_path, capsys):
        from portal.core.management.commands.prepare_portal import collect_static_files

        settings.STATIC_ROOT = tmp_path / "static"
        settings.DEBUG = False
        collect_static_files("state-1")
        assert (tmp_path / "static" / "collected.txt").read_text() == "state-1"
        assert (tmp_path / "static" / "js" / "theme.js").exists()
        capsys.readouterr()
        collect_static_files("state-1")
        assert capsys.readouterr().out == ""
        collect_static_files("state-2")
        assert "Collecting" in capsys.readouterr().out
        assert (tmp_path / "static" / "collected.txt").read_text() == "state-2"
