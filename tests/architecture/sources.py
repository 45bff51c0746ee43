"""The project's own files, as the tests of its structure read them."""

from __future__ import annotations

import ast
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
COMMANDS = ("bin/portal", "bin/test", "tests/elasticsearch_node/start")


@dataclass(frozen=True)
class Source:
    """One Python file: its place in the project, its text and what Python makes of it."""

    name: str
    text: str
    tree: ast.Module

    @property
    def is_test(self) -> bool:
        return self.name.startswith("tests/")


@cache
def tracked(*patterns: str) -> tuple[str, ...]:
    """Names of the files that git knows or would know, without what is ignored."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", *patterns],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return tuple(sorted(name for name in set(listed.stdout.splitlines()) if (ROOT / name).is_file()))


@cache
def python_sources() -> tuple[Source, ...]:
    """Every Python file but migrations, which Django writes."""
    names = [name for name in tracked("*.py") if "/migrations/" not in name]
    names += [name for name in COMMANDS if (ROOT / name).exists()]
    found = []
    for name in names:
        text = (ROOT / name).read_text(encoding="utf-8")
        found.append(Source(name, text, ast.parse(text)))
    return tuple(found)


@cache
def templates() -> dict[str, str]:
    """The page templates by name."""
    names = tracked("portal/*.html", "portal/**/*.html")
    return {name: (ROOT / name).read_text(encoding="utf-8") for name in names}
