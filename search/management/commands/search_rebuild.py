"""manage.py search_rebuild"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from search.engine import EngineError
from search.engines import selected_engine
from search.rebuild import Progress, RebuildIncomplete, RebuildRunning, rebuild


class Command(BaseCommand):
    """Builds the whole search index anew beside the present one, then moves over. Works while the portal runs."""

    help = "Build the search index anew beside the present one, then move over. Works while the portal runs."

    def handle(self, *args: Any, **options: Any) -> None:
        """Rebuild, showing progress; exit code 1 with one line when it fails."""
        engine = selected_engine()
        try:
            progress = rebuild(engine=engine, on_progress=self._show)
        except (EngineError, RebuildIncomplete, RebuildRunning) as error:
            raise CommandError(_("The search index was not rebuilt: %(reason)s") % {"reason": error}) from error
        self.stdout.write(
            _("%(count)d documents in the new index (%(engine)s), built in %(seconds).1f s.")
            % {"count": progress.written, "engine": engine.name, "seconds": progress.seconds}
        )

    def _show(self, progress: Progress) -> None:
        rate = progress.written / progress.seconds if progress.seconds else 0.0
        line = _("%(count)d documents, %(rate)d a second") % {"count": progress.written, "rate": rate}
        self.stdout.write(line, ending="\r" if self.stdout.isatty() else "\n")
        self.stdout.flush()
