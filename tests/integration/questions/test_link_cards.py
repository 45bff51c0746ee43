"""Bare links to our own pages: shown by title to everybody, by nothing of what is hidden, and never fetched."""

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.core.link_cards import own_path, with_link_cards
from portal.core.markdown import render_markdown
from portal.questions.services.answers import answer_delete
from portal.questions.services.questions import question_delete, question_restore
from tests.factories.accounts import member
from tests.factories.knowledge import article
from tests.factories.questions import accept, answer, comment, question
from tests.unit.core.test_markdown import Found

BASE = "http://127.0.0.1:8000"


@pytest.fixture(autouse=True)
def base(settings):
    settings.PORTAL_BASE_URL = BASE


def shown(text):
    return with_link_cards([render_markdown(text)])[0]


class TestOwnAddresses:
    @pytest.mark.parametrize(
        ("address", "path"),
        [
            (f"{BASE}/en/questions/1/a/", "/en/questions/1/a/"),
            ("http://localhost:8000/ja/questions/1/%E6%B0%B4/", "/ja/questions/1/水/"),
            (f"{BASE}/en/questions/1/a/#answer-2", "/en/questions/1/a/#answer-2"),
            (f"{BASE}/en/questions/1/a/?page=2", None),
            ("http://127.0.0.1:9000/en/questions/1/a/", None),
            ("https://example.org/en/questions/1/a/", None),
            ("http://127.0.0.1:8000@evil.example/en/", None),
            ("ftp://127.0.0.1:8000/en/", None),
            ("http://[bad/", None),
            ("", None),
        ],
    )
    def test_which_are_ours(self, address, path):
        assert own_path(address) == path

    def test_behind_a_host_name_loopback_is_not(self, settings):
        settings.PORTAL_BASE_URL = "https://square.example"
        settings.ALLOWED_HOSTS = ["square.example", "127.0.0.1", "localhost", "[::1]"]
        assert own_path("https://square.example/en/") == "/en/"
        assert own_path("http://localhost/en/") is None

    @given(st.text(max_size=80))
    def test_any_text_is_judged_without_a_crash(self, text):
        assert own_path(text) is None or own_path(text).startswith(("/", "#")) or own_path(text) == ""


@pytest.mark.django_db
class TestCards:
    def test_a_question(self):
        asked = question(title="Why does the valve click?")
        accept(answer(asked))
        html = shown(f"See\n\n{BASE}{asked.get_absolute_url()}")
        assert '<a class="link-card"' in html and "Why does the valve click?" in html
        assert "Solved" in html and "1 answer" in html

    def test_by_number_alone_and_in_another_language_of_the_page(self):
        asked = question(title="Why does the valve click?")
        assert "Why does the valve click?" in shown(f"{BASE}/ar/questions/{asked.pk}/")

    def test_an_answer(self):
        given_one = answer(question(title="Why does the valve click?"))
        html = shown(f"{BASE}{given_one.get_absolute_url()}")
        assert "Why does the valve click?" in html and f"#answer-{given_one.pk}" in html

    def test_an_article(self):
        page = article(title="How to calibrate the hub")
        html = shown(f"{BASE}{page.get_url()}" if page.get_url().startswith("/") else page.full_url)
        assert "How to calibrate the hub" in html

    def test_a_member(self):
        member("kenji", display_name="Kenji Mori")
        assert "Kenji Mori" in shown(f"{BASE}/en/members/kenji/")

    def test_within_a_line_the_title_stands_in_the_line(self):
        asked = question(title="Why does the valve click?")
        html = shown(f"as in {BASE}{asked.get_absolute_url()} yesterday")
        assert "link-card" not in html and ">Why does the valve click?</bdi></a> yesterday" in html

    def test_a_link_with_words_of_its_own_keeps_them(self):
        asked = question(title="Why does the valve click?")
        assert ">here</a>" in shown(f"[here]({BASE}{asked.get_absolute_url()})")

    def test_a_title_that_looks_like_a_tag_is_only_words(self):
        asked = question(title="<script>alert(1)</script> & co")
        for text in (f"{BASE}/en/questions/{asked.pk}/", f"as in {BASE}/en/questions/{asked.pk}/ there"):
            assert "script" not in Found(shown(text)).tags
            assert "&lt;script&gt;" in shown(text)

    @pytest.mark.parametrize(
        "text", ["https://example.org/en/questions/1/a/", f"{BASE}/en/questions/999999/", f"{BASE}/en/questions/"]
    )
    def test_another_site_and_what_is_not_there_stay_links(self, text):
        assert shown(text) == render_markdown(text)
        assert 'rel="nofollow' in shown(text)

    def test_in_code_it_is_code(self):
        asked = question()
        text = f"`{BASE}/en/questions/{asked.pk}/`"
        assert shown(text) == render_markdown(text)


@pytest.mark.django_db
class TestHidden:
    SECRET = "zanzibarquokka is not for everybody"

    def test_a_deleted_question_shows_nothing_of_itself_and_comes_back(self):
        asked = question(title=self.SECRET)
        speaking = question(body=f"See\n\n{BASE}/en/questions/{asked.pk}/")
        page = Client()
        assert self.SECRET in page.get(speaking.get_absolute_url()).content.decode()
        question_delete(user=asked.author, question_id=asked.pk)
        for reader in (None, member(), member(staff=True), asked.author):
            if reader is not None:
                page.force_login(reader, backend="portal.accounts.backends.PortalBackend")
            assert self.SECRET not in page.get(speaking.get_absolute_url()).content.decode()
        question_restore(user=asked.author, question_id=asked.pk)
        assert self.SECRET in page.get(speaking.get_absolute_url()).content.decode()

    def test_nor_a_deleted_answer_or_one_below_a_deleted_question(self):
        given_one = answer(question(title=self.SECRET))
        link = f"{BASE}/en/questions/{given_one.question_id}/#answer-{given_one.pk}"
        assert self.SECRET in shown(link)
        answer_delete(user=given_one.author, answer_id=given_one.pk)
        assert self.SECRET not in shown(link)

    def test_nor_an_article_that_is_not_live(self):
        page = article(title=self.SECRET)
        link = page.full_url.replace("http://localhost", BASE)
        page.unpublish()
        assert self.SECRET not in shown(link)

    def test_nor_a_member_who_left(self):
        user = member("kenji", display_name=self.SECRET)
        type(user).objects.filter(pk=user.pk).update(is_active=False)
        assert self.SECRET not in shown(f"{BASE}/en/members/kenji/")

    def test_titles_are_never_kept_in_a_text(self):
        asked = question(title=self.SECRET)
        speaking = question(body=f"{BASE}/en/questions/{asked.pk}/")
        speaking.refresh_from_db()
        assert self.SECRET not in speaking.body_html


@pytest.mark.django_db
class TestPages:
    def test_all_posts_of_a_page_are_looked_up_at_once(self, django_assert_max_num_queries):
        targets = [question(title=f"Target number {number}") for number in range(3)]
        asked = question(body=f"{BASE}/en/questions/{targets[0].pk}/")
        given_one = answer(asked, body=f"{BASE}/en/questions/{targets[1].pk}/")
        comment(given_one, body=f"as in {BASE}/en/questions/{targets[2].pk}/")
        reader = Client()
        with django_assert_max_num_queries(20):
            html = reader.get(asked.get_absolute_url()).content.decode()
        for target in targets:
            assert target.title in html

    def test_a_page_without_such_links_asks_nothing_for_them(self, django_assert_num_queries):
        with django_assert_num_queries(0):
            assert with_link_cards(["<p>none</p>", ""]) == ["<p>none</p>", ""]

    def test_the_preview_shows_them_too(self):
        asked = question(title="Why does the valve click?")
        reply = Client().post("/en/questions/preview/", {"body": f"{BASE}/en/questions/{asked.pk}/"})
        assert "Why does the valve click?" in reply.content.decode()


@pytest.mark.django_db
@settings(max_examples=40)
@given(
    st.lists(
        st.sampled_from(
            [f"{BASE}/en/questions/1/", f"{BASE}/x", "https://example.org", "<b>", "\n\n", "](", "[", '"', "&"]
        )
        | st.text(max_size=10),
        max_size=8,
    ).map(" ".join)
)
def test_any_text_stays_as_harmless_as_it_was(text):
    before, after = Found(render_markdown(text)), Found(shown(text))
    assert after.tags <= before.tags | {"bdi", "span", "svg", "use"}
