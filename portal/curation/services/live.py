"""Telling every process that what it holds in memory changed."""

from django.db import transaction
from django.db.models import F

from portal.curation.models import LiveVersion
from portal.curation.selectors.promotions import promotions_live
from portal.curation.selectors.termbase import PROMOTIONS, TERMS
from search import synonyms


@transaction.atomic
def _raise(name: str) -> None:
    LiveVersion.objects.get_or_create(name=name)
    LiveVersion.objects.filter(name=name).update(number=F("number") + 1)


def terms_announce() -> None:
    """Lets every process read the termbase again: this one at its next search, others within seconds."""
    _raise(TERMS)
    transaction.on_commit(synonyms.changed)


def promotions_announce() -> None:
    """The same for promoted results."""
    _raise(PROMOTIONS)
    transaction.on_commit(promotions_live.look_soon)
