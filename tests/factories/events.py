"""What happens on commit, in tests that never commit."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.test import TestCase


@contextmanager
def committed() -> Iterator[None]:
    """Runs what the block left for the commit (events and their receivers) at its end, as a real commit would.

    In a test with ``transaction=True`` commits are real and this adds nothing.
    """
    with TestCase.captureOnCommitCallbacks(execute=True):
        yield
