"""Before publishing: what an entry would change, and what it collides with."""

import pytest

from portal.curation.models import TermEntry
from portal.curation.selectors.effects import effects_of, queries_asked, queries_of
from portal.curation.selectors.termbase import ConflictKind, conflicts_of, documents_count, is_everyday
from portal.discovery.models import Search
from portal.questions.services.questions import question_delete
from search import synonyms
from search.synonyms import Term
from tests.factories.accounts import member
from tests.factories.curation import entry
from tests.factories.events import committed
from tests.factories.questions import question

pytestmark = pytest.mark.django_db


def address(row: TermEntry) -> str:
    return f"/cms/termbase/{row.pk}/effect/"


@pytest.fixture
def furniture(index):
    """A question on a couch and one on a divan, in Russian."""
    rows = question(title="The couch has lost a leg"), question(title="У дивана отвалилась ножка", language="ru")
    question(title="The lamp flickers")
    index()
    return rows


def titles(lines) -> list[tuple[str, int | None, int | None]]:
    return [(line.result.hit.title, line.before, line.after) for line in lines]


def test_what_comes_in(furniture):
    couch, divan = furniture
    row = entry(publish=False, en=["sofa", "couch"], ru="диван")
    (effect,) = effects_of(entry=row, queries=["sofa"], language="en", user=None)
    assert effect.before == [] and effect.total_before == 0
    assert titles(effect.after) == [(couch.title, None, 1), (divan.title, None, 2)]
    assert effect.changes and [each.text for each in effect.added] == ["couch", "диван"] and effect.lost == []
    (russian,) = effects_of(entry=row, queries=["sofa"], language="ru", user=None)
    assert next(line.result.hit.title for line in russian.after) == divan.title


def test_what_leaves_and_what_moves(furniture):
    couch, divan = furniture
    row = entry(en=["sofa", "couch"], ru="диван")
    row.words_set([Term("sofa", "en"), Term("диван", "ru")])
    (effect,) = effects_of(entry=row, queries=["sofa"], language="en", user=None)
    assert titles(effect.before) == [(couch.title, 1, None), (divan.title, 2, 1)]
    assert titles(effect.after) == [(divan.title, 2, 1)]
    assert effect.after[0].moved == 1 and effect.before[0].moved == 0
    assert [each.text for each in effect.lost] == ["couch"]


def test_a_query_that_holds_no_term_does_not_change(furniture):
    row = entry(publish=False, en=["sofa", "couch"])
    (effect,) = effects_of(entry=row, queries=["lamp flickers"], language="en", user=None)
    assert not effect.changes and effect.before and effect.added == []


def test_the_preview_changes_nothing_for_readers(desk, client, furniture):
    row = entry(publish=False, en=["sofa", "couch"])
    assert "comes in" in desk.get(address(row), {"q": "sofa", "language": "en"}).text
    assert synonyms.current().expansions_for("sofa") == ()
    assert client.get("/api/v1/search?q=sofa").json()["results"] == []


def test_the_draft_of_a_published_entry_is_what_is_previewed(desk, furniture):
    row = entry(en=["sofa", "settle"])
    row.words_set([Term("sofa", "en"), Term("couch", "en")])
    row.save_revision()
    page = desk.get(address(row), {"q": "sofa"}).text
    assert "comes in" in page and "No longer searched for" in page and "settle" in page


def test_days_are_left_aside(furniture):
    from datetime import date

    row = entry(publish=False, fields={"starts_on": date(2199, 1, 1)}, en=["sofa", "couch"])
    (effect,) = effects_of(entry=row, queries=["sofa"], language="en", user=None)
    assert len(effect.after) == 1


def test_the_editor_sees_only_what_she_may_see(desk, furniture):
    couch, _divan = furniture
    row = entry(publish=False, en=["sofa", "couch"])
    with committed():
        question_delete(user=member(staff=True), question_id=couch.pk)
    assert couch.title not in desk.get(address(row), {"q": "sofa"}).text


ODD = ["", "\n\n", "?!", "a" * 3_000, "\ud800", "<script>x</script>", '"', "\n".join("abcdefghijkl")]


@pytest.mark.parametrize("typed", ODD)
@pytest.mark.parametrize("language", ["ja", "xx"])
def test_anything_may_be_tried(desk, index, typed, language):
    row = entry(publish=False, en=["sofa", "couch"])
    response = desk.get(address(row), {"q": typed.encode("utf-8", "replace"), "language": language})
    assert response.status_code == 200 and "<script>x" not in response.text
    assert len(response.context["effects"]) <= 8


def test_a_removed_or_unknown_entry_has_no_preview(desk):
    row = entry(en="sofa")
    TermEntry.objects.update(removed_at=row.latest_revision.created_at)
    assert desk.get(address(row), follow=True).status_code == 404
    assert desk.get("/cms/termbase/999/effect/", follow=True).status_code == 404


# Queries to try


def logged(text: str, times: int = 1, **more) -> None:
    for _ in range(times):
        Search.objects.create(surface="page", language="en", who="stranger", text=text, normalized=text.lower(), **more)


def test_what_readers_asked_lately_that_holds_a_term(desk, index):
    logged("my sofas squeak")
    logged("Sofa legs", 3)
    logged("lamp", 9)
    logged("", withheld="email")
    row = entry(publish=False, en=["sofa", "couch"])
    assert queries_asked(row) == ["sofa legs", "my sofas squeak"]
    page = desk.get(address(row))
    assert [effect.query for effect in page.context["effects"]] == ["sofa", "couch", "sofa legs", "my sofas squeak"]


def test_searches_of_long_ago_and_more_than_five_are_left_out():
    from datetime import timedelta

    from portal.core.clock import now

    logged("old sofa", at=now() - timedelta(days=31))
    for number in range(7):
        logged(f"sofa {number}")
    asked = queries_asked(entry(publish=False, en=["sofa", "couch"]))
    assert len(asked) == 5 and "old sofa" not in asked


def test_terms_of_the_language_are_tried_first():
    row = entry(publish=False, en=["sofa", "couch"], ru=["диван", "софа"], any="Sofalux")
    assert queries_of(row, "ru") == ["диван", "софа", "Sofalux"]


# Conflicts


def kinds(row: TermEntry) -> list[tuple[ConflictKind, str]]:
    return [(conflict.kind, conflict.term) for conflict in conflicts_of(row)]


def test_an_entry_of_its_own_words_has_no_conflict(index):
    entry(en=["lamp", "light"])
    assert kinds(entry(publish=False, en=["sofa", "couch"])) == []


@pytest.mark.parametrize("term", ["sofa", "Sofas", "SOFÁ"])
def test_a_term_that_another_entry_has_too(index, term):
    other = entry(en=[term, "settee"])
    (conflict,) = conflicts_of(entry(publish=False, en=["sofa", "couch"]))
    assert (conflict.kind, conflict.term, conflict.other) == (ConflictKind.SHARED, "sofa", other)


def test_drafts_and_removed_entries_and_the_entry_itself_are_no_conflict(index):
    entry(publish=False, en=["sofa", "settee"])
    TermEntry.objects.filter(pk=entry(en=["sofa", "x"]).pk).update(removed_at="2026-01-01T00:00Z")
    assert kinds(entry(en=["sofa", "couch"])) == []


def test_protection_both_ways(index):
    shielding = {"protected": True}
    entry(fields=shielding, any="Rill")
    assert kinds(entry(publish=False, en=["rill", "brook"])) == [(ConflictKind.GUARDED, "rill")]
    entry(en=["lynx", "cat"])
    assert kinds(entry(publish=False, fields=shielding, any="Lynx")) == [(ConflictKind.GUARDS, "Lynx")]
    assert kinds(entry(publish=False, fields=shielding, any="Only")) == []


def test_one_way_terms_that_lead_to_each_other(index):
    entry(en="sofa", typed_en="divan")
    found = conflicts_of(entry(publish=False, en="divan", typed_en="sofa"))
    assert (ConflictKind.LOOP, "sofa") in [(conflict.kind, conflict.term) for conflict in found]


def test_an_entry_with_nothing_to_find(index):
    assert kinds(entry(publish=False, en="sofa")) == [(ConflictKind.ALONE, "sofa")]
    assert kinds(entry(publish=False, en=["sofa", "sofas"])) == [(ConflictKind.ALONE, "sofa")]
    assert kinds(entry(publish=False, en="sofa", typed_en="divan")) == []


def test_everyday_words(index):
    for number in range(20):
        question(title=f"Printer number {number}", body="It blinks and nothing comes out of the slot.")
    question(title="A couch", body="Brown.")
    index()
    expected = {"the": True, "printer": True, "couch": False, "printer slot": False, "在": False, "?!": False}
    count = documents_count()
    assert {word: is_everyday(Term(word), documents=count) for word in expected} == expected
    assert (ConflictKind.EVERYDAY, "printer") in kinds(entry(publish=False, en=["printer", "couch"]))


def test_conflicts_are_told_in_words_after_saving_and_before_publishing(desk, index):
    entry(en=["sofa", "settee"])
    blank = {f"{kind}_{code}": "" for kind in ("terms", "typed") for code in ("all", "en", "ru", "ja", "ar")}
    sent = {**blank, "name": "", "note": "", "starts_on": "", "ends_on": "", "terms_en": "sofa\ncouch"}
    page = desk.post("/cms/snippets/curation/termentry/add/", sent, follow=True)
    words = "is also in the entry “sofa”"
    assert words in page.text
    assert words in desk.get(address(TermEntry.objects.latest("pk"))).text
