"""manage.py import_stackexchange DIR --language xx [--site NAME]"""

from pathlib import Path
from typing import IO, Any, cast

from django.conf import settings
from django.conf.locale import LANG_INFO
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.importers.stackexchange.load import Import, Outcome
from portal.importers.stackexchange.parse import DumpError


class Command(BaseCommand):
    """Imports a Stack Exchange dump."""

    help = "Import a Stack Exchange dump: a folder with Posts.xml and its companions."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declares the arguments."""
        parser.add_argument("folder", metavar="DIR", type=Path, help="the unpacked dump")
        parser.add_argument("--language", required=True, metavar="xx", help="the language it is written in")
        parser.add_argument("--site", metavar="NAME", help="keeps the ids of two dumps apart (default: the folder)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Imports, or says in one line why not."""
        language = options["language"]
        if language not in dict(settings.LANGUAGES) and language not in LANG_INFO:
            raise CommandError(_("No language has the code %(code)s.") % {"code": language})
        try:
            outcome = Import(
                folder=options["folder"],
                language=language,
                site=options["site"],
                say=self.stdout.write,
                out=cast(IO[str], self.stdout._out),
            ).run()
        except DumpError as error:
            raise CommandError(str(error)) from None
        except KeyboardInterrupt:
            raise CommandError(_("Stopped. The same command goes on from here."), returncode=130) from None
        self._tell(outcome)

    def _tell(self, outcome: Outcome) -> None:
        report = outcome.report
        if report.untold:
            rest = ngettext("… and %(count)d more line.", "… and %(count)d more lines.", report.untold)
            self.stdout.write(rest % {"count": report.untold})
        if report.told:
            self.stdout.write(_("All of them stand in %(file)s.") % {"file": report.path})
        for line in report.table():
            self.stdout.write(line)
        self.stdout.write(_("Done.") if report.wrote else _("Nothing changed."))
