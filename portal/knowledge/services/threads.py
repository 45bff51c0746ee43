"""Where comments stand in their threads: xtd's ``order`` and ``nested_count``, always computed anew."""

from collections.abc import Iterable

from django_comments_xtd.models import XtdComment


def threads_recount(*, ids: Iterable[int]) -> int:
    """Sets ``order`` (depth first, oldest first) and ``nested_count`` (replies that readers see, at any depth).

    ids: thread ids. Returns how many comments differed. Doing it again changes nothing, so that a command or a
    service may call it at any time.
    """
    changed = 0
    for thread_id in ids:
        changed += _thread_recount(thread_id)
    return changed


def _thread_recount(thread_id: int) -> int:
    rows = list(XtdComment.norel_objects.filter(thread_id=thread_id).order_by("submit_date", "id"))
    children: dict[int, list[XtdComment]] = {}
    for row in rows:
        children.setdefault(row.parent_id if row.parent_id != row.pk else 0, []).append(row)
    differing: list[XtdComment] = []
    place = 0

    def visit(row: XtdComment) -> int:
        nonlocal place
        place += 1
        mine = place
        nested = sum(visit(child) for child in children.get(row.pk, []))
        if (row.order, row.nested_count) != (mine, nested):
            row.order, row.nested_count = mine, nested
            differing.append(row)
        return nested + int(row.is_public and not row.is_removed)

    for root in children.get(0, []):
        visit(root)
    XtdComment.norel_objects.bulk_update(differing, ["order", "nested_count"], batch_size=500)
    return len(differing)
