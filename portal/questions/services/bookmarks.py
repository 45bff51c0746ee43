"""Keeping a question or an answer for oneself."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from portal.core.errors import StateForbids
from portal.core.permissions import require_member
from portal.questions.models import Answer, Bookmark, Question
from portal.questions.models.bookmark import LONGEST_NOTE
from portal.questions.selectors.access import answer_visible_to

from .holding import question_hold
from .texts import length_errors, one_line, require_fields

MOST_BOOKMARKS = 1_000


@transaction.atomic
def bookmark_set(*, user: Any, kind: str, post_id: int, note: str | None = None) -> Bookmark:
    """Keeps a visible post for a member and returns the bookmark; one that is there is kept.

    kind: ``question`` or ``answer``. note: her own words, None leaves those that are there. Raises ``StateForbids``
    where she keeps ``MOST_BOOKMARKS`` already.
    """
    require_member(user)
    post = _held(user, kind, post_id)
    place: dict[str, Any] = {kind: post}
    kept = Bookmark.objects.filter(user=user, **place).first()
    words = None if note is None else _clean(note)
    if kept is None:
        if Bookmark.objects.filter(user=user).count() >= MOST_BOOKMARKS:
            raise StateForbids(_("You keep %(count)d bookmarks, as many as there can be.") % {"count": MOST_BOOKMARKS})
        kept, _made = Bookmark.objects.get_or_create(user=user, **place, defaults={"note": words or ""})
    if words is not None and kept.note != words:
        kept.note = words
        kept.save(update_fields=["note"])
    return kept


@transaction.atomic
def bookmark_remove(*, user: Any, kind: str, post_id: int) -> None:
    """Keeps a post no longer; repeating it changes nothing."""
    require_member(user)
    post = _held(user, kind, post_id)
    place: dict[str, Any] = {kind: post}
    Bookmark.objects.filter(user=user, **place).delete()


def _held(user: Any, kind: str, post_id: int) -> Question | Answer:
    """Returns the post. A question is held until the transaction ends: its bookmarks go along where it is joined with
    another; those of an answer follow it wherever it goes."""
    return question_hold(user=user, question_id=post_id) if kind == "question" else answer_visible_to(user, post_id)


def _clean(note: str) -> str:
    words = one_line(note)
    require_fields({"note": length_errors(words, longest=LONGEST_NOTE)})
    return words
