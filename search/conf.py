"""The settings that the search reads: ``SEARCH`` in Django's settings."""

from collections.abc import Mapping
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


def search_settings() -> SearchSettings:
    """Read ``settings.SEARCH``; every key but ``EMBEDDED_PATH`` has a default."""
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
