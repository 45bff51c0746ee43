"""The database: SQLite in the data folder, or PostgreSQL through DATABASE_URL."""

from typing import Any

import environ

from portal.settings.environment import read_environment

ENVIRONMENT = read_environment()

# IMMEDIATE takes the write lock when a transaction begins, so that two writers wait for each other instead of failing
# half-way with "database is locked"; the figures are in docs/adr/0002.
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": (
        "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA foreign_keys=ON;"
        "PRAGMA temp_store=MEMORY;PRAGMA mmap_size=134217728;PRAGMA cache_size=-32000;"
    ),
}


def database() -> dict[str, Any]:
    """Returns the entry for ``DATABASES["default"]``."""
    url = ENVIRONMENT.database_url
    config: dict[str, Any] = (
        environ.Env.db_url_config(url)
        if url
        else {"ENGINE": "django.db.backends.sqlite3", "NAME": ENVIRONMENT.data_dir / "portal.sqlite3"}
    )
    if config["ENGINE"].endswith("sqlite3"):
        config["OPTIONS"] = SQLITE_OPTIONS
    else:
        config.setdefault("CONN_MAX_AGE", 60)
        config["CONN_HEALTH_CHECKS"] = True
    return config


DATABASES = {"default": database()}
