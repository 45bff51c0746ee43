"""manage.py check_integrity [--repair] [CHECK ...]"""

from itertools import islice
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.core.integrity import IntegrityCheck, integrity_checks

SHOWN = 20


class Command(BaseCommand):
    """Runs the checks in their order, because later ones count what earlier ones put right."""

    help = "Look for counters, states and links that contradict what is there, and put them right with --repair."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declares the arguments."""
        parser.add_argument("checks", nargs="*", metavar="CHECK", help="only these (default: all)")
        parser.add_argument("--repair", action="store_true", help="put right what can be put right")
        parser.add_argument(
            "--all", action="store_true", help=f"name every difference, not the first {SHOWN} of a check"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints what each check found; ends with exit code 1 where anything is left."""
        known = {check.name: check for check in integrity_checks()}
        for name in options["checks"]:
            if name not in known:
                raise CommandError(f"There is no check “{name}”. There are: {', '.join(known)}.")
        wanted = [known[name] for name in options["checks"]] or list(known.values())
        left = sum(self._ran(check, options) for check in wanted)
        if left:
            hint = "" if options["repair"] else " --repair puts right what can be."
            raise CommandError(f"{left} differences left.{hint}")

    def _ran(self, check: IntegrityCheck, options: dict[str, Any]) -> int:
        """Runs one check; returns how many differences it leaves."""
        found = check.run(options["repair"])
        mended = left = 0
        for difference in islice(found, None if options["all"] else SHOWN):
            self.stdout.write(f"  {difference}{' (mended)' if difference.mended else ''}")
            mended, left = mended + difference.mended, left + (not difference.mended)
        for difference in found:
            mended, left = mended + difference.mended, left + (not difference.mended)
        self.stdout.write(f"{check.name}: {mended} mended, {left} left")
        return left
