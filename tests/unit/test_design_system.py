"""The page docs/explanation/design-system.md, the sheets, the scripts and the templates agree with one another."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.template.loader import get_template
from django.test import RequestFactory
from django.utils import translation

from portal.core.styleguide import PAGE, styleguide, styleguide_examples

ROOT = Path(settings.LOCALE_PATHS[0]).parent
STATIC = Path(settings.STATICFILES_DIRS[0])
TEMPLATES = ROOT / "portal" / "templates"
SHEETS = sorted((STATIC / "css").glob("*.css"))
SCRIPTS = sorted((STATIC / "js").glob("*.js"))
LAYERS = {"reset", "tokens", "base", "layout", "components", "utilities"}
CODE_CLASSES = {"hl", "k", "n", "nf", "mf", "c1"}


def css() -> str:
    """Returns all sheets in one, without comments."""
    return re.sub(r"/\*.*?\*/", "", "\n".join(sheet.read_text(encoding="utf-8") for sheet in SHEETS), flags=re.DOTALL)


def known_classes() -> set[str]:
    """Returns every class that a sheet speaks of."""
    return set(re.findall(r"\.([a-zA-Z][\w-]*)", css()))


def request():
    made = RequestFactory().get("/en/styleguide/")
    from django.contrib.auth.models import AnonymousUser

    made.user = AnonymousUser()
    return made


def used_classes(html: str) -> set[str]:
    """Returns every class written in HTML."""
    return {word for value in re.findall(r'\bclass="([^"{]*)"', html) for word in value.split()}


@pytest.fixture(params=["en", "ar"])
def language(request):
    with translation.override(request.param):
        yield request.param


class TestPage:
    def test_every_example_is_drawn(self, language):
        examples = styleguide_examples(request=request())
        assert len(examples) == (ROOT / PAGE).read_text(encoding="utf-8").count("```html")
        assert all(example.html.strip() and example.title for example in examples)

    def test_every_class_in_it_is_known_to_a_sheet(self):
        drawn = "".join(example.html for example in styleguide_examples(request=request()))
        unknown = used_classes(drawn) - known_classes() - {"message-info"}
        assert unknown - CODE_CLASSES == set()

    def test_ids_on_the_gallery_are_unique(self):
        drawn = "".join(example.html for example in styleguide_examples(request=request()))
        ids = re.findall(r'\sid="([^"]+)"', drawn)
        assert sorted(ids) == sorted(set(ids))

    def test_the_gallery_is_a_page(self, language):
        answer = styleguide(request())
        assert answer.status_code == 200
        assert f'lang="{language}"' in answer.content.decode()

    def test_each_icon_it_names_exists_and_each_that_exists_is_named(self):
        text = (ROOT / PAGE).read_text(encoding="utf-8")
        listed = set(re.search(r"^Icons: (.*?)\.$", text, re.MULTILINE | re.DOTALL)[1].split())
        sprite = ElementTree.parse(STATIC / "img" / "icons.svg").getroot()
        assert listed == {symbol.get("id") for symbol in sprite if symbol.get("id")}

    def test_each_script_is_told_of(self):
        text = (ROOT / PAGE).read_text(encoding="utf-8")
        assert {script.name for script in SCRIPTS} == set(re.findall(r"^\| `([\w-]+\.js)` \|", text, re.MULTILINE))


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
class TestSheets:
    def text(self, sheet):
        return re.sub(r"/\*.*?\*/", "", sheet.read_text(encoding="utf-8"), flags=re.DOTALL)

    def test_logical_properties_only(self, sheet):
        # A physical side would be wrong in Arabic.
        physical = re.compile(
            r"(?<![\w-])(?:(?:margin|padding|border|inset|scroll-margin|scroll-padding)-(?:left|right|top|bottom)[\w-]*"
            r"|left|right|top|bottom|(?:min-|max-)?(?:width|height))\s*:"
            r"|(?:text-align|float|clear)\s*:\s*(?:left|right)"
        )
        assert physical.findall(self.text(sheet)) == []

    def test_nothing_comes_from_elsewhere(self, sheet):
        assert re.findall(r"@import|@font-face|url\(|https?://", self.text(sheet)) == []

    def test_everything_lies_in_a_layer_that_is_ordered(self, sheet):
        text = self.text(sheet)
        assert set(re.findall(r"@layer ([\w-]+)\s*\{", text)) <= LAYERS
        depth, outside = 0, ""
        for letter in text:
            depth += letter == "{"
            outside += letter if depth == 0 else ""
            depth -= letter == "}"
        # A sheet of paper (@page) has no layers.
        outside = re.sub(r"@layer [\w, -]+[;]?|@media [^{}]*|@page\b|[{}\s]", "", outside)
        assert outside == ""

    def test_braces_match(self, sheet):
        text = self.text(sheet)
        assert text.count("{") == text.count("}")

    def test_every_token_is_defined(self, sheet):
        used = set(re.findall(r"var\((--[\w-]+)\)", self.text(sheet)))
        defined = set(re.findall(r"(--[\w-]+)\s*:", css()))
        assert used - defined == set()

    def test_a_page_of_reading(self, sheet):
        assert len(sheet.read_text(encoding="utf-8").splitlines()) <= 400


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
class TestScripts:
    def test_it_says_what_it_is_for(self, script):
        assert script.read_text(encoding="utf-8").startswith("// ")

    def test_no_evaluated_text_and_no_other_origin(self, script):
        # The policy would refuse it, and the refusal would be seen by a reader first.
        text = script.read_text(encoding="utf-8")
        assert re.findall(r"\beval\(|new Function|\.style\.|setAttribute\(.style|document\.write|//cdn", text) == []

    def test_no_words_of_its_own(self, script):
        # What a person reads comes from templates, where it is translated.
        text = re.sub(r"^\s*//.*$|/\*\*.*?\*/", "", script.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
        assert re.findall(r"textContent = [\"'`]\w+|showToast\([\"'`]|say\([\"'`]", text) == []


def all_templates() -> list[Path]:
    """Returns every template of pages; mails have a sheet of their own, and so has the admin of Wagtail."""
    others = {"email", "mail", "admin"}
    return [path for path in sorted(ROOT.glob("portal/**/templates/**/*.html")) if not others & set(path.parts)]


@pytest.mark.parametrize("path", all_templates(), ids=lambda path: str(path.relative_to(ROOT)))
class TestTemplates:
    def test_no_inline_style_script_or_handler(self, path):
        text = path.read_text(encoding="utf-8")
        assert re.findall(r"<style|\sstyle=|<script(?![^>]*\bsrc=)|\son[a-z]+=[\"']|hx-on|javascript:", text) == []

    def test_nothing_loads_from_elsewhere(self, path):
        text = path.read_text(encoding="utf-8")
        assert re.findall(r"(?:src|srcset)=[\"']?(?:https?:)?//|<link[^>]+href=[\"']?(?:https?:)?//", text) == []

    def test_it_compiles(self, path):
        get_template(str(path).split("templates/", 1)[1])

    def test_every_plain_class_is_known_to_a_sheet(self, path):
        # A misspelt class looks like nothing at all.
        unknown = used_classes(path.read_text(encoding="utf-8")) - known_classes()
        assert unknown == set()


class TestErrorPages:
    @pytest.mark.parametrize("name", ["400.html", "500.html"])
    def test_they_are_drawn_with_no_request_at_all(self, name, language):
        html = get_template(name).render()
        assert f'lang="{language}"' in html
        assert ('dir="rtl"' in html) is (language == "ar")

    @pytest.mark.parametrize("name", ["403.html", "403_csrf.html", "404.html"])
    def test_they_keep_the_frame(self, name, language):
        html = get_template(name).render({}, request())
        assert 'id="main"' in html
        assert 'class="site-header"' in html
        assert "noindex" in html


class TestFrame:
    def frame(self, **context):
        return get_template("404.html").render(context, request())

    def test_htmx_injects_no_style_and_evaluates_nothing(self):
        assert '"includeIndicatorStyles": false, "allowEval": false' in self.frame()

    def test_the_first_thing_to_reach_by_key_skips_the_header(self):
        body = self.frame().split("<body", 1)[1]
        assert re.search(r"<(?:a|button|input|summary)\b[^>]*", body)[0].startswith('<a class="skip-link" href="#main"')

    def test_there_is_one_main_heading(self):
        assert self.frame().count("<h1") == 1

    def test_languages_are_real_links(self):
        html = self.frame()
        for code, _name in settings.LANGUAGES:
            assert f'hreflang="{code}"' in html

    def test_a_stranger_is_offered_to_sign_in_and_come_back(self):
        html = self.frame()
        assert "?next=/en/styleguide/" in html
        assert "csrfmiddlewaretoken" not in html  # a page for strangers can be cached whole
