"""Values that follow from others: the place on the front list, the readable part of an address."""

import math
import re
from datetime import UTC, datetime, timedelta
from urllib.parse import unquote

import pytest
from django.urls import resolve, reverse
from django.utils import translation
from hypothesis import assume, given
from hypothesis import strategies as st

from portal.questions.feeds import xml_text
from portal.questions.models import Question
from portal.questions.models.question import RESERVED_SLUGS, question_slug
from portal.questions.services.counters import HOT_HALF_LIFE_S, hot_value

MOMENTS = st.datetimes(datetime(2008, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))
SCORES = st.integers(-5_000, 50_000)
COUNTS = st.integers(0, 500)
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def hot(score=0, answers=0, at=NOON):
    """Returns the place of a question asked ``at``."""
    return hot_value(score=score, answers=answers, created_at=at)


class TestHot:
    @given(SCORES, COUNTS, MOMENTS)
    def test_it_is_a_number_and_always_the_same(self, score, answers, at):
        assert math.isfinite(hot(score, answers, at))
        assert hot(score, answers, at) == hot(score, answers, at)

    @given(SCORES, st.integers(1, 1000), COUNTS, MOMENTS)
    def test_more_votes_never_lower_it(self, score, more, answers, at):
        assert hot(score + more, answers, at) >= hot(score, answers, at)

    @given(st.integers(0, 50_000), COUNTS, st.integers(1, 100), MOMENTS)
    def test_more_answers_never_lower_what_is_not_voted_down(self, score, answers, more, at):
        assert hot(score, answers + more, at) >= hot(score, answers, at)

    @given(SCORES, COUNTS, MOMENTS, st.integers(1, 10**8))
    def test_of_two_alike_the_later_stands_higher(self, score, answers, at, seconds):
        assert hot(score, answers, at + timedelta(seconds=seconds)) > hot(score, answers, at)

    @given(st.integers(1, 5_000), MOMENTS)
    def test_ten_times_the_votes_weigh_one_half_life(self, score, at):
        later = at + timedelta(seconds=HOT_HALF_LIFE_S)
        assert hot(score * 10, 0, at) == pytest.approx(hot(score, 0, later), abs=1e-5)

    @given(st.integers(-5_000, -1), COUNTS, MOMENTS)
    def test_voted_down_never_stands_above_untouched(self, score, answers, at):
        assert hot(score, answers, at) <= hot(0, 0, at)

    def test_four_days_are_four_days(self):
        assert timedelta(days=4).total_seconds() == HOT_HALF_LIFE_S
        assert hot(at=NOON + timedelta(days=4)) - hot() == pytest.approx(1)


TITLES = st.one_of(st.text(max_size=150), st.text(st.sampled_from("aé日本あыعر٣-_ .?/#%&\u200f\u202e🖨\n"), max_size=40))


class TestSlugs:
    @given(TITLES)
    def test_any_title_gives_one_that_its_page_is_found_by(self, title):
        slug = question_slug(title)
        assert 0 < len(slug) <= 120
        with translation.override("en"):
            path = unquote(reverse("question", args=[7, slug]))
        assert resolve(path).kwargs == {"question_id": 7, "slug": slug}
        assert resolve(path).url_name == "question"

    @given(TITLES)
    def test_it_holds_letters_digits_and_hyphens(self, title):
        slug = question_slug(title)
        assert re.fullmatch(r"[\w-]+", slug)
        assert not slug.startswith("-")
        assert slug == slug.lower() or any(char.lower() != char for char in slug)

    @given(TITLES)
    def test_making_it_again_changes_nothing(self, title):
        slug = question_slug(title)
        assume(slug.removesuffix("-question") not in RESERVED_SLUGS)
        assert question_slug(slug) == slug

    @pytest.mark.parametrize(
        ("title", "slug"),
        [
            ("How do I reset it?", "how-do-i-reset-it"),
            ("Не печатает принтер", "не-печатает-принтер"),
            ("電源が入りません", "電源が入りません"),
            ("الطابعة لا تعمل", "الطابعة-لا-تعمل"),
            ("C++ & C#", "c-c"),
            ("???", "question"),
            ("🖨️", "question"),
            ("   ", "question"),
            ("x" * 200, "x" * 80),
            ("a" * 79 + " b", "a" * 79),
            ("../../etc/passwd", "etcpasswd"),
        ],
    )
    def test_examples(self, title, slug):
        assert question_slug(title) == slug

    @pytest.mark.parametrize("word", sorted(RESERVED_SLUGS))
    def test_a_name_of_a_page_below_is_not_taken(self, word):
        slug = question_slug(word.title())
        assert slug == f"{word}-question"
        with translation.override("en"):
            assert resolve(reverse("question", args=[1, slug])).url_name == "question"

    def test_every_page_below_a_question_is_reserved(self):
        from portal.questions.urls import urlpatterns

        below = {
            match.group(1)
            for pattern in urlpatterns
            if (match := re.match(r"questions/<int:question_id>/([a-z]+)/", str(pattern.pattern)))
        }
        assert below == RESERVED_SLUGS

    @pytest.mark.parametrize(
        ("language", "prefix"), [("en", "en"), ("ru", "ru"), ("ja", "ja"), ("ar", "ar"), ("tlh", "ja"), ("", "ja")]
    )
    def test_a_question_lives_under_its_own_language_where_that_is_ours(self, language, prefix):
        row = Question(pk=5, slug="x", language=language)
        with translation.override("ja"):
            assert row.get_absolute_url() == f"/{prefix}/questions/5/x/"


class TestFeedTexts:
    @given(st.text())
    def test_what_is_left_can_be_written_as_xml(self, text):
        from xml.etree import ElementTree

        from django.utils.feedgenerator import Atom1Feed

        feed = Atom1Feed(title=xml_text(text), link="http://x/", description="")
        feed.add_item(title=xml_text(text), link="http://x/1", description=xml_text(text))
        assert ElementTree.fromstring(feed.writeString("utf-8").encode("utf-8", "replace")) is not None

    @pytest.mark.parametrize("text", ["plain", "a\tb\nc", "日本語", "عربي \u200f", "🖨️", "<b>&amp;</b>"])
    def test_nothing_else_is_lost(self, text):
        assert xml_text(text) == text
