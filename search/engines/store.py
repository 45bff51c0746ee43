"""Generations opened and held: which one is current, who writes, what is built beside. Knows no index library."""

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

from search.engine import IndexMissing
from search.engines.generations import GenerationFolder, Pointer, WriterLock

_PATIENCE = 30.0


class OpenGeneration(Protocol):
    """An open index: :class:`search.engines.embedded.Generation`."""

    name: str
    writer: Any

    def searcher(self) -> Any: ...

    def close_writer(self) -> None: ...


G = TypeVar("G", bound=OpenGeneration)


class GenerationStore(Generic[G]):
    """What an engine in a folder does apart from indexing and asking."""

    def __init__(
        self,
        path: Path,
        *,
        shape: str,
        open_generation: Callable[[str, Path], G],
        translated: Callable[[], AbstractContextManager[None]],
    ) -> None:
        """``translated()`` turns the index library's errors into :class:`search.engine.EngineError`."""
        self._shape = shape
        self._open_generation = open_generation
        self._translated = translated
        self._keep_writer = False
        self._folder = GenerationFolder(path)
        self._lock = WriterLock(self._folder)
        # Two locks, so that searches of this process go on while it writes.
        self._guard = threading.RLock()
        self._write_guard = threading.RLock()
        self._open: dict[str, G] = {}
        self._pointer: Pointer | None = None
        self._pointer_stamp = (0, 0)

    def current(self) -> tuple[G, Any]:
        """Return the current generation and a fresh searcher of it. Raises :class:`IndexMissing`."""
        with self._guard:
            stamp = self._folder.current_stamp()
            if stamp != self._pointer_stamp or self._pointer is None:
                self._pointer, self._pointer_stamp = self._folder.current(), stamp
            if self._pointer is None:
                raise IndexMissing("no index has been built yet")
            if self._pointer.shape != self._shape:
                raise IndexMissing(f"the index has the shape {self._pointer.shape}, not {self._shape}")
            return self.named(self._pointer.generation)

    def named(self, name: str) -> tuple[G, Any]:
        with self._guard:
            if name not in self._open:
                path = self._folder.generation_path(name)
                if not path.is_dir():
                    raise IndexMissing(f"the generation {name} is not there")
                self._forget(keep={name, self._folder.building() or name})
                self._open[name] = self._open_generation(name, path)
            generation = self._open[name]
            return generation, generation.searcher()

    def _forget(self, keep: set[str]) -> None:
        for name in [name for name in self._open if name not in keep and self._open[name].writer is None]:
            del self._open[name]

    @contextmanager
    def writing(self, *, wait: float = 0.0) -> Iterator[None]:
        with self._write_guard:
            outermost = not self._lock.held
            self._lock.acquire(wait)
            try:
                yield
            finally:
                if outermost and not self._keep_writer:
                    self._close_writers()

    @contextmanager
    def kept_open(self) -> Iterator[None]:
        before, self._keep_writer = self._keep_writer, True
        try:
            yield
        finally:
            # The worker builds a missing index itself, and goes on writing after that.
            self._keep_writer = before
            if not before:
                with self._write_guard:
                    self._close_writers()

    def yield_writer(self) -> bool:
        with self._write_guard:
            if self._lock.held and self._lock.is_wanted():
                self._close_writers()
                return True
            return False

    def _close_writers(self) -> None:
        for generation in self._open.values():
            generation.close_writer()
        self._lock.release()

    @property
    def may_write(self) -> bool:
        """Whether this process holds the right to write."""
        return self._lock.held

    def live_names(self) -> list[str]:
        names = [self.current()[0].name]
        building = self._folder.building()
        if building and building not in names and self._folder.generation_path(building).is_dir():
            names.append(building)
        return names

    def create_generation(self) -> str:
        with self.writing(wait=_PATIENCE), self._translated():
            former = self._folder.building()
            current = self._folder.current()
            if former and (current is None or former != current.generation):
                self._drop_generation(former)
            name = self._folder.new_generation()
            self.named(name)
            self._folder.set_building(name)
            return name

    def commit_generation(self, generation: str) -> None:
        with self.writing(wait=_PATIENCE), self._translated():
            former = self._folder.current()
            self._folder.set_current(Pointer(generation, self._shape))
            self._folder.set_building(None)
            if former and former.generation != generation:
                self._drop_generation(former.generation)

    def abandon_generation(self, generation: str) -> None:
        with self.writing(wait=_PATIENCE), self._translated():
            if self._folder.building() == generation:
                self._folder.set_building(None)
            self._drop_generation(generation)

    def _drop_generation(self, name: str) -> None:
        known = self._open.pop(name, None)
        if known is not None:
            known.close_writer()
        self._folder.remove(name)

    def drop(self) -> None:
        self.close()
        self._folder.remove_all()

    def close(self) -> None:
        with self._write_guard, self._guard:
            self._close_writers()
            self._open.clear()
            self._pointer = None
