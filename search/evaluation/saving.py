"""Runs in a JSON file, so that a later run can be set beside them."""

import json
import os
import tempfile
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from search.evaluation.judged import JudgedSetError, read_text
from search.evaluation.running import Outcome, SetRun

FORMAT = 1


class SavedRunError(Exception):
    """A file that holds no saved runs. The message is one line that names it."""


def save_runs(path: Path, runs: Iterable[SetRun]) -> None:
    """Write the runs to ``path``, all or nothing. Raises :class:`OSError`."""
    values = {"format": FORMAT, "made_at": datetime.now(UTC).isoformat(), "runs": [_as_dict(run) for run in runs]}
    write_whole(path, json.dumps(values, ensure_ascii=False, indent=1))


def write_whole(path: Path, text: str) -> None:
    """Write a file beside and rename it: nobody sees half of it, and a failure leaves what was there."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    beside = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as file:
            file.write(text)
        beside.chmod(0o644)
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def load_runs(path: Path) -> list[SetRun]:
    """Read saved runs. Raises :class:`SavedRunError`."""
    try:
        values = json.loads(read_text(path))
        if values["format"] != FORMAT:
            raise SavedRunError(f"{path}: it was saved by another version (format {values['format']})")
        return [_from_dict(each) for each in values["runs"]]
    except JudgedSetError as error:
        raise SavedRunError(str(error)) from None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise SavedRunError(f"{path}: it is no run saved with --save") from None


def _as_dict(run: SetRun) -> dict[str, Any]:
    outcomes = {
        query: {
            "text": outcome.text,
            "expected": outcome.expected,
            "found": list(outcome.found),
            "ms": outcome.milliseconds,
        }
        for query, outcome in run.outcomes.items()
    }
    plain = {name: getattr(run, name) for name in _PLAIN}
    return plain | {"labels": run.labels, "outcomes": outcomes}


_PLAIN: dict[str, type | tuple[type, ...]] = {
    "name": str,
    "engine": str,
    "endpoint": str,
    "language": (str, type(None)),
    "documents": int,
    "digest": str,
    "seconds": (int, float),
    "indexing": (int, float),
    "skipped": int,
    "missing": int,
    "unanswered": int,
}


def _from_dict(values: dict[str, Any]) -> SetRun:
    plain = {name: values[name] for name in _PLAIN}
    if not all(isinstance(plain[name], kind) for name, kind in _PLAIN.items()):
        raise TypeError
    labels = {str(key): str(label) for key, label in values["labels"].items()}
    outcomes = {
        query: Outcome(
            text=str(each["text"]),
            expected={str(key): int(grade) for key, grade in each["expected"].items()},
            found=tuple(str(key) for key in each["found"]),
            milliseconds=float(each["ms"]),
        )
        for query, each in values["outcomes"].items()
    }
    return SetRun(**plain, labels=labels, outcomes=outcomes)
