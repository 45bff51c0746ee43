"""The documents hold together: decisions have a status, links lead somewhere, commands exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.core.management import get_commands

from tests.architecture.sources import ROOT, tracked

ADR_FOLDER = ROOT / "docs" / "adr"
STATUS = re.compile(r"^Status: (Accepted|Superseded by \[?ADR (\d{4})\b.*|Withdrawn)$", re.MULTILINE)
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
OURS = ("portal", "search")


def adrs() -> list[Path]:
    """The records of decisions, in order."""
    return sorted(path for path in ADR_FOLDER.glob("[0-9]*.md"))


def pages() -> list[Path]:
    """Every document of the project."""
    return [ROOT / name for name in tracked("*.md", "**/*.md")]


def test_there_are_decisions() -> None:
    assert len(adrs()) >= 3


@pytest.mark.parametrize("path", adrs(), ids=lambda path: path.stem)
def test_a_decision_has_a_number_and_a_status(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    number = path.name[:4]
    assert text.startswith(f"# {int(number)}. "), "the title begins with the number"
    status = STATUS.search(text)
    assert status, (
        "a line 'Status: Accepted', 'Status: Superseded by ADR NNNN' or 'Status: Withdrawn' (none stays pending)"
    )
    if status.group(2):
        assert list(ADR_FOLDER.glob(f"{status.group(2)}-*.md")), "it is superseded by one that does not exist"


def test_numbers_are_used_once() -> None:
    numbers = [path.name[:4] for path in adrs()]
    assert len(numbers) == len(set(numbers))


@pytest.mark.parametrize("path", pages(), ids=lambda path: str(path.relative_to(ROOT)))
def test_links_inside_the_project_lead_somewhere(path: Path) -> None:
    broken = []
    for target in LINK.findall(path.read_text(encoding="utf-8")):
        place = target.split("#")[0]
        if re.match(r"[a-z]+:", target) or not place:
            continue
        if not (path.parent / place).exists():
            broken.append(target)
    assert broken == []


def our_commands() -> set[str]:
    """The management commands of this project."""
    return {name for name, app in get_commands().items() if app.split(".")[0] in OURS}


def test_every_command_is_in_the_reference_and_no_other() -> None:
    page = (ROOT / "docs" / "reference" / "commands.md").read_text(encoding="utf-8")
    documented = set(re.findall(r"^### `manage.py (\w+)", page, re.MULTILINE))
    assert documented == our_commands()


def test_the_index_leads_to_every_page() -> None:
    index = (ROOT / "docs" / "README.md").read_text(encoding="utf-8")
    linked = {target.split("#")[0] for target in LINK.findall(index)}
    there = {str(path.relative_to(ROOT / "docs")) for path in (ROOT / "docs").glob("*/*.md")}
    assert there - linked == set()


def test_the_readme_names_the_two_commands() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "bin/portal" in text
    assert "bin/test" in text
