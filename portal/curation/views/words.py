"""What the staff is told: states, and what an entry collides with."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.curation.selectors.promotions import State
from portal.curation.selectors.termbase import Conflict, ConflictKind

STATE_NAMES: dict[State, str | Promise] = {
    State.CURRENT: gettext_lazy("In force"),
    State.PLANNED: gettext_lazy("Planned"),
    State.ENDED: gettext_lazy("Ended"),
    State.BROKEN: gettext_lazy("Broken: a page is gone or not open to everybody"),
    State.DRAFT: gettext_lazy("Draft"),
}


def conflict_told(conflict: Conflict) -> str:
    """Returns a conflict as one sentence."""
    told = {
        ConflictKind.SHARED: _("“%(term)s” is also in the entry “%(other)s”: a search is widened by both."),
        ConflictKind.GUARDED: _("“%(term)s” stands on words that “%(other)s” protects: there it widens nothing."),
        ConflictKind.GUARDS: _("“%(term)s” would be protected: “%(other)s” would widen no search for it any more."),
        ConflictKind.LOOP: _("“%(term)s” is one-way, but “%(other)s” leads back: it would work both ways."),
        ConflictKind.EVERYDAY: _("“%(term)s” is an everyday word: many searches would be widened."),
        ConflictKind.ALONE: _("“%(term)s” has nothing else to find: it changes no search."),
    }
    other = conflict.other.name if conflict.other else ""
    return told[conflict.kind] % {"term": conflict.term, "other": other}
