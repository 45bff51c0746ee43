"""Writing thousands of rows at once: the same rows as Django's own way of writing them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.accounts.models import User
from portal.core.bulk import ids_reserve, rows_insert, rows_update
from portal.core.models import Source, Topic
from portal.experts.models import Profile
from portal.importers.models import ImportRun, TouchedPost
from portal.questions.models import Question, Revision

pytestmark = pytest.mark.django_db

MOMENT = datetime(2021, 2, 3, 4, 5, 6, 7000, tzinfo=UTC)
TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=40)


def question(title: str, **more: object) -> Question:
    return Question(title=title, slug="s", body="b", body_html="<p>b</p>", language="en", created_at=MOMENT, **more)


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(rows=st.lists(st.tuples(TEXT, st.integers(-(2**31), 2**31 - 1), st.floats(-1e9, 1e9), st.booleans())))
def test_rows_are_read_back_as_they_were_given(rows) -> None:
    Question.objects.all().delete()
    given = [question(title, score=score, hot=hot, locked=locked) for title, score, hot, locked in rows]
    rows_insert(model=Question, objects=given, with_ids=True)
    read = Question.objects.in_bulk([each.pk for each in given])
    assert [(read[q.pk].title, read[q.pk].score, read[q.pk].hot, read[q.pk].locked) for q in given] == rows


def test_every_kind_of_column_is_written_as_django_writes_it() -> None:
    source = Source.objects.create(name="s")
    user = User.objects.create(username="u")

    def fresh() -> Question:
        return question("t", author=user, source=source, source_key="1", settled_at=MOMENT, edited_by=None)

    one = fresh()
    one.save()
    columns = [column.attname for column in Question._meta.concrete_fields if not column.primary_key]
    saved = Question.objects.filter(pk=one.pk).values_list(*columns).get()
    one.delete()
    two = fresh()
    two.last_activity_at, two.updated_at = one.last_activity_at, one.updated_at
    rows_insert(model=Question, objects=[two], with_ids=True)
    assert Question.objects.filter(pk=two.pk).values_list(*columns).get() == saved


def test_json_is_written_and_read() -> None:
    asked = question("t")
    asked.save()
    revision = Revision(question=asked, number=1, topics=["a", "дверь"])
    rows_insert(model=Revision, objects=[revision], with_ids=True)
    assert Revision.objects.get(pk=revision.pk).topics == ["a", "дверь"]
    revision.topics = [{"b": None}]
    rows_update(model=Revision, objects=[revision], names=["topics"])
    assert Revision.objects.get(pk=revision.pk).topics == [{"b": None}]


def test_ids_are_never_given_twice_nor_to_others() -> None:
    first = [question(str(number)) for number in range(5)]
    rows_insert(model=Question, objects=first, with_ids=True)
    between = question("by Django")
    between.save()
    second = [question(str(number)) for number in range(5)]
    rows_insert(model=Question, objects=second, with_ids=True)
    ids = [each.pk for each in (*first, between, *second)]
    assert len(set(ids)) == 11
    assert Question.objects.count() == 11


def test_the_id_of_a_deleted_row_is_not_used_again() -> None:
    gone = question("t")
    gone.save()
    pk = gone.pk
    gone.delete()
    assert ids_reserve(model=Question, count=1)[0] > pk


def test_a_primary_key_that_is_no_counter_is_written() -> None:
    user = User.objects.create(username="u")
    rows_insert(model=Profile, objects=[Profile(user=user, location="Oslo")])
    assert Profile.objects.get(user=user).location == "Oslo"


def test_conflicts_are_left_out_where_asked_and_fail_where_not() -> None:
    source = Source.objects.create(name="s")
    notes = [TouchedPost(source=source, work=1, object_id=number) for number in (1, 2, 2, 3)]
    rows_insert(model=TouchedPost, objects=notes, ignore_conflicts=True)
    rows_insert(model=TouchedPost, objects=notes, ignore_conflicts=True)
    assert sorted(TouchedPost.objects.values_list("object_id", flat=True)) == [1, 2, 3]
    with pytest.raises(IntegrityError):
        rows_insert(model=TouchedPost, objects=notes[:1])


def test_anything_with_the_attributes_can_be_inserted() -> None:
    class Light:
        name, slug, parent_id, description, kind = "n", "n", None, "d", "topic"

    rows_insert(model=Topic, objects=[Light()])
    assert Topic.objects.get().description == "d"


def test_an_update_touches_the_named_columns_of_the_named_rows_only() -> None:
    one, two = question("one"), question("two")
    rows_insert(model=Question, objects=[one, two], with_ids=True)
    one.title, one.score, one.settled_at = "changed", 7, MOMENT
    rows_update(model=Question, objects=[one], names=["title", "settled_at"])
    one.refresh_from_db()
    two.refresh_from_db()
    assert (one.title, one.score, one.settled_at) == ("changed", 0, MOMENT)
    assert two.title == "two"


def test_an_update_writes_links_to_other_rows_by_their_field() -> None:
    one, two = question("one"), question("two")
    rows_insert(model=Question, objects=[one, two], with_ids=True)
    one.duplicate_of_id = two.pk
    rows_update(model=Question, objects=[one], names=["duplicate_of"])
    assert Question.objects.get(pk=one.pk).duplicate_of == two


def test_nothing_costs_nothing(django_assert_num_queries) -> None:
    with django_assert_num_queries(0):
        rows_insert(model=Question, objects=[], with_ids=True)
        rows_update(model=Question, objects=[], names=["title"])


def test_a_thousand_rows_cost_two_statements(django_assert_num_queries) -> None:
    source = Source.objects.create(name="s")
    runs = [ImportRun(source=source, language="en", fingerprint=str(number), counts={}) for number in range(1000)]
    with django_assert_num_queries(2):
        rows_insert(model=ImportRun, objects=runs, with_ids=True)
    for run in runs:
        run.counts = {"users": {"read": run.pk}}
    with django_assert_num_queries(1):
        rows_update(model=ImportRun, objects=runs, names=["counts"])
    assert ImportRun.objects.get(pk=runs[-1].pk).counts == {"users": {"read": runs[-1].pk}}
