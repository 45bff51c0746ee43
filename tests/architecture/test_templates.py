"""Templates keep to the content security policy and to the rules of translation."""

from __future__ import annotations

import ast
import re

import pytest

from tests.architecture.sources import python_sources, templates

TAG = re.compile(r"<[a-zA-Z][^<>]*>", re.DOTALL)
TEMPLATE_TAG = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", re.DOTALL)
TRANSLATORS = {"_", "gettext", "gettext_lazy", "pgettext", "pgettext_lazy", "ngettext", "ngettext_lazy", "npgettext"}
RULES = {
    "an inline style": re.compile(r"\sstyle\s*=", re.IGNORECASE),
    "an inline handler": re.compile(r"\son[a-z]+\s*=", re.IGNORECASE),
    "a javascript: address": re.compile(r"javascript:", re.IGNORECASE),
    "an address of another origin": re.compile(
        r"<(?:script|link|img|iframe|source|video|audio)\b[^>]*\b(?:src|href)\s*=\s*[\"']?(?:https?:)?//", re.IGNORECASE
    ),
}


def without_template_tags(text: str) -> str:
    """The HTML that is left: what stands inside ``{% %}`` is no attribute."""
    return TEMPLATE_TAG.sub("x", re.sub(r"\{%\s*comment.*?endcomment\s*%\}", "", text, flags=re.DOTALL))


def is_mail(name: str) -> bool:
    """Mails are the one place for inline styles: mail programs read no sheets."""
    return "/email/" in name or "/mail" in name or "/emails/" in name


@pytest.mark.parametrize("rule", RULES, ids=str)
def test_no_tag_breaks_the_policy(rule: str) -> None:
    found = []
    for name, text in templates().items():
        if is_mail(name):
            continue
        found += [f"{name}: {tag[:80]}" for tag in TAG.findall(without_template_tags(text)) if RULES[rule].search(tag)]
    assert found == [], rule


@pytest.mark.parametrize("element", ["script", "style"])
def test_no_inline_code(element: str) -> None:
    """Whole scripts and sheets come from files. Data for scripts (application/json, ld+json) is none."""
    opening = re.compile(rf"<{element}\b([^>]*)>(.*?)</{element}>", re.DOTALL | re.IGNORECASE)
    found = []
    for name, text in templates().items():
        for attributes, content in [] if is_mail(name) else opening.findall(without_template_tags(text)):
            data = "json" in attributes
            if content.strip() and not data:
                found.append(f"{name}: {content.strip()[:60]}")
    assert found == []


def test_translated_blocks_are_trimmed() -> None:
    """Without ``trimmed`` the indentation of a template becomes part of what translators see."""
    found = []
    for name, text in templates().items():
        for tag in re.findall(r"\{%\s*blocktrans(?:late)?\b[^%]*%\}", text):
            if "trimmed" not in tag and "asvar" not in tag:
                found.append(f"{name}: {tag}")
    assert found == []


def test_forms_that_change_something_carry_a_token() -> None:
    """The one exception is reached by a signed link from a mail: the link itself proves who asks."""
    found = []
    for name, text in templates().items():
        if name.endswith("knowledge/follow_link.html"):
            continue
        for form in re.findall(r"<form\b.*?</form>", text, re.DOTALL | re.IGNORECASE):
            if re.search(r"method\s*=\s*[\"']?post", form.split(">", 1)[0], re.IGNORECASE) and "csrf_token" not in form:
                found.append(name)
    assert found == []


def test_what_is_marked_safe_says_that_it_is_html() -> None:
    """Only what the server rendered and cleaned may pass unescaped, and its name tells: ``body_html``."""
    allowed = {"field.help_text", "value.highlighted"}
    found = []
    for name, text in templates().items():
        for variable in re.findall(r"([\w.]+)\s*\|\s*safe\b", text):
            if not variable.endswith("html") and variable not in allowed:
                found.append(f"{name}: {variable}")
        assert "autoescape off" not in text, name
    assert found == []


def test_words_for_people_are_no_f_strings() -> None:
    """``_(f"…")`` is never found by makemessages, and never translated."""
    found = []
    for source in python_sources():
        for node in ast.walk(source.tree):
            called = node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""
            if called in TRANSLATORS and any(isinstance(given, ast.JoinedStr | ast.BinOp) for given in node.args):
                found.append(f"{source.name}:{node.lineno}")
    assert found == []


def test_placeholders_have_names() -> None:
    """Translators change the order of words, so ``%s`` and ``{}`` will not do where there are several."""
    found = []
    for source in python_sources():
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in TRANSLATORS:
                for argument in node.args:
                    text = argument.value if isinstance(argument, ast.Constant) else ""
                    if isinstance(text, str) and len(re.findall(r"%[sd]|\{\}", text)) > 1:
                        found.append(f"{source.name}:{node.lineno} {text}")
    assert found == []
