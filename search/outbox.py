from collections.abc import Iterable


def enqueue(doc_type: str, ids: Iterable[object]) -> None:
    """Placeholder until the search branch lands."""
