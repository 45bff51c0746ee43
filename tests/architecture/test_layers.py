"""The import rules cover the whole house and make no exceptions; ``lint-imports`` itself runs in bin/test."""

from __future__ import annotations

import ast
import re
import tomllib
from typing import Any

import pytest

from tests.architecture.sources import ROOT, python_sources

CONTRACTS: list[dict[str, Any]] = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"][
    "contracts"
]
OUTSIDE_THE_LAYERS = {"settings", "static", "templates", "locale"}


def layer_names(contract: dict[str, Any]) -> set[str]:
    """Every module that a contract of layers names."""
    return {part.strip(" ()") for layer in contract["layers"] for part in layer.split("|")}


def apps() -> set[str]:
    """The folders of portal/ that hold Python."""
    found = {path.parent.name for path in (ROOT / "portal").glob("*/__init__.py")}
    return found - OUTSIDE_THE_LAYERS


def test_no_contract_ignores_anything() -> None:
    for contract in CONTRACTS:
        assert not {"ignore_imports", "unmatched_ignore_imports_alerting"} & set(contract), contract["name"]


def test_every_app_has_its_place_among_the_layers() -> None:
    (house,) = [contract for contract in CONTRACTS if contract["type"] == "layers" and "containers" not in contract]
    assert {f"portal.{app}" for app in apps()} <= layer_names(house)


def test_every_app_is_layered_inside() -> None:
    (inside,) = [contract for contract in CONTRACTS if "containers" in contract]
    assert {f"portal.{app}" for app in apps()} == set(inside["containers"])


@pytest.mark.parametrize("package", ["elasticsearch", "elasticsearch_dsl", "tantivy"])
def test_each_engine_has_one_door(package: str) -> None:
    doors = [contract for contract in CONTRACTS if package in contract.get("protected_modules", [])]
    assert len(doors) == 1
    assert len(doors[0]["allowed_importers"]) == 1


def test_receivers_listen_to_events_and_not_to_saves() -> None:
    """Side effects hang on named events: Django's model signals are nobody's business here."""
    saves = re.compile(
        r"\b(?:pre|post)_(?:save|delete|init)\.connect\b|\bm2m_changed\.connect\b|^@receiver\(", re.MULTILINE
    )
    found = [s.name for s in python_sources() if s.name.startswith(("portal/", "search/")) and saves.search(s.text)]
    assert found == []


def is_job(function: ast.FunctionDef) -> bool:
    """Whether a function is run by the worker (``@task()``)."""
    return any("task" in ast.unparse(decorator) for decorator in function.decorator_list)


def test_services_take_names_only() -> None:
    """A public service is called by keyword, so that a call reads as a sentence (design 2).

    A function of one thing (``title_errors(title)``) reads well as it is, and a job is called by its queue.
    """
    found = []
    for source in python_sources():
        if source.is_test or not source.name.startswith("portal/") or "/services" not in source.name:
            continue
        for node in source.tree.body:
            if not isinstance(node, ast.FunctionDef) or node.name.startswith("_") or is_job(node):
                continue
            if len(node.args.args) > 1:
                found.append(f"{source.name}:{node.lineno} {node.name}")
    assert found == []


def test_tests_are_not_imported_by_the_portal() -> None:
    for source in python_sources():
        if source.name.startswith(("portal/", "search/", "bin/launch")):
            for node in ast.walk(source.tree):
                if isinstance(node, ast.ImportFrom) and node.module:
                    assert not node.module.startswith("tests"), source.name
