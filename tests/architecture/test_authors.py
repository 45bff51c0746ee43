"""Names are drawn from posts in one place, so that an anonymous asker cannot be named by a page that forgot her."""

from __future__ import annotations

import re

import pytest

from tests.architecture.sources import python_sources, templates

# How templates call posts, versions and acts; what these point at is a person who may be hidden.
POSTS = "question|post|answer|comment|reply|revision|linked|suggestion|move|item|row|entry|found"
PEOPLE = "author|author_name|editor|editor_name|edited_by|deleted_by|settled_by|moved_by|user|by|actor|member"
NAMED = re.compile(rf"\b(?:{POSTS})\.(?:post\.|question\.|answer\.|comment\.)?(?:{PEOPLE})\b(?!_id)")
# The tags, the partial that is nothing but such a tag, and asking whether there is anybody at all.
TAGS = re.compile(r"\{%\s*(?:post_author\b|person_in\b|include \"questions/person\.html\"|if\b|elif\b)[^%]*%\}")
# These two decide, or stand below who decides.
DECIDE = ("portal/questions/selectors/authors.py", "portal/questions/services/anonymity.py")


def question_templates() -> dict[str, str]:
    """The templates that show questions and what belongs to them."""
    return {name: text for name, text in templates().items() if "/questions/" in name}


def test_the_pattern_finds_what_it_is_for() -> None:
    assert NAMED.search('{% include "components/author_chip.html" with member=post.author %}')
    assert NAMED.search("{{ item.post.author.shown_name }}")
    assert NAMED.search("{{ revision.editor_name }}")
    assert not NAMED.search("{% if question.author_id == user.pk %}")
    assert not NAMED.search(TAGS.sub("", "{% person_in question revision.editor revision.editor_name post %}"))


def test_templates_of_questions_name_people_by_the_tags_alone() -> None:
    found = [
        f"{name}: {match.group()}"
        for name, text in question_templates().items()
        for match in NAMED.finditer(TAGS.sub("", text))
    ]
    assert found == []


@pytest.mark.parametrize("field", ["shown_name", "username"])
def test_code_reads_no_name_off_a_post(field: str) -> None:
    pattern = re.compile(rf"\b(?:question|post|answer|comment|revision|item)\.(?:author|editor|edited_by)\.{field}\b")
    found = [
        f"{source.name}: {match.group()}"
        for source in python_sources()
        if source.name.startswith("portal/") and source.name not in DECIDE
        for match in pattern.finditer(source.text)
    ]
    assert found == []
