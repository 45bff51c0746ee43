"""One at a time: whoever changes what is derived for a member holds the member first."""

from collections.abc import Iterable

from portal.accounts.models import User


def members_hold(ids: Iterable[int]) -> None:
    """Holds these members until the transaction ends, always in the same order, so that two cannot wait for each other.

    To be called before anything is read from which something is derived. no_key: rows that merely point at a member
    (a new vote, an answer) need not wait, else they and we could wait for each other in a ring on PostgreSQL.
    """
    found = User.objects.select_for_update(no_key=True).filter(pk__in=list(ids)).order_by("pk")
    list(found.values_list("pk"))
