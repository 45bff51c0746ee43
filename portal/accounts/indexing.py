"""Members as something to be found. The document itself is made in ``experts``, which knows profiles too."""

from collections.abc import Iterable

from search.outbox import enqueue

TYPE = "member"


def members_changed(ids: Iterable[int]) -> None:
    """Notes, in the same transaction as the change, that the search must look at these members again."""
    enqueue(TYPE, [str(pk) for pk in ids])
