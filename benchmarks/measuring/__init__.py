"""What several benchmarks need: the search without the portal, quantiles, sizes and memory."""

import math
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
