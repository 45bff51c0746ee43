"""Random histories of a small community against a model of a page: asking, answering, voting, accepting, deleting,
bringing back, making official, merging, parting, moving through a question's life, banning. After each step every
column and every door says what the model says; in the end nothing is left for ``check_integrity``."""

from dataclasses import dataclass, field

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from portal.core.errors import PortalError
from portal.core.integrity import integrity_checks
from portal.questions.indexing import load
from portal.questions.models import Answer, Merge, Question
from portal.questions.selectors.access import answers_visible_to, questions_visible_to
from portal.questions.services.answers import (
    answer_accept,
    answer_create,
    answer_delete,
    answer_restore,
    answer_unaccept,
)
from portal.questions.services.life import question_reopen, question_settle
from portal.questions.services.merging import merge_undo, questions_merge
from portal.questions.services.official import official_lift, official_mark
from portal.questions.services.questions import question_create, question_delete, question_restore
from portal.questions.services.votes import vote_cast
from tests.factories.accounts import member
from tests.factories.events import committed

ACTS = ("ask", "answer", "answer", "vote", "vote_answer", "accept", "accept", "unaccept", "delete", "restore")
RARE = ("delete_question", "restore_question", "merge", "merge", "part", "close", "archive", "reopen", "ban", "unban")
STEPS = st.lists(
    st.tuples(st.sampled_from((*ACTS, *RARE, "mark", "lift")), st.integers(0, 3), st.integers(0, 5), st.integers(0, 5)),
    max_size=30,
)


@dataclass(eq=False)
class Asked:
    """A question of the model."""

    author: int
    deleted: bool = False
    into: "Asked | None" = None
    accepted: "Given | None" = None
    settled: str = ""
    before_archive: str = ""

    @property
    def seen(self):
        return not self.deleted and self.into is None


@dataclass(eq=False)
class Given:
    """An answer of the model. marked: it is, or was when it was deleted, the accepted one."""

    author: int
    to: Asked
    deleted: bool = False
    marked: bool = False
    official: bool = False


@dataclass(eq=False)
class Cast:
    """A vote of the model."""

    who: int
    post: Asked | Given
    value: int


@dataclass(eq=False)
class Joined:
    """A merge of the model: what went from one question to the other."""

    source: Asked
    target: Asked
    answers: list
    votes: list
    accepted: Given | None
    parted: bool = False


@dataclass
class World:
    """The rows by what the model makes of them."""

    people: list
    questions: dict = field(default_factory=dict)
    answers: dict = field(default_factory=dict)
    votes: list = field(default_factory=list)
    merges: dict = field(default_factory=dict)

    def rows(self):
        """What may not change at the hands of whoever is banned."""
        return (
            list(Question.objects.order_by("pk").values_list("pk", "deleted_at", "status", "score", "merged_into")),
            list(Answer.objects.order_by("pk").values_list("pk", "deleted_at", "question", "score", "accepted_at")),
        )

    def pick(self, rows, which):
        keys = sorted(rows)
        return (keys[which % len(keys)], rows[keys[which % len(keys)]]) if keys else (None, None)

    def step(self, act, who, one, other):
        """Does an act in both worlds; one that the portal refuses changes nothing in either."""
        try:
            with committed():
                getattr(self, act)(who, one, other)
        except PortalError:
            return False
        return True

    def ask(self, who, one, other):
        made = question_create(user=self.people[who], title="How does it work?", body="Words.", language="en")
        self.questions[made.pk] = Asked(self.people[who].pk)

    def answer(self, who, one, other):
        pk, asked = self.pick(self.questions, one)
        if pk is not None:
            made = answer_create(user=self.people[who], question_id=pk, body="Like this.")
            self.answers[made.pk] = Given(self.people[who].pk, asked)

    def vote(self, who, one, other):
        self._vote("question", self.pick(self.questions, one), who, other % 3 - 1)

    def vote_answer(self, who, one, other):
        self._vote("answer", self.pick(self.answers, one), who, other % 3 - 1)

    def _vote(self, kind, picked, who, value):
        pk, post = picked
        if pk is None:
            return
        vote_cast(user=self.people[who], kind=kind, post_id=pk, value=value)
        mine = [each for each in self.votes if each.post is post and each.who == who]
        if mine and value:
            mine[0].value = value
        elif mine:
            self.votes.remove(mine[0])
        elif value:
            self.votes.append(Cast(who, post, value))

    def accept(self, who, one, other):
        pk, given_one = self.pick(self.answers, one)
        if pk is not None:
            answer_accept(user=self.people[who], answer_id=pk)
            if given_one.to.accepted is not given_one:
                self._unmark(given_one.to)
                given_one.marked, given_one.to.accepted = True, given_one

    def unaccept(self, who, one, other):
        pk, given_one = self.pick(self.answers, one)
        if pk is not None:
            answer_unaccept(user=self.people[who], answer_id=pk)
            if given_one.to.accepted is given_one:
                self._unmark(given_one.to)

    def _unmark(self, asked):
        asked.accepted = None
        for each in self.answers.values():
            each.marked = each.marked and each.to is not asked

    def delete(self, who, one, other):
        pk, given_one = self.pick(self.answers, one)
        if pk is not None:
            answer_delete(user=self.people[who], answer_id=pk)
            given_one.deleted = True
            if given_one.to.accepted is given_one:
                given_one.to.accepted = None

    def restore(self, who, one, other):
        pk, given_one = self.pick(self.answers, one)
        if pk is not None:
            answer_restore(user=self.people[who], answer_id=pk)
            given_one.deleted = False
            if given_one.marked and given_one.to.accepted is None:
                given_one.to.accepted = given_one

    def mark(self, who, one, other):
        self._official(official_mark, who, one, True)

    def lift(self, who, one, other):
        self._official(official_lift, who, one, False)

    def _official(self, service, who, one, value):
        pk, given_one = self.pick(self.answers, one)
        if pk is not None:
            service(user=self.people[who], answer_id=pk)
            given_one.official = value

    def delete_question(self, who, one, other):
        pk, asked = self.pick(self.questions, one)
        if pk is not None:
            question_delete(user=self.people[who], question_id=pk)
            asked.deleted = True

    def restore_question(self, who, one, other):
        pk, asked = self.pick(self.questions, one)
        if pk is not None:
            question_restore(user=self.people[who], question_id=pk)
            asked.deleted = False

    def merge(self, who, one, other):
        (source_pk, source), (target_pk, target) = self.pick(self.questions, one), self.pick(self.questions, other)
        if source_pk is None or target_pk is None:
            return
        made = questions_merge(user=self.people[who], source_id=source_pk, target_id=target_pk)
        while target.into is not None:
            target = target.into
        taken = {each.who for each in self.votes if each.post is target}
        votes = [each for each in self.votes if each.post is source]
        votes = [each for each in votes if each.who not in taken and self.people[each.who].pk != target.author]
        answers = [each for each in self.answers.values() if each.to is source]
        joined = self.merges[made.pk] = Joined(source, target, answers, votes, source.accepted)
        if source.accepted is not None and target.accepted is None:
            target.accepted = source.accepted
        elif source.accepted is not None:
            source.accepted.marked = False
        source.accepted, source.into = None, target
        for each in joined.answers:
            each.to = target
        for each in joined.votes:
            each.post = target

    def part(self, who, one, other):
        pk, joined = self.pick(self.merges, one)
        if pk is None:
            return
        merge_undo(user=self.people[who], merge_id=pk)
        source, target, joined.parted = joined.source, joined.target, True
        back = [each for each in joined.answers if each.to is target]
        if target.accepted in back:
            target.accepted.marked, target.accepted = False, None
        for each in back:
            each.to = source
        for each in joined.votes:
            each.post = source if each in self.votes and each.post is target else each.post
        if joined.accepted in back:
            joined.accepted.marked = True
            source.accepted = None if joined.accepted.deleted else joined.accepted
        source.into = None

    def close(self, who, one, other):
        self._settle(who, one, "closed")

    def archive(self, who, one, other):
        self._settle(who, one, "archived")

    def _settle(self, who, one, status):
        pk, asked = self.pick(self.questions, one)
        if pk is not None:
            question_settle(user=self.people[who], question_id=pk, status=status)
            asked.before_archive, asked.settled = asked.settled, status

    def reopen(self, who, one, other):
        pk, asked = self.pick(self.questions, one)
        if pk is not None:
            question_reopen(user=self.people[who], question_id=pk)
            asked.settled = asked.before_archive if asked.settled == "archived" else ""

    def ban(self, who, one, other):
        self._activate(one, False)

    def unban(self, who, one, other):
        self._activate(one, True)

    def _activate(self, one, active):
        person = self.people[one % len(self.people)]
        person.is_active = active
        person.save(update_fields=["is_active"])


class WholeHistories(TestCase):
    """What members and machines are told is what happened."""

    @settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(STEPS)
    def test_every_column_and_door_follows_the_model(self, steps):
        world = World([member(staff=number == 0) for number in range(4)])
        for who in (1, 2):
            world.ask(who, 0, 0)
        world.answer(0, 0, 0)
        world.mark(0, 0, 0)
        for act, who, one, other in steps:
            before = world.rows()
            world.step(act, who, one, other)
            self.check_columns(world)
            if not world.people[who].is_active:
                assert world.rows() == before, f"{act} by a member who is banned"
        self.check_columns(world)
        self.check_doors(world)
        left = [str(found) for check in integrity_checks() for found in check.run(False)]
        assert left == []

    def check_columns(self, world):
        """Counters, acceptance, status and score of every question and answer."""
        numbers = {id(each): pk for pk, each in world.answers.items()}
        rows = Question.objects.in_bulk()
        for pk, asked in world.questions.items():
            row, answers = rows[pk], [each for each in world.answers.values() if each.to is asked]
            if asked.into is not None:
                continue
            alive = [each for each in answers if not each.deleted]
            accepted = numbers.get(id(asked.accepted))
            derived = "accepted" if accepted else "answered" if alive else "open"
            told = (row.answers_count, row.accepted_answer_id, row.score, row.status, row.official)
            score = sum(each.value for each in world.votes if each.post is asked)
            official = any(each.official for each in alive)
            assert told == (len(alive), accepted, score, asked.settled or derived, official)
        for pk, row in Answer.objects.in_bulk().items():
            given_one = world.answers[pk]
            assert (row.accepted_at is not None) == given_one.marked
            assert row.official == given_one.official
            assert row.score == sum(each.value for each in world.votes if each.post is given_one)

    def check_doors(self, world):
        """Pages, feeds and API ask these selectors; the search asks for documents."""
        questions = {pk for pk, asked in world.questions.items() if asked.seen}
        answers = {pk for pk, each in world.answers.items() if each.to.seen and not each.deleted}
        assert set(questions_visible_to(None).values_list("pk", flat=True)) == questions
        assert set(answers_visible_to(None).values_list("pk", flat=True)) == answers
        found = {int(each.id): each for each in load([str(pk) for pk in world.questions])}
        assert set(found) == questions
        for pk, document in found.items():
            assert document.answers.count("Like this.") == len(
                [each for each in world.answers.values() if each.to is world.questions[pk] and not each.deleted]
            )
        open_merges = {pk for pk, joined in world.merges.items() if not joined.parted}
        assert set(Merge.objects.filter(undone_at=None).values_list("pk", flat=True)) == open_merges
