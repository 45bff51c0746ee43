"""Any history of releases, claims and words: what an answer is follows from what stands, and undoing leads back."""

from io import StringIO

from django.contrib.auth.models import AnonymousUser
from django.core.management import call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from portal.core.errors import PortalError
from portal.questions.indexing import load
from portal.questions.models import Answer, Confirmation, ObsoleteMark, Passport, Question, Release
from portal.questions.selectors.answer_order import answers_ordered
from portal.questions.selectors.passports import versions_of
from portal.questions.selectors.releases import answers_to_confirm, release_current
from portal.questions.services.answers import answer_delete, answer_restore
from portal.questions.services.merging import merge_undo, questions_merge
from portal.questions.services.passport import (
    answer_confirm,
    obsolete_lift,
    obsolete_mark,
    passport_clear,
    passport_set,
    solution_mark,
    solution_unmark,
)
from portal.questions.services.releases import release_register, release_restore, release_withdraw
from search.models import OutboxEntry
from tests.factories.accounts import member
from tests.factories.questions import answer, question
from tests.factories.versions import claim, product, releases, say

STRANGER = AnonymousUser()
SLOW = (HealthCheck.too_slow,)
ACTS = (
    "works", "fails", "unsay", "claim", "unclaim", "solve", "unsolve", "mark", "lift", "withdraw", "restore",
    "register", "delete", "undelete", "merge", "part",
)  # fmt: skip
STEPS = st.lists(
    st.tuples(st.sampled_from(ACTS), st.integers(0, 2), st.integers(0, 3), st.integers(0, 3)), min_size=3, max_size=18
)


class Square:
    """Two questions about a lamp with three releases, three answers, four people; acts by name."""

    def __init__(self):
        self.lamp = product()
        self.made = releases("v1", "v2", "v3", of=self.lamp)
        self.staff = member(staff=True)
        self.asked, self.other = question(topics=("lamp",)), question()
        self.people = [self.staff, self.asked.author, member(), member()]
        self.given = [answer(self.asked), answer(self.asked), answer(self.other)]
        self.merge = None

    def take(self, act, which, who, where):
        """Takes one step; which answer, by whom, about which release."""
        user, pk = self.people[who], self.given[which].pk
        one, other = self.made[where % len(self.made)], self.made[(where + who) % len(self.made)]
        if act in ("works", "fails", "unsay"):
            works = {"works": True, "fails": False, "unsay": None}[act]
            answer_confirm(user=user, answer_id=pk, works=works, release_id=one.pk)
        elif act in ("claim", "solve"):
            put = passport_set if act == "claim" else solution_mark
            put(user=self.staff, answer_id=pk, first_id=one.pk, last_id=other.pk)
        elif act in ("unclaim", "unsolve"):
            (passport_clear if act == "unclaim" else solution_unmark)(user=self.staff, answer_id=pk)
        elif act == "mark":
            obsolete_mark(user=self.staff, answer_id=pk, reason="The menu is gone.")
        elif act in ("lift", "delete", "undelete"):
            {"lift": obsolete_lift, "delete": answer_delete, "undelete": answer_restore}[act](
                user=self.staff, answer_id=pk
            )
        elif act in ("withdraw", "restore"):
            (release_withdraw if act == "withdraw" else release_restore)(user=self.staff, release_id=one.pk)
        elif act == "register":
            label = f"w{len(self.made)}"
            self.made.append(release_register(user=self.staff, product="lamp", label=label))
        elif act == "merge":
            self.merge = questions_merge(user=self.staff, source_id=self.other.pk, target_id=self.asked.pk)
        elif self.merge is not None:
            merge_undo(user=self.staff, merge_id=self.merge.pk)


def refuted(given_):
    """Returns whether an answer must be outdated: the rule of the docs told anew, for words that are of today."""
    if ObsoleteMark.objects.filter(answer=given_, lifted_at__isnull=True).exists():
        return True
    said = Confirmation.objects.filter(answer=given_, release__withdrawn_at__isnull=True)
    order = list(Release.objects.filter(withdrawn_at__isnull=True))
    ids = [each.pk for each in order]
    claimed = Passport.objects.filter(answer=given_).first()
    ends = [ids.index(pk) for pk in (claimed.first_id, claimed.last_id) if pk in ids] if claimed else []
    for place in range(len(order) - 1, -1, -1):
        weights = {True: 0, False: 0}
        for word in said.filter(release=order[place]):
            weights[word.works] += 4 if word.voice == "staff" else 2
        if any(weights.values()):
            return weights[False] >= 4 and weights[False] >= 2 * weights[True]
        if ends and min(ends) <= place <= max(ends):
            return False
    return False


class AnyHistory(TestCase):
    """The columns, the documents and the pages after any history."""

    @settings(max_examples=12, deadline=None, suppress_health_check=SLOW)
    @given(STEPS)
    def test_what_is_derived_follows_from_what_stands(self, steps):
        square = Square()
        for step in steps:
            try:
                square.take(*step)
            except PortalError:
                continue
        call_command("check_integrity", stdout=StringIO())
        for given_ in Answer.objects.all():
            assert given_.obsolete == refuted(given_)
        self.read_everywhere(square)

    def read_everywhere(self, square):
        for asked in Question.objects.filter(deleted_at__isnull=True):
            answers = list(answers_ordered(Answer.objects.filter(question=asked, deleted_at__isnull=True)))
            known = versions_of(user=STRANGER, question=asked, answers=answers)
            for given_ in answers:
                shown = known.passports.get(given_.pk)
                assert shown is None or (shown.state == "obsolete") == given_.obsolete
            assert not [each for each in known.solutions if each.answer.deleted_at]
            (found,) = load([str(asked.pk)])
            old = [given_.obsolete for given_ in answers]
            assert old == sorted(old)
            first = next((each for each in answers if each.pk == asked.accepted_answer_id), None)
            leading = first if first and not first.obsolete else (answers or [None])[0]
            assert found.obsolete == bool(leading and leading.obsolete)
        current = release_current(square.lamp)
        if current is not None:
            waiting = set(answers_to_confirm(user=STRANGER, release=current).values_list("pk", flat=True))
            said = set(Confirmation.objects.filter(release=current).values_list("answer", flat=True))
            assert not waiting & (said | set(Answer.objects.filter(obsolete=True).values_list("pk", flat=True)))

    @settings(max_examples=8, deadline=None, suppress_health_check=SLOW)
    @given(st.lists(st.tuples(st.booleans(), st.integers(0, 2)), max_size=6), st.integers(0, 2))
    def test_a_withdrawal_taken_back_leaves_everything_as_it_was(self, words, which):
        square = Square()
        claim(square.given[0], square.made[0], square.made[1])
        for works, where in words:
            say(square.given[0], works, square.made[where])
        before = self.told(square)
        release_withdraw(user=square.staff, release_id=square.made[which].pk)
        OutboxEntry.objects.all().delete()
        old = Answer.objects.get(pk=square.given[0].pk).obsolete
        release_restore(user=square.staff, release_id=square.made[which].pk)
        assert self.told(square) == before
        turned = Answer.objects.get(pk=square.given[0].pk).obsolete != old
        assert OutboxEntry.objects.filter(object_id=str(square.asked.pk)).exists() == turned

    def told(self, square):
        """Returns what a reader is told of the first answer."""
        given_ = Answer.objects.select_related("question").get(pk=square.given[0].pk)
        view = versions_of(user=STRANGER, question=given_.question, answers=[given_]).passports[given_.pk]
        return given_.obsolete, view.state, view.versions, view.confirmed, view.pending, view.current
