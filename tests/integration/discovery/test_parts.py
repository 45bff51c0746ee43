"""The parts of pages that search while one types, and the filters beside the results."""

from html import unescape

import pytest
from django.core.cache import cache
from django.http import QueryDict
from django.test import Client
from django.utils import translation

from portal.core.limits import LIMITS
from portal.discovery.facets import MOST, facet_groups, status_names, topic_names, topics_shown
from portal.discovery.forms import SearchQuery
from portal.discovery.selectors import similar_run, suggest_run
from portal.questions.models import Status
from tests.factories.accounts import member
from tests.factories.questions import accept, answer, question, topic


def part(address, **asked):
    """Returns the HTML of a part."""
    reply = Client().get(address, asked)
    assert reply.status_code == 200
    text = reply.content.decode()
    assert "<html" not in text
    return text


class TestSuggestions:
    def test_titles_that_begin_like_what_is_typed(self, index):
        question(title="Calibration of the sensor")
        question(title="Something else entirely")
        index()
        text = part("/en/search/suggest/", q="calib")
        assert "<mark>Calib</mark>ration of the sensor" in text
        assert "Something else" not in text

    @pytest.mark.parametrize(
        ("language", "title", "typed"),
        [("ru", "Не печатает принтер", "печат"), ("ja", "印刷できません", "印刷"), ("ar", "الطابعة لا تعمل", "الطاب")],
    )
    def test_in_any_script(self, index, language, title, typed):
        question(title=title, language=language)
        index()
        text = part(f"/{language}/search/suggest/", q=typed)
        assert title in text.replace("<mark>", "").replace("</mark>", "")
        assert f'lang="{language}" dir="auto"' in text

    def test_kind_by_kind_with_their_number_in_words(self, index):
        question(title="Cable hums")
        member("cable-guy")
        index()
        text = part("/en/search/suggest/", q="cable")
        assert text.count('role="group"') == 2
        assert text.index('aria-label="Questions"') < text.index('aria-label="Members"')
        assert 'data-said="2 suggestions"' in text
        assert 'data-said="No suggestions"' in part("/en/search/suggest/", q="zzzqqq")

    def test_the_database_suggests_kind_by_kind_without_an_index(self, no_index):
        for number in range(9):
            question(title=f"Cable number {number}")
        member("cable-guy")
        page = suggest_run(user=None, text="cable", language="en")
        assert page.degraded
        assert [result.hit.type for result in page.results].count("question") == 7
        assert page.results[-1].hit.type == "member" and "<mark>Cable</mark>" in page.results[0].hit.title_html

    def test_no_more_than_eight(self, index):
        for number in range(12):
            question(title=f"Cable number {number}")
        index()
        assert part("/en/search/suggest/", q="cable").count('role="option"') == 8
        assert len(suggest_run(user=None, text="cable", language="en", limit=3).results) == 3

    @pytest.mark.parametrize("typed", ["", " ", "\x00", "%", '"', "<script>", "x" * 4000, "🖨", "ـ", "ー"])
    def test_anything_typed_gives_a_part(self, index, typed):
        question(title="Cable <script>alert(1)</script>")
        index()
        assert "<script>alert" not in part("/en/search/suggest/", q=typed)

    def test_kinds_can_be_chosen(self, index):
        question(title="Cable of a kind")
        index()
        assert suggest_run(user=None, text="cable", language="en", types=("article",)).results == []
        assert len(suggest_run(user=None, text="cable", language="en", types=("question",)).results) == 1


class TestSimilar:
    def test_what_was_asked_before_is_offered_with_what_it_has(self, index):
        accept(answer(question(title="Printer does not print in colour")))
        question(title="How to fold paper")
        index()
        text = part("/en/search/similar/", title="My printer does not print colours")
        assert "Printer does not print in colour" in text
        assert "Accepted answer" in text
        assert "1 answer" in text
        assert "How to fold" not in text

    @pytest.mark.parametrize("title", ["", "a", "abcd", "    a    "])
    def test_a_few_letters_are_too_few(self, index, title):
        question(title="abcd abcd abcd")
        index()
        assert "appear here as you type" in part("/en/search/similar/", title=title)

    def test_nothing_like_it_encourages(self, index):
        assert "Nothing like this was asked yet" in part("/en/search/similar/", title="xylophone quartz")

    def test_a_question_is_not_like_itself(self, index):
        asked = question(title="Cable makes noise")
        other = question(title="Cable makes noise too")
        index()
        text = part("/en/search/similar/", title=asked.title, exclude=str(asked.pk))
        assert f"/questions/{other.pk}/" in text
        assert f"/questions/{asked.pk}/" not in text

    @pytest.mark.parametrize("exclude", ["x", "-1", "²", "9" * 30, "9" * 4000, "", "1;DROP"])
    @pytest.mark.parametrize("shelf", ["index", "no_index"])
    def test_odd_numbers_leave_nothing_out(self, request, shelf, exclude):
        drain = request.getfixturevalue(shelf)
        asked = question(title="Cable makes noise")
        if drain:
            drain()
        assert f"/questions/{asked.pk}/" in part("/en/search/similar/", title="Cable makes noise", exclude=exclude)

    @pytest.mark.parametrize("language", ["", "en", "ja", "xx", "x" * 300, "\x00"])
    def test_any_language_is_taken(self, index, language):
        question(title="Cable makes noise")
        index()
        assert "Cable makes noise" in part("/en/search/similar/", title="Cable makes noise", language=language)

    def test_markup_is_text(self, index):
        question(title="<img src=x onerror=y> Cable")
        index()
        text = part("/en/search/similar/", title="Cable makes noise")
        assert "<img" not in text
        assert "&lt;img src=x onerror=y&gt; Cable" in text

    def test_members_are_never_similar(self, index):
        from tests.factories.accounts import member

        member("cable-makes-noise", display_name="Cable makes noise")
        index()
        assert similar_run(user=None, title="Cable makes noise").results == []

    def test_the_database_answers_without_an_index(self, no_index):
        question(title="Cable makes noise")
        found = similar_run(user=None, title="Cable makes noise")
        assert (found.degraded, len(found.results)) == (True, 1)

    @pytest.mark.parametrize("language", ["ru", "ja", "ar"])
    def test_it_speaks_the_language_of_the_page(self, index, language):
        with translation.override(language):
            words = translation.gettext("Earlier questions and articles appear here as you type the title.")
        assert words in unescape(part(f"/{language}/search/similar/"))


class TestLimits:
    @pytest.mark.parametrize(
        ("action", "address"),
        [
            ("search", "/en/search/?q=x"),
            ("suggest", "/en/search/suggest/?q=x"),
            ("suggest", "/en/search/similar/?title=cable"),
        ],
    )
    def test_a_stranger_who_asks_without_end_is_told_to_wait(self, index, settings, monkeypatch, action, address):
        settings.PORTAL_LIMITS = True
        monkeypatch.setitem(LIMITS, action, (2, 60))
        cache.clear()
        statuses = [Client().get(address).status_code for _ in range(3)]
        assert statuses == [200, 200, 429]
        refused = Client().get(address)
        assert 1 <= int(refused.headers["Retry-After"]) <= 60
        assert Client(REMOTE_ADDR="192.0.2.7").get(address).status_code == 200


@pytest.mark.django_db
class TestFacets:
    def groups(self, address="", spoken="en", **facets):
        """Returns the filters by name."""
        query = SearchQuery.read(QueryDict(address))
        with translation.override(spoken):
            topics = topic_names(topics_shown(query, facets), spoken)
            return {group.name: group for group in facet_groups(query=query, facets=facets, topics=topics)}

    def test_without_counts_and_choices_there_are_none(self):
        assert self.groups() == {}

    def test_names_are_of_the_readers_language_and_counts_of_the_engine(self):
        topic("Battery", ru="Батарея")
        found = self.groups(spoken="ru", topic=[("battery", 3)], status=[("open", 2)])
        assert [(c.value, str(c.label), c.count) for c in found["topic"].choices] == [("battery", "Батарея", 3)]
        with translation.override("ru"):
            assert str(found["status"].choices[0].label) == translation.gettext("Open")

    def test_languages_are_named_in_their_own_words(self):
        found = self.groups(language=[("ja", 1), ("ar", 2), ("xx", 9)])
        assert [(c.value, c.label) for c in found["language"].choices] == [("ja", "日本語"), ("ar", "العربيّة")]

    def test_values_that_nobody_knows_are_left_out(self):
        found = self.groups(type=[("secret", 5)], status=[("nonsense", 5)], topic=[("deleted-topic", 5)])
        assert found == {}

    def test_the_one_in_force_is_marked_and_named(self):
        topic("Battery")
        found = self.groups("topic=battery&status=open", topic=[("battery", 1)], status=[("open", 1), ("closed", 2)])
        assert [choice.current for choice in found["status"].choices] == [True, False]
        assert [str(choice.label) for choice in found["topic"].chosen] == ["Battery"]

    def test_one_in_force_that_leaves_nothing_can_still_be_taken_off(self):
        found = self.groups("topic=gone&status=nonsense&type=secret&language=xx")
        assert {name: choice.label for name, group in found.items() for choice in group.chosen} == {
            "topic": "gone", "status": "nonsense", "type": "secret", "language": "xx",
        }  # fmt: skip

    def test_a_long_list_is_cut(self):
        for number in range(MOST + 5):
            topic(f"Topic {number}")
        found = self.groups(topic=[(f"topic-{number}", 1) for number in range(MOST + 5)])
        assert len(found["topic"].choices) == MOST

    def test_topics_are_named_in_two_queries(self, django_assert_max_num_queries):
        for number in range(10):
            topic(f"Topic {number}", ru=f"Тема {number}")
        with django_assert_max_num_queries(2):
            self.groups(topic=[(f"topic-{number}", 1) for number in range(10)])

    def test_every_status_has_a_name(self):
        assert set(status_names()) == {status.value for status in Status}
