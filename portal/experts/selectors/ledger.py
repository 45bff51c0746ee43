"""What the ledger of reputation ought to hold, read from votes and acceptances, and what of it a reader is shown.

Only posts that everybody may see count: standing must not tell of what an outsider cannot read, nor who wrote
anonymously. So an anonymous question brings its asker nothing, until she gives it her name; who helps her is rewarded.
"""

from collections.abc import Iterator
from typing import Any

from django.db.models import F, Q, QuerySet

from portal.accounts.models import User
from portal.core.paging import Slice, keyset_page
from portal.experts.models import Kind, ReputationEntry
from portal.experts.rules import REPUTATION, vote_kind
from portal.questions.models import Question, Vote
from portal.questions.selectors.accepting import accepted_by_its_author
from portal.questions.selectors.access import answers_visible_to, questions_visible_to
from portal.questions.selectors.authors import signed

PAGE_SIZE = 30


def vote_key(kind: str, post_id: int, voter_id: int) -> str:
    """Returns the key of the entry that a vote makes; kind is ``question`` or ``answer``."""
    return f"vote:{kind}:{post_id}:{voter_id}"


def votes_counted() -> QuerySet[Vote]:
    """Returns the votes that count: for signed posts that everybody sees, by others than their author."""
    for_question = Q(question__in=signed(questions_visible_to(None)), question__author__isnull=False)
    for_answer = Q(answer__in=signed(answers_visible_to(None)), answer__author__isnull=False)
    own = Q(question__author=F("user")) | Q(answer__author=F("user"))
    return Vote.objects.filter(for_question | for_answer, void=False).exclude(own)


def acceptances_counted() -> QuerySet[Question]:
    """Returns the questions whose acceptance counts: a visible answer by another than who asked and than who accepted
    it, and not part of an import.

    What an imported community gave for its own acceptances is in the reputation that came along with its members.
    """
    given = questions_visible_to(None).filter(
        accepted_answer__isnull=False, accepted_answer__deleted_at__isnull=True, author__isnull=False
    )
    return (
        given.exclude(accepted_answer__author=F("author"))
        .exclude(accepted_by_its_author("accepted_answer__"))
        .exclude(source__isnull=False, accepted_answer__source__isnull=False)
    )


def entries_of_votes(votes: QuerySet[Vote]) -> Iterator[ReputationEntry]:
    """Yields the entries, unsaved, that these votes (of ``votes_counted``) make."""
    bodies = [f"{post}__{column}" for post in ("question", "answer") for column in ("body", "body_html")]
    for vote in votes.select_related("question", "answer").defer(*bodies).iterator():
        post = vote.question or vote.answer
        if post is None or post.author_id is None:
            continue
        name = "question" if vote.question_id else "answer"
        kind = vote_kind(name, vote.value)
        yield ReputationEntry(
            user_id=post.author_id,
            kind=kind,
            amount=REPUTATION[kind],
            question_id=vote.question_id or (vote.answer.question_id if vote.answer else None),
            answer_id=vote.answer_id,
            actor_id=vote.user_id,
            key=vote_key(name, post.pk, vote.user_id),
            created_at=vote.created_at,
        )


def entries_of_acceptances(questions: QuerySet[Question]) -> Iterator[ReputationEntry]:
    """Yields the entries, unsaved, that the acceptances of these questions (of ``acceptances_counted``) make."""
    fields = ("pk", "author_id", "accepted_answer_id", "accepted_answer__author_id", "accepted_answer__accepted_at")
    rows = questions.values_list(*fields, "last_activity_at", "anonymous")
    for question, asker, answer, helper, accepted, active, anonymous in rows:
        for user_id, kind in ((helper, Kind.ACCEPTED), (asker, Kind.ACCEPTING)):
            if user_id is not None and not (anonymous and kind == Kind.ACCEPTING):
                yield ReputationEntry(
                    user_id=user_id,
                    kind=kind,
                    amount=REPUTATION[kind],
                    question_id=question,
                    answer_id=answer,
                    key=f"{kind}:{question}:{answer}",
                    created_at=accepted or active,
                )


def ledger_page(*, viewer: Any, member: User, cursor: str | None = None) -> Slice[ReputationEntry]:
    """Returns one page of a member's ledger, newest first: only entries whose posts the viewer may see."""
    seen = Q(question__isnull=True) | Q(question__in=questions_visible_to(viewer))
    shown = Q(answer__isnull=True) | Q(answer__in=answers_visible_to(viewer))
    found = ReputationEntry.objects.filter(seen, shown, user=member).select_related("question")
    return keyset_page(
        found.defer("question__body", "question__body_html"),
        order=("-created_at", "-id"),
        cursor=cursor,
        size=PAGE_SIZE,
    )
