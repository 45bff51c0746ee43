"""Repeats over the API where a question is locked, archived, deleted, joined or settled meanwhile; bad input."""

import pytest

from portal.questions.indexing import load
from portal.questions.models import Contest, DuplicateProposal, Merge, Question
from portal.questions.services.life import question_lock, question_settle
from portal.questions.services.merging import questions_merge
from portal.questions.services.questions import question_delete
from tests.factories.accounts import member
from tests.factories.questions import answer, comment, question, topic

from .conftest import Caller, problem_of

pytestmark = pytest.mark.django_db
WORDS = "Mine is about the other valve."


def document(asked):
    """Returns what the search would be given of a question; None where it leaves the index."""
    return next(iter(load([str(asked.pk)])), None)


def propose(asked, target, who=None, **more):
    """Says over the API that a question was asked before."""
    return Caller(who or member()).post(f"questions/{asked.pk}/duplicate-proposals", {"target_id": target.pk, **more})


class TestProposals:
    def test_what_cannot_change_takes_none_and_says_why(self):
        staff, target = member(staff=True), question()
        locked, archived, gone, joined = (question() for _ in range(4))
        question_lock(user=staff, question_id=locked.pk, locked=True)
        question_settle(user=staff, question_id=archived.pk, status="archived")
        question_delete(user=staff, question_id=gone.pk)
        questions_merge(user=staff, source_id=joined.pk, target_id=question().pk)
        assert "locked" in problem_of(propose(locked, target), 409)["detail"]
        assert "archived" in problem_of(propose(archived, target), 409)["detail"]
        problem_of(propose(gone, target), 404)
        assert problem_of(propose(joined, target), 409)["code"] == "moved"
        assert not DuplicateProposal.objects.exists()

    def test_the_target_may_be_locked_archived_or_joined_but_not_gone(self):
        staff = member(staff=True)
        locked, archived, joined, end, gone = (question() for _ in range(5))
        question_lock(user=staff, question_id=locked.pk, locked=True)
        question_settle(user=staff, question_id=archived.pk, status="archived")
        questions_merge(user=staff, source_id=joined.pk, target_id=end.pk)
        question_delete(user=staff, question_id=gone.pk)
        for target, led in ((locked, locked), (archived, archived), (joined, end)):
            made = propose(question(), target)
            assert (made.status_code, made.json()["target_id"]) == (201, led.pk)
        problem_of(propose(question(), gone), 404)

    @pytest.mark.parametrize("words", ["a\x00b", "\ud800", "x" * 1001, 5, ["x"]])
    def test_words_that_cannot_be_kept_are_refused(self, words):
        problem_of(propose(question(), question(), words=words), 422)
        assert not DuplicateProposal.objects.exists()

    def test_a_decision_finds_the_question_as_it_is_now(self):
        staff = member(staff=True)
        desk = Caller(staff)
        joined, archived, gone, target = question(), question(), question(), question()
        made = {asked.pk: propose(asked, target).json()["id"] for asked in (joined, archived, gone)}
        questions_merge(user=staff, source_id=joined.pk, target_id=target.pk)
        question_settle(user=staff, question_id=archived.pk, status="archived")
        question_delete(user=staff, question_id=gone.pk)
        before = list(Question.objects.order_by("pk").values())
        for asked, status in ((joined, 409), (archived, 409), (gone, 404)):
            decided = desk.post(f"duplicate-proposals/{made[asked.pk]}/decision", {"agree": True})
            problem_of(decided, status)
        assert list(Question.objects.order_by("pk").values()) == before
        assert desk.post(f"duplicate-proposals/{made[archived.pk]}/decision", {"agree": False}).status_code == 200
        waiting = [row["question_id"] for row in desk.walk("duplicate-proposals")]
        assert waiting == []

    def test_the_list_is_walked_page_by_page_the_earliest_first(self):
        target = question()
        made = [propose(question(), target).json()["id"] for _ in range(5)]
        desk = Caller(member(staff=True))
        assert [row["id"] for row in desk.walk("duplicate-proposals?limit=2")] == made
        problem_of(desk.get("duplicate-proposals?cursor=nothing"), 400)


class TestContests:
    def test_only_what_is_settled_can_be_contested_and_only_once_while_it_waits(self):
        asked, target, staff = question(), question(), member(staff=True)
        asker, path = Caller(asked.author), f"questions/{asked.pk}/contests"
        problem_of(asker.post(path, {"words": WORDS}), 409)
        question_settle(user=staff, question_id=asked.pk, status="duplicate", duplicate_of=target.pk)
        for words in ("", "short", "x" * 1001, "a\x00" + WORDS):
            problem_of(asker.post(path, {"words": words}), 422)
        made = asker.post(path, {"words": f"\u202e{WORDS}"})
        assert (made.status_code, made.json()["state"]) == (201, "open")
        assert "already" in problem_of(asker.post(path, {"words": WORDS}), 409)["detail"]
        problem_of(Caller(target.author).post(path, {"words": WORDS}), 403)
        desk, decide = Caller(staff), f"contests/{made.json()['id']}/decision"
        assert list(problem_of(desk.post(decide, {"agree": False, "reply": " "}), 422)["errors"]) == ["reply"]
        assert desk.post(decide, {"agree": False, "reply": "Both leak at the seal."}).json()["state"] == "declined"
        assert "decided" in problem_of(asker.post(path, {"words": WORDS}), 409)["detail"]
        assert Question.objects.get(pk=asked.pk).status == "duplicate"

    def test_the_asker_of_a_joined_question_contests_under_its_old_number_until_it_is_joined_further(self):
        staff, source, target, further = member(staff=True), question(), question(), question()
        given = answer(source)
        desk, asker = Caller(staff), Caller(source.author)
        first = questions_merge(user=staff, source_id=source.pk, target_id=target.pk)
        made = asker.post(f"questions/{source.pk}/contests", {"words": WORDS}).json()
        assert made["merge_id"] == first.pk
        second = questions_merge(user=staff, source_id=target.pk, target_id=further.pk)
        decide = f"contests/{made['id']}/decision"
        told = problem_of(desk.post(decide, {"agree": True}), 409)
        assert "Undo that first" in told["detail"]
        assert Contest.objects.get().outcome == ""
        assert desk.delete(f"merges/{second.pk}").status_code == 200
        assert desk.post(decide, {"agree": True}).json()["state"] == "agreed"
        assert Caller().get(f"questions/{source.pk}").json()["answers_count"] == 1
        assert Caller().get(f"answers/{given.pk}").json()["question_id"] == source.pk


class TestMerges:
    def test_one_of_the_two_archived_or_gone_joins_nothing(self):
        staff, fine = member(staff=True), question()
        desk, archived, gone = Caller(staff), question(), question()
        question_settle(user=staff, question_id=archived.pk, status="archived")
        question_delete(user=staff, question_id=gone.pk)
        for source, target, status in (
            (archived, fine, 409), (fine, archived, 409), (gone, fine, 404), (fine, gone, 404), (fine, fine, 422),
        ):  # fmt: skip
            problem_of(desk.get(f"questions/{source.pk}/merge?target_id={target.pk}"), status)
            problem_of(desk.post(f"questions/{source.pk}/merge", {"target_id": target.pk}), status)
        assert not Merge.objects.exists()

    def test_search_and_api_tell_one_question_and_after_parting_two(self):
        topic("Pump")
        staff = member(staff=True)
        desk, source = Caller(staff), question(title="Wasserpumpe squeals", topics=("pump",))
        target = question(title="Noise from the pump", topics=("pump",))
        given, said = answer(source, body="Grease the flywheel."), comment(source)
        before = [document(each) for each in (source, target)]
        made = desk.post(f"questions/{source.pk}/merge", {"target_id": target.pk, "reason": "The same."}).json()
        assert document(source) is None
        found = document(target)
        assert "Wasserpumpe squeals" in found.body
        assert ("", "Wasserpumpe squeals") in found.names
        assert ("flywheel" in found.answers, found.answers_count) == (True, 1)
        told = Caller().get(f"questions/{target.pk}").json()
        assert (told["answers_count"], told["status"]) == (1, "answered")
        assert [row["id"] for row in Caller().walk(f"questions/{target.pk}/comments")] == [said.pk]
        assert (
            Caller().client.get(f"/en/questions/answers/{given.pk}/")["Location"].startswith(target.get_absolute_url())
        )
        assert desk.delete(f"merges/{made['id']}").status_code == 200
        assert [document(each) for each in (source, target)] == before

    def test_a_list_of_merges_is_walked_and_tells_undone_ones(self):
        staff, target = member(staff=True), question()
        made = [questions_merge(user=staff, source_id=question().pk, target_id=target.pk).pk for _ in range(3)]
        desk = Caller(staff)
        desk.delete(f"merges/{made[1]}")
        rows = desk.walk("merges?limit=1")
        assert [row["id"] for row in rows] == made[::-1]
        assert [bool(row["undone_at"]) for row in rows] == [False, True, False]
        for number in ("0", "x", str(2**63)):
            assert desk.get(f"merges/{number}").status_code in (404, 422)
