"""The template tags of the design system."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.contrib.humanize.templatetags import humanize
from django.template import engines
from django.templatetags import i18n, static
from django.test import RequestFactory
from django.utils import translation

from portal.core.templatetags import design

SPRITE = Path(settings.STATICFILES_DIRS[0]) / design.SPRITE
CODES = [code for code, _name in settings.LANGUAGES]


def draw(source: str, path: str = "/en/questions/", **context: object) -> str:
    """Renders a template that loads the design tags, for a request to ``path``."""
    return engines["django"].from_string("{% load design %}" + source).render(context, RequestFactory().get(path))


def symbols() -> set[str]:
    """Returns the ids of the symbols in the sprite."""
    return {element.get("id") for element in ElementTree.parse(SPRITE).getroot().iter() if element.get("id")}


class TestIcon:
    def test_without_words_it_is_decoration(self):
        html = draw('{% icon "check" %}')
        assert 'aria-hidden="true"' in html
        assert "aria-label" not in html
        assert 'icons.svg#check"' in html

    def test_with_words_it_speaks(self):
        html = draw("{% icon 'close' words %}", words="Close")
        assert 'role="img" aria-label="Close"' in html
        assert "aria-hidden" not in html

    def test_words_are_escaped(self):
        assert "<b>" not in draw("{% icon 'close' words %}", words='"><b>')

    @pytest.mark.parametrize("name", sorted(design.FLIPPED))
    def test_what_points_along_the_line_turns_round(self, name):
        assert 'class="icon icon-flip"' in draw("{% icon name %}", name=name)
        assert name in symbols()

    def test_a_check_mark_never_turns_round(self):
        assert "icon-flip" not in draw('{% icon "check" %}')


class TestMedal:
    @pytest.mark.parametrize("tier", ["bronze", "silver", "gold"])
    def test_each_tier_has_its_class(self, tier):
        assert f'class="medal-{tier}"' in draw("{% medal tier %}", tier=tier)

    def test_words(self):
        assert 'aria-label="Gold badges"' in draw('{% medal "gold" "Gold badges" %}')

    def test_hostile_tier_is_escaped(self):
        assert "<i>" not in draw("{% medal tier %}", tier='"><i>')


class TestAvatar:
    def member(self, **more):
        return SimpleNamespace(username="mira", **more)

    def test_drawn_picture_by_username(self):
        html = draw("{% avatar member %}", member=self.member())
        assert 'src="/avatars/mira.svg"' in html
        assert 'width="32" height="32"' in html
        assert 'alt=""' in html

    def test_a_photo_wins(self):
        assert 'src="/media/mira.jpg"' in draw("{% avatar member %}", member=self.member(photo_url="/media/mira.jpg"))

    def test_an_empty_photo_does_not_win(self):
        assert 'src="/avatars/mira.svg"' in draw("{% avatar member %}", member=self.member(photo_url=""))

    @pytest.mark.parametrize(("size", "pixels"), [("small", 24), ("medium", 44), ("large", 72), ("huge", 112)])
    def test_sizes_are_given_so_that_nothing_jumps(self, size, pixels):
        html = draw("{% avatar member size %}", member=self.member(), size=size)
        assert f'class="avatar avatar-{size}"' in html
        assert f'width="{pixels}" height="{pixels}"' in html

    def test_nobody_has_a_picture_too(self):
        assert 'src="/avatars/-.svg"' in draw("{% avatar None %}")

    @pytest.mark.parametrize("name", ["a/b", "../x", "й", 'x"onload="y', "ひろば"])
    def test_the_name_is_one_part_of_the_address(self, name):
        html = draw("{% avatar member %}", member=SimpleNamespace(username=name))
        source = html.split('src="')[1].split('"')[0]
        assert source.startswith("/avatars/")
        assert source.count("/") == 2
        assert "onload" not in html.replace("%22onload%3D%22y", "")


class TestRelativeTime:
    def test_the_moment_is_exact_and_the_words_are_the_date(self):
        html = draw("{% relative_time moment %}", moment=datetime(2026, 3, 5, 14, 30, tzinfo=UTC))
        assert 'datetime="2026-03-05T14:30:00+00:00"' in html
        assert "data-relative" in html
        assert ">March 5, 2026</time>" in html

    def test_in_the_language_of_the_page(self):
        with translation.override("ru"):
            html = draw("{% relative_time moment %}", moment=datetime(2026, 3, 5, tzinfo=UTC))
        assert "5 марта 2026" in html

    def test_no_moment_draws_nothing(self):
        assert draw("{% relative_time None %}") == ""

    def test_a_naive_moment_is_taken_as_it_is(self):
        assert "March 5, 2026" in draw("{% relative_time moment %}", moment=datetime(2026, 3, 5, 23, 59))


class TestLanguages:
    @pytest.mark.parametrize(
        ("code", "name", "direction"),
        [("en", "English", "ltr"), ("ru", "Русский", "ltr"), ("ja", "日本語", "ltr"), ("ar", "العربيّة", "rtl")],
    )
    def test_names_are_in_their_own_letters(self, code, name, direction):
        assert draw("{{ code|language_own_name }}", code=code).casefold() == name.casefold()
        assert draw("{{ code|language_dir }}", code=code) == direction

    def test_no_filter_or_tag_hides_one_of_django(self):
        # Libraries are loaded in the order of the alphabet; of two with one name the later would win.
        for library in (i18n.register, static.register, humanize.register):
            assert not set(design.register.filters) & set(library.filters)
            assert not set(design.register.tags) & set(library.tags)

    def test_an_unknown_code_is_shown_as_it_is(self):
        assert draw("{{ code|language_own_name }}", code="xx") == "xx"
        assert draw("{{ code|language_dir }}", code="xx") == "auto"

    def links(self, path, **context):
        line = "{{ l.code }}={{ l.url }} {{ l.current }} {{ l.dir }}|"
        source = "{% language_links as links %}{% for l in links %}" + line + "{% endfor %}"
        with translation.override("en"):
            return dict(part.split("=", 1) for part in draw(source, path, **context).strip("|").split("|"))

    def test_every_language_of_the_site_is_offered_and_one_is_current(self):
        links = self.links("/en/questions/")
        assert list(links) == CODES
        assert [code for code, rest in links.items() if " True " in rest] == ["en"]

    def test_the_same_page_in_the_other_language(self):
        assert self.links("/en/questions/")["ja"].startswith("/ja/questions/ ")

    def test_a_view_that_knows_better_is_heard(self):
        links = self.links(
            "/en/knowledge/paper/", language_urls={"ja": "/ja/knowledge/kami/", "en": "/en/knowledge/paper/"}
        )
        assert links["ja"].startswith("/ja/knowledge/kami/ ")
        assert links["ru"].startswith("/ru/ ")

    def test_arabic_is_right_to_left(self):
        assert self.links("/en/questions/")["ar"].endswith("rtl")


class TestInThisLanguage:
    @pytest.mark.parametrize(
        ("path", "there"),
        [
            ("/en/questions/12/labels/", "/ar/questions/12/labels/"),
            ("/ar/questions/12/labels/#answer-7", "/ar/questions/12/labels/#answer-7"),
            ("/en/knowledge/paper/", "/en/knowledge/paper/"),
            ("/en/questions/", "/en/questions/"),
            ("/xx/questions/12/labels/", "/xx/questions/12/labels/"),
            ("https://example.org/en/questions/12/", "https://example.org/en/questions/12/"),
            ("//example.org/questions/1/", "//example.org/questions/1/"),
        ],
    )
    def test_only_a_question_of_ours_changes_its_prefix(self, path, there):
        with translation.override("ar"):
            assert draw("{{ address|in_this_language }}", address=path) == there


class TestQuery:
    def test_changes_join_what_is_there(self):
        assert draw("{% query page=2 %}", "/en/search/?q=label&page=1") == "?q=label&amp;page=2"

    def test_none_and_empty_drop_a_key(self):
        assert draw("{% query q=None type='' %}", "/en/search/?q=label&type=article&sort=new") == "?sort=new"

    def test_nothing_left_is_still_a_link(self):
        assert draw("{% query q=None %}", "/en/search/?q=label") == "?"

    def test_words_of_any_script_are_encoded(self):
        assert draw("{% query q=word %}", word="ラベル&x=1") == "?q=%E3%83%A9%E3%83%99%E3%83%AB%26x%3D1"

    def test_without_a_request(self):
        assert design.query({}, page=2, q=None) == "?page=2"


class TestCurrent:
    @pytest.mark.parametrize(
        ("path", "marked"),
        [
            ("/en/questions/", True),
            ("/en/questions/12/labels/", True),
            ("/en/topics/", False),
            ("/ja/questions/", False),
        ],
    )
    def test_only_below_the_prefix_in_this_language(self, path, marked):
        with translation.override("en"):
            assert (draw('{% current "/questions/" %}', path) == 'aria-current="page"') is marked

    def test_without_a_request(self):
        assert design.current({}, "/questions/") == ""


def test_old_moments_keep_their_date_in_the_title():
    moment = datetime.now(UTC) - timedelta(days=4000)
    assert str(moment.year) in draw("{% relative_time moment %}", moment=moment)


class TestMarkdownPlain:
    @pytest.mark.parametrize(
        ("written", "shown"),
        [
            ("The light is **amber**, see `E-40`", "The light is amber, see E-40"),
            ("- one\n- two", "one two"),
            ("```python\nx = 1\n```", "x = 1"),
            ("[the guide](https://example.org/)", "the guide"),
            ("a < b & c", "a < b & c"),
            ("", ""),
        ],
    )
    def test_it_leaves_the_words_alone(self, written, shown):
        assert design.markdown_plain(written) == shown

    def test_what_looks_like_a_tag_is_no_tag_on_the_page(self):
        page = engines["django"].from_string("{% load design %}{{ text|markdown_plain }}")
        drawn = page.render({"text": "Write `<b>` here.\n\n<script>x()</script>"})
        assert "<script" not in drawn and "<b>" not in drawn and "&lt;b&gt;" in drawn

    def test_of_a_long_text_only_the_beginning_is_rendered(self):
        assert len(design.markdown_plain("w " * 50_000)) <= design.EXCERPTED
