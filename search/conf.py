"""The settings that the search reads: ``SEARCH`` in Django's settings."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


@dataclass(frozen=True, slots=True)
class SearchSettings:
    """``elasticsearch_url`` selects the engine; ``budget`` (seconds) is what one call to a remote engine may take,
    ``terms_check`` how often a process looks whether the termbase changed."""

    elasticsearch_url: str | None
    embedded_path: Path
    index_prefix: str
    budget: float
    terms_check: float


# What stands in for the settings in this process; the last one counts.
_override: list[SearchSettings] = []


@contextmanager
def overridden_settings(settings: SearchSettings) -> Iterator[None]:
    """Let the whole process search with other settings for a while: an evaluation asks an index of its own."""
    _override.append(settings)
    try:
        yield
    finally:
        _override.pop()


def search_settings() -> SearchSettings:
    """Read ``settings.SEARCH``; every key but ``EMBEDDED_PATH`` has a default."""
    if _override:
        return _override[-1]
    given: Mapping[str, Any] | None = getattr(settings, "SEARCH", None)
    if given is None:
        raise ImproperlyConfigured("SEARCH is missing from the settings: see search/conf.py")
    return SearchSettings(
        elasticsearch_url=given.get("ELASTICSEARCH_URL") or None,
        embedded_path=Path(given["EMBEDDED_PATH"]),
        index_prefix=given.get("INDEX_PREFIX") or "portal",
        budget=given.get("BUDGET_MS", 300) / 1000,
        terms_check=given.get("TERMS_CHECK_SECONDS", 10),
    )
