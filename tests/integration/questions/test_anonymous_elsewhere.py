"""The anonymous asker in what is made of questions: exports, sitemaps, ledgers, suggestions, the home page."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client

from portal.analytics.models import Gap
from portal.analytics.services.judged_sets import judged_sets_build
from portal.analytics.services.ledger import ledger_update
from portal.core.clock import now
from portal.core.link_cards import with_link_cards
from portal.core.markdown import render_markdown
from portal.questions.models import Question
from portal.questions.selectors.mentions import mention_suggestions
from portal.questions.services.demands import demand_add
from portal.questions.services.merging import merge_undo, questions_merge
from search.engines import forget_engines
from tests.factories.accounts import member
from tests.factories.events import committed
from tests.factories.questions import accept, anonymous_allow, answer, comment, question, vote
from tests.integration.api.conftest import Caller

from .scene import signed_in

pytestmark = pytest.mark.django_db
NAME, SHOWN, TITLE = "quokkalina", "Quokkalina Zant", "Why is the zanzibar valve wet?"


@pytest.fixture
def asker():
    return member(NAME, display_name=SHOWN)


@pytest.fixture
def asked(asker):
    return question(asker, title=TITLE, anonymous=True)


def unnamed(text):
    lower = text.casefold()
    return NAME not in lower and SHOWN.casefold() not in lower


class TestLedgers:
    def waiting(self, *posts):
        Question.objects.filter(pk__in=[post.pk for post in posts]).update(created_at=now() - timedelta(days=5))
        ledger_update()

    def test_the_gap_ledger_and_its_export_hold_the_question_and_no_name(self, asked):
        demand_add(user=member(), question_id=asked.pk)
        self.waiting(asked)
        assert Gap.objects.get(question=asked).failed == 2
        client = signed_in(member(staff=True))
        export = client.get("/staff/search/gaps.csv").content.decode()
        assert TITLE in export and unnamed(export)
        page = client.get(f"/staff/search/{Gap.objects.get().pk}/").content.decode()
        assert TITLE in page and unnamed(page)

    def test_a_figure_of_the_ledger_is_the_same_whoever_asked(self, asked):
        signed = question(member(), title="How do I reset the lamp of the hall?")
        self.waiting(asked, signed)
        figures = Gap.objects.order_by("pk").values_list("failed", "total", "lately", "earlier")
        assert len(set(figures)) == 1

    def test_judged_sets_hold_her_words_and_no_name(self, tmp_path, asked):
        accept(answer(asked, body="Close the tap."))
        answer(asked, asked.author, body="I did so.")
        assert judged_sets_build(folder=tmp_path)
        written = "".join(path.read_text() for path in tmp_path.iterdir())
        assert TITLE in written and unnamed(written)

    def test_the_sitemap_names_the_question_and_no_member_for_it(self, asked):
        text = Client().get("/sitemap-questions.xml").content.decode()
        assert asked.get_absolute_url() in text and unnamed(text)


class TestPages:
    def test_the_home_page_shows_the_question_and_not_who_asked(self, asked):
        for reader in (None, member(), member(staff=True)):
            page = signed_in(reader).get("/en/").content.decode()
            assert TITLE in page
            assert NAME not in page.split(TITLE)[0].rsplit("<article", 1)[-1] + page.split(TITLE)[1][:600]

    @pytest.mark.parametrize("tab", ["hot", "newest", "active", "unanswered", "wanted"])
    def test_no_list_shows_her(self, asked, tab):
        demand_add(user=member(), question_id=asked.pk)
        page = Client().get(f"/en/questions/?tab={tab}").content.decode()
        assert TITLE in page and unnamed(page)

    def test_a_card_of_a_link_to_it_shows_the_title_alone(self, asked, settings):
        settings.PORTAL_BASE_URL = "http://127.0.0.1:8000"
        own = answer(asked, asked.author)
        for path in (asked.get_absolute_url(), own.get_absolute_url()):
            html = with_link_cards([render_markdown(f"http://127.0.0.1:8000{path}")])[0]
            assert TITLE in html and unnamed(html)

    def test_whoever_marks_it_learns_nothing(self, asked):
        caller = Caller(member())
        told = [
            caller.put(f"questions/{asked.pk}/bookmark", {}),
            caller.put(f"questions/{asked.pk}/demand"),
            caller.put(f"questions/{asked.pk}/vote", {"value": 1}),
            caller.get("bookmarks"),
        ]
        assert [reply.status_code for reply in told] == [200] * 4
        assert unnamed("".join(reply.content.decode() for reply in told))

    def test_her_own_bookmarks_and_drafts_say_nothing_to_others(self, asked, asker):
        Caller(asker).put(f"questions/{asked.pk}/bookmark", {"note": "mine"})
        other = signed_in(member())
        assert TITLE not in other.get(f"/en/members/{NAME}/").content.decode()
        assert TITLE not in other.get("/en/account/bookmarks/").content.decode()


class TestSuggestions:
    @pytest.fixture
    def index(self, settings, tmp_path):
        settings.SEARCH = {**settings.SEARCH, "ELASTICSEARCH_URL": None, "EMBEDDED_PATH": tmp_path / "search"}
        settings.PORTAL_LIMITS = False
        cache.clear()
        forget_engines()
        yield lambda: call_command("search_rebuild", verbosity=0)
        forget_engines()

    def test_those_of_the_search_offer_the_question_without_her(self, index, asked):
        answer(asked, asked.author, body="The zanzibar valve was open.")
        index()
        told = [
            Client().get("/en/search/suggest/?q=zanzib").content.decode(),
            Caller().get("suggest?q=zanzib").content.decode(),
            Caller().get("similar?title=zanzibar+valve+wet&language=en").content.decode(),
            Caller().get("search?q=zanzibar").content.decode(),
            Client().get("/en/search/?q=zanzibar").content.decode(),
        ]
        assert all("zanzibar" in text for text in told)
        assert all(unnamed(text) for text in told)

    def test_her_name_with_her_words_finds_nothing_even_for_herself_signed_out(self, index, asked):
        index()
        for words in (f"{NAME}+zanzibar", f"author:{NAME}+zanzibar"):
            rows = Caller().get(f"search?q={words}&type=question").json()["results"]
            assert all(row.get("author") is None for row in rows)
        assert Caller().get(f"search?q=author:{NAME}&type=question").json()["results"] == []

    def test_behind_an_at_she_is_no_member_of_the_thread_though_others_name_her(self, asked, asker):
        comment(asked, asker, body="It is the blue one.")
        answer(asked, asker)
        helper = comment(asked, body=f"Perhaps @{NAME} knows?").author
        thread = mention_suggestions(user=member(), words="", question_id=asked.pk)
        assert [user.pk for user in thread] == [helper.pk]
        member("quokka-second")
        Question.objects.filter(pk=asked.pk).update(author=asker)
        typed = mention_suggestions(user=member(), words="quokka", question_id=asked.pk)
        assert {user.username for user in typed} == {NAME, "quokka-second"}


class TestMoved:
    def test_joined_with_a_signed_question_and_parted_she_stays_hidden(self, asked, asker):
        target, staff = question(), member(staff=True)
        answer(asked, asker, body="I found it out myself.")
        comment(asked, asker, body="It is the blue one.")
        vote(asked)
        with committed():
            merge = questions_merge(user=staff, source_id=asked.pk, target_id=target.pk, reason="")
        for reader in (None, member(), staff):
            page = signed_in(reader).get(target.get_absolute_url()).content.decode()
            assert "It is the blue one." in page and unnamed(page)
        for path in (f"questions/{target.pk}/answers", f"questions/{target.pk}/comments", f"questions/{target.pk}"):
            assert unnamed(Caller(staff).get(path).content.decode())
        with committed():
            merge_undo(user=staff, merge_id=merge.pk)
        assert unnamed(Client().get(asked.get_absolute_url()).content.decode())

    def test_a_signed_question_joined_with_hers_keeps_its_names_and_hers_stays_hidden(self, asked, asker):
        source = question(member("openly"), title="Why is my other valve wet?")
        answer(source, member("helper"))
        with committed():
            questions_merge(user=member(staff=True), source_id=source.pk, target_id=asked.pk, reason="")
        page = Client().get(asked.get_absolute_url()).content.decode()
        assert "/members/helper/" in page and unnamed(page)
        below = answer(asked, asker)
        assert below.anonymous is True
        anonymous_allow(False)
        assert unnamed(Client().get(asked.get_absolute_url()).content.decode())
