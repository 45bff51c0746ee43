"""The demo's termbase and promoted results."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings

from portal.core.demo import DemoMaterial
from portal.curation.models import Promotion
from search.synonyms import Term

from .entries import curated_save, entry_make


def demo_terms_load(material: DemoMaterial) -> None:
    """Makes the entries of the demo's termbase, published but for drafts."""
    for entry in material.entries:
        entry_make(
            terms=_terms(entry),
            user=material.staff,
            publish=not entry.get("draft", False),
            name=entry["name"],
            note=entry.get("note", ""),
            protected=entry.get("protected", False),
        )


def _terms(entry: Mapping[str, Any]) -> list[Term]:
    codes = ["", *(code for code, _name in settings.LANGUAGES)]
    return [
        Term(text, code or None, one_way)
        for code in codes
        for one_way in (False, True)
        for text in entry.get(f"{'typed_' if one_way else ''}{code or 'all'}", [])
    ]


def demo_promotions_load(material: DemoMaterial) -> None:
    """Makes the demo's promoted results; an article is shown in the language of its readers."""
    for entry in material.entries:
        language = entry.get("language", "")
        found = [material.pages.get((key, language)) or material.pages[key] for key in entry["pages"]]
        item = Promotion(
            queries="\n".join(entry["queries"]),
            matching=entry.get("matching", Promotion.Matching.EXACT),
            language=language,
            targets=[{"type": kind, "id": pk, "path": f"{kind}:{pk}"} for kind, pk in found],
            note=entry.get("note", ""),
        )
        curated_save(item=item, user=material.staff, publish=True)
