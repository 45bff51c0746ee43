"""manage.py recompute_reputation [USERNAME ...]"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.accounts.models import User
from portal.experts.services.reputation import reputation_recompute
from portal.experts.services.standings import standing_recompute


class Command(BaseCommand):
    """Writes reputation and standing anew from votes, acceptances and what was imported."""

    help = "Write members' reputation and standing anew from votes, acceptances and what was imported."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declares the arguments."""
        parser.add_argument("usernames", nargs="*", metavar="USERNAME", help="only these members (default: all)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Recomputes and says how much had drifted."""
        names = options["usernames"]
        found = User.objects.filter(username__in=names) if names else User.objects.all()
        ids = list(found.values_list("pk", flat=True))
        if names and len(ids) < len(set(names)):
            raise CommandError("There is no member of one of these names.")
        changed = reputation_recompute(user_ids=ids)
        rows = standing_recompute(user_ids=ids)
        self.stdout.write(f"{len(ids)} members: {changed} sums of reputation and {rows} rows of standing differed.")
