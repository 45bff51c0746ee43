"""What follows when the staff publishes terms or promoted results, or takes them back."""

from typing import Any

from wagtail.signals import published, unpublished

from portal.curation.models import Promotion, TermEntry
from portal.curation.services.live import promotions_announce, terms_announce


def _terms_changed(**_kwargs: Any) -> None:
    terms_announce()


def _promotions_changed(**_kwargs: Any) -> None:
    promotions_announce()


def connect() -> None:
    """Connects the receivers; called in ``ready()``."""
    for signal in (published, unpublished):
        signal.connect(_terms_changed, sender=TermEntry, dispatch_uid=f"curation-terms-{id(signal)}")
        signal.connect(_promotions_changed, sender=Promotion, dispatch_uid=f"curation-promotions-{id(signal)}")
