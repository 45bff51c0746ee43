"""manage.py check_integrity, between questions: chains, rings, merges by half, links; looked for, and put right."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from portal.core.clock import now
from portal.questions.models import Answer, Comment, Merge, Question, QuestionLink
from portal.questions.services.answers import answer_create
from portal.questions.services.merging import merge_undo, questions_merge
from search.models import OutboxEntry
from tests.factories.accounts import member
from tests.factories.questions import answer, comment, question

CHECKS = ("merges", "left-behind", "repeats", "links")


def checked(*, repair=False):
    """Runs the checks between questions; returns what they printed and whether anything is left."""
    out = StringIO()
    try:
        call_command("check_integrity", *CHECKS, repair=repair, stdout=out)
    except CommandError:
        return out.getvalue(), True
    return out.getvalue(), False


def repeats(pairs):
    """Marks questions as repeats by hand, as an import or a fault may leave them."""
    for one, other in pairs:
        columns = {"status": "duplicate", "duplicate_of": other, "settled_at": now()}
        Question.objects.filter(pk=one.pk).update(**columns)


def mended():
    """Looks, which changes nothing; repairs; looks again. Returns what was found."""
    before = list(Question.objects.order_by("pk").values())
    found, left = checked()
    assert left
    assert list(Question.objects.order_by("pk").values()) == before
    assert checked(repair=True)[1] is False
    assert checked() == (checked()[0], False)
    return found


@pytest.mark.django_db
class TestRepeats:
    def test_a_chain_leads_straight_to_its_end(self):
        far, near, end = question(), question(), question()
        repeats([(far, near), (near, end)])
        assert f"question {far.pk}: duplicate_of is {near.pk}, should be {end.pk}" in mended()
        assert set(Question.objects.filter(status="duplicate").values_list("duplicate_of", flat=True)) == {end.pk}

    @pytest.mark.parametrize("ringed", [True, False])
    def test_longer_than_any_page_would_follow_is_mended_in_one_run(self, ringed):
        first = question()
        columns = {"author": first.author, "body": "So.", "body_html": "<p>So.</p>", "language": "en"}
        rest = Question.objects.bulk_create(
            Question(title=f"Asked again {number}?", slug=f"asked-again-{number}", **columns) for number in range(59)
        )
        every = [first, *rest]
        repeats(zip(every, [*rest, first], strict=True) if ringed else zip(every[:-1], rest, strict=True))
        mended()
        end = first.pk if ringed else rest[-1].pk
        assert Question.objects.exclude(pk=end).filter(status="duplicate", duplicate_of=end).count() == 59
        assert Question.objects.get(pk=end).status == "open"

    def test_of_a_ring_the_first_is_open_again_and_the_others_lead_to_it(self):
        ring = [question() for _ in range(3)]
        answer(ring[0])
        outside = question()
        repeats([*zip(ring, [*ring[1:], ring[0]], strict=True), (outside, ring[2])])
        mended()
        first = Question.objects.get(pk=ring[0].pk)
        assert (first.status, first.duplicate_of_id, first.settled_at) == ("answered", None, None)
        others = Question.objects.exclude(pk=first.pk).values_list("status", "duplicate_of")
        assert set(others) == {("duplicate", first.pk)}

    def test_one_that_repeats_itself_is_open(self):
        asked = question()
        repeats([(asked, asked)])
        mended()
        asked.refresh_from_db()
        assert (asked.status, asked.duplicate_of_id) == ("open", None)

    def test_one_that_leads_to_a_joined_question_leads_to_where_that_is(self):
        staff, far, source, target = member(staff=True), question(), question(), question()
        questions_merge(user=staff, source_id=source.pk, target_id=target.pk)
        repeats([(far, source)])
        mended()
        far.refresh_from_db()
        assert far.duplicate_of_id == target.pk

    def test_the_search_is_told(self):
        far, near, end = question(), question(), question()
        repeats([(far, near), (near, end)])
        OutboxEntry.objects.all().delete()
        checked()
        assert not OutboxEntry.objects.exists()
        checked(repair=True)
        assert OutboxEntry.objects.filter(document_type="question", object_id=str(far.pk)).exists()


class AnyShape(TestCase):
    @settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.lists(st.integers(0, 5) | st.none(), min_size=6, max_size=6))
    def test_whatever_leads_wherever_afterwards_every_repeat_leads_to_one_that_is_none(self, leads):
        asked = [question() for _ in leads]
        repeats([(asked[number], asked[to]) for number, to in enumerate(leads) if to is not None])
        checked(repair=True)
        assert checked()[1] is False
        ends = Question.objects.filter(status="duplicate").values_list("duplicate_of__status", flat=True)
        assert "duplicate" not in ends
        assert None not in ends
        alone = [each.pk for each, to in zip(asked, leads, strict=True) if to is None]
        assert not Question.objects.filter(pk__in=alone, status="duplicate").exists()


@pytest.mark.django_db
class TestMerges:
    @pytest.fixture
    def joined(self):
        """A question with an answer and a comment, joined with another."""
        given = answer()
        said = comment(given.question)
        merge = questions_merge(user=member(staff=True), source_id=given.question_id, target_id=question().pk)
        return merge, given, said

    def test_a_whole_one_has_nothing_to_tell(self, joined):
        assert checked()[1] is False

    def test_a_source_without_a_target_finds_it_again(self, joined):
        merge, *_ = joined
        Question.objects.filter(pk=merge.source_id).update(merged_into=None)
        assert f"merged_into is None, should be {merge.target_id}" in mended()

    def test_a_source_that_is_not_put_away_is(self, joined):
        merge, *_ = joined
        Question.objects.filter(pk=merge.source_id).update(deleted_at=None)
        assert "deleted_at is None" in mended()
        assert Question.objects.get(pk=merge.source_id).deleted_at == merge.merged_at

    def test_one_that_leads_to_a_joined_question_leads_to_the_end(self, joined):
        merge, *_ = joined
        further = question()
        questions_merge(user=member(staff=True), source_id=merge.target_id, target_id=further.pk)
        Question.objects.filter(pk=merge.source_id).update(merged_into=merge.target_id)
        mended()
        assert Question.objects.get(pk=merge.source_id).merged_into_id == further.pk

    def test_two_that_lead_to_each_other_stand_by_themselves(self, joined):
        merge, *_ = joined
        Question.objects.filter(pk=merge.target_id).update(merged_into=merge.source_id, deleted_at=now())
        mended()
        stood = Question.objects.filter(merged_into__isnull=True, deleted_at__isnull=True)
        assert stood.exists()
        for each in Question.objects.filter(merged_into__isnull=False).select_related("merged_into"):
            assert each.merged_into.merged_into_id is None

    def test_one_without_a_record_gets_one_and_can_be_parted(self, joined):
        merge, given, _said = joined
        Merge.objects.all().delete()
        assert "merge is None" in mended()
        merge_undo(user=member(staff=True), merge_id=Merge.objects.get().pk)
        given.refresh_from_db()
        assert given.question_id == merge.target_id  # what went along then is not known
        assert Question.objects.get(pk=merge.source_id).deleted_at is None
        assert checked()[1] is False

    def test_what_was_left_behind_goes_and_comes_back_when_the_two_are_parted(self, joined):
        merge, given, said = joined
        late = answer_create(user=member(), question_id=merge.target_id, body="At that moment.")
        Answer.objects.filter(pk__in=[given.pk, late.pk]).update(question=merge.source_id)
        Comment.objects.filter(pk=said.pk).update(question=merge.source_id)
        assert "left behind is '2 answers, 1 comments'" in mended()
        assert set(Answer.objects.values_list("question", flat=True)) == {merge.target_id}
        assert Question.objects.get(pk=merge.target_id).answers_count == 2
        merge_undo(user=member(staff=True), merge_id=merge.pk)
        assert set(Answer.objects.values_list("question", flat=True)) == {merge.source_id}
        said.refresh_from_db()
        assert said.question_id == merge.source_id
        assert checked()[1] is False


@pytest.mark.django_db
class TestLinks:
    @pytest.fixture
    def spoken(self):
        """A question whose answer speaks of another one; its link is not kept yet, as before links were."""
        other = question()
        given = answer(body=f"See [this](/en/questions/{other.pk}/).")
        QuestionLink.objects.all().delete()
        return given.question, other

    def test_older_posts_get_theirs(self, spoken):
        asked, other = spoken
        assert f"question {asked.pk}: links is [], should be [{other.pk}]" in mended()
        assert list(QuestionLink.objects.values_list("question", "target")) == [(asked.pk, other.pk)]

    def test_what_nothing_speaks_of_goes_and_what_was_imported_stays(self, spoken, django_assert_max_num_queries):
        from portal.core.models import Source

        asked, other = spoken
        QuestionLink.objects.create(question=other, target=asked)
        brought = QuestionLink.objects.create(
            question=asked, target=question(), source=Source.objects.create(name="dump"), source_key="1"
        )
        mended()
        assert set(QuestionLink.objects.values_list("question", "target")) == {
            (asked.pk, other.pk),
            (asked.pk, brought.target_id),
        }
        with django_assert_max_num_queries(40):
            checked()

    def test_a_merge_is_spoken_through(self, spoken):
        asked, other = spoken
        questions_merge(user=member(staff=True), source_id=other.pk, target_id=question().pk)
        QuestionLink.objects.all().delete()
        mended()
        assert QuestionLink.objects.get(question=asked).target_id == Question.objects.get(pk=other.pk).merged_into_id
