"""Keeping wagtail-localize's sources in step with the pages they were made from."""

import logging

from django.db import transaction
from wagtail.models import Page
from wagtail_localize.models import TranslationSource

logger = logging.getLogger(__name__)


def translation_source_refresh(*, page: Page) -> bool:
    """Takes the words of a published page into its translation source; returns whether there is one.

    Segments that did not change keep their translations, a person's edits among them; new and changed ones wait for a
    translator. Without this the source keeps the words of the day it was made. A source that cannot be taken (its
    blocks are older than the code) is logged and leaves the page published.
    """
    source = TranslationSource.objects.filter(
        object__translation_key=page.translation_key, locale_id=page.locale_id
    ).first()
    if source is None:
        return False
    try:
        with transaction.atomic():
            source.update_from_db()
    except Exception:
        logger.exception("the translation source of page %s cannot be brought up to date", page.pk)
    return True
