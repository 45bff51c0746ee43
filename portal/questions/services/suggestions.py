"""Suggesting an edit of what somebody else wrote, and deciding on it.

A suggestion never overwrites: where the post changed meanwhile, both changes are brought together, and where they touch
the same words somebody has to do that by hand.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from portal.core.clock import now
from portal.core.errors import Invalid, NotFound, Stale, StateForbids, TooMany, Words
from portal.core.topics import topics_by_slug
from portal.questions import events
from portal.questions.models import Answer, Question, Suggestion
from portal.questions.selectors import revisions
from portal.questions.selectors.rights import check_review, check_suggest
from portal.questions.selectors.suggested import suggestion_visible_to, suggestions_visible_to
from portal.questions.selectors.suggestions import proposal_of, waits_from

from .holding import post_hold
from .revisions import Credit
from .texts import body_errors, rendered, require_fields, title_errors
from .uploads import uploads_expect
from .writing import answer_write, question_write

A_DAY = 20
REASON_SHORTEST, REASON_LONGEST = 5, 300


@transaction.atomic
def suggestion_create(
    *,
    user: Any,
    kind: str,
    post_id: int,
    version: int,
    reason: str,
    title: str | None = None,
    body: str | None = None,
    topics: Sequence[str] | None = None,
) -> Suggestion:
    """Suggests other words or topics (None: as they are) for a post and returns the suggestion.

    kind: ``question`` or ``answer``; an answer has neither title nor topics. version: the post's that the member began
    from; raises ``Stale`` where there is a newer one. reason: why, in 5 to 300 characters. Raises ``StateForbids`` to
    who may edit the post herself and where a suggestion of hers waits already, ``TooMany`` beyond 20 in a day.
    """
    post = post_hold(user=user, kind=kind, post_id=post_id)
    question = post.question if isinstance(post, Answer) else post
    check_suggest(user, post, question)
    if waits_from(user, post) is not None:
        raise StateForbids(_("A suggestion of yours waits here already. Take it back to make another."))
    if post.version != version:
        raise Stale
    base = revisions.words_of_post(post)
    wanted = _wanted(base, post, title, body, topics)
    reason = " ".join(reason.split())
    _check_words(base, wanted, reason)
    _check_day(user)
    made = Suggestion.objects.create(
        question=question,
        answer=post if isinstance(post, Answer) else None,
        author=user,
        version=post.version,
        base_title=base.title,
        base_body=base.body,
        base_topics=base.topics,
        title=wanted.title,
        body=wanted.body,
        topics=wanted.topics,
        reason=reason,
    )
    uploads_expect(post=post, user=user, html=rendered(wanted.body))
    events.announce_suggestion(events.SuggestionMade, made, user)
    return made


@transaction.atomic
def suggestion_accept(
    *,
    user: Any,
    suggestion_id: int,
    version: int | None = None,
    title: str | None = None,
    body: str | None = None,
    topics: Sequence[str] | None = None,
    words: str = "",
) -> Suggestion:
    """Makes a suggestion the post's next version, credited to who made it, and returns it.

    title, body, topics: what the reviewer made of it, None for what was suggested; with any of them ``version`` must
    be the post's, else it raises ``Stale``. Without them it raises ``Stale`` where the post changed in the same words
    since. Raises ``StateForbids`` where somebody decided already, or the post says it already. words: to the member.
    """
    suggestion, post = _held(user, suggestion_id)
    before = revisions.words_of_post(post)
    proposal = proposal_of(suggestion, before)
    improved = any(part is not None for part in (title, body, topics))
    if improved and version != post.version:
        raise Stale
    if not improved and proposal.clashes:
        raise Stale(_("The post has changed in the same words since. Bring the two together by hand, then accept."))
    after = _wanted(proposal.words, post, title, body, topics)
    if _same(before, after):
        raise StateForbids(_("The post says this already."))
    improved = improved and not (_same(after, proposal.words) and not proposal.clashes)
    credit = Credit(editor=suggestion.author, note=suggestion.reason, approver=user, improved=improved)
    _written(post, credit, before, after)
    suggestion.revision = revisions.revisions_of(post).first()
    _decide(suggestion, user, Suggestion.Status.ACCEPTED, words)
    events.announce_suggestion(events.SuggestionReviewed, suggestion, user, accepted=True, improved=improved)
    return suggestion


@transaction.atomic
def suggestion_reject(*, user: Any, suggestion_id: int, words: str) -> Suggestion:
    """Declines a suggestion and returns it. words: why, for who made it; raises ``Invalid`` without any."""
    suggestion, _post = _held(user, suggestion_id)
    words = " ".join(words.split())
    errors = _length_errors(words)
    require_fields({"words": errors})
    _decide(suggestion, user, Suggestion.Status.REJECTED, words)
    events.announce_suggestion(events.SuggestionReviewed, suggestion, user, accepted=False)
    return suggestion


@transaction.atomic
def suggestion_withdraw(*, user: Any, suggestion_id: int) -> Suggestion:
    """Takes a waiting suggestion back, by who made it, and returns it; raises ``NotFound`` to anyone else."""
    found = suggestions_visible_to(user).filter(author=user, pk=suggestion_id).first()
    if found is None:
        raise NotFound
    suggestion = _fresh(user, found.pk)
    _check_waits(suggestion)
    _decide(suggestion, user, Suggestion.Status.WITHDRAWN, "")
    return suggestion


def _held(user: Any, suggestion_id: int) -> tuple[Suggestion, Question | Answer]:
    """Returns a waiting suggestion that ``user`` may decide, and its post, the question held: of two reviewers at the
    same moment the second finds it decided."""
    suggestion = _fresh(user, suggestion_id)
    check_review(user, suggestion)
    _check_waits(suggestion)
    return suggestion, suggestion.post


def _fresh(user: Any, suggestion_id: int) -> Suggestion:
    seen = suggestion_visible_to(user, suggestion_id)
    kind, post_id = ("answer", seen.answer_id) if seen.answer_id else ("question", seen.question_id)
    post = post_hold(user=user, kind=kind, post_id=post_id)
    suggestion = suggestion_visible_to(user, suggestion_id)
    if isinstance(post, Answer):
        suggestion.answer, suggestion.question = post, post.question
    else:
        suggestion.question = post
    return suggestion


def _check_waits(suggestion: Suggestion) -> None:
    if suggestion.status == Suggestion.Status.ACCEPTED:
        raise StateForbids(_("Somebody has accepted this suggestion already."))
    if suggestion.status == Suggestion.Status.REJECTED:
        raise StateForbids(_("Somebody has declined this suggestion already."))
    if not suggestion.waits:
        raise StateForbids(_("Who suggested this has taken it back."))


def _decide(suggestion: Suggestion, user: Any, status: Suggestion.Status, words: str) -> None:
    suggestion.status, suggestion.decided_by, suggestion.decided_at = status, user, now()
    suggestion.decision = " ".join(words.split())[:REASON_LONGEST]
    suggestion.save(update_fields=["status", "decided_by", "decided_at", "decision", "revision"])


def _wanted(
    base: revisions.Words, post: Question | Answer, title: str | None, body: str | None, topics: Sequence[str] | None
) -> revisions.Words:
    """Returns ``base`` with what was given in its place; an answer takes neither title nor topics."""
    if isinstance(post, Answer):
        title = topics = None
    return revisions.Words(
        title=base.title if title is None else " ".join(title.split()),
        body=base.body if body is None else body.replace("\r\n", "\n"),
        topics=base.topics if topics is None else sorted(topic.slug for topic in topics_by_slug(slugs=topics)),
        language=base.language,
    )


def _same(one: revisions.Words, other: revisions.Words) -> bool:
    return (one.title, one.body.rstrip(), one.topics) == (other.title, other.body.rstrip(), other.topics)


def _check_words(base: revisions.Words, wanted: revisions.Words, reason: str) -> None:
    require_fields(
        {
            "title": title_errors(wanted.title) if wanted.title != base.title else [],
            "body": body_errors(wanted.body) if wanted.body != base.body else [],
            "reason": _length_errors(reason),
        }
    )
    if _same(base, wanted):
        raise Invalid({"body": [_("Nothing is changed yet.")]})


def _length_errors(reason: str) -> list[Words]:
    if len(reason) < REASON_SHORTEST or "\x00" in reason:
        return [_("Say why, in a few words.")]
    if len(reason) > REASON_LONGEST:
        return [_("Keep it to %(count)d characters.") % {"count": REASON_LONGEST}]
    return []


def _check_day(user: Any) -> None:
    """Raises ``TooMany`` where a member suggested as much in a day as one may."""
    if not settings.PORTAL_LIMITS:
        return
    begin = now() - timedelta(days=1)
    made = Suggestion.objects.filter(author=user, created_at__gt=begin).order_by("-created_at")
    last = list(made.values_list("created_at", flat=True)[A_DAY - 1 : A_DAY])
    if last:
        raise TooMany(
            retry_after=int((last[0] - begin).total_seconds()) + 1,
            words=_("That is all that can be suggested in a day. Thank you; please go on tomorrow."),
        )


def _written(post: Question | Answer, credit: Credit, before: revisions.Words, after: revisions.Words) -> None:
    """Writes what is new; a body that stays is not touched (it may be imported HTML)."""
    body = after.body if after.body != before.body else None
    if isinstance(post, Answer):
        answer_write(answer=post, credit=credit, body=body)
        return
    title = after.title if after.title != before.title else None
    topics = after.topics if after.topics != before.topics else None
    question_write(question=post, credit=credit, title=title, body=body, topics=topics)
