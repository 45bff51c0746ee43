"""What several benchmarks need: the search without the portal, quantiles, sizes and memory."""

import contextlib
import math
import time
from collections.abc import Sequence
from pathlib import Path


def prepared_search(area: Path, url: str, prefix: str, budget_ms: int = 30_000) -> None:
    """Set up Django with nothing but the search: a database in ``area``, and the engine that ``url`` selects."""
    import django
    from django.conf import settings
    from django.core.management import call_command

    settings.configure(
        INSTALLED_APPS=["search"],
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": str(area / "database.sqlite3")}},
        SEARCH={
            "ELASTICSEARCH_URL": url or None,
            "EMBEDDED_PATH": area / "search",
            "INDEX_PREFIX": prefix,
            "BUDGET_MS": budget_ms,
        },
        USE_TZ=True,
    )
    django.setup()
    call_command("migrate", verbosity=0)


class Meter:
    """Counts the processor's time of this process and of the server ``pid``, where one works for it (Linux)."""

    def __init__(self, pid: str = "") -> None:
        self._tasks = Path("/proc") / pid / "task" if pid else None

    def seconds(self) -> float:
        """Return the seconds so far, over all threads."""
        used = time.process_time()
        if self._tasks is not None:
            used += sum(self._nanoseconds(task) for task in self._tasks.iterdir()) / 1e9
        return used

    @staticmethod
    def _nanoseconds(task: Path) -> int:
        # Threads come and go.
        with contextlib.suppress(OSError):
            return int((task / "schedstat").read_text().split()[0])
        return 0


def quantile(values: Sequence[float], share: float) -> float:
    """Return the value that ``share`` of the values do not exceed (nearest rank)."""
    ordered = sorted(values)
    return round(ordered[max(0, math.ceil(share * len(ordered)) - 1)], 2)


def megabytes(folder: Path) -> float:
    """Return the size of all files below a folder."""
    return round(sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6, 1)


def memory_of(pid: str) -> dict[str, float]:
    """Return a process's memory in MB: the peak with mapped files, and what is its own now (Linux)."""
    lines = (Path("/proc") / pid / "status").read_text().splitlines()
    values = {name: text.split() for name, _, text in (line.partition(":") for line in lines)}
    return {"peak": int(values["VmHWM"][0]) / 1000, "own": int(values["RssAnon"][0]) / 1000}
