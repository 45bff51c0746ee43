"""manage.py create_member USERNAME --email ADDRESS [--password P] [--staff] [--language xx]"""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.accounts.services import member_create
from portal.core.errors import Invalid


class Command(BaseCommand):
    """Makes an active member whose address is verified."""

    help = "Make an active member whose address is verified."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declares the arguments."""
        parser.add_argument("username")
        parser.add_argument("--email", required=True)
        parser.add_argument("--password")
        parser.add_argument("--staff", action="store_true")
        parser.add_argument("--language", default="en", choices=[code for code, _name in settings.LANGUAGES])

    def handle(self, *args: Any, **options: Any) -> None:
        """Makes the member, or says which field cannot be used."""
        try:
            user = member_create(
                username=options["username"],
                email=options["email"],
                password=options["password"],
                staff=options["staff"],
                language=options["language"],
            )
        except Invalid as error:
            told = "; ".join(f"{field}: {' '.join(map(str, said))}" for field, said in error.fields.items())
            raise CommandError(told) from None
        self.stdout.write(f"Member {user.username} can sign in.")
