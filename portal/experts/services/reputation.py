"""Keeping the ledger of reputation and each member's sum in step with votes and acceptances.

Every change is made the same way: read what a part of the ledger ought to hold, compare, write the difference, set
the sums. So an event told twice, late or out of order leaves the ledger right, and so does recomputing all of it.
"""

from collections.abc import Iterable, Iterator, Mapping

from django.db import transaction
from django.db.models import Q, QuerySet, Sum

from portal.accounts.indexing import members_changed
from portal.accounts.models import User
from portal.core.integrity import Difference, recounted
from portal.core.models import Source
from portal.experts.models import Kind, ReputationEntry
from portal.experts.selectors.ledger import (
    acceptances_counted,
    entries_of_acceptances,
    entries_of_votes,
    vote_key,
    votes_counted,
)
from portal.questions.models import Answer, Question

from .holding import members_hold

BATCH = 500


@transaction.atomic
def reputation_vote_sync(*, kind: str, post_id: int, voter_id: int, author_id: int | None) -> None:
    """Brings the one entry that a member's vote for a post makes, or no longer makes, up to date.

    kind: ``question`` or ``answer``. author_id: whose reputation it is; None changes nothing.
    """
    if author_id is None:
        return
    members_hold([author_id])
    standing = ReputationEntry.objects.filter(key=vote_key(kind, post_id, voter_id))
    votes = votes_counted().filter(user_id=voter_id, **{f"{kind}_id": post_id})
    _difference_write(standing, entries_of_votes(votes))
    reputation_totals_set(user_ids=[author_id])


@transaction.atomic
def reputation_question_sync(*, question_id: int) -> None:
    """Brings all entries that come from a question, its answers and its acceptance up to date."""
    standing = ReputationEntry.objects.filter(question_id=question_id)
    concerned = set(Question.objects.filter(pk=question_id).values_list("author_id", flat=True))
    concerned |= set(Answer.objects.filter(question_id=question_id).values_list("author_id", flat=True))
    concerned |= set(standing.values_list("user_id", flat=True))
    members = [pk for pk in concerned if pk is not None]
    members_hold(members)
    votes = votes_counted().filter(Q(question_id=question_id) | Q(answer__question_id=question_id))
    due = [*entries_of_votes(votes), *entries_of_acceptances(acceptances_counted().filter(pk=question_id))]
    _difference_write(standing, due)
    reputation_totals_set(user_ids=members)


def reputation_recompute(*, user_ids: Iterable[int]) -> int:
    """Writes the ledger of these members anew from votes, acceptances and what was imported; returns how many
    members' sums changed.

    Works in batches, each a transaction of its own, so that the portal goes on meanwhile.
    """
    wanted = sorted(set(user_ids))
    return sum(_batch_recompute(wanted[start : start + BATCH]) for start in range(0, len(wanted), BATCH))


@transaction.atomic
def _batch_recompute(ids: list[int]) -> int:
    members_hold(ids)
    standing = ReputationEntry.objects.filter(user_id__in=ids).exclude(kind=Kind.IMPORTED)
    votes = votes_counted().filter(Q(question__author_id__in=ids) | Q(answer__author_id__in=ids))
    accepted = acceptances_counted().filter(Q(author_id__in=ids) | Q(accepted_answer__author_id__in=ids))
    chosen = set(ids)
    due = [*entries_of_votes(votes), *(e for e in entries_of_acceptances(accepted) if e.user_id in chosen)]
    _difference_write(standing, due)
    return reputation_totals_set(user_ids=ids)


@transaction.atomic
def reputation_totals_set(*, user_ids: Iterable[int]) -> int:
    """Sets each member's reputation to the sum of her ledger; returns how many differed. The search is told of these:
    members are found in the order of their reputation."""
    ids = list(user_ids)
    entries = ReputationEntry.objects.filter(user_id__in=ids)
    sums: dict[int, int] = dict(entries.values_list("user_id").annotate(Sum("amount")))
    changed = []
    for user in User.objects.filter(pk__in=ids).only("pk", "reputation"):
        if user.reputation != sums.get(user.pk, 0):
            user.reputation = sums.get(user.pk, 0)
            changed.append(user)
    User.objects.bulk_update(changed, ["reputation"], batch_size=BATCH)
    members_changed([user.pk for user in changed])
    return len(changed)


def reputation_check(repair: bool) -> Iterator[Difference]:
    """Yields members whose reputation is not what votes, acceptances and what was imported come to."""

    def recompute(ids: list[int]) -> None:
        reputation_recompute(user_ids=ids)

    yield from recounted(User, ["reputation"], recompute, repair=repair)


@transaction.atomic
def reputation_import(*, source: Source, amounts: Mapping[int, int]) -> int:
    """Keeps what members brought along from another community and returns how many members it concerns.

    amounts: reputation there by the id of the user here. Importing again replaces the earlier amounts.
    """
    entries = [
        ReputationEntry(user_id=pk, kind=Kind.IMPORTED, amount=amount, key=f"imported:{source.pk}:{pk}")
        for pk, amount in amounts.items()
    ]
    ReputationEntry.objects.bulk_create(
        entries, BATCH, update_conflicts=True, unique_fields=["key"], update_fields=["amount"]
    )
    ids = list(amounts)
    for start in range(0, len(ids), BATCH):
        reputation_totals_set(user_ids=ids[start : start + BATCH])
    return len(entries)


def _difference_write(standing: QuerySet[ReputationEntry], due: Iterable[ReputationEntry]) -> None:
    """Makes the entries that stand into those that are due, touching only what differs."""
    wanted = {entry.key: entry for entry in due}
    obsolete, changed = [], []
    for entry in standing:
        target = wanted.pop(entry.key, None)
        if target is None:
            obsolete.append(entry.pk)
        elif (entry.user_id, entry.kind, entry.amount) != (target.user_id, target.kind, target.amount):
            target.pk = entry.pk
            changed.append(target)
    for start in range(0, len(obsolete), BATCH):
        ReputationEntry.objects.filter(pk__in=obsolete[start : start + BATCH]).delete()
    ReputationEntry.objects.bulk_update(changed, ["user", "kind", "amount", "created_at"], batch_size=BATCH)
    ReputationEntry.objects.bulk_create(wanted.values(), BATCH)
