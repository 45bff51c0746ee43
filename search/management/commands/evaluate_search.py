"""manage.py evaluate_search FILE... [--engine …] [--endpoint …] [--report FILE] [--save FILE] [--compare FILE]"""

import logging
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser, OutputWrapper
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from search.conf import search_settings
from search.documents import DocumentKey, SearchDocument
from search.engine import EngineError
from search.evaluation.comparing import Comparison, compare_engines, compare_with_earlier
from search.evaluation.judged import ENDPOINTS, JudgedSet, JudgedSetError, load_judged_set
from search.evaluation.metrics import NAMES
from search.evaluation.report import Measured, render_report
from search.evaluation.running import SetRun, run_set
from search.evaluation.saving import SavedRunError, load_runs, save_runs, write_whole
from search.evaluation.throwaway import ENGINES, throwaway_index
from search.evaluation.trec import load_trec_set
from search.indexing import BATCH, load_documents
from search.management.progress import ProgressBar
from search.registry import registered


class Command(BaseCommand):
    """Measures the search on judged sets, in an index of its own that is dropped afterwards."""

    help = "Measure the search on judged sets (JSON, or TREC topics and judgements), in an index of its own."

    def add_arguments(self, parser: CommandParser) -> None:
        """Adds the files and the options."""
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--engine", action="append", choices=ENGINES, help="twice: both, and their difference")
        parser.add_argument("--endpoint", choices=ENDPOINTS, help="what is asked; without it, what each set is for")
        parser.add_argument("--language", metavar="xx", help="of the sets; without it, what their names end with")
        parser.add_argument(
            "--report", type=Path, metavar="FILE.html", help="write a report with plots, query by query"
        )
        parser.add_argument("--save", type=Path, metavar="FILE.json", help="keep the runs for a later --compare")
        parser.add_argument("--compare", type=Path, metavar="FILE.json", help="compare with runs kept by --save")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, run, print; exit code 1 with one line when a file is no set or the engine is away."""
        for name in ("report", "save"):
            path: Path | None = options[name]
            if path and not path.resolve().parent.is_dir():
                raise CommandError(_("%(path)s: there is no such folder.") % {"path": path})
        earlier = self._earlier(options["compare"])
        bar = ProgressBar(sys.stderr)
        try:
            sets = _load_sets(options["files"], language=options["language"], endpoint=options["endpoint"])
            with _ended_by_signals(), _told_once("search.following", self.stderr):
                measured = self._run(sets, _engines(options["engine"]), options["endpoint"], bar)
        except JudgedSetError as error:
            raise CommandError(str(error)) from error
        except EngineError as error:
            raise CommandError(_("The search was not measured: %(reason)s") % {"reason": error}) from error
        except KeyboardInterrupt:
            raise CommandError(_("Stopped. Nothing was left behind."), returncode=130) from None
        finally:
            bar.clear()
        self._tell(measured, earlier, options)

    def _earlier(self, path: Path | None) -> list[SetRun]:
        try:
            return load_runs(path) if path else []
        except SavedRunError as error:
            raise CommandError(str(error)) from error

    def _run(
        self, sets: Sequence[JudgedSet], engines: Sequence[str], endpoint: Any, bar: ProgressBar
    ) -> list[Measured]:
        measured = []
        self._heading()
        for name in engines:
            with throwaway_index(name) as engine:
                for judged in sets:
                    text = f"{judged.name}, {name}"

                    def show(step: str, done: int, total: int, text: str = text) -> None:
                        bar.show(f"{text}, {step}", done, total)

                    run = run_set(judged, engine=engine, endpoint=endpoint, on_progress=show)
                    bar.clear()
                    measured.append(Measured.of(run))
                    self._line(measured[-1])
        return measured

    def _heading(self) -> None:
        names = "".join(f"{name:>21}" for name in NAMES.values())
        self.stdout.write(f"{'':<34}{names}{'p50':>8}{'p95':>8} ms")

    def _line(self, measured: Measured) -> None:
        run = measured.run
        figures = "".join(f"{each.mean:>8.3f} {each.low:.3f}–{each.high:.3f}" for each in measured.intervals)
        self.stdout.write(f"{f'{run.name} {run.engine}':<34}{figures}{measured.p50:>8.1f}{measured.p95:>8.1f}")
        said = [
            f"{run.endpoint} {run.language or '–'}",
            ngettext("%(count)d query", "%(count)d queries", len(run.outcomes)) % {"count": len(run.outcomes)},
            ngettext("%(count)d document", "%(count)d documents", run.documents) % {"count": run.documents},
            _("%(seconds).1f s, of which %(indexing).1f s to index")
            % {"seconds": run.seconds, "indexing": run.indexing},
        ]
        if run.skipped:
            said.append(_("%(count)d queries without a relevant document left out") % {"count": run.skipped})
        if run.missing:
            said.append(_("%(count)d judged documents are not in the set") % {"count": run.missing})
        if run.unanswered:
            said.append(_("%(count)d queries without an answer") % {"count": run.unanswered})
        self.stdout.write(f"    {'; '.join(said)}")
        self.stdout.flush()

    def _tell(self, measured: Sequence[Measured], earlier: Sequence[SetRun], options: dict[str, Any]) -> None:
        runs = [each.run for each in measured]
        comparisons = compare_with_earlier(earlier, runs) if earlier else compare_engines(runs)
        if earlier and not comparisons:
            raise CommandError(_("%(path)s has no run of these sets.") % {"path": options["compare"]})
        for comparison in comparisons:
            self._compared(comparison)
        try:
            if options["save"]:
                save_runs(options["save"], runs)
            if options["report"]:
                write_whole(options["report"], render_report(measured, comparisons))
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}") from error

    def _compared(self, comparison: Comparison) -> None:
        before, after = comparison.before, comparison.after
        figures = "".join(f"{each.interval.mean:>+8.3f} {each.p_label:<12}" for each in comparison.differences)
        engines = after.engine if after.engine == before.engine else f"{before.engine} → {after.engine}"
        self.stdout.write(f"{f'{after.name} {engines}':<34}{figures}")
        said = _("%(queries)d queries in both, %(wins)d better, %(losses)d worse") % {
            "queries": comparison.queries,
            "wins": len(comparison.wins),
            "losses": len(comparison.losses),
        }
        changed = "" if comparison.same_set else _("; the set itself changed since")
        self.stdout.write(f"    {said}{changed}")


def _engines(chosen: Sequence[str] | None) -> list[str]:
    """Return the engines to ask: without a choice, the one that the portal uses."""
    if chosen:
        return list(dict.fromkeys(chosen))
    return ["elasticsearch" if search_settings().elasticsearch_url else "embedded"]


def _load_sets(paths: Sequence[Path], *, language: str | None, endpoint: str | None) -> list[JudgedSet]:
    """Read all files before anything is run. JSON files are a set each, all the others together are one of TREC."""
    whole = [path for path in paths if path.suffix == ".json"]
    parts = [path for path in paths if path.suffix != ".json"]
    sets = [load_judged_set(path, language=language, endpoint=endpoint) for path in whole]
    if parts:
        sets.append(load_trec_set(parts, language=language, endpoint=endpoint, own_documents=_own_documents()))
    names = [each.name for each in sets]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise JudgedSetError(_("two sets are called %(name)s") % {"name": twice})
    return sets


def _own_documents() -> Iterator[SearchDocument]:
    """Stream what the portal itself has to be found."""
    for indexed in registered():
        keys = (DocumentKey(indexed.name, each) for each in indexed.ids())
        while batch := list(islice(keys, BATCH)):
            yield from load_documents(batch)[0]


@contextmanager
def _told_once(name: str, stream: OutputWrapper) -> Iterator[None]:
    """Say each thing that a logger warns of once and in one line.

    Where the portal's database is not prepared there is no termbase: every query would tell of it at length.
    """
    told: set[str] = set()

    def tell(record: logging.LogRecord) -> bool:
        words = record.getMessage()
        if words not in told:
            told.add(words)
            stream.write(words)
        return False

    logger = logging.getLogger(name)
    logger.addFilter(tell)
    try:
        yield
    finally:
        logger.removeFilter(tell)


@contextmanager
def _ended_by_signals() -> Iterator[None]:
    """Let SIGINT and SIGTERM end the run, so that the index is dropped; a shell's background job ignores SIGINT."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    former = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)
