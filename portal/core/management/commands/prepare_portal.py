"""manage.py prepare_portal: makes database, static files, demo content and index ready for this code."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, TextIO

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from portal.core.progress import Stage
from search import setup
from search.engine import EngineError
from search.indexing import drain


class Command(BaseCommand):
    """All steps in one process, because importing Django takes longer than most of them; each only if needed."""

    help = "Bring database, static files, demo content and search index up to date (bin/portal calls this)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declares what bin/portal knows better than we do."""
        parser.add_argument("--static-digest", default="", help="what identifies the static files of this code")
        parser.add_argument("--demo", action="store_true", help="load the demo content if it was not loaded yet")

    def handle(self, *args: Any, **options: Any) -> None:
        """Runs the steps; each leaves its mark last, so that a killed run is repaired by the next."""
        migrate_database()
        collect_static_files(options["static_digest"])
        if options["demo"]:
            with Stage("Loading the demo content"):
                call_command("load_demo", verbosity=0)
        build_index(sys.stderr)


def migrate_database() -> None:
    """Applies the migrations that are missing."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        with Stage(f"Preparing the database ({len(plan)} migrations)"):
            call_command("migrate", interactive=False, verbosity=0)


def collect_static_files(digest: str) -> None:
    """Copies style sheets, scripts and pictures to where they are served from, unless done for ``digest``."""
    if settings.DEBUG:
        return
    root = Path(settings.STATIC_ROOT)
    mark = root / "collected.txt"
    if digest and mark.exists() and mark.read_text() == digest:
        return
    with Stage("Collecting style sheets, scripts and pictures"):
        mark.unlink(missing_ok=True)
        call_command("collectstatic", interactive=False, verbosity=0)
        mark.write_text(digest)


def build_index(stream: TextIO) -> None:
    """Builds the search index where there is none of this code's shape, and puts in what the demo brought.

    A search engine that is away stops nothing: pages answer without it, and the worker builds the index later.
    """
    try:
        if not setup.index_health().has_index:
            with Stage("Building the search index"):
                setup.ensure_ready()
        drain()
    except EngineError as error:
        print(f"  The search engine is away, the worker goes on trying: {error}", file=stream, flush=True)
