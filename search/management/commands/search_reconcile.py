"""manage.py search_reconcile [--repair]"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from search.engine import EngineError
from search.reconcile import OutboxWaiting, reconcile


class Command(BaseCommand):
    """Compares the search index with the database. Exit code 1 when differences are left."""

    help = "Compare the search index with the database; --repair mends it. Exits 1 when differences are left."

    def add_arguments(self, parser: CommandParser) -> None:
        """Adds --repair and --patience."""
        parser.add_argument("--repair", action="store_true", help="send the differing documents to the index again")
        parser.add_argument("--patience", type=float, default=30.0, help="seconds to wait for the outbox")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print one line for each difference left."""
        try:
            differences = reconcile(repair=options["repair"], patience=options["patience"])
        except (EngineError, OutboxWaiting) as error:
            raise CommandError(_("The search index was not compared: %(reason)s") % {"reason": error}) from error
        for difference in differences:
            self.stdout.write(f"{difference.kind}\t{difference.key.uid}")
        if differences:
            raise CommandError(_("%(count)d differences between database and index.") % {"count": len(differences)})
        self.stdout.write(_("No differences between database and index."))
