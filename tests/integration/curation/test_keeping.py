"""Keeping terms and promotions by the services themselves: rights, revisions, what each act announces."""

from datetime import date

import pytest
from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError
from django.db import transaction
from wagtail.models import ModelLogEntry

from portal.core.errors import NotAllowed
from portal.curation.models import LiveVersion, Promotion, TermEntry
from portal.curation.selectors.rights import may_curate, require_curator
from portal.curation.selectors.termbase import TERMS, live_version, termbase_concepts, termbase_stamp, termbase_with
from portal.curation.services.entries import curated_remove, curated_restore, curated_save, entry_make
from portal.curation.services.live import promotions_announce, terms_announce
from search import synonyms
from search.synonyms import Concept, Term
from tests.factories.accounts import member
from tests.factories.curation import entry, promotion, search_editor, terms_of
from tests.factories.events import committed
from tests.factories.questions import question

pytestmark = pytest.mark.django_db

SOFA = [Term("sofa", "en"), Term("couch", "en"), Term("диван", "ru")]


# Rights


def test_who_may_keep_terms():
    editor, staff, root = search_editor(), member(staff=True), member()
    root.is_superuser = True
    root.save()
    for model in (TermEntry, Promotion):
        for act in ("add", "change", "delete", "publish"):
            assert may_curate(editor, model, act) and may_curate(root, model, act)
            for nobody in (None, member(), staff):
                assert not may_curate(nobody, model, act)
                with pytest.raises(NotAllowed):
                    require_curator(nobody, model, act)


def test_an_editor_who_left_may_nothing():
    editor = search_editor()
    editor.is_active = False
    editor.save()
    assert not may_curate(editor, TermEntry)


def test_one_right_is_not_another():
    user = member(staff=True)
    user.user_permissions.add(Permission.objects.get(codename="change_termentry"))
    assert may_curate(user, TermEntry) and not may_curate(user, TermEntry, "delete")
    assert not may_curate(user, Promotion)
    row = entry(en="sofa")
    for act in (curated_remove, curated_restore):
        with pytest.raises(NotAllowed):
            act(item=row, user=user)
    row.refresh_from_db()
    assert row.live and row.removed_at is None and not ModelLogEntry.objects.filter(action="wagtail.delete").exists()


# Writing


def test_a_draft_and_a_publication_each_leave_a_revision_by_their_author():
    editor = search_editor("editor")
    row = entry_make(terms=SOFA, user=editor, publish=False, note="one")
    assert (row.name, row.live, row.words_text) == ("sofa", False, "sofa\ncouch\nдиван")
    row.note = "two"
    curated_save(item=row, user=editor, publish=True)
    assert row.live and row.note == "two"
    assert [revision.user for revision in row.revisions.all()] == [editor, editor]
    assert set(ModelLogEntry.objects.values_list("action", flat=True)) == {"wagtail.edit", "wagtail.publish"}


def test_a_change_of_a_live_entry_waits_for_its_publication():
    row = entry(en=["sofa", "couch"])
    row.words_set([Term("sofa", "en"), Term("settee", "en")])
    curated_save(item=row, user=None, publish=False)
    assert TermEntry.objects.get().words_text == "sofa\ncouch"
    assert row.get_latest_revision_as_object().words_text == "sofa\nsettee"


def test_an_entry_that_cannot_be_is_not_half_written():
    with pytest.raises(ValidationError), transaction.atomic():
        entry_make(terms=SOFA, user=None, publish=True, starts_on="tomorrow")
    assert not TermEntry.objects.exists() and live_version(TERMS) == 0


def test_terms_are_kept_once_and_by_language():
    row = TermEntry()
    row.words_set([*SOFA, *SOFA, Term("divan", "en", one_way=True), Term("Sofalux")])
    assert len(row.words) == 5
    assert row.in_language("en") == ["sofa", "couch"] and row.in_language("en", one_way=True) == ["divan"]
    assert row.in_language("") == ["Sofalux"] and row.in_language("ja") == []
    assert row.terms == (*SOFA, Term("divan", "en", True), Term("Sofalux"))


def test_a_name_given_stays_and_a_long_one_is_cut():
    named, long = TermEntry(name="Seat"), TermEntry()
    named.words_set(SOFA)
    long.words_set([Term("x" * 200)])
    assert (named.name, len(long.name)) == ("Seat", 120)


def test_an_old_revision_without_its_searched_text_gets_it():
    row = entry(en="sofa")
    row.words_text = ""
    row.full_clean()
    assert row.words_text == "sofa"


# Reading


def test_the_search_reads_what_is_published_and_not_removed(django_assert_num_queries):
    kept = entry(en=["sofa", "couch"], fields={"protected": True, "starts_on": date(2027, 1, 1)})
    entry(publish=False, en="draft")
    with committed():
        curated_remove(item=entry(en="removed"), user=search_editor())
    with django_assert_num_queries(3):
        (concept,) = termbase_concepts()
    assert concept == Concept(
        str(kept.pk), (Term("sofa", "en"), Term("couch", "en")), True, kept.starts_at, kept.ends_at
    )


def test_a_termbase_with_a_draft_holds_it_once():
    row, other = entry(en=["sofa", "couch"]), entry(en=["lamp", "light"])
    row.words_set([Term("sofa", "en"), Term("settee", "en")])
    base = termbase_with(row)
    assert sorted(concept.key for concept in base.concepts) == sorted([str(row.pk), str(other.pk)])
    assert [each.text for each in base.expansions_for("sofa")] == ["settee"]


def test_the_stamp_changes_with_whatever_happens_to_an_entry():
    seen = {termbase_stamp()}
    row = entry(publish=False, en=["sofa", "couch"])
    for act in (
        lambda: None,
        lambda: curated_save(item=row, user=None, publish=False),
        lambda: curated_save(item=row, user=None, publish=True),
        row.unpublish,
        lambda: curated_remove(item=row, user=search_editor()),
        lambda: entry(publish=False, en="other"),
    ):
        act()
        stamp = termbase_stamp()
        assert stamp not in seen
        seen.add(stamp)


# Announcing


def test_versions_rise_apart():
    for _ in range(3):
        terms_announce()
    promotions_announce()
    assert dict(LiveVersion.objects.values_list("name", "number")) == {"terms": 3, "promotions": 1}


def test_nothing_is_announced_by_a_transaction_that_fails():
    with pytest.raises(RuntimeError), transaction.atomic():
        terms_announce()
        raise RuntimeError
    assert live_version(TERMS) == 0


@pytest.mark.parametrize("act", ["publish", "unpublish", "remove"])
def test_each_act_is_live_in_this_process_at_once(act):
    row = entry(publish=act != "publish", en=["sofa", "couch"])
    synonyms.current()
    with committed():
        if act == "publish":
            curated_save(item=row, user=None, publish=True)
        elif act == "unpublish":
            row.unpublish()
        else:
            curated_remove(item=row, user=search_editor())
    found = [each.text for each in synonyms.current().expansions_for("sofa")]
    assert found == (["couch"] if act == "publish" else [])


def test_a_removed_item_is_removed_once_and_restored_as_a_draft():
    editor, row = search_editor(), promotion(question(), queries="labels")
    curated_remove(item=row, user=editor)
    row.refresh_from_db()
    assert row.removed_at is not None and not row.live
    curated_restore(item=row, user=editor)
    row.refresh_from_db()
    assert row.removed_at is None and not row.live and row.queries == "labels"
    actions = list(ModelLogEntry.objects.order_by("timestamp").values_list("action", flat=True))
    assert actions[-2:] == ["wagtail.delete", "curation.restore"]


def test_the_factory_makes_terms_of_every_kind():
    made = terms_of(any="Rill", typed_any="ril", en=["a", "b"], typed_ru="в")
    assert made == [Term("Rill"), Term("ril", None, True), Term("a", "en"), Term("b", "en"), Term("в", "ru", True)]
