"""Web server and worker: restarted when they crash, ended whatever happens."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from launch import processes
from launch.guard import end_groups, lives
from launch.processes import GaveUp, Part, Supervisor, clean, follow

ROOT = Path(__file__).resolve().parents[3]
GUARD = ROOT / "bin" / "launch" / "guard.py"
STUBBORN = (
    "import signal, time; [signal.signal(s, signal.SIG_IGN) for s in (2, 15)]; print('on', flush=True); time.sleep(60)"
)


def eventually(holds: Callable[[], bool], seconds: float = 5) -> bool:
    """Whether something comes true in time."""
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def alive(pid: int) -> bool:
    """Whether a process runs; a zombie does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def script(folder: Path, name: str, text: str) -> list[str]:
    """A command that runs a Python script of the test's."""
    path = folder / f"{name}.py"
    path.write_text(text)
    return [sys.executable, str(path)]


@pytest.fixture(autouse=True)
def signals_as_before() -> object:
    """Puts back the handlers that a supervisor sets."""
    kept = {name: signal.getsignal(name) for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    yield
    for name, handler in kept.items():
        signal.signal(name, handler)


def test_everything_ends_with_the_supervisor(tmp_path: Path) -> None:
    parts = [
        Part("one", script(tmp_path, "one", "import time; time.sleep(60)")),
        Part("two", script(tmp_path, "two", "import time; time.sleep(60)")),
    ]
    with Supervisor(parts, tmp_path, os.environ) as supervisor:
        supervisor.run(supervisor._told_to_stop)
        pids = [part.process.pid for part in parts if part.process]
        assert len(pids) == 2
        assert all(map(alive, pids))
    assert not any(map(alive, pids))
    assert supervisor.guard is not None
    assert supervisor.guard.poll() == 0


def test_a_part_may_let_others_go_first(tmp_path: Path) -> None:
    later = Part("later", ["sleep", "60"], delay_s=0.5)
    first = Part("first", ["sleep", "60"])
    with Supervisor([first, later], tmp_path, os.environ) as supervisor:
        ticks: list[tuple[bool, bool]] = []

        def look() -> None:
            ticks.append((first.process is not None, later.process is not None))
            if later.process is not None:
                supervisor._told_to_stop()

        supervisor.run(look)
    assert ticks[0] == (True, False)
    assert ticks[-1] == (True, True)
    assert later.began - first.began >= 0.5


def test_a_child_that_ignores_the_signal_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "PATIENCE_S", 0.3)
    part = Part("stubborn", [sys.executable, "-c", STUBBORN])
    began = time.monotonic()
    with Supervisor([part], tmp_path, os.environ) as supervisor:
        supervisor.start(part)
        assert part.process is not None
        pid = part.process.pid
        time.sleep(0.3)
    assert not alive(pid)
    assert time.monotonic() - began < 20


def test_a_crashed_part_is_started_again(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    text = (
        "import pathlib, sys, time\n"
        "runs = pathlib.Path('runs'); runs.write_text(runs.read_text() + 'x' if runs.exists() else 'x')\n"
        "sys.exit(3) if len(runs.read_text()) < 2 else time.sleep(60)\n"
    )
    part = Part("worker", script(tmp_path, "worker", text))
    with Supervisor([part], tmp_path, os.environ) as supervisor:

        def stop_when_running_again() -> None:
            if (tmp_path / "runs").exists() and (tmp_path / "runs").read_text() == "xx":
                supervisor._told_to_stop()

        supervisor.run(stop_when_running_again)
    assert part.crashes == 1
    assert "worker ended with 3; starting it again" in capfd.readouterr().err


def test_the_pause_between_restarts_grows(tmp_path: Path) -> None:
    part = Part("worker", ["true"])
    pauses = []
    supervisor = Supervisor([part], tmp_path, os.environ)
    for _ in range(4):
        supervisor.start(part)
        assert part.process is not None
        part.process.wait()
        supervisor._look_after(part)
        assert part.again_at is not None
        pauses.append(round(part.again_at - time.monotonic(), 1))
    assert pauses == pytest.approx([0.5, 1.0, 2.0, 4.0], abs=0.2)


def test_the_portal_gives_up_when_the_web_server_keeps_crashing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "LONGEST_PAUSE_S", 0.01)
    part = Part("the web server", ["false"], vital=True)
    with pytest.raises(GaveUp, match="5 times in a row"), Supervisor([part], tmp_path, os.environ) as supervisor:
        supervisor.run(lambda: None)


def test_what_a_killed_server_leaves_behind_is_ended(tmp_path: Path) -> None:
    text = (
        "import subprocess, sys, pathlib, time\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        "pathlib.Path('grandchild').write_text(str(child.pid)); time.sleep(60)\n"
    )
    part = Part("web", script(tmp_path, "web", text))
    with Supervisor([part], tmp_path, os.environ) as supervisor:
        supervisor.start(part)
        assert eventually(lambda: (tmp_path / "grandchild").exists() and (tmp_path / "grandchild").read_text() != "")
        grandchild = int((tmp_path / "grandchild").read_text())
        assert part.process is not None
        part.process.kill()
        assert eventually(lambda: part.process is not None and part.process.poll() is not None)
        supervisor._look_after(part)
        assert eventually(lambda: not alive(grandchild))


def test_the_guard_ends_what_a_killed_portal_leaves() -> None:
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], start_new_session=True)
    guard = subprocess.Popen([sys.executable, GUARD], stdin=subprocess.PIPE, text=True)
    assert guard.stdin is not None
    guard.stdin.write(f"{child.pid}\n")
    guard.stdin.close()  # what the kernel does when bin/portal is killed
    assert child.wait(5) == -signal.SIGTERM
    assert guard.wait(10) == 0


def test_the_guard_leaves_alone_what_ended_before() -> None:
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], start_new_session=True)
    guard = subprocess.Popen([sys.executable, GUARD], stdin=subprocess.PIPE, text=True)
    guard.communicate(f"{child.pid}\n-{child.pid}\n", timeout=5)
    assert guard.returncode == 0
    assert child.poll() is None
    child.kill()
    child.wait()


def test_the_guard_is_not_ended_by_ctrl_c() -> None:
    guard = subprocess.Popen([sys.executable, GUARD], stdin=subprocess.PIPE, text=True)
    time.sleep(0.5)
    for how in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        guard.send_signal(how)
    time.sleep(0.2)
    assert guard.poll() is None
    guard.communicate(timeout=5)


def test_end_groups_kills_the_stubborn() -> None:
    child = subprocess.Popen([sys.executable, "-c", STUBBORN], start_new_session=True, stdout=subprocess.PIPE)
    assert child.stdout is not None
    child.stdout.readline()
    end_groups({child.pid}, patience_s=0.2)
    assert child.wait(2) == -signal.SIGKILL
    child.stdout.close()
    assert not lives(child.pid)
    end_groups({child.pid})  # a second time does no harm


def test_follow_gives_lines_and_exit_code() -> None:
    lines: list[str] = []
    assert follow([sys.executable, "-c", "print('a'); print('b'); raise SystemExit(4)"], lines.append) == 4
    assert lines == ["a", "b"]


def test_follow_ends_the_command_when_interrupted(tmp_path: Path) -> None:
    seen: list[int] = []

    def interrupt(line: str) -> None:
        seen.append(int(line))
        raise KeyboardInterrupt

    text = "import os, time; print(os.getpid(), flush=True); time.sleep(60)"
    with pytest.raises(KeyboardInterrupt):
        follow([sys.executable, "-c", text], interrupt)
    assert eventually(lambda: not alive(seen[0]))


def test_children_get_a_clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRANIAN_WORKERS", "9")
    monkeypatch.setenv("PYTHONPATH", "/elsewhere")
    monkeypatch.setenv("DATABASE_URL", "sqlite:///kept")
    given = clean({"DJANGO_SETTINGS_MODULE": "portal.settings.production"})
    assert "GRANIAN_WORKERS" not in given
    assert "PYTHONPATH" not in given
    assert given["DATABASE_URL"] == "sqlite:///kept"
    assert given["DJANGO_SETTINGS_MODULE"] == "portal.settings.production"


def test_children_hear_ctrl_c_where_we_were_started_deaf_to_it() -> None:
    """A shell starts ``bin/portal &`` with SIGINT ignored, and what is ignored is inherited."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    lines: list[str] = []
    text = "import signal; print(signal.getsignal(signal.SIGINT) is signal.default_int_handler)"
    assert follow([sys.executable, "-c", text], lines.append) == 0
    assert lines == ["True"]
