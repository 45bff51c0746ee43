"""The words of a mail in four languages, and its links, without a database or a mail server."""

import re
from types import SimpleNamespace

import pytest
from django.core.signing import TimestampSigner
from hypothesis import given
from hypothesis import strategies as st

from portal.accounts.models import User
from portal.core.errors import NotFound
from portal.discovery.models import SavedSearch
from portal.discovery.registry import result_types
from portal.notifications import links
from portal.notifications.links import Unsubscribing, unsubscribe_link, unsubscribe_token
from portal.notifications.selectors.things import Thing
from portal.notifications.services.mails import Part, mail_of
from search.documents import SearchDocument

BASE = "https://help.example.com"


@pytest.fixture
def base(settings):
    settings.PORTAL_BASE_URL = BASE


def thing(number=1, title="The valve leaks"):
    document = SearchDocument(type="question", id=str(number), title=title)
    return Thing(document, result_types()["question"], f"/en/questions/{number}/")


def part(count, name="Valves", number=1):
    """A part about ``count`` results, of which it names three at most."""
    search = SavedSearch(pk=number, name=name, parameters="q=valve&type=question", language="en")
    return Part(search, [thing(each) for each in range(min(count, 3))], max(0, count - 3))


def mail(language, *parts):
    owner = User(pk=7, username="rea", display_name="Rea <b>", email="rea@example.org", language=language)
    return mail_of(owner=owner, parts=parts)


def html_of(made):
    ((html, kind),) = made.alternatives
    assert kind == "text/html"
    return html


@pytest.mark.usefixtures("base")
class TestCounting:
    @pytest.mark.parametrize(
        ("language", "count", "words"),
        [
            ("en", 2, "2 new results"),
            ("ru", 2, "2 новых результата"),
            ("ru", 5, "5 новых результатов"),
            ("ru", 11, "11 новых результатов"),
            ("ru", 21, "21 новый результат"),
            ("ru", 22, "22 новых результата"),
            ("ja", 2, "2 件"),
            ("ar", 2, "نتيجتان جديدتان"),
            ("ar", 3, "3 نتائج"),
            ("ar", 10, "10 نتائج"),
            ("ar", 11, "11 نتيجة"),
            ("ar", 100, "100 نتيجة"),
        ],
    )
    def test_the_subject_counts_as_the_language_does(self, language, count, words):
        made = mail(language, part(count, name="XYZ"))
        assert words in made.subject
        assert "XYZ" in made.subject

    @pytest.mark.parametrize("language", ["en", "ru", "ja", "ar"])
    def test_of_one_the_title_is_told_and_of_several_searches_the_sum(self, language):
        assert "The valve leaks" in mail(language, part(1)).subject
        assert "4" in mail(language, part(1, number=1), part(3, number=2)).subject
        assert "Valves" not in mail(language, part(1, number=1), part(3, number=2)).subject

    @pytest.mark.parametrize("language", ["en", "ru", "ja", "ar"])
    def test_no_count_leaves_a_placeholder(self, language):
        for count in (1, 2, 3, 4, 5, 10, 11, 14, 21, 22, 25, 100, 101, 102, 111):
            made = mail(language, part(count))
            assert "%(" not in made.subject + made.body + html_of(made), count
            assert "{{" not in made.body

    def test_what_is_not_named_is_led_to_where_all_of_it_is(self):
        made = mail("en", part(5))
        assert "And 2 more" in made.body
        assert f"{BASE}/en/search/?q=valve&type=question" in made.body, "a text is not escaped"
        assert f"{BASE}/en/search/?q=valve&amp;type=question" in html_of(made)
        assert "more:" not in mail("en", part(3)).body


@pytest.mark.usefixtures("base")
class TestForm:
    @pytest.mark.parametrize(("language", "direction"), [("en", "ltr"), ("ru", "ltr"), ("ja", "ltr"), ("ar", "rtl")])
    def test_it_says_its_language_and_direction(self, language, direction):
        made = mail(language, part(2))
        root = re.search(r"<html[^>]*>", html_of(made))
        assert root is not None
        assert f'lang="{language}"' in root.group()
        assert f'dir="{direction}"' in root.group()
        assert made.extra_headers["Content-Language"] == language
        assert made.extra_headers["Auto-Submitted"] == "auto-generated"

    @pytest.mark.parametrize("language", ["", "xx", "en-gb", "de"])
    def test_a_language_that_the_portal_does_not_speak_is_its_own(self, language, settings):
        assert mail(language, part(2)).extra_headers["Content-Language"] == settings.LANGUAGE_CODE

    def test_names_are_text_wherever_they_stand(self):
        made = mail("en", part(2, name='<img src=x onerror="1"> & so'))
        assert "<img" not in html_of(made)
        assert '<img src=x onerror="1"> & so' in made.body
        assert "Rea &lt;b&gt;" in html_of(made)
        assert "Hello Rea <b>," in made.body

    def test_a_title_of_several_lines_is_one_line_of_the_head(self):
        search = SavedSearch(pk=1, name="Val\nves", parameters="q=x", language="en")
        made = mail("en", Part(search, [thing(title="One\r\nBcc: everybody@example.org")], 0))
        assert made.subject == "New for “Val ves”: One Bcc: everybody@example.org"
        assert made.message()["Bcc"] is None

    @pytest.mark.parametrize("language", ["en", "ar"])
    def test_the_link_that_ends_it_names_just_these_searches(self, language):
        made = mail(language, part(1, number=3), part(2, number=5))
        stop = made.extra_headers["List-Unsubscribe"].strip("<>")
        assert stop in made.body
        assert unsubscribe_link(stop.rstrip("/").rsplit("/", 1)[-1]) == Unsubscribing(7, (3, 5))


class TestLinks:
    @given(st.integers(1, 2**40), st.lists(st.integers(1, 2**40), max_size=60))
    def test_a_link_says_what_it_was_made_of_and_fits_an_address(self, user, searches):
        link = Unsubscribing(user, tuple(searches))
        token = unsubscribe_token(link)
        assert unsubscribe_link(token) == link
        assert re.fullmatch(r"[\w:.-]+", token), "nothing that a mail program would cut or escape"

    @given(st.data())
    def test_no_letter_of_it_can_be_changed(self, data):
        token = unsubscribe_token(Unsubscribing(7, (3, 5)))
        place = data.draw(st.integers(0, len(token) - 1))
        letter = data.draw(st.sampled_from("abcXYZ019_-:"))
        changed = token[:place] + letter + token[place + 1 :]
        if changed != token:
            with pytest.raises(NotFound):
                unsubscribe_link(changed)

    @given(st.text(max_size=60))
    def test_any_other_text_is_none(self, text):
        with pytest.raises(NotFound):
            unsubscribe_link(text)

    @pytest.mark.parametrize("said", [None, [], "x", {}, {"u": 1}, {"s": []}, {"u": "x", "s": []}, {"u": 1, "s": 7}])
    def test_what_was_signed_and_says_something_else_is_none(self, said):
        token = TimestampSigner(salt=links._SALT).sign_object(said)
        with pytest.raises(NotFound):
            unsubscribe_link(token)

    @pytest.mark.parametrize(("days", "holds"), [(0, True), (180, True), (181, False), (4000, False)])
    def test_it_holds_for_half_a_year(self, monkeypatch, days, holds):
        moment = 1_800_000_000
        monkeypatch.setattr("django.core.signing.time", SimpleNamespace(time=lambda: moment))
        token = unsubscribe_token(Unsubscribing(7, (3,)))
        moment += days * 24 * 3600
        if holds:
            assert unsubscribe_link(token).search_ids == (3,)
        else:
            with pytest.raises(NotFound):
                unsubscribe_link(token)
