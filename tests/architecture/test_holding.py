"""Questions, answers and comments are held for a change in one way (portal/questions/services/holding.py)."""

from __future__ import annotations

import ast

import pytest

from tests.architecture.sources import python_sources

POSTS = {"Question", "Answer", "Comment"}
HOLDING = "portal/questions/services/holding.py"


def held_by_hand(tree: ast.AST) -> list[str]:
    """Returns the names of the posts on which a tree calls ``select_for_update`` itself: ``Question.objects…``."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr == "select_for_update":
            found += [each.id for each in ast.walk(node) if isinstance(each, ast.Name) and each.id in POSTS]
    return found


def test_no_other_module_holds_a_post_by_itself() -> None:
    found = {source.name: held_by_hand(source.tree) for source in python_sources() if source.name.startswith("portal/")}
    assert HOLDING in found
    assert {name: posts for name, posts in found.items() if posts and name != HOLDING} == {}


@pytest.mark.parametrize(
    ("text", "posts"),
    [
        ("Question.objects.select_for_update().get(pk=1)", ["Question"]),
        ("Answer._base_manager.filter(pk__in=ids).select_for_update(of=['self'])", ["Answer"]),
        ("User.objects.select_for_update().get(pk=1)", []),
        ("Question.objects.get(pk=1)", []),
    ],
)
def test_what_is_held_by_hand_is_found(text: str, posts: list[str]) -> None:
    assert held_by_hand(ast.parse(text)) == posts
