"""manage.py award_badges"""

from typing import Any

from django.core.management.base import BaseCommand

from portal.experts.services.badges import badges_award_all


class Command(BaseCommand):
    """Awards every badge that the history tells of."""

    help = "Award every badge that the history tells of (after an import, or when a rule is new)."

    def handle(self, *args: Any, **options: Any) -> None:
        """Awards and counts."""
        self.stdout.write(f"{badges_award_all()} badges awarded.")
