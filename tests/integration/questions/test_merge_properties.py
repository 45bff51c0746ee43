"""Any history of two questions, joined and parted: every row is what it was."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from portal.core.errors import PortalError
from portal.questions.models import (
    Answer,
    Bookmark,
    Comment,
    CommentVersion,
    Demand,
    Draft,
    Question,
    QuestionLink,
    Revision,
    Vote,
)
from portal.questions.services.answers import answer_accept, answer_create, answer_delete
from portal.questions.services.carrying import carried_columns
from portal.questions.services.comments import comment_create, comment_delete
from portal.questions.services.conversions import comment_convert
from portal.questions.services.counters import answers_recount, questions_recount
from portal.questions.services.life import question_settle
from portal.questions.services.merging import merge_undo, questions_merge
from portal.questions.services.votes import vote_cast
from tests.factories.accounts import member
from tests.factories.questions import question

TABLES = (Question, Answer, Comment, CommentVersion, Revision, Vote, Bookmark, Demand, Draft, QuestionLink)


def rows():
    """Every row of what may move."""
    return {table.__name__: list(table.objects.order_by("pk").values()) for table in TABLES}


class Pair:
    """Two questions with people around them, and a third that repeats one of them."""

    def __init__(self):
        self.people = [member(staff=number == 0) for number in range(3)]
        self.asked = [question(self.people[1]), question(self.people[2])]
        self.third = question(self.people[0])

    def step(self, act, who, which, value):
        """Tries an act on one of the two; a refusal is an answer too."""
        user, asked = self.people[who], self.asked[which % 2]
        answers = list(Answer.objects.filter(question=asked).order_by("pk").values_list("pk", flat=True))
        comments = list(Comment.objects.filter(question=asked).order_by("pk"))
        answer = answers[value % len(answers)] if answers else 0
        said = comments[value % len(comments)] if comments else None
        try:
            getattr(self, act)(user, asked, answer, said)
        except PortalError:
            return

    def answer(self, user, asked, _answer, _said):
        answer_create(user=user, question_id=asked.pk, body="So.")

    def accept(self, _user, asked, answer, _said):
        answer_accept(user=self.people[0], answer_id=answer)

    def delete(self, _user, _asked, answer, _said):
        answer_delete(user=self.people[0], answer_id=answer)

    def vote(self, user, asked, _answer, _said):
        vote_cast(user=user, kind="question", post_id=asked.pk, value=1)

    def vote_answer(self, user, _asked, answer, _said):
        vote_cast(user=user, kind="answer", post_id=answer, value=-1)

    def comment(self, user, asked, _answer, said):
        under = said.answer_id if said else None
        kind, pk = ("answer", under) if under else ("question", asked.pk)
        comment_create(user=user, kind=kind, post_id=pk, body="Hm?", parent_id=said.pk if said else None)

    def comment_answer(self, user, _asked, answer, _said):
        comment_create(user=user, kind="answer", post_id=answer, body="Hm?")

    def uncomment(self, _user, _asked, _answer, said):
        comment_delete(user=self.people[0], comment_id=said.pk if said else 0)

    def convert(self, _user, _asked, _answer, said):
        comment_convert(user=self.people[0], comment_id=said.pk if said else 0)

    def keep(self, user, asked, _answer, _said):
        Bookmark.objects.get_or_create(user=user, question=asked)
        Demand.objects.get_or_create(user=user, question=asked)
        Draft.objects.get_or_create(owner=user, kind="answer", target_id=asked.pk, defaults={"question": asked})
        questions_recount(ids=[asked.pk])

    def link(self, _user, asked, _answer, _said):
        QuestionLink.objects.get_or_create(question=asked, target=self.third, kind="related")
        QuestionLink.objects.get_or_create(question=self.third, target=asked, kind="related")
        QuestionLink.objects.get_or_create(question=self.asked[0], target=self.asked[1], kind="related")

    def repeat(self, _user, asked, _answer, _said):
        question_settle(user=self.people[0], question_id=self.third.pk, status="duplicate", duplicate_of=asked.pk)


ACTS = ("answer", "accept", "delete", "vote", "vote_answer", "comment", "comment_answer", "uncomment", "convert",
        "keep", "link", "repeat")  # fmt: skip
STEPS = st.lists(
    st.tuples(st.sampled_from(ACTS), st.integers(0, 2), st.integers(0, 1), st.integers(0, 5)), min_size=3, max_size=14
)


class JoinedAndParted(TestCase):
    """The founder's promise: a merge is undone whole."""

    @settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(STEPS)
    def test_nothing_is_different_afterwards(self, steps):
        pair = Pair()
        for act, who, which, value in steps:
            pair.step(act, who, which, value)
        staff, (source, target) = pair.people[0], pair.asked
        questions_recount(ids=[source.pk, target.pk])
        before = rows()
        merge = questions_merge(user=staff, source_id=source.pk, target_id=target.pk)
        self.assert_joined(source, target)
        merge_undo(user=staff, merge_id=merge.pk)
        assert rows() == before

    def assert_joined(self, source, target):
        """Nothing is left at the source that could be read, and what is counted at the target is there."""
        assert not Answer.objects.filter(question=source).exists()
        assert not Comment.objects.filter(question=source).exists()
        assert questions_recount(ids=[source.pk, target.pk]) == 0
        assert answers_recount(ids=list(Answer.objects.values_list("pk", flat=True))) == 0
        for each in carried_columns():
            if each.apart == "pk":
                assert not each.rows().filter(**{each.column: source.pk}).exists(), each.key
        assert not QuestionLink.objects.filter(question=target, target=target).exists()
        accepted = Question.objects.get(pk=target.pk).accepted_answer
        assert accepted is None or accepted.question_id == target.pk
