"""Judged sets of the portal's own questions and searches, as files for ``manage.py evaluate_search``."""

import json
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, get_args

from django.conf import settings

from portal.analytics.selectors.judgements import HOLDOUT_PERCENT, KINDS, Judgements, Side
from portal.core.clock import now
from portal.questions.selectors.access import questions_visible_to
from search.evaluation.saving import write_whole

MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class WrittenSet:
    """A file that was written, and what is in it."""

    file: str
    kind: str
    language: str
    side: str
    endpoint: str
    queries: int
    documents: int


def judged_sets_build(*, folder: Path, languages: Sequence[str] = ()) -> list[WrittenSet]:
    """Writes one file for each kind, language and side that has queries, and a manifest of the counts.

    folder: made where it is not there. languages: without any, all that questions are written in. Files that an
    earlier manifest names and that are not made any more are deleted: their words may have expired since. Raises
    ``OSError``.
    """
    folder.mkdir(parents=True, exist_ok=True)
    before = _files_of_manifest(folder)
    written = list(_written(folder, languages or all_languages()))
    manifest = {
        "made_at": now().isoformat(),
        "holdout_percent": HOLDOUT_PERCENT,
        "sets": [asdict(each) for each in written],
    }
    write_whole(folder / MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1))
    for name in before - {each.file for each in written}:
        (folder / name).unlink(missing_ok=True)
    return written


def all_languages() -> list[str]:
    """Returns the languages of the portal and those that questions are written in."""
    asked = questions_visible_to(None).order_by().values_list("language", flat=True).distinct()
    return sorted({code for code, _name in settings.LANGUAGES} | {code for code in asked if code})


def _written(folder: Path, languages: Sequence[str]) -> Iterator[WrittenSet]:
    for language in languages:
        for kind, gather in KINDS.items():
            gathered = gather(language)
            for side in get_args(Side):
                if one := _write(folder, kind, gathered, side):
                    yield one


def _write(folder: Path, kind: str, gathered: Judgements, side: Side) -> WrittenSet | None:
    values = gathered.side(side)
    if not values["queries"]:
        return None
    name = f"{kind}_{side}_{gathered.language}.json"
    write_whole(folder / name, json.dumps(values, ensure_ascii=False, indent=1))
    return WrittenSet(
        name, kind, gathered.language, side, gathered.endpoint, len(values["queries"]), len(values["docs"])
    )


def _files_of_manifest(folder: Path) -> set[str]:
    """Returns the names of an earlier manifest; only such as this service gives, whatever stands in the file."""
    with suppress(OSError, ValueError, TypeError, KeyError):
        sets: list[dict[str, Any]] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["sets"]
        names = {str(each["file"]) for each in sets}
        return {name for name in names if Path(name).name == name and name.split("_")[0] in KINDS}
    return set()
