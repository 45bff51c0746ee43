"""Runs an import: checks all files, then stage after stage, batch after batch, each batch with the run's place.

A killed import is taken up where its last batch was committed. Every batch may also be done again without harm: what
is here is known by its id at the source.
"""

import fcntl
import hashlib
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.core.clock import now
from portal.core.models import Source, Topic
from portal.importers.models import ImportedRow, ImportRun, TouchedPost
from portal.questions.models import Answer, Comment, Question

from .badges import BadgeStage
from .comments import CommentStage
from .finish import Acceptance, Debts
from .history import HistoryStage
from .links import LinkStage
from .parse import ROOTS, Attributes, DumpError, RowReader, dump_files, file_check
from .people import PeopleStage
from .posts import AnswerStage, QuestionStage
from .report import Progress, Report
from .rows import Kind
from .stage import Numbered, Setting, Stage
from .topics import TopicBook, TopicStage
from .votes import VoteCount, tallies_write

SITE_LONGEST = 100
HOST = re.compile(r"(?=.{4,100}$)[a-z0-9-]+(\.[a-z0-9-]+)+", re.IGNORECASE)
AFTER = ("acceptance", "votes", "finish")
GONE_BATCH = 5000


@dataclass(slots=True)
class Outcome:
    """How an import ended. resumed: it went on where an earlier one was killed."""

    report: Report
    resumed: bool


class Busy(DumpError):
    """The same site is being imported at this moment."""


def site_named(folder: Path, site: str | None) -> str:
    """Returns the name that keeps a dump's ids apart: the one given, else the folder's."""
    name = (site or folder.resolve().name).strip().removeprefix("https://").removeprefix("http://").strip("/")
    if not name or len(name) > SITE_LONGEST:
        raise DumpError(_("Name the site with --site: 1 to %(count)d characters.") % {"count": SITE_LONGEST})
    return name


def site_hosts(name: str) -> tuple[str, tuple[str, ...]]:
    """Returns (the site's host where its name is one, all hosts that links to it may name).

    ``ai`` and ``conlang_meta`` are names as the archive's folders have them: their links name the hosts below, but
    nothing is claimed about where a post came from.
    """
    if HOST.fullmatch(name):
        return name.lower(), (name.lower(),)
    if not re.fullmatch(r"[A-Za-z0-9_-]+", name):
        return "", ()
    base, meta, _rest = name.lower().partition("_meta")
    middle = ".meta" if meta else ""
    return "", (f"{base}{middle}.stackexchange.com", f"{'meta.' if meta else ''}{base}.com")


@contextmanager
def one_at_a_time(site: str) -> Iterator[None]:
    """Holds a lock for the site; raises ``Busy`` while another import of it runs. A killed one leaves no lock."""
    folder = settings.ENVIRONMENT.data_dir / "imports"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{_file_name(site)}.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Busy(_("%(site)s is being imported already.") % {"site": site}) from None
        yield


def _keep_memory_small() -> None:
    """Lets SQLite read the database through a small cache: a mapped file counts as memory and grows with it."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA mmap_size = 0")
            cursor.execute("PRAGMA cache_size = -16000")


def _file_name(site: str) -> str:
    return re.sub(r"[^\w.-]+", "-", site).strip(".-") or "site"


class Import:
    """One import of one folder. say prints a line; out shows the progress."""

    def __init__(self, *, folder: Path, language: str, site: str | None, say: Callable[[str], None], out: IO[str]):
        self._files = dump_files(folder)
        self._language, self._say, self._out = language, say, out
        self._site = site_named(folder, site)

    def run(self) -> Outcome:
        """Imports the dump. Raises ``DumpError`` before anything is written where a file is hostile or no dump."""
        with one_at_a_time(self._site):
            _keep_memory_small()
            sizes = {name: path.stat().st_size for name, path in self._files.items()}
            # Each file is checked, then read; Posts.xml is read for the questions and for the answers.
            self._progress = Progress(self._out, total=2 * sum(sizes.values()) + sizes["Posts"])
            self._check()
            self._begin()
            for stage in self._stages():
                self._load(stage)
            # Acceptance first: the votes tell the day of it.
            self._acceptance()
            self._votes()
            self._finish()
            self._progress.clear()
            return Outcome(self._report, self._resumed)

    def _check(self) -> None:
        self._progress.stage(_("checking"))
        self._mended = {name: file_check(path, ROOTS[name], self._progress) for name, path in self._files.items()}

    def _fingerprint(self) -> str:
        told = [self._language]
        for name, path in sorted(self._files.items()):
            found = path.stat()
            told.append(f"{name} {found.st_size} {found.st_mtime_ns}")
        return hashlib.blake2b("\n".join(told).encode(), digest_size=20).hexdigest()

    def _begin(self) -> None:
        """Finds the killed run to go on with, or begins a new one."""
        host, hosts = site_hosts(self._site)
        url = f"https://{host}" if host else ""
        source, _made = Source.objects.get_or_create(name=self._site, defaults={"url": url, "licence": "CC BY-SA"})
        fingerprint = self._fingerprint()
        run = ImportRun.objects.filter(source=source).first()
        self._resumed = run is not None and run.finished_at is None and run.fingerprint == fingerprint
        if run is None or not self._resumed:
            run = ImportRun.objects.create(source=source, language=self._language, fingerprint=fingerprint)
            run.report = f"imports/{_file_name(self._site)}-{run.pk}.txt"
            run.save(update_fields=["report"])
            self._forget_deleted(source)
        path = settings.ENVIRONMENT.data_dir / run.report
        if not self._resumed:
            path.unlink(missing_ok=True)
        self._run = run
        self._report = Report(path=path, say=self._told, counts=run.counts)
        self._setting = Setting(source, self._language, self._report, host, hosts)
        if self._resumed:
            self._told(_("Going on where the last import stopped: %(stage)s.") % {"stage": run.stage or "–"})

    def _told(self, line: str) -> None:
        self._progress.clear()
        self._say(line)

    def _forget_deleted(self, source: Source) -> None:
        """Notes which things were deleted here since they were imported, so that they stay deleted."""
        tables: dict[int, Any] = {
            Kind.USER: User, Kind.TOPIC: Topic, Kind.EXCERPT: Topic, Kind.QUESTION: Question, Kind.ANSWER: Answer,
            Kind.COMMENT: Comment,
        }  # fmt: skip
        for kind, model in tables.items():
            rows = ImportedRow.objects.filter(source=source, kind=kind, object_id__gt=0)
            gone = list(rows.exclude(object_id__in=model.objects.values("pk")).values_list("pk", flat=True))
            for at in range(0, len(gone), GONE_BATCH):
                ImportedRow.objects.filter(pk__in=gone[at : at + GONE_BATCH]).update(object_id=0)

    def _stages(self) -> list[Stage[Any]]:
        book = TopicBook()
        setting = self._setting
        return [
            PeopleStage(setting),
            TopicStage(setting, book),
            QuestionStage(setting, book),
            AnswerStage(setting),
            CommentStage(setting),
            LinkStage(setting),
            HistoryStage(setting),
            BadgeStage(setting),
        ]

    def _order(self) -> list[str]:
        return [*(stage.name for stage in self._stages()), *AFTER]

    def _passed(self, name: str) -> bool:
        """Whether an earlier, killed run has finished this stage."""
        order = self._order()
        return self._run.stage in order and order.index(name) < order.index(self._run.stage)

    def _keep(self, stage: str, line: int = 0) -> None:
        """Keeps the place of the run; belongs into the transaction of what it tells."""
        self._run.stage, self._run.line, self._run.counts = stage, line, self._report.as_json()
        self._run.save(update_fields=["stage", "line", "counts"])

    def _rows(self, name: str, *, tell: bool = True) -> Iterator[Numbered]:
        reader = RowReader(self._files[name], ROOTS[name], mended=self._mended[name])
        return reader.rows(self._progress if tell else None)

    def _load(self, stage: Stage[Any]) -> None:
        if stage.file not in self._files or self._passed(stage.name):
            return
        self._progress.stage(stage.name)
        reached = self._run.line if self._run.stage == stage.name else 0
        batch: list[Numbered] = []
        for line, row in self._rows(stage.file):
            if not stage.mine(row):
                continue
            if line <= reached:
                stage.pass_by(row)
                continue
            if len(batch) >= stage.batch and not stage.together(batch[-1][1], row):
                self._batch(stage, batch)
                batch = []
            batch.append((line, row))
        self._batch(stage, batch)

    def _batch(self, stage: Stage[Any], batch: list[Numbered]) -> None:
        work = stage.prepare(batch)
        with transaction.atomic():
            stage.write(work)
            self._keep(stage.name, batch[-1][0] if batch else self._run.line)
        self._report.keep()
        self._progress.rows(len(batch))

    def _votes(self) -> None:
        if "Votes" not in self._files or self._passed("votes"):
            return
        self._progress.stage("votes")
        for name in ("votes", "vote tallies"):
            # Votes are counted from the first on again, so what a killed run had counted of them goes.
            self._report.counts.pop(name, None)

        def rows() -> Iterator[tuple[int, Attributes]]:
            return self._rows("Votes")

        count = VoteCount(self._setting, rows)
        for window in count.windows():
            for tallies in count.batches(window):
                differing = count.differing(tallies)
                with transaction.atomic():
                    tallies_write(differing)
                    self._keep("votes")
        self._report.keep()

    def _acceptance(self) -> None:
        acceptance = Acceptance(self._setting)
        self._progress.stage(_("accepted answers"))
        for rows in acceptance.batches():
            with transaction.atomic():
                acceptance.settle(rows)
                self._keep("acceptance")
        self._report.keep()

    def _finish(self) -> None:
        """Links in bodies, counters and the search, then the run is done."""
        debts = Debts(self._setting)
        self._progress.stage(_("counters and search"))
        work = TouchedPost.Work
        for kind in (work.QUESTION_LINKS, work.ANSWER_LINKS, work.ANSWER, work.QUESTION, work.STANDING):
            paid = 1
            while paid:
                with transaction.atomic():
                    paid = debts.pay(kind)
                    self._keep("finish")
        self._run.finished_at = now()
        self._run.save(update_fields=["finished_at"])
