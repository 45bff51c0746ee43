"""Small files, small functions, and more lines of tests than of code (design 2)."""

from __future__ import annotations

import ast

from tests.architecture.sources import ROOT, python_sources, tracked

FILE_LINES = 400
FUNCTION_LINES = 50
TESTS_TO_CODE = 1.2


def test_no_file_is_long() -> None:
    found = {source.name: len(source.text.splitlines()) for source in python_sources()}
    assert {name: lines for name, lines in found.items() if lines > FILE_LINES} == {}


def test_no_function_is_long() -> None:
    found = []
    for source in python_sources():
        for node in ast.walk(source.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines > FUNCTION_LINES:
                    found.append(f"{source.name}:{node.lineno} {node.name} has {lines} lines")
    assert found == []


def test_there_is_more_test_than_code() -> None:
    tests = sum(source.text.count("\n") for source in python_sources() if source.is_test)
    code = sum(source.text.count("\n") for source in python_sources() if not source.is_test)
    assert tests / code >= TESTS_TO_CODE, f"{tests} lines of tests, {code} of code: {tests / code:.2f}"


def test_no_drawer_for_everything() -> None:
    names = {source.name.rsplit("/", 1)[-1] for source in python_sources()}
    assert not names & {"utils.py", "helpers.py", "misc.py", "common.py"}


def test_scripts_and_sheets_are_short_too() -> None:
    long = {}
    for name in tracked("portal/*.css", "portal/**/*.css", "portal/**/*.js"):
        if "/vendor/" in name:
            continue
        lines = len((ROOT / name).read_text(encoding="utf-8").splitlines())
        if lines > FILE_LINES:
            long[name] = lines
    assert long == {}
