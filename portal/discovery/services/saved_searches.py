"""Keeping a search, and changing what was kept."""

from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.conf import settings
from django.db import transaction
from django.http import QueryDict
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.core.clock import now
from portal.core.errors import Invalid, Stale, StateForbids
from portal.core.permissions import require_member
from portal.discovery.models import Frequency, SavedSearch
from portal.discovery.models.saved import LONGEST_ADDRESS, LONGEST_NAME
from portal.discovery.selectors import saved_search_of, saved_searches_of

MOST_SAVED = 50
PERIODS = {
    Frequency.IMMEDIATELY: timedelta(minutes=1),
    Frequency.DAILY: timedelta(days=1),
    Frequency.WEEKLY: timedelta(days=7),
}
# What of an address says what is looked for; the page and whatever else stands there does not.
NAMES = ("q", "type", "topic", "product", "status", "language", "time", "sort", "exact")
NARROWING = tuple(name for name in NAMES if name not in ("sort", "exact"))


def saved_parameters(text: str) -> str:
    """Returns the parameters of a results page's address in one order, without what says nothing.

    Raises ``Invalid`` where nothing is looked for, or too much.
    """
    try:
        query = QueryDict(text.lstrip("?"))
    except Exception:  # too many fields, bytes that are no text: Django has an error for each
        raise Invalid({"query": [_("This is no address of a search.")]}) from None
    given = [(name, value.replace("\x00", "").strip()) for name in NAMES for value in query.getlist(name)]
    given = [(name, value) for name, value in dict.fromkeys(given) if value]
    if not any(name in NARROWING for name, _value in given):
        raise Invalid({"query": [_("Search for something first: there is nothing to save yet.")]})
    parameters = urlencode(given)
    if len(parameters) > LONGEST_ADDRESS:
        raise Invalid({"query": [_("This search is too long to be saved.")]})
    return parameters


def due_after(*, frequency: str, moment: datetime) -> datetime | None:
    """Returns when a search is to be looked at after ``moment``, None for never."""
    period = PERIODS.get(Frequency(frequency))
    return moment + period if period else None


@transaction.atomic
def saved_search_create(
    *, user: User, query: str, name: str = "", frequency: str = Frequency.DAILY, language: str = ""
) -> SavedSearch:
    """Keeps a search; the same one saved again is the one that is there, under its new name and frequency.

    query: the parameters of the results page's address. name: left out, the words that are looked for. Raises
    ``Invalid``, and ``StateForbids`` where the member has as many as she may.
    """
    require_member(user)
    User.objects.select_for_update().get(pk=user.pk)
    parameters = saved_parameters(query)
    name = _name_checked(name or QueryDict(parameters).get("q", "") or _("All of it"), cut=not name)
    frequency = _frequency_checked(frequency)
    found = saved_searches_of(user).filter(parameters=parameters).first()
    if found is not None:
        return saved_search_change(user=user, search_id=found.pk, name=name, frequency=frequency)
    if saved_searches_of(user).count() >= MOST_SAVED:
        words = _("You have %(count)d saved searches, and that is all there is room for. Delete one first.")
        raise StateForbids(words % {"count": MOST_SAVED})
    spoken = language if language in dict(settings.LANGUAGES) else user.language
    moment = now()
    return SavedSearch.objects.create(
        owner=user,
        name=name,
        frequency=frequency,
        parameters=parameters,
        language=spoken,
        created_at=moment,
        told_from=moment,
        seen_at=moment,
        due_at=due_after(frequency=frequency, moment=moment),
    )


@transaction.atomic
def saved_search_change(
    *, user: User, search_id: int, name: str | None = None, frequency: str | None = None, version: int | None = None
) -> SavedSearch:
    """Renames a search or changes how often its owner is told; what is None stays.

    version: that the change began from, None for whichever it is. Raises ``NotFound``, ``Invalid`` and ``Stale``.
    """
    search = saved_search_of(user, search_id)
    if version is not None and version != search.version:
        raise Stale
    if name is not None:
        search.name = _name_checked(name)
    if frequency is not None and frequency != search.frequency:
        moment = now()
        if search.frequency == Frequency.NEVER:
            # Who is told again is told of what comes from now on, not of all that was.
            search.told_from = search.seen_at = moment
        search.frequency = _frequency_checked(frequency)
        search.due_at = due_after(frequency=frequency, moment=moment)
    search.version += 1
    search.save(update_fields=["name", "frequency", "told_from", "seen_at", "due_at", "version"])
    return search


@transaction.atomic
def saved_search_delete(*, user: User, search_id: int) -> None:
    """Deletes a search and what was found for it. Raises ``NotFound``."""
    saved_search_of(user, search_id).delete()


def saved_searches_silence(*, owner_id: int, ids: list[int]) -> int:
    """Ends the messages about some of a member's searches and keeps the searches; returns how many there were."""
    found = SavedSearch.objects.filter(owner_id=owner_id, pk__in=ids)
    return found.exclude(frequency=Frequency.NEVER).update(frequency=Frequency.NEVER, due_at=None)


def _name_checked(name: str, *, cut: bool = False) -> str:
    text = " ".join(name.replace("\x00", "").split())
    if cut:
        text = text if len(text) <= LONGEST_NAME else f"{text[: LONGEST_NAME - 1]}…"
    if not text:
        raise Invalid({"name": [_("Give it a name.")]})
    if len(text) > LONGEST_NAME:
        raise Invalid({"name": [_("At most %(count)d characters.") % {"count": LONGEST_NAME}]})
    return text


def _frequency_checked(frequency: str) -> str:
    if frequency not in Frequency.values:
        words = _("Choose one of these: %(choices)s.") % {"choices": ", ".join(Frequency.values)}
        raise Invalid({"frequency": [words]})
    return frequency
