"""Suggested edits: who may see and decide which, and what one would make of the post as it now stands."""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet

from portal.core.errors import NotFound
from portal.core.merging import text_merge
from portal.core.paging import Slice, keyset_page
from portal.core.permissions import allows, is_member
from portal.questions.models import Answer, Question, Suggestion

from .reviewers import reviewed_by
from .revisions import Change, Words, change_between, words_of_post
from .rights import check_review
from .suggested import suggestion_visible_to, suggestions_visible_to, with_posts

PAGE_SIZE = 20
ROLES = ("review", "mine")


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a suggestion makes of the post as it now stands.

    moved: the post changed since the suggestion was made. clashes: in how many places both changed the same words;
    there the post's stay, and the suggestion cannot be accepted as it is.
    """

    words: Words
    moved: bool
    clashes: int


@dataclass(slots=True)
class SuggestionView:
    """A suggestion as its page shows it: what it would change now, and what the reader may do."""

    suggestion: Suggestion
    post: Question | Answer
    proposal: Proposal | None
    change: Change
    may_review: bool
    may_withdraw: bool


@dataclass(slots=True)
class Waiting:
    """The suggestions that wait on a page: those that the reader decides by post, her own by post."""

    to_review: dict[int | None, list[Suggestion]] = field(default_factory=dict)
    own: dict[int | None, Suggestion] = field(default_factory=dict)


def suggestion_page(*, user: Any, suggestion_id: int, rendered: bool = False) -> SuggestionView:
    """Returns a suggestion as its page shows it: against the post as it stands, where it waits and can be brought
    together with it, else against what it began from."""
    found = suggestion_visible_to(user, suggestion_id)
    post = found.post
    proposal = proposal_of(found, words_of_post(post)) if found.waits else None
    old, new = words_before(found), words_suggested(found)
    if proposal is not None and not proposal.clashes:
        old, new = words_of_post(post), proposal.words
    return SuggestionView(
        suggestion=found,
        post=post,
        proposal=proposal,
        change=change_between(old, new, rendered=rendered),
        may_review=found.waits and allows(check_review, user, found),
        may_withdraw=found.waits and found.author_id == user.pk,
    )


def suggestions_page(
    *, user: Any, role: str = "review", status: str = "pending", cursor: str | None = None, size: int = PAGE_SIZE
) -> Slice[Suggestion]:
    """Returns one page of suggestions: those to decide, the longest waiting first, or the member's own, newest first.

    Raises ``NotFound`` for a role that does not exist. status: empty for all.
    """
    if role not in ROLES:
        raise NotFound
    found = with_posts(suggestions_visible_to(user))
    found = found.filter(author=user) if role == "mine" else found.filter(reviewed_by(user))
    found = found.filter(status=status) if status else found
    order = ("created_at", "id") if role == "review" and status == "pending" else ("-created_at", "-id")
    return keyset_page(found, order=order, cursor=cursor, size=size)


def suggestions_of(*, user: Any, post: Question | Answer) -> QuerySet[Suggestion]:
    """Returns the suggestions on one post that a member may see."""
    return with_posts(suggestions_visible_to(user)).filter(**_place(post))


def suggestions_waiting(*, user: Any, question: Question) -> Waiting:
    """Returns what waits on a question's page for this reader; nothing, and no query, for a stranger."""
    found = Waiting()
    if not is_member(user):
        return found
    mine = suggestions_visible_to(user).filter(question=question, status=Suggestion.Status.PENDING)
    for each in mine.order_by("created_at", "id").defer("body", "base_body"):
        if each.author_id == user.pk:
            found.own[each.answer_id] = each
        else:
            found.to_review.setdefault(each.answer_id, []).append(each)
    return found


def waits_from(user: Any, post: Question | Answer) -> Suggestion | None:
    """Returns the suggestion of a member that waits on a post, None where there is none."""
    own = Suggestion.objects.filter(author=user, status=Suggestion.Status.PENDING, **_place(post))
    return own.first()


def words_before(suggestion: Suggestion) -> Words:
    """Returns what the post said when the suggestion was made."""
    return Words(suggestion.base_title, suggestion.base_body, suggestion.base_topics)


def words_suggested(suggestion: Suggestion) -> Words:
    """Returns what the member made of it."""
    return Words(suggestion.title, suggestion.body, suggestion.topics)


def proposal_of(suggestion: Suggestion, now: Words) -> Proposal:
    """Returns what a suggestion makes of the words that stand there now: both changes, wherever they can be brought
    together."""
    base, wanted = words_before(suggestion), words_suggested(suggestion)
    body = text_merge(base.body, wanted.body, now.body)
    title, clashed = _title(base.title, wanted.title, now.title)
    added, gone = set(wanted.topics) - set(base.topics), set(base.topics) - set(wanted.topics)
    topics = sorted((set(now.topics) | added) - gone)
    moved = (base.title, base.body, base.topics) != (now.title, now.body, now.topics)
    words = Words(title, body.text, topics, now.language)
    return Proposal(words, moved, body.clashes + clashed)


def _title(base: str, wanted: str, now: str) -> tuple[str, int]:
    if wanted in (base, now):
        return now, 0
    return (wanted, 0) if now == base else (now, 1)


def _place(post: Question | Answer) -> dict[str, Any]:
    if isinstance(post, Answer):
        return {"answer": post}
    return {"question": post, "answer__isnull": True}
