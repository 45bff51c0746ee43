"""manage.py recount: sets every counter of questions and answers from what is there."""

from collections.abc import Callable, Iterator
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from portal.questions.indexing import questions_changed
from portal.questions.models import Answer, Question
from portal.questions.services.counters import answers_recount, questions_recount
from portal.questions.services.versions import obsolete_recount

BATCH = 500


def _batches(model: type[Question] | type[Answer]) -> Iterator[list[int]]:
    """Yields the ids of all rows, ``BATCH`` at a time, each time from where the last ended."""
    last = 0
    while ids := list(model.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH]):
        yield ids
        last = ids[-1]


class Command(BaseCommand):
    """Recounts in short transactions, so that it may run while the portal does; says how many rows were off."""

    help = "Set every counter of questions and answers from what is there, and say how many differed."

    def handle(self, *args: Any, **options: Any) -> None:
        """Recounts everything."""
        self._recount("answers", Answer, answers_recount)
        self._recount("outdated answers", Answer, lambda ids: len(obsolete_recount(ids=ids)))
        self._recount("questions", Question, questions_recount)

    def _recount(self, name: str, model: type[Question] | type[Answer], recount: Callable[..., int]) -> None:
        differed = 0
        for ids in _batches(model):
            with transaction.atomic():
                changed = recount(ids=ids)
                if changed and model is Question:
                    questions_changed(ids)
            differed += changed
        self.stdout.write(f"{name}: {differed} put right")
