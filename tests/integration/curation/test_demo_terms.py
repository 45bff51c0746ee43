"""The demo's termbase: believable in four languages, without a conflict, and found by."""

import pytest
import yaml

from portal.core.demo import demo_parts
from portal.curation.models import Promotion, TermEntry
from portal.curation.selectors.promotions import State, promoted_for, promotion_states
from portal.curation.selectors.termbase import conflicts_of
from portal.importers.demo.content import CONTENT, read_content
from portal.importers.demo.loading import demo_load
from search import client as search_client
from search import synonyms
from search.documents import SearchRequest
from search.indexing import drain
from search.synonyms import term_forms
from tests.factories.events import committed

pytestmark = pytest.mark.django_db
SCRIPTS = {"en": "latin", "ru": "cyrillic", "ja": "japanese", "ar": "arabic"}


def entries() -> list[dict]:
    return read_content().parts["termbase"]


def test_the_files_say_what_the_loader_reads():
    known = {"name", "note", "protected", "draft", "all", "typed_all"} | {
        f"{kind}{code}" for kind in ("", "typed_") for code in SCRIPTS
    }
    for entry in entries():
        assert set(entry) <= known, entry["name"]
        assert "draft" in entry or "protected" in entry or {"en", "ru", "ja", "ar"} <= set(entry), entry["name"]
    assert sum("draft" in entry for entry in entries()) == 1
    assert set(demo_parts()) >= {"termbase", "promotions"}
    assert yaml.safe_load((CONTENT / "promotions.yaml").read_text())[0]["queries"]


@pytest.mark.parametrize("code", SCRIPTS)
def test_terms_are_in_the_script_of_their_language(code):
    from search.analyzers.scripts import script_of

    for entry in entries():
        for text in [*entry.get(code, []), *entry.get(f"typed_{code}", [])]:
            assert script_of(text) == SCRIPTS[code], text
            assert term_forms(synonyms.Term(text, code)), text


def test_the_story_is_found_by_other_words(index):
    """One load for all of it: the demo takes seconds."""
    with committed():
        demo_load()
    drain()
    while drain():
        pass
    assert TermEntry.objects.filter(live=True).count() == len(entries()) - 1
    assert all(row.latest_revision_id for row in TermEntry.objects.all())
    told = {row.name: [(each.kind.value, each.term) for each in conflicts_of(row)] for row in TermEntry.objects.all()}
    # In a shop of hubs the word is in every fifth question: its readers have several languages all the same.
    surprising = {name: found for name, found in told.items() if found and not name.endswith("(a draft)")}
    assert surprising == {"hub": [("everyday", "hub")]}

    def titles(text: str, *reads: str) -> list[str]:
        return [hit.title for hit in search_client.search(SearchRequest(text=text, reads=reads, limit=10)).hits]

    for typed, reads, part in [
        ("осадкомер", "ru", "Rain gauge"),
        ("pluviometer shows double", "en", "Rain gauge shows twice"),
        ("warranty", "ru", "гарантии"),
        ("ゲートウェイ", "ja", "Hub"),
        ("الكفالة", "ar", "الضمان"),
        ("winterize RV-6", "ru", "на зиму"),
    ]:
        found = titles(typed, reads)
        assert any(part in title for title in found), (typed, found)
    assert synonyms.is_protected("rill") and not synonyms.is_protected("drill")
    row = Promotion.objects.get()
    assert promotion_states([row])[row.pk] is State.CURRENT
    assert promoted_for("my valve is leaking", "en") == promoted_for("a valve with leaks", "en") == row.target_keys
    assert promoted_for("valve leak", "ru") == ()
