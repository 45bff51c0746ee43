"""What all stages of an import share: a batch of rows in, records of what is new and what changed out."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Generic, Protocol, TypeVar

from django.utils.translation import gettext as _

from portal.core.models import Source

from .map import NUMBER, BadRow, digest
from .parse import Attributes
from .report import Counts, Report
from .rows import Kind, Ledger, SeenKeys, imported_rows, object_ids

Numbered = tuple[int, Attributes]


class Keyed(Protocol):
    """A record with the id that it has in the dump."""

    key: int


Record = TypeVar("Record", bound=Keyed)
Work = TypeVar("Work")


@dataclass(slots=True)
class Setting:
    """What an import knows throughout. host: the source's own, empty where unknown; hosts: all that mean the source."""

    source: Source
    language: str
    report: Report
    host: str = ""
    hosts: tuple[str, ...] = ()

    def address(self, path: str) -> str:
        """Returns an address at the source, empty where its host is unknown."""
        return f"https://{self.host}/{path}" if self.host else ""


@dataclass(slots=True)
class Item(Generic[Record]):
    """A record with its place in the file; ``seen`` is what an earlier import remembers of it."""

    line: int
    row: Attributes
    record: Record
    digest: int
    seen: Ledger | None = None


@dataclass(slots=True)
class Sorted(Generic[Record]):
    """The records of a batch that ask for work."""

    new: list[Item[Record]] = field(default_factory=list)
    changed: list[Item[Record]] = field(default_factory=list)


class Stage(ABC, Generic[Work]):
    """One pass over one file of the dump.

    ``prepare`` reads, renders and counts without holding anything; ``write`` only writes, in one short transaction
    with the run's place. Both are called with the same batch, one after the other.
    """

    name: ClassVar[str]
    file: ClassVar[str]
    kind: ClassVar[Kind]
    batch: ClassVar[int] = 400

    def __init__(self, setting: Setting) -> None:
        self.setting, self.source, self.report = setting, setting.source, setting.report
        self.seen = SeenKeys()

    @abstractmethod
    def prepare(self, batch: Sequence[Numbered]) -> Work:
        """Turns rows into what is to be written."""

    @abstractmethod
    def write(self, work: Work) -> None:
        """Writes it."""

    def mine(self, row: Attributes) -> bool:
        """Whether a row of the file belongs to this stage."""
        return True

    def together(self, before: Attributes, row: Attributes) -> bool:
        """Whether a row must come in one batch with the one before it."""
        return False

    def pass_by(self, row: Attributes) -> None:
        """Remembers a row that an earlier, killed run has kept."""
        key = row.get("Id", "")
        if NUMBER.fullmatch(key):
            self.seen.add(int(key))

    @property
    def counts(self) -> Counts:
        """The totals of this stage's rows."""
        return self.report.of(self.name)

    def bad(self, line: int, why: str, *, name: str | None = None) -> None:
        """Reports a row that cannot be used; name: the totals that it counts in."""
        self.report.bad(name or self.name, f"{self.file}.xml:{line}", why)

    def mapped(
        self, batch: Iterable[Numbered], mapper: Callable[[Attributes], Record], names: Sequence[str]
    ) -> list[Item[Record]]:
        """Returns the records of a batch; rows that cannot be used are reported."""
        items = []
        for line, row in batch:
            self.counts.read += 1
            try:
                record = mapper(row)
                if not self.seen.add(record.key):
                    raise BadRow(_("Id %(key)d stands in an earlier row") % {"key": record.key})
            except BadRow as error:
                self.bad(line, str(error))
                continue
            items.append(Item(line, row, record, digest(row, names)))
        return items

    def sort(self, items: Iterable[Item[Record]]) -> Sorted[Record]:
        """Parts what is new from what the source changed; the rest is only counted."""
        items, found = list(items), Sorted[Record]()
        seen = imported_rows(self.source, [self.kind], (item.record.key for item in items))
        for item in items:
            item.seen = seen.get(item.record.key)
            if item.seen is None:
                found.new.append(item)
            elif item.seen.digest == item.digest:
                self.counts.unchanged += 1
            elif not item.seen.object_id:
                self.counts.left_out += 1
            else:
                item.seen.digest = item.digest
                found.changed.append(item)
        self.counts.new += len(found.new)
        self.counts.changed += len(found.changed)
        return found

    def remembered(self, item: Item[Record]) -> Ledger:
        """Returns the ledger's row for a new record; what it became is still to be filled in."""
        return Ledger(self.source.pk, self.kind, item.record.key, digest=item.digest)


class Authors:
    """Finds the accounts of the authors of a batch."""

    def __init__(self, source: Source, keys: Iterable[int]) -> None:
        self._ids = object_ids(source, Kind.USER, keys)

    def of(self, key: int, name: str) -> tuple[int | None, str]:
        """Returns (user id or None, name where there is no account); a deleted user is ``user12`` at the source."""
        found = self._ids.get(key)
        if found is not None:
            return found, ""
        return None, name or (f"user{key}" if key else "")
