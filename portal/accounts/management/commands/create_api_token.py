"""manage.py create_api_token USERNAME"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.accounts.models import User
from portal.accounts.services import token_create


class Command(BaseCommand):
    """Makes an API token; its text is the last word of the output."""

    help = "Make an API token for a member and print it."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declares the arguments."""
        parser.add_argument("username")
        parser.add_argument("--name", default="command line")

    def handle(self, *args: Any, **options: Any) -> None:
        """Makes the token."""
        user = User.objects.filter(username=options["username"], is_active=True).first()
        if user is None:
            raise CommandError(f"There is no active member {options['username']}.")
        self.stdout.write(f"Token of {user.username}: {token_create(user=user, name=options['name'])}")
