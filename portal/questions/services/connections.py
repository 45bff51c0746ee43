"""What must hold between questions: where repeats and merges lead, what goes with them, and what they are linked with.

Each check finds and mends under the hold of the graph, a question at a time, and looks again once it holds: whoever
marks or joins meanwhile waits a moment, and nothing is mended that is right by then.
"""

from collections.abc import Callable, Iterable, Iterator

from django.db import transaction
from django.db.models import Q

from portal.core.integrity import Difference
from portal.questions.indexing import questions_changed
from portal.questions.models import Answer, Comment, Merge, Question, QuestionLink, Status
from portal.questions.selectors.duplicates import chain_of
from portal.questions.selectors.links import questions_spoken_of

from .carrying import answers_lead
from .counters import questions_recount
from .holding import graph_hold, questions_hold
from .links import links_sync
from .merging import COMMENTS

# A page follows a chain for some steps; what mends one follows it to its end, or finds the ring that it is.
LONGEST_CHAIN = 1_000
NOTHING: dict[str, list[int]] = {"answers": []}
Mend = Callable[[Question, bool], Difference | None]


def _each(ids: Iterable[int], mend: Mend, repair: bool) -> Iterator[Difference]:
    """Yields what ``mend`` finds of each of these questions, held meanwhile."""
    for pk in list(ids):
        with transaction.atomic():
            graph_hold()
            question = questions_hold([pk]).get(pk)
            found = mend(question, repair) if question is not None else None
            if found is not None and repair:
                questions_changed([pk])
        if found is not None:
            yield found


def _ids(where: Q) -> list[int]:
    return list(Question.objects.filter(where).order_by("pk").values_list("pk", flat=True))


def repeats_check(repair: bool) -> Iterator[Difference]:
    """Yields repeats that lead to another repeat, in a ring, or to a question that was joined with another.

    Each is led to the end of its chain. In a ring the question with the lowest number is open again, as the one that
    was asked first, and the others lead to it.
    """
    repeat = Q(status=Status.DUPLICATE, duplicate_of__isnull=False)
    onward = Q(duplicate_of__status=Status.DUPLICATE, duplicate_of__duplicate_of__isnull=False)
    joined = Q(duplicate_of__merged_into__isnull=False)
    yield from _each(_ids(repeat & (onward | joined)), _repeat_mend, repair)


def _repeat_mend(question: Question, repair: bool) -> Difference | None:
    stored = question.duplicate_of_id
    if question.status != Status.DUPLICATE or stored is None:
        return None
    ring = _ring_of(question.pk)
    # A ring has no end to look for.
    right: int | None = min(ring) if ring else _end_of(question.pk)
    if right == question.pk:
        right = None
    if right == stored:
        return None
    if repair and right is None:
        Question.objects.filter(pk=question.pk).update(
            status=Status.OPEN, duplicate_of=None, settled_at=None, settled_by=None, settled_why="", settled_reason=""
        )
        questions_recount(ids=[question.pk])
    elif repair:
        Question.objects.filter(pk=question.pk).update(duplicate_of=right)
    return Difference(f"question {question.pk}", "duplicate_of", stored, right, repair)


def _ring_of(question_id: int) -> set[int]:
    """Returns the questions of the ring that a chain ends in, empty where it ends in a question that is no repeat."""
    chain = chain_of(question_id, most=LONGEST_CHAIN)
    last = Question.objects.filter(pk=chain[-1], status=Status.DUPLICATE).values_list("duplicate_of", flat=True).first()
    return set(chain[chain.index(last) :]) if last in chain else set()


def _end_of(question_id: int) -> int:
    """Returns where a repeat leads in the end, through repeats and merges alike."""
    seen, last = {question_id}, question_id
    while (following := _merged_end(chain_of(last, most=LONGEST_CHAIN)[-1])) not in seen:
        seen.add(following)
        last = following
    return last


def _merged_end(question_id: int) -> int:
    """Returns where a question that was joined with others ends up; itself where it was not, or in a ring."""
    seen, last = {question_id}, question_id
    while following := Question.objects.filter(pk=last).values_list("merged_into", flat=True).first():
        if following in seen:
            return question_id
        seen.add(following)
        last = following
    return last


def merges_check(repair: bool) -> Iterator[Difference]:
    """Yields questions that were joined with another and do not lead straight to one that stands by itself, that are
    not put away, or of whose merge there is no record.

    Where a merge leads in a ring, or to nothing, the question stands by itself again.
    """
    live = Merge.objects.filter(undone_at__isnull=True)
    joined = Q(merged_into__isnull=False)
    wrong = Q(merged_into__merged_into__isnull=False) | Q(deleted_at__isnull=True) | ~Q(merges__in=live)
    yield from _each(_ids(joined & wrong), _merge_mend, repair)
    lost = live.filter(source__merged_into__isnull=True).values_list("source", flat=True)
    yield from _each([pk for pk in lost.order_by("source") if pk is not None], _lost_mend, repair)


def _merge_mend(question: Question, repair: bool) -> Difference | None:
    stored, right = question.merged_into_id, _merged_end(question.pk)
    if stored is None:
        return None
    what = f"question {question.pk}"
    if right == question.pk:
        if repair:
            _stand_alone(question)
        return Difference(what, "merged_into", stored, None, repair)
    record = Merge.objects.filter(source=question, undone_at__isnull=True).first()
    if right == stored and question.deleted_at is not None and record is not None:
        return None
    if repair:
        # With nothing in it: what went along then is not known, and parting leaves it where it is.
        made = record or Merge.objects.create(source=question, target_id=right, moved=NOTHING, state={"accepted": None})
        put_away = question.deleted_at or made.merged_at
        Question.objects.filter(pk=question.pk).update(merged_into=right, deleted_at=put_away)
    if right != stored:
        return Difference(what, "merged_into", stored, right, repair)
    if record is None:
        return Difference(what, "merge", None, right, repair)
    return Difference(what, "deleted_at", None, record.merged_at, repair)


def _lost_mend(question: Question, repair: bool) -> Difference | None:
    record = Merge.objects.filter(source=question, undone_at__isnull=True).first()
    if record is None or question.merged_into_id is not None:
        return None
    right = _merged_end(record.target_id)
    if repair:
        put_away = question.deleted_at or record.merged_at
        Question.objects.filter(pk=question.pk).update(merged_into=right, deleted_at=put_away)
    return Difference(f"question {question.pk}", "merged_into", None, right, repair)


def _stand_alone(question: Question) -> None:
    Question.objects.filter(pk=question.pk).update(merged_into=None, deleted_at=None, deleted_by=None)
    Merge.objects.filter(source=question, undone_at__isnull=True).delete()


def left_behind_check(repair: bool) -> Iterator[Difference]:
    """Yields answers and comments that stayed with a question when it was joined with another.

    They are led to where the question leads, and written into the merge, so that parting gives them back.
    """
    answers = Answer.objects.filter(question__merged_into__isnull=False).values_list("question", flat=True)
    said = Comment.objects.filter(question__merged_into__isnull=False, answer__isnull=True)
    ids = sorted({*answers, *said.values_list("question", flat=True)})
    yield from _each(ids, _left_behind_mend, repair)


def _left_behind_mend(question: Question, repair: bool) -> Difference | None:
    if question.merged_into_id is None:
        return None
    answers = list(Answer.objects.filter(question=question).order_by("pk").values_list("pk", flat=True))
    said = Comment.objects.filter(question=question, answer__isnull=True).order_by("pk")
    comments = list(said.values_list("pk", flat=True))
    if not answers and not comments:
        return None
    right = _merged_end(question.pk)
    if repair:
        target = questions_hold([right])[right]
        answers_lead(ids=answers, of=question, to=target)
        Comment.objects.filter(pk__in=comments).update(question=target)
        for record in Merge.objects.filter(source=question, undone_at__isnull=True):
            record.moved["answers"] = sorted({*record.moved.get("answers", []), *answers})
            record.moved[COMMENTS] = sorted({*record.moved.get(COMMENTS, []), *comments})
            record.save(update_fields=["moved"])
        questions_recount(ids=[question.pk, right])
        questions_changed([right])
    left = f"{len(answers)} answers, {len(comments)} comments"
    return Difference(f"question {question.pk}", "left behind", left, f"with question {right}", repair)


def links_check(repair: bool) -> Iterator[Difference]:
    """Yields questions that are not linked with those that their posts speak of, or are with others.

    Posts that were written before links were kept get theirs so. What an import brought stays.
    """
    for pk in _speaking():
        own = QuestionLink.objects.filter(question=pk, kind=QuestionLink.Kind.RELATED)
        imported = set(own.filter(source__isnull=False).values_list("target", flat=True))
        stored = set(own.filter(source__isnull=True).values_list("target", flat=True))
        right = questions_spoken_of(pk) - imported
        if stored == right:
            continue
        if repair:
            links_sync(ids=[pk])
        yield Difference(f"question {pk}", "links", sorted(stored), sorted(right), repair)


def _speaking() -> list[int]:
    """Returns the questions that have links of their own, or whose posts hold an address of a question."""
    speaking = {"body_html__contains": "/questions/"}
    found = {
        *QuestionLink.objects.filter(source__isnull=True, kind=QuestionLink.Kind.RELATED).values_list("question"),
        *Question.objects.filter(**speaking).values_list("pk"),
        *Question.objects.filter(**speaking, merged_into__isnull=False).values_list("merged_into"),
        *Answer.objects.filter(**speaking).values_list("question"),
        *Comment.objects.filter(**speaking).values_list("question"),
    }
    return sorted(pk for (pk,) in found if pk is not None)
