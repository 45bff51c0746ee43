"""manage.py build_judged_sets DIR [--language xx]"""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from portal.analytics.services.judged_sets import judged_sets_build


class Command(BaseCommand):
    """Writes judged sets of accepted answers, joined questions and searches that ended in a click."""

    help = "Write judged sets for evaluate_search out of accepted answers, joined questions and opened results."

    def add_arguments(self, parser: CommandParser) -> None:
        """Adds the folder and --language."""
        parser.add_argument("folder", type=Path, metavar="DIR")
        parser.add_argument("--language", action="append", metavar="xx", default=[], help="only this one; repeatable")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the files and tell of each; exit code 1 when the folder cannot be written."""
        try:
            written = judged_sets_build(folder=options["folder"], languages=options["language"])
        except OSError as error:
            raise CommandError(f"{error.filename or options['folder']}: {error.strerror}") from error
        for each in written:
            self.stdout.write(
                _("%(file)s: %(queries)d queries, %(documents)d documents")
                % {"file": each.file, "queries": each.queries, "documents": each.documents}
            )
        if not written:
            self.stdout.write(_("Nothing to judge by yet: no accepted answer, no joined question, no opened result."))
