"""The import as an operator meets it: a process beside a running portal, on either database, with its exit codes."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from . import dumps
from .processes import ROOT, done, environment, kept_state, manage

MEMORY_MB = 300
WRITER = """
import os, time
from tests.factories.accounts import member
from portal.questions.services.questions import question_create
anna, longest, count = member("anna"), 0.0, 0
print("READY", flush=True)
while not os.path.exists(os.environ["STOP_FILE"]):
    began = time.monotonic()
    question_create(user=anna, title=f"A question of mine {count}", body="Words.", language="en")
    longest, count = max(longest, time.monotonic() - began), count + 1
    time.sleep(0.02)
print("WROTE", count, longest)
"""


@pytest.fixture
def portal(migrated: Path, tmp_path: Path) -> Path:
    """The data of a portal with nothing in it."""
    return Path(shutil.copytree(migrated, tmp_path / "portal"))


@pytest.fixture
def on_postgresql(postgresql_url: str, tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """A portal on PostgreSQL: (its data folder, the address of its database)."""
    data = tmp_path / "portal"
    done(data, "migrate", "-v0", DATABASE_URL=postgresql_url)
    yield data, postgresql_url


@pytest.mark.postgresql
def test_postgresql_holds_the_same_as_sqlite(portal, on_postgresql, tmp_path) -> None:
    data, url = on_postgresql
    folder = dumps.rich(tmp_path / "d", posts=60)
    command = ("import_stackexchange", str(folder), "--language", "en", "--site", "hinges")
    done(portal, *command)
    done(data, *command, DATABASE_URL=url)
    assert kept_state(data, DATABASE_URL=url) == kept_state(portal)
    assert "Nothing changed." in done(data, *command, DATABASE_URL=url)
    dumps.rich(tmp_path / "d", posts=90)
    done(portal, *command)
    done(data, *command, DATABASE_URL=url)
    assert kept_state(data, DATABASE_URL=url) == kept_state(portal)


def test_members_write_while_an_import_runs(portal, tmp_path) -> None:
    folder = dumps.rich(tmp_path / "d", posts=600)
    stop = tmp_path / "stop"
    writer = manage(portal, "shell", "-v0", "-c", WRITER, STOP_FILE=str(stop))
    assert writer.stdout is not None
    assert "READY" in writer.stdout.readline()
    done(portal, "import_stackexchange", str(folder), "--language", "en", "--site", "hinges")
    stop.touch()
    said, _ = writer.communicate(timeout=120)
    assert writer.returncode == 0, said
    _word, count, longest = said.split()[-3:]
    assert int(count) > 10
    assert float(longest) < 10, "no writer waits for long"


def test_a_refusal_is_one_line_and_exit_code_1(portal, tmp_path) -> None:
    """What is refused: ``test_stackexchange_bad_input``."""
    (tmp_path / "Posts.xml").write_text("<!DOCTYPE posts [<!ENTITY a 'b'>]><posts>&a;</posts>")
    told = done(portal, "import_stackexchange", str(tmp_path), "--language", "en", code=1)
    assert len(told.strip().splitlines()) == 1
    assert "refused" in told


def test_bad_rows_end_with_exit_code_0(portal, tmp_path) -> None:
    folder = dumps.write(tmp_path / "d", Posts=[dumps.question(1), dumps.question("x")])
    assert "Posts.xml:4: Id is no number" in done(portal, "import_stackexchange", str(folder), "--language", "en")


def test_memory_stays_small(portal, tmp_path) -> None:
    posts = [
        dumps.question(number, Body=f"<p>{'many words ' * 800}</p>", Title=f"Question {number}", OwnerUserId=None)
        for number in range(1, 2501)
    ]
    folder = dumps.write(tmp_path / "d", Posts=posts)
    assert (folder / "Posts.xml").stat().st_size > 20 * 2**20
    code = (
        "import resource, subprocess, sys\n"
        "done = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL)\n"
        "print(done.returncode, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)"
    )
    command = [sys.executable, "manage.py", "import_stackexchange", str(folder), "--language", "en"]
    said = subprocess.run(
        [sys.executable, "-c", code, *command], cwd=ROOT, env=environment(portal), text=True, capture_output=True,
        check=True, timeout=400,
    ).stdout  # fmt: skip
    ended, megabytes = (int(word) for word in said.split())
    assert ended == 0
    assert megabytes < MEMORY_MB
