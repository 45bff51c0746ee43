"""The folder of the embedded engine: generations side by side, a pointer to the current one, and the writer's lock.

::

    <folder>/current            JSON: which generation searches ask, and the shape it was built in
    <folder>/building           the name of the generation a rebuild fills, while one runs
    <folder>/generations/<name>/…
    <folder>/writer.lock        held by the one process that writes
    <folder>/writer.wanted      touched by a process that waits for the lock
"""

import fcntl
import json
import os
import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from search.engine import WriterBusy

_WAIT_STEP = 0.02


@dataclass(frozen=True, slots=True)
class Pointer:
    """The content of ``current``."""

    generation: str
    shape: str


class GenerationFolder:
    """Reads and swaps the pointers. Every write is to a file beside, then one rename: no reader sees half of it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def prepare(self) -> None:
        (self.path / "generations").mkdir(parents=True, exist_ok=True)

    def current(self) -> Pointer | None:
        try:
            values = json.loads((self.path / "current").read_text())
            return Pointer(values["generation"], values["shape"])
        except (FileNotFoundError, NotADirectoryError, ValueError, KeyError):
            return None

    def current_stamp(self) -> tuple[int, int]:
        """Return what changes when the pointer does: cheap enough to ask before each search."""
        try:
            found = (self.path / "current").stat()
        except OSError:
            return (0, 0)
        return (found.st_mtime_ns, found.st_ino)

    def set_current(self, pointer: Pointer) -> None:
        self._replace("current", json.dumps({"generation": pointer.generation, "shape": pointer.shape}))

    def building(self) -> str | None:
        try:
            return (self.path / "building").read_text().strip() or None
        except OSError:
            return None

    def set_building(self, generation: str | None) -> None:
        if generation is None:
            (self.path / "building").unlink(missing_ok=True)
        else:
            self._replace("building", generation)

    def generation_path(self, generation: str) -> Path:
        return self.path / "generations" / generation

    def new_generation(self) -> str:
        """Make an empty folder with a name that sorts by time, and return the name."""
        self.prepare()
        name = f"{time.time_ns():020d}"
        self.generation_path(name).mkdir()
        return name

    def remove(self, generation: str) -> None:
        shutil.rmtree(self.generation_path(generation), ignore_errors=True)

    def remove_all(self) -> None:
        shutil.rmtree(self.path, ignore_errors=True)

    def _replace(self, name: str, content: str) -> None:
        beside = self.path / f".{name}.{os.getpid()}.{time.time_ns()}"
        with beside.open("w") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(self.path / name)


class WriterLock:
    """One writer over all processes: an advisory file lock that the kernel lets go of when its holder dies."""

    def __init__(self, folder: GenerationFolder) -> None:
        self._folder = folder
        self._file: IO[str] | None = None

    @property
    def held(self) -> bool:
        return self._file is not None

    def acquire(self, wait: float) -> None:
        """Take the lock. Raises :class:`WriterBusy` when another process still has it after ``wait`` seconds."""
        if self._file is not None:
            return
        self._folder.prepare()
        file = (self._folder.path / "writer.lock").open("a")
        until = time.monotonic() + wait
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                self._wanted.touch()
                if time.monotonic() >= until:
                    file.close()
                    raise WriterBusy("another process writes the index") from None
                time.sleep(_WAIT_STEP)
        self._wanted.unlink(missing_ok=True)
        self._file = file

    def release(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def is_wanted(self) -> bool:
        """Say whether another process waits for the lock."""
        return self._wanted.exists()

    @property
    def _wanted(self) -> Path:
        return self._folder.path / "writer.wanted"
