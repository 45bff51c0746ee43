"""Run by test_liveness.py in a process of its own, on the database of DATABASE_URL: searches again and again.

Prints, each time the answer changes, what "sofa" is expanded by, how many searches and how many queries that has cost
so far, and the seconds since the beginning.
"""

import time

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection, reset_queries  # noqa: E402

from search import synonyms  # noqa: E402

settings.SEARCH = {**settings.SEARCH, "TERMS_CHECK_SECONDS": 0.5}
settings.DEBUG = True  # Django counts queries then.
PATIENCE_S = 60


def search() -> None:
    told, searches, queries, began = None, 0, 0, time.monotonic()
    while time.monotonic() - began < PATIENCE_S:
        found = [each.text for each in synonyms.current().expansions_for("sofa")]
        searches, queries = searches + 1, queries + len(connection.queries)
        reset_queries()
        if found != told:
            told = found
            print(*found, searches, queries, f"{time.monotonic() - began:.2f}", sep="|", flush=True)
        time.sleep(0.01)


if __name__ == "__main__":
    search()
