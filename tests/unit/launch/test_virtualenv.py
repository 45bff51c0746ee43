"""``.venv`` is made once for each lock, and made anew when it was left half-made."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import pytest
from launch import virtualenv

VERSION = f"{sys.version_info.major}.{sys.version_info.minor}"


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project of its own with an empty lock: real environments are made, nothing is downloaded."""
    folder = tmp_path / ".venv"
    monkeypatch.setattr(virtualenv, "FOLDER", folder)
    monkeypatch.setattr(virtualenv, "MARKER", folder / "installed.json")
    monkeypatch.setattr(virtualenv, "RUNTIME_LOCK", tmp_path / "requirements.txt")
    monkeypatch.setattr(virtualenv, "DEVELOPMENT_LOCK", tmp_path / "dev.txt")
    (tmp_path / "requirements.txt").write_text("# nothing\n")
    (tmp_path / "dev.txt").write_text("# nothing yet\n")
    return tmp_path


def pretend_installed(place: Path, python: str = VERSION, **locks: str) -> None:
    """Lays down what an earlier start left."""
    (place / ".venv" / "bin").mkdir(parents=True)
    (place / ".venv" / "bin" / "python").symlink_to(sys.executable)
    (place / ".venv" / "installed.json").write_text(json.dumps({"python": python, "locks": locks}))


def test_a_real_environment_is_made_and_kept(place: Path) -> None:
    assert virtualenv.ensure(place / "requirements.txt") is True
    assert (place / ".venv" / "bin" / "python").exists()
    assert virtualenv.installed() == {"requirements.txt": virtualenv.digest(place / "requirements.txt")}
    before = (place / ".venv" / "installed.json").stat().st_mtime_ns
    assert virtualenv.ensure(place / "requirements.txt") is False
    assert (place / ".venv" / "installed.json").stat().st_mtime_ns == before


def test_a_half_made_environment_is_made_anew(place: Path) -> None:
    (place / ".venv" / "bin").mkdir(parents=True)
    (place / ".venv" / "left-over").write_text("from a killed start")
    virtualenv.ensure(place / "requirements.txt")
    assert not (place / ".venv" / "left-over").exists()
    assert virtualenv.installed()


def test_a_changed_lock_is_installed_into_what_is_there(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pretend_installed(place, **{"requirements.txt": "another"})
    (place / ".venv" / "kept").write_text("by the packages of before")
    asked: list[Path] = []
    monkeypatch.setattr(virtualenv, "install", lambda lock, packages, note: asked.append(lock))
    assert virtualenv.ensure(place / "requirements.txt") is True
    assert asked == [place / "requirements.txt"]
    assert (place / ".venv" / "kept").exists()


def test_the_development_lock_serves_the_portal_too(place: Path) -> None:
    virtualenv.ensure(place / "dev.txt")
    assert virtualenv.ensure(place / "requirements.txt") is False


def test_the_runtime_lock_does_not_serve_development(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pretend_installed(place, **{"requirements.txt": virtualenv.digest(place / "requirements.txt")})
    asked: list[Path] = []
    monkeypatch.setattr(virtualenv, "install", lambda lock, packages, note: asked.append(lock))
    virtualenv.ensure(place / "dev.txt")
    assert asked == [place / "dev.txt"]


def test_another_python_is_another_environment(place: Path) -> None:
    pretend_installed(place, python="3.9", **{"requirements.txt": virtualenv.digest(place / "requirements.txt")})
    assert virtualenv.installed() == {}


def test_a_removed_interpreter_is_noticed(place: Path) -> None:
    pretend_installed(place, **{"requirements.txt": virtualenv.digest(place / "requirements.txt")})
    (place / ".venv" / "bin" / "python").unlink()
    (place / ".venv" / "bin" / "python").symlink_to(place / "gone")
    assert virtualenv.installed() == {}


def test_an_unreadable_marker_is_no_marker(place: Path) -> None:
    pretend_installed(place)
    (place / ".venv" / "installed.json").write_text("{")
    assert virtualenv.installed() == {}


def test_a_linked_environment_is_never_removed(place: Path) -> None:
    shared = place / "shared"
    shared.mkdir()
    (place / ".venv").symlink_to(shared)
    with pytest.raises(virtualenv.CannotInstall, match="is a link"):
        virtualenv.ensure(place / "requirements.txt")
    assert shared.is_dir()


def test_pips_complaint_is_told_in_one_line(place: Path) -> None:
    # No hash: pip refuses it before it asks any server.
    (place / "requirements.txt").write_text("hiroba-no-such-package==1\n")
    with pytest.raises(virtualenv.CannotInstall) as told:
        virtualenv.ensure(place / "requirements.txt")
    assert "pip failed" in str(told.value)
    assert "\n" not in str(told.value)
    assert virtualenv.installed() == {}


def test_a_killed_installation_leaves_no_marker(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pretend_installed(place, **{"requirements.txt": "another"})

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(virtualenv, "install", killed)
    with pytest.raises(KeyboardInterrupt):
        virtualenv.ensure(place / "requirements.txt")
    assert virtualenv.installed() == {}


def test_progress_counts_packages(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    printed = [
        "Collecting a==1",
        "  Downloading a",
        "Requirement already satisfied: b",
        "Installing collected packages",
    ]

    def follow(command: object, read: object, environment: object = None) -> int:
        for line in printed:
            read(line.strip())  # type: ignore[operator]
        return 0

    monkeypatch.setattr(virtualenv, "follow", follow)
    notes: list[str] = []
    virtualenv.install(place / "requirements.txt", 2, notes.append)
    assert notes == ["1 of 2", "2 of 2", "unpacking"]


def test_the_real_locks_count_their_packages() -> None:
    root = Path(__file__).resolve().parents[3]
    runtime = virtualenv.PACKAGE.findall((root / "requirements.txt").read_text())
    development = virtualenv.PACKAGE.findall((root / "requirements" / "dev.txt").read_text())
    assert {"django", "wagtail", "tantivy"} <= {name.lower() for name in runtime}
    assert set(runtime) <= set(development), "bin/test must have everything that the portal runs on"


def test_nothing_of_venv_is_left_when_it_cannot_be_made(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(command: list[object], read: object, environment: object = None) -> int:
        (place / ".venv").mkdir()
        read("The virtual environment was not created because ensurepip is not available.")  # type: ignore[operator]
        return 1

    monkeypatch.setattr(virtualenv, "follow", refuse)
    with pytest.raises(virtualenv.CannotInstall, match="python3-venv"):
        virtualenv.make_folder()
    assert not (place / ".venv").exists()
    shutil.rmtree(place / ".venv", ignore_errors=True)
