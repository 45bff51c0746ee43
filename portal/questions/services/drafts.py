"""Keeping what is being written, until it is posted, discarded, or long forgotten."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.clock import now
from portal.core.errors import Invalid, PortalError, Stale, StateForbids
from portal.core.locks import named_lock
from portal.core.permissions import require_member
from portal.questions.models import Draft, SentForm
from portal.questions.selectors.drafts import (
    FIELDS,
    WORDS,
    DraftPlace,
    draft_at,
    drafts_of,
    place_named,
    place_question,
)

MOST_DRAFTS = 100
# Where a session holds texts that were sent when nobody was signed in any more: {place: fields}.
KEPT_IN_SESSION = "kept-drafts"
LONGEST = 200_000
ONCE_LONGEST = 64


class DraftStale(Stale):
    """The draft at this place is another one than the writer knows; nothing was changed.

    draft: what is there now, None where it is gone. posted: where the form that it came from has led, else empty.
    """

    default = gettext_lazy("This draft was changed in another tab or on another device.")

    def __init__(self, draft: Draft | None, *, posted: str = "") -> None:
        self.draft, self.posted = draft, posted
        super().__init__()


def draft_save(
    *,
    user: Any,
    place: DraftPlace,
    fields: Mapping[str, str],
    version: int = 0,
    once: str = "",
    aside: Mapping[str, str] | None = None,
) -> Draft | None:
    """Keeps what stands in a form and returns its draft; None where the form is empty and so nothing is kept.

    version: of the draft that the writer knows, 0 for none; raises ``DraftStale`` where there is another one with other
    words, or none any more. once: the form's token; a form that was sent is no draft any more. aside: the text that
    gives way where two versions met. Raises ``StateForbids`` where the member has too many drafts.
    """
    require_member(user)
    kept, given_way = _cleaned(place, fields), _cleaned(place, aside or {})
    once = once[:ONCE_LONGEST]
    try:
        with transaction.atomic():
            _place_hold(user, place)
            _check_unsent(user, once)
            held = drafts_of(user).select_for_update().filter(kind=place.kind, target_id=place.target_id).first()
            if held is None:
                return _begun(user, place, kept, version, once)
            return _changed(held, kept, version, given_way, once)
    except IntegrityError:  # the same member's other tab began one at this moment
        raise DraftStale(draft_at(user, place)) from None


def _place_hold(user: Any, place: DraftPlace) -> None:
    """Lets what is said of a place take turns: saving and posting never cross."""
    named_lock(f"draft:{user.pk}:{place}")


def _check_unsent(user: Any, once: str) -> None:
    """Raises ``DraftStale`` for a form that was posted: a save that was under way meanwhile brings nothing back."""
    if not once:
        return
    posted = SentForm.objects.filter(owner=user, once=once).values_list("address", flat=True).first()
    if posted is not None:
        raise DraftStale(None, posted=posted)


def _begun(user: Any, place: DraftPlace, fields: dict[str, str], version: int, once: str) -> Draft | None:
    if version:
        raise DraftStale(None)
    if not _says_something(fields):
        return None
    question = place_question(user, place)
    if drafts_of(user).count() >= MOST_DRAFTS:
        raise StateForbids(_("You have %(count)d drafts. Delete some to keep more.") % {"count": MOST_DRAFTS})
    return Draft.objects.create(
        owner=user, kind=place.kind, target_id=place.target_id, question=question, fields=fields, once=once
    )


def _changed(held: Draft, fields: dict[str, str], version: int, aside: dict[str, str], once: str) -> Draft | None:
    if held.fields == fields and not aside:
        return held  # said before: the answer to it was lost on the way
    if held.version != version:
        raise DraftStale(held)
    if not _says_something(fields) and not aside:
        held.delete()
        return None
    held.fields, held.set_aside, held.once = fields, aside or held.set_aside, once
    held.version += 1
    held.updated_at = now()
    held.save(update_fields=["fields", "set_aside", "once", "version", "updated_at"])
    return held


def _cleaned(place: DraftPlace, fields: Mapping[str, str]) -> dict[str, str]:
    """Returns what of a form belongs to its draft, with line ends as a text has them."""
    names = FIELDS[place.kind]
    kept = {name: str(fields[name]).replace("\r\n", "\n").replace("\x00", "") for name in names if fields.get(name)}
    if sum(map(len, kept.values())) > LONGEST:
        raise Invalid({"body": [_("This is too long to be kept as a draft.")]})
    return kept


def _says_something(fields: Mapping[str, str]) -> bool:
    return any(fields.get(name, "").strip() for name in WORDS)


def draft_discard(*, user: Any, place: DraftPlace) -> bool:
    """Deletes the member's draft at a place; returns whether there was one."""
    require_member(user)
    gone, _kinds = drafts_of(user).filter(kind=place.kind, target_id=place.target_id).delete()
    return bool(gone)


def draft_swap(*, user: Any, place: DraftPlace) -> Draft | None:
    """Takes the text that was set aside in place of the draft's, which is set aside in its turn."""
    require_member(user)
    with transaction.atomic():
        held = drafts_of(user).select_for_update().filter(kind=place.kind, target_id=place.target_id).first()
        if held is not None and held.set_aside:
            held.fields, held.set_aside = held.set_aside, held.fields
            held.version += 1
            held.updated_at = now()
            held.save(update_fields=["fields", "set_aside", "version", "updated_at"])
    return held


@transaction.atomic
def draft_posted(
    *, user: Any, place: DraftPlace, fields: Mapping[str, str], version: int = 0, once: str = "", address: str = ""
) -> None:
    """Ends the draft of a form that was posted; one that says something else (written in another tab) stays.

    once: the form's token, under which it is remembered as posted; address: where it led.
    """
    once = once[:ONCE_LONGEST]
    _place_hold(user, place)
    if once:
        SentForm.objects.get_or_create(owner=user, once=once, defaults={"address": address[:500]})
    held = draft_at(user, place)
    if held is None or held.set_aside:
        return
    posted = _cleaned(place, fields)
    same = all(held.fields.get(name, "").strip() == posted.get(name, "").strip() for name in WORDS)
    if same or held.version == version or (once and held.once == once):
        held.delete()


def draft_keep(*, user: Any, place: DraftPlace, fields: Mapping[str, str]) -> Draft | None:
    """Keeps a text that could not be posted now, over whatever draft is there, which is set aside."""
    held = draft_at(user, place)
    if held is None:
        return draft_save(user=user, place=place, fields=fields)
    other = held.fields if held.fields.get("body") != _cleaned(place, fields).get("body") else None
    return draft_save(user=user, place=place, fields=fields, version=held.version, aside=other)


def drafts_adopt(*, user: Any, kept: Mapping[str, Mapping[str, str]]) -> None:
    """Makes drafts of texts that were typed while nobody was signed in; kept: place to fields."""
    for name, fields in kept.items():
        try:
            draft_keep(user=user, place=place_named(name), fields=fields)
        except PortalError:  # what it belonged to is gone, or not hers
            continue


def drafts_sweep() -> int:
    """Deletes the drafts that nobody has touched for ``PORTAL_DRAFT_DAYS``; returns how many.

    What was posted so long ago is forgotten too: no page that is still open sends it again.
    """
    forgotten = now() - timedelta(days=settings.PORTAL_DRAFT_DAYS)
    SentForm.objects.filter(sent_at__lt=forgotten).delete()
    gone, _kinds = Draft.objects.filter(updated_at__lt=forgotten).delete()
    return gone
