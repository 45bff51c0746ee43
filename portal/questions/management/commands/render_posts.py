"""manage.py render_posts: draws the HTML of every post anew from what was written."""

from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand

from portal.questions.models import Answer, Comment, Question
from portal.questions.services.rendering import Kind, posts_render

BATCH = 200


def _batches(kind: Kind) -> Iterator[list[int]]:
    """Yields the ids of all rows, ``BATCH`` at a time, each time from where the last ended."""
    last = 0
    while ids := list(kind.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH]):
        yield ids
        last = ids[-1]


class Command(BaseCommand):
    """Renders in short transactions, so that it may run while the portal does; says how many posts differed."""

    help = "Draw the HTML of questions, answers and comments anew from what was written."

    def handle(self, *args: Any, **options: Any) -> None:
        """Runs the command."""
        kinds: tuple[tuple[str, Kind], ...] = (("questions", Question), ("answers", Answer), ("comments", Comment))
        for name, kind in kinds:
            differed = sum(posts_render(kind=kind, ids=ids) for ids in _batches(kind))
            self.stdout.write(f"{name}: {differed} drawn anew")
