"""Joining two questions that ask the same, and parting them again.

The rules, which docs/howto/merge-questions.md states for staff:

- Answers go with all that hangs on them; comments on the question go; a member who voted on both keeps the vote that
  she gave the target, and nobody's own vote comes to her own question.
- The target keeps its words, topics and accepted answer. Where it has none, the accepted answer of the source becomes
  its own; else that one stands there as any other.
- The source is put away: its address leads to the target, and its words find it.
- Parting brings the source back as it was, with what was said since below its answers and comments; whatever else came
  to the target stays there.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from portal.core.audit import audit_write
from portal.core.clock import now
from portal.core.errors import Busy, Invalid, StateForbids
from portal.core.events import announce
from portal.core.permissions import require_moderator
from portal.questions import events
from portal.questions.indexing import questions_changed
from portal.questions.models import Act, Answer, Comment, Merge, Question, Role, Status
from portal.questions.selectors.access import question_visible_to
from portal.questions.selectors.merging import merge_of, question_led_to
from portal.questions.selectors.rights import check_unlocked

from .carrying import Moved, answers_lead, carried_columns
from .counters import questions_recount
from .holding import graph_hold, questions_hold, rows_hold
from .moves import Decision, move_keep, state_of
from .versions import questions_reassess

COMMENTS = "questions.comment.question"
LEADING = ("questions.question.duplicate_of", "questions.question.merged_into")
MERGED, PARTED = "questions-merged", "questions-parted"


@dataclass(frozen=True, slots=True)
class MergePlan:
    """What joining two questions would do. left: how many rows of a table stay behind because the target has theirs.

    accepted: the answer of the source that would become the target's accepted one, unaccepted: the one that would
    no longer be accepted.
    """

    source: Question
    target: Question
    answers: list[int]
    moved: Moved
    left: dict[str, int] = field(default_factory=dict)
    accepted: int | None = None
    unaccepted: int | None = None

    def count(self, key: str) -> int:
        """Returns how many rows of a column (``app.model.column``) would go."""
        return len(self.moved.get(key, ()))

    @property
    def answers_count(self) -> int:
        """How many answers would go that can be read."""
        return self.source.answers_count

    @property
    def comments_count(self) -> int:
        """How many comments on the question would go that can be read."""
        return self.source.comments_count

    @property
    def votes_count(self) -> int:
        """How many votes for the question would go."""
        return self.count("questions.vote.question")

    @property
    def votes_left(self) -> int:
        """How many votes would stay behind, because their members voted for the target too or asked it."""
        return self.left.get("questions.vote.question", 0)

    @property
    def other_language(self) -> bool:
        """Whether the two are written in different languages."""
        return self.source.language != self.target.language


def merge_plan(*, user: Any, source_id: int, target_id: int) -> MergePlan:
    """Returns what joining ``source_id`` with ``target_id`` would do, and changes nothing.

    Raises ``Invalid`` for a target that cannot be one, ``StateForbids`` where one of the two is archived.
    """
    require_moderator(user)
    source = question_visible_to(user, source_id)
    target = question_led_to(user, target_id)
    return _plan(user, source, target)


def _plan(user: Any, source: Question, target: Question) -> MergePlan:
    if target.status == Status.DUPLICATE and target.duplicate_of_id == source.pk:
        raise Invalid({"target": [_("That question is marked as a repeat of this one: join it the other way round.")]})
    if source.pk == target.pk:
        raise Invalid({"target": [_("Choose another question than this one.")]})
    check_unlocked(user, source)
    check_unlocked(user, target)
    moved = {each.key: each.going(source, target) for each in carried_columns()}
    left = {each.key: each.rows().filter(**{each.column: source.pk}).count() for each in carried_columns()}
    taken = source.accepted_answer_id
    free = target.accepted_answer_id is None
    return MergePlan(
        source=source,
        target=target,
        answers=list(Answer.objects.filter(question=source).order_by("pk").values_list("pk", flat=True)),
        moved=moved,
        left={key: count - len(moved[key]) for key, count in left.items()},
        accepted=taken if free else None,
        unaccepted=None if free else taken,
    )


@transaction.atomic
def questions_merge(*, user: Any, source_id: int, target_id: int, reason: str = "") -> Merge:
    """Joins a question with the one that asks the same, by staff, and returns the record of it.

    reason: what the asker is told, at most 300 characters. Raises what ``merge_plan`` raises.
    """
    require_moderator(user)
    graph_hold()
    source_id, target_id = question_visible_to(user, source_id).pk, question_led_to(user, target_id).pk
    leading = Question.objects.filter(Q(duplicate_of=source_id) | Q(merged_into=source_id)).values_list("pk", flat=True)
    held = questions_hold([source_id, target_id, *leading])
    # Both may have been deleted while somebody else held them.
    question_visible_to(user, source_id)
    question_visible_to(user, target_id)
    source, target = held[source_id], held[target_id]
    list(rows_hold(Answer.objects.filter(question=source)).values_list("pk"))
    plan = _plan(user, source, target)
    before = {question.pk: state_of(question) for question in (source, target)}
    merge = Merge(source=source, target=target, reason=reason.strip()[:300], merged_by=user, moved=plan.moved)
    merge.moved = plan.moved | {"answers": plan.answers}
    merge.state = {"accepted": source.accepted_answer_id, "accepted_at": None, "became_accepted": plan.accepted}
    _acceptance_lead(plan, merge.state)
    answers_lead(ids=plan.answers, of=source, to=target)
    _rows_lead(plan.moved, target)
    Question.objects.filter(pk=source.pk).update(merged_into=target, deleted_at=merge.merged_at, deleted_by=user)
    merge.save()
    _kept(merge, MERGED, user)
    _changed(merge, events.QuestionsMerged, user, before)
    return merge


def _rows_lead(moved: Moved, target: Question) -> None:
    """Leads the rows of a plan to the target; raises ``Busy`` where a member's row came there at the same moment."""
    try:
        with transaction.atomic():
            for each in carried_columns():
                each.rows().filter(pk__in=moved[each.key]).update(**{each.column: target.pk})
    except IntegrityError:
        raise Busy from None


def _acceptance_lead(plan: MergePlan, state: dict[str, Any]) -> None:
    """Takes the acceptance along where the target has none; else the answer is no longer an accepted one."""
    answer = Answer.objects.filter(pk=plan.accepted or plan.unaccepted or 0).first()
    Question.objects.filter(pk=plan.source.pk).update(accepted_answer=None)
    if answer is None:
        return
    state["accepted_at"] = answer.accepted_at.isoformat() if answer.accepted_at else None
    state["accepted_by"] = answer.accepted_by_id
    if plan.accepted:
        Question.objects.filter(pk=plan.target.pk).update(accepted_answer=answer)
    else:
        Answer.objects.filter(pk=answer.pk).update(accepted_at=None, accepted_by=None)


@transaction.atomic
def merge_undo(*, user: Any, merge_id: int) -> Merge:
    """Parts two questions that were joined, by staff; raises ``StateForbids`` where they are parted already.

    Where the target was itself joined with another one since, that must be undone first.
    """
    require_moderator(user)
    graph_hold()
    merge = merge_of(user, merge_id)
    back = [pk for column in LEADING for pk in merge.moved.get(column, [])]
    held = questions_hold([merge.source_id, merge.target_id, *back])
    source, target = held[merge.source_id], held[merge.target_id]
    if merge.undone_at is not None:
        raise StateForbids(_("These two were parted already."))
    if target.merged_into_id is not None:
        raise StateForbids(_("The other question was joined with a further one since. Undo that first."))
    answers = list(Answer.objects.filter(pk__in=merge.moved["answers"], question=target).values_list("pk", flat=True))
    before = {question.pk: state_of(question) for question in (source, target)}
    _acceptance_return(merge, target, answers)
    answers_lead(ids=answers, of=target, to=source)
    for each in carried_columns():
        ids = merge.moved.get(each.key, [])
        ids = _with_replies(ids, target) if each.key == COMMENTS else ids
        each.rows().filter(pk__in=ids, **{each.column: target.pk}).update(**{each.column: source.pk})
    Question.objects.filter(pk=source.pk).update(merged_into=None, deleted_at=None, deleted_by=None)
    merge.undone_at, merge.undone_by = now(), user
    merge.save(update_fields=["undone_at", "undone_by"])
    _kept(merge, PARTED, user)
    _changed(merge, events.QuestionsUnmerged, user, before)
    return merge


def _acceptance_return(merge: Merge, target: Question, answers: list[int]) -> None:
    """Gives the source its accepted answer back, and leaves the target none that goes."""
    if target.accepted_answer_id is not None and target.accepted_answer_id in answers:
        Question.objects.filter(pk=target.pk).update(accepted_answer=None)
        Answer.objects.filter(pk=target.accepted_answer_id).update(accepted_at=None, accepted_by=None)
    if merge.state["accepted"] in answers:
        when, who = merge.state["accepted_at"], merge.state["accepted_by"]
        Answer.objects.filter(pk=merge.state["accepted"]).update(accepted_at=when, accepted_by=who)
        Question.objects.filter(pk=merge.source_id).update(accepted_answer=merge.state["accepted"])


def _with_replies(ids: list[int], target: Question) -> list[int]:
    """Returns the comments with all replies that they got since: a reply goes where its thread goes."""
    known, found = set(ids), list(ids)
    while found:
        here = Q(question=target, answer__isnull=True, parent__in=found)
        found = [pk for pk in Comment.objects.filter(here).values_list("pk", flat=True) if pk not in known]
        known.update(found)
    return sorted(known)


def _kept(merge: Merge, action: str, user: Any) -> None:
    audit_write(
        actor=user,
        action=action,
        subject_type="question",
        subject_id=merge.source_id,
        reason=merge.reason if action == MERGED else "",
        detail={"merge": merge.pk, "target": merge.target_id},
    )


def _changed(merge: Merge, kind: type[events.MergeEvent], user: Any, before: Mapping[int, Mapping[str, Any]]) -> None:
    """Counts both anew, keeps the move of each and tells of it. before: ``state_of`` each, by number."""
    both = [merge.source_id, merge.target_id]
    questions_recount(ids=both)
    merge.source.refresh_from_db()
    merge.target.refresh_from_db()
    questions_reassess(user=user, ids=both)
    act = Act.MERGE if kind is events.QuestionsMerged else Act.PART
    words = merge.reason if act == Act.MERGE else ""
    for question, other in ((merge.source, merge.target), (merge.target, merge.source)):
        decision = Decision(act=act, by=user, role=Role.STAFF, words=words, other=other)
        move_keep(question=question, before=before[question.pk], decision=decision)
    questions_changed(both)
    announce(
        kind(
            at=now(),
            actor_id=user.pk,
            merge_id=merge.pk,
            source_id=merge.source_id,
            target_id=merge.target_id,
            source_author_id=merge.source.author_id,
            target_author_id=merge.target.author_id,
        )
    )
