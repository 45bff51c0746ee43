"""An import that was killed goes on, and ends like one that was not."""

from __future__ import annotations

import random
import shutil
import signal
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from portal.importers.models import ImportRun
from portal.importers.stackexchange import load
from portal.importers.stackexchange.stage import Stage
from portal.questions.models import Question
from search.models import OutboxEntry

from . import dumps
from .processes import done, kept_state, manage
from .state import state


class Killed(BaseException):
    """The process ends here."""


@pytest.fixture
def tiny_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two rows to a batch, so that a little dump has many places to be killed at."""
    for stage in (
        Stage,
        *Stage.__subclasses__(),
        *(sub for each in Stage.__subclasses__() for sub in each.__subclasses__()),
    ):
        monkeypatch.setattr(stage, "batch", 2)


def kill_at(monkeypatch: pytest.MonkeyPatch, moment: int) -> list[int]:
    """Lets the import die as its ``moment``-th transaction is about to commit; returns where the count is kept."""
    keep, calls = load.Import._keep, [0]

    def dying(self: Any, *args: Any) -> None:
        keep(self, *args)
        calls[0] += 1
        if calls[0] == moment:
            raise Killed

    monkeypatch.setattr(load.Import, "_keep", dying)
    return calls


@pytest.mark.django_db
def test_killed_at_any_batch_it_goes_on_and_ends_the_same(run, tmp_path, monkeypatch, tiny_batches) -> None:
    folder = dumps.rich(tmp_path / "d")
    with monkeypatch.context() as patch:
        calls = kill_at(patch, 0)
        run(folder, site="whole")
    whole = state("whole")
    assert calls[0] > 20
    for moment in range(1, calls[0] + 1):
        site = f"killed{moment}"
        with monkeypatch.context() as patch:
            kill_at(patch, moment)
            with pytest.raises(Killed):
                run(folder, site=site)
        said = run(folder, site=site)
        assert state(site) == whole, moment
        assert "Going on where the last import stopped" in said
        assert ImportRun.objects.get(source__name=site).finished_at
        assert "Nothing changed." in run(folder, site=site)


@pytest.mark.django_db
def test_a_resumed_import_counts_each_row_once(run, tmp_path, monkeypatch, tiny_batches) -> None:
    folder = dumps.rich(tmp_path / "d")
    run(folder, site="whole")
    for moment in (3, 9, 17, 25):
        with monkeypatch.context() as patch:
            kill_at(patch, moment)
            with pytest.raises(Killed):
                run(folder, site=f"killed{moment}")
        run(folder, site=f"killed{moment}")
        counts = ImportRun.objects.get(source__name=f"killed{moment}").counts
        assert counts == ImportRun.objects.get(source__name="whole").counts, moment


@pytest.mark.django_db
def test_after_a_kill_a_changed_dump_begins_anew(run, tmp_path, monkeypatch, tiny_batches) -> None:
    folder = dumps.rich(tmp_path / "d")
    with monkeypatch.context() as patch:
        kill_at(patch, 12)
        with pytest.raises(Killed):
            run(folder)
    dumps.rich(tmp_path / "d", posts=9)
    said = run(folder)
    assert "Going on" not in said
    assert Question.objects.count() == 3
    run(folder, site="whole")
    assert state() == state("whole")


@pytest.mark.django_db
def test_what_a_killed_run_brought_reaches_the_search_after_the_next(run, tmp_path, monkeypatch) -> None:
    folder = dumps.rich(tmp_path / "d")
    with monkeypatch.context() as patch:
        kill_at(patch, 6)
        with pytest.raises(Killed):
            run(folder)
    run(folder)
    waiting = set(OutboxEntry.objects.values_list("object_id", flat=True))
    assert {str(pk) for pk in Question.objects.values_list("pk", flat=True)} <= waiting


# --- a real process, killed by the system -------------------------------------------------------------------------


@pytest.fixture
def two_portals(migrated: Path, tmp_path: Path) -> Iterator[tuple[Path, Path]]:
    """Two portals with nothing in them."""
    places = tmp_path / "one", tmp_path / "two"
    for place in places:
        shutil.copytree(migrated, place)
    yield places


def place_of(data: Path) -> tuple[str, int] | None:
    """Returns (stage, line) that a running import has committed."""
    with sqlite3.connect(f"file:{data / 'portal.sqlite3'}?mode=ro", uri=True, timeout=5) as database:
        found = database.execute("SELECT stage, line FROM importers_importrun ORDER BY id DESC LIMIT 1").fetchone()
    database.close()
    return found


def test_kill_minus_nine_at_random_moments_loses_nothing(two_portals, tmp_path) -> None:
    whole, killed = two_portals
    folder = dumps.rich(tmp_path / "d", posts=900)
    command = ("import_stackexchange", str(folder), "--language", "en", "--site", "hinges")
    done(whole, *command)
    chance, kills, places = random.Random(), 0, set()
    while kills < 3:
        before = place_of(killed)
        process = manage(killed, *command)
        while process.poll() is None and place_of(killed) == before:
            time.sleep(0.01)
        time.sleep(chance.random() * 0.7)
        if process.poll() is not None:
            process.communicate()
            break
        process.send_signal(signal.SIGKILL)
        process.communicate()
        kills += 1
        places.add(place_of(killed))
    done(killed, *command)
    assert kills >= 1
    assert kept_state(killed) == kept_state(whole), places


def test_ctrl_c_says_how_to_go_on(two_portals, tmp_path) -> None:
    data, _other = two_portals
    folder = dumps.rich(tmp_path / "d", posts=600)
    process = manage(data, "import_stackexchange", str(folder), "--language", "en", "--site", "hinges")
    while process.poll() is None and place_of(data) is None:
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    said, _ = process.communicate(timeout=60)
    assert process.returncode == 130, said
    assert "The same command goes on from here" in said
    assert "Traceback" not in said
