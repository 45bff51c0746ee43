"""The query language on the page, on the API and in the database's own answers: one meaning in all three."""

import re
from datetime import timedelta
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.core.clock import now
from portal.discovery.conditions import kinds_asked, meanings_of
from portal.discovery.selectors import search_run
from portal.questions.models import Question, Status
from portal.questions.services.questions import question_delete
from search.documents import SearchRequest
from tests.factories.accounts import member
from tests.factories.knowledge import article
from tests.factories.questions import accept, answer, question, topic

TITLES = re.compile(r'<h2 class="result-title"><a[^>]*>(.*?)</a>', re.DOTALL)
CHIPS = re.compile(r'<a class="chip chip-remove[^"]*" href="([^"]+)"[^>]*><bdi>(.*?)</bdi>')


@pytest.fixture
def shelf(db):
    """Four questions and an article: of a product, of a topic, by Mira, in Japanese, solved, old."""
    hub = topic("Rill Hub", product=True, ru="Рилл Хаб")
    topic("Firmware", parent=hub, ru="Прошивка", ja="ファームウェア")
    topic("Winter")
    mira = member("mira", display_name="Mira Satō")
    question(mira, title="Cable of the hub hums", topics=("rill-hub",))
    accept(answer(question(title="Cable and firmware disagree", topics=("firmware",))))
    answer(question(title="Cable in the snow", topics=("winter",)))
    old = question(title="Cable of long ago", language="ja")
    Question.objects.filter(pk=old.pk).update(created_at=now() - timedelta(days=800))
    article("Cable care", topics=[topic("Winter")])


@pytest.fixture(params=["index", "no_index"])
def anywhere(request, shelf):
    """The same shelf behind the embedded engine, and with the database answering in its place."""
    if request.param == "index":
        from search.outbox import enqueue

        drain = request.getfixturevalue("index")
        enqueue("question", [str(pk) for pk in Question.objects.values_list("pk", flat=True)])
        drain()
    else:
        request.getfixturevalue("no_index")
    return request.param


HUMS, FIRMWARE, SNOW, OLD, CARE = (
    "Cable of the hub hums", "Cable and firmware disagree", "Cable in the snow", "Cable of long ago", "Cable care",
)  # fmt: skip
EVERYTHING = {HUMS, FIRMWARE, SNOW, OLD, CARE}
ASKED = [
    ("cable", EVERYTHING),
    ("cable topic:firmware", {FIRMWARE}),
    ("cable topic:Firmware", {FIRMWARE}),
    ("cable тема:прошивка", {FIRMWARE}),
    ("cable トピック：ファームウェア", {FIRMWARE}),
    ("cable product:rill-hub", {HUMS, FIRMWARE}),
    ('cable product:"рилл хаб"', {HUMS, FIRMWARE}),
    ("cable topic:rill-hub", {HUMS, FIRMWARE}),
    ("cable -product:rill-hub", {SNOW, OLD, CARE}),
    ("cable topic:firmware,winter", {FIRMWARE, SNOW, CARE}),
    ("cable topic:no-such-topic", set()),
    ("cable -topic:no-such-topic", EVERYTHING),
    ("cable author:MIRA", {HUMS}),
    ('cable author:"mira satō"', {HUMS}),
    ("cable author:@mira", {HUMS}),
    ("cable author:nobody-at-all", set()),
    ("cable author:me", set()),
    ("cable lang:ja", {OLD}),
    ("cable язык:日本語", {OLD}),
    ("cable language:Japanese", {OLD}),
    ("cable -language:ja,en", set()),
    ("cable is:accepted", {FIRMWARE}),
    ("cable статус:решено", {FIRMWARE}),
    ("cable is:official", {CARE}),
    ("cable is:article", {CARE}),
    ("cable is:question -is:accepted", {HUMS, SNOW, OLD}),
    ("cable -is:question", {CARE}),
    ("cable -is:article,unanswered", {FIRMWARE, SNOW}),
    ("cable is:unanswered", {HUMS, OLD}),
    ("cable is:answered", {FIRMWARE, SNOW}),
    ("cable is:open", {HUMS, OLD}),
    ("cable answers:>0", {FIRMWARE, SNOW}),
    ("cable answers:>0 is:accepted", {FIRMWARE}),
    ("cable is:question answers:0", {HUMS, OLD}),
    (f"cable before:{(now() - timedelta(days=400)).year}", {OLD}),
    (f"cable after:{(now() - timedelta(days=400)).year}", EVERYTHING - {OLD}),
    ("cable -firmware", EVERYTHING - {FIRMWARE}),
    ('"cable in the snow"', {SNOW}),
    ("is:question -snow", {HUMS, FIRMWARE, OLD}),
]


def found(text, user=None, **fields):
    """The titles that a search finds."""
    return {each.hit.title for each in search_run(user=user, request=SearchRequest(text=text, **fields)).results}


def page(address="/en/search/", **asked):
    """The text of the results page for these parameters."""
    reply = Client().get(address, asked)
    assert reply.status_code == 200
    return reply.content.decode()


def titles(text):
    """The titles of a page's results."""
    return {unescape(re.sub(r"</?mark>", "", title)) for title in TITLES.findall(text)}


def chips(text):
    """The words of each chip with the parameters of the search without it."""
    return {unescape(words): parse_qs(urlsplit(unescape(href)).query) for href, words in CHIPS.findall(text)}


class TestMeaning:
    def test_each_operator_means_the_same_with_and_without_the_engine(self, anywhere):
        for text, expected in ASKED:
            assert found(text) == expected, text

    def test_choices_narrow_alike(self, anywhere):
        assert found("cable", products=("rill-hub",)) == {HUMS, FIRMWARE}
        assert found("cable", topics=("rill-hub", "winter")) == {HUMS, FIRMWARE, SNOW, CARE}
        assert found("cable", languages=("ja", "ru")) == {OLD}
        assert found("cable", time="year") == EVERYTHING - {OLD}
        assert found("cable", topics=("winter",), types=("article",), time="day") == {CARE}

    def test_me_is_who_asks(self, anywhere):
        from portal.accounts.models import User

        mira = User.objects.get(username="mira")
        assert found("cable author:me", user=mira) == {HUMS}
        assert found("cable автор:я", user=mira) == {HUMS}
        assert found("cable -author:me is:question", user=mira) == {FIRMWARE, SNOW, OLD}

    def test_a_topic_that_becomes_a_product_keeps_its_bookmarks(self, shelf, index):
        from portal.core.models import Topic
        from portal.curation.services.topics import topic_moved

        index()
        assert found("cable", topics=("winter",)) == {SNOW, CARE}
        assert found("cable product:winter") == set()
        winter = Topic.objects.get(slug="winter")
        winter.kind = Topic.Kind.PRODUCT
        winter.save()
        topic_moved(topic=winter)
        index()
        assert found("cable", topics=("winter",)) == found("cable product:winter") == {SNOW, CARE}

    def test_no_operator_opens_what_is_gone(self, shelf, index):
        index()
        gone = Question.objects.get(title=HUMS)
        question_delete(user=gone.author, question_id=gone.pk)
        for text in ("author:mira", "product:rill-hub", "is:unanswered", "-is:article", "answers:0"):
            assert HUMS not in found(text)

    def test_only_members_who_may_be_met_lend_their_names(self, db):
        hidden = member("hidden", display_name="Known Name")
        hidden.is_active = False
        hidden.save()
        assert meanings_of(user=None, text='author:"Known Name"') == (("author", "Known Name", ("Known Name",)),)

    def test_names_cost_nothing_where_nothing_is_named(self, db, django_assert_num_queries):
        with django_assert_num_queries(0):
            assert meanings_of(user=AnonymousUser(), text="cable is:open answers:>0 http://x") == ()

    def test_kinds_are_asked_for_by_operators(self):
        assert kinds_asked("is:topic,article -is:member x") == ("topic", "article")


class TestApi:
    def results(self, **asked):
        reply = Client().get("/api/v1/search", asked)
        assert reply.status_code == 200
        return reply.json()

    def test_operators_and_parameters(self, anywhere):
        def titles_of(**asked):
            return {each["title"] for each in self.results(**asked)["results"]}

        assert titles_of(q="cable is:accepted") == {FIRMWARE}
        assert titles_of(q="cable", product="rill-hub") == {HUMS, FIRMWARE}
        assert titles_of(q="cable", language="ja,ru") == {OLD}
        assert titles_of(q="cable", time="year", type="question") == {HUMS, FIRMWARE, SNOW}

    def test_facets_hold_products_and_time(self, shelf, index):
        index()
        facets = self.results(q="cable")["facets"]
        assert list(facets) == ["type", "topic", "product", "status", "language", "time"]
        assert facets["product"] == [{"value": "rill-hub", "count": 2}]
        assert {each["value"] for each in facets["topic"]} == {"firmware", "winter"}
        assert [each["value"] for each in facets["time"]][:2] == ["day", "week"]

    def test_a_span_that_is_none_is_refused(self, db):
        reply = Client().get("/api/v1/search", {"q": "x", "time": "eon"})
        assert (reply.status_code, list(reply.json()["errors"])) == (422, ["time"])

    def test_topics_tell_their_kind(self, shelf):
        told = {each["slug"]: each["kind"] for each in Client().get("/api/v1/topics").json()["results"]}
        assert told == {"rill-hub": "product", "firmware": "topic", "winter": "topic"}


class TestPage:
    def test_operators_are_chips_that_can_be_taken_off(self, shelf, index):
        index()
        text = page(
            q="cable тема:прошивка is:accepted -author:mira answers:1..5 after:2020", status="accepted", page="1"
        )
        assert titles(text) == {FIRMWARE}
        left = chips(text)
        assert list(left) == [
            "Topic: Firmware", "Accepted answer", "not: Author: mira", "Answers: 1–5", "Since Jan. 1, 2020", "Solved",
        ]  # fmt: skip
        assert left["Topic: Firmware"]["q"] == ["cable is:accepted -author:mira answers:1..5 after:2020"]
        assert left["Solved"] == {"q": ["cable тема:прошивка is:accepted -author:mira answers:1..5 after:2020"]}
        (bare,) = re.findall(r'<a class="chip-clear" href="([^"]+)"', text)
        assert parse_qs(urlsplit(unescape(bare)).query) == {"q": ["cable"]}

    def test_a_choice_is_switched_on_and_off(self, shelf, index):
        index()
        text = page(q="cable", topic="winter", sort="newest", page="1")
        addresses = [unescape(each) for each in re.findall(r'<li><a rel="nofollow" href="([^"]+)"', text)]
        assert "?q=cable&topic=winter&topic=firmware&sort=newest" in addresses
        assert "?q=cable&sort=newest" in addresses
        both = page("/en/search/?q=cable&topic=winter&topic=firmware")
        assert titles(both) == {FIRMWARE, SNOW, CARE}

    def test_every_state_is_carried_by_the_form(self, shelf, index):
        index()
        text = page("/en/search/?q=cable&topic=winter&topic=firmware&time=year&sort=votes")
        for name, value in (("topic", "winter"), ("topic", "firmware"), ("time", "year"), ("sort", "votes")):
            assert f'<input type="hidden" name="{name}" value="{value}">' in text

    def test_chips_speak_the_language_of_the_page_and_escape_what_was_typed(self, shelf, index):
        index()
        assert "Прошивка" in " ".join(chips(page("/ru/search/", q="topic:firmware")))
        text = page(q='topic:"<img src=x>" author:<b>')
        assert "<img src=x>" not in text
        assert "<b>" not in text
        assert "Topic: &lt;img src=x&gt;" in text

    def test_other_languages_are_marked_and_divided(self, shelf, index):
        index()
        text = page(q="cable", sort="newest")
        assert text.index("In other languages") < text.index("of long ago</a>")
        assert '<span class="badge badge-language" lang="ja" dir="ltr">' in text
        assert text.count("result-foreign") == 1
        assert "In other languages" not in page(q="cable is:article")

    def test_beyond_the_end_the_way_back_is_shown(self, shelf, index):
        index()
        text = page(q="cable", page="7")
        assert "There is no page 7" in text
        assert re.search(r'class="button button-primary" href="\?q=cable"', text)
        assert "Nothing found" not in text

    def test_nothing_found_offers_fewer_filters_and_a_question_of_the_words(self, shelf, index):
        index()
        text = page(q="xylophone is:accepted", topic="winter")
        assert "Nothing found for “xylophone”" in text
        assert "Search without “Accepted answer”" in text
        assert "Search without “Winter”" in text
        assert "Search for the words alone" in text
        assert 'href="/en/questions/ask/?title=xylophone"' in text

    def test_tips_and_keys_are_there_without_scripts_and_inline_code(self, shelf, index):
        text = page(q="cable")
        assert "<code>answers:&gt;0</code>" in text
        assert '<dialog class="dialog" id="search-keys"' in text
        assert " style=" not in text
        assert "onclick" not in text

    @pytest.mark.parametrize(
        "asked", [{"q": "cable"}, {"q": 'cable topic:firmware author:mira product:"рилл хаб" -lang:ru'}]
    )
    def test_a_page_takes_few_queries(self, shelf, index, django_assert_max_num_queries, asked):
        index()
        page(**asked)
        with django_assert_max_num_queries(20):
            page(**asked)

    def test_statuses_have_one_name_everywhere(self, shelf, index):
        index()
        assert str(Status.ACCEPTED.label) == "Solved"
        assert "<bdi>Solved</bdi>" in page(q="cable")

    def test_a_correction_keeps_the_operators(self, shelf, index):
        index()
        text = page(q="firmwrae is:question")
        for href in re.findall(r'<p class="did-you-mean">.*?</p>', text, re.DOTALL):
            assert "is%3Aquestion" in href


PIECES = st.sampled_from(
    ["topic:", "topic:a", "-topic:a", 'author:"', "author:me", "is:", "is:open", "answers:>", "answers:>0", "lang:ja,",
     "product:\u202e", "before:2026-99", "after:2026",
     "http://a/?q=b", "12:30", "C:\\path", '"', "-", ":", "：", "тема:б",
     "トピック：あ", "الموضوع:ب", "\x00", "word"]
)  # fmt: skip
TYPED = st.one_of(st.text(max_size=40), st.lists(st.one_of(PIECES, st.text(max_size=6)), max_size=6).map(" ".join))
QUICK = settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)


class TestAnything:
    @QUICK
    @given(typed=TYPED, language=st.sampled_from(["en", "ar"]))
    def test_is_a_page(self, anywhere, typed, language):
        assert "<main" in page(f"/{language}/search/", q=typed)

    @QUICK
    @given(typed=TYPED)
    def test_is_answered_by_the_api(self, anywhere, typed):
        if "\x00" not in typed:
            assert Client().get("/api/v1/search", {"q": typed}).status_code == 200
