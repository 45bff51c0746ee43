"""manage.py load_demo"""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from portal.importers.demo.content import read_content
from portal.importers.demo.loading import DemoState, demo_load, demo_state
from portal.settings.environment import read_environment

ACCOUNTS = "demo_accounts.txt"


class Command(BaseCommand):
    """Loads the demo once. A portal with members or questions of its own is left as it is."""

    help = "Load the demo content, unless it was loaded before or the portal is in use already."

    def handle(self, *args: Any, **options: Any) -> None:
        """Loads what is missing and says what there is."""
        state = demo_state()
        if state is DemoState.OWN:
            self._say("This portal has members or questions of its own: the demo stays out.", options)
            return
        if state is DemoState.DEMO:
            self._say("The demo was loaded before; nothing to do.", options)
        else:
            done = demo_load()
            counted = f"{done.topics} topics, {done.members} members, {done.questions} questions, {done.pages} pages"
            self._say(f"The demo is there: {counted}.", options)
        accounts = read_environment().data_dir / ACCOUNTS
        if not accounts.exists():
            accounts_write(accounts)
        self._say(accounts.read_text(encoding="utf-8").rstrip(), options)

    def _say(self, words: str, options: dict[str, Any]) -> None:
        if options["verbosity"]:
            self.stdout.write(words)


def accounts_write(place: Path) -> None:
    """Writes who can sign in to the demo and how, for bin/portal to show."""
    story = read_content()
    tried = [person for person in story.people if person.demo_account]
    roles = {"staff": "staff author, administrator", "expert": "expert member", "customer": "customer"}
    lines = [f"Demo accounts (password {story.password}, from this machine only):"]
    lines += [f"  {person.username:<8}{roles[person.kind]}, {person.name}" for person in tried]
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text("\n".join(lines) + "\n", encoding="utf-8")
