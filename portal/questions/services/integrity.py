"""What must hold of questions and answers, in the order in which it is mended: states first, then what is counted."""

from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from portal.core.integrity import Difference, IntegrityCheck, recounted, register_check
from portal.questions.indexing import questions_changed
from portal.questions.models import Answer, Comment, Question, Revision, Status

from .connections import left_behind_check, links_check, merges_check, repeats_check
from .counters import DERIVED, answers_recount, questions_recount
from .revisions import Credit, revision_keep
from .versions import obsolete_recount

_ANSWER_COLUMNS = ("score", "comments_count")


def acceptances_check(repair: bool) -> Iterator[Difference]:
    """Yields questions whose accepted answer is another question's, and answers that wrongly say they are accepted.

    A deleted answer keeps its mark: it is accepted again when it comes back.
    """
    strangers = Question.objects.filter(accepted_answer__isnull=False).exclude(accepted_answer__question=F("pk"))
    for question in strangers.order_by("pk"):
        wrong = question.accepted_answer_id
        _set(repair, question, accepted_answer=None)
        yield Difference(f"question {question.pk}", "accepted_answer", wrong, None, repair)
    alive = Answer.objects.filter(deleted_at__isnull=True).select_related("question").order_by("pk")
    for answer in alive.filter(accepted_at__isnull=False).exclude(question__accepted_answer=F("pk")):
        yield Difference(f"answer {answer.pk}", "accepted_at", answer.accepted_at, None, repair)
        _set(repair, answer, accepted_at=None)
    for answer in alive.filter(accepted_at__isnull=True, question__accepted_answer=F("pk")):
        yield Difference(f"answer {answer.pk}", "accepted_at", None, answer.updated_at, repair)
        _set(repair, answer, accepted_at=answer.updated_at)


def settlements_check(repair: bool) -> Iterator[Difference]:
    """Yields duplicates without the question that they repeat, and questions that repeat one without being duplicates.

    Without its target a duplicate says nothing: it is open again.
    """
    lost = Question.objects.filter(status=Status.DUPLICATE, duplicate_of__isnull=True)
    for question in lost.order_by("pk"):
        yield Difference(f"question {question.pk}", "status", question.status, "open", repair)
        _set(repair, question, status=Status.OPEN, settled_at=None, settled_by=None, settled_reason="")
    left_over = Question.objects.filter(duplicate_of__isnull=False).exclude(status=Status.DUPLICATE)
    for question in left_over.order_by("pk"):
        yield Difference(f"question {question.pk}", "duplicate_of", question.duplicate_of_id, None, repair)
        _set(repair, question, duplicate_of=None)


def comments_check(repair: bool) -> Iterator[Difference]:
    """Yields comments on an answer of another question, and replies to a comment somewhere else."""
    astray = Comment.objects.filter(answer__isnull=False).exclude(answer__question=F("question"))
    for comment in astray.select_related("answer").order_by("pk"):
        right = comment.answer.question_id if comment.answer else None
        yield Difference(f"comment {comment.pk}", "question", comment.question_id, right, repair)
        _set(repair, comment, question_id=right)
    same = Q(parent__question=F("question")) & (
        Q(parent__answer=F("answer")) | Q(parent__answer__isnull=True, answer__isnull=True)
    )
    for comment in Comment.objects.filter(parent__isnull=False).exclude(same).order_by("pk"):
        yield Difference(f"comment {comment.pk}", "parent", comment.parent_id, None, repair)
        _set(repair, comment, parent=None)


def revisions_check(repair: bool) -> Iterator[Difference]:
    """Yields posts whose words are not those of their last version; they are kept as the next one.

    A post without any version is right: an import brings none until it is edited.
    """
    own: dict[str, Any] = {"question": OuterRef("pk"), "answer__isnull": True}
    for post in _unlike_their_last(Question.objects.all(), own):
        yield _kept(post, repair)
    for post in _unlike_their_last(Answer.objects.select_related("question"), {"answer": OuterRef("pk")}):
        yield _kept(post, repair)


def _unlike_their_last(posts: QuerySet[Any], place: dict[str, Any]) -> Iterator[Any]:
    versions = Revision.objects.filter(**place).order_by("-number")
    last = {"last_body": Subquery(versions.values("body")[:1])}
    found = posts.filter(Exists(versions)).annotate(**last).exclude(last_body=F("body")).order_by("pk")
    yield from found.iterator(chunk_size=200)


def _kept(post: Question | Answer, repair: bool) -> Difference:
    name = "answer" if isinstance(post, Answer) else "question"
    if repair:
        topics = None
        if isinstance(post, Question):
            topics = list(post.topic_items.order_by("tag__slug").values_list("tag__slug", flat=True))
        with transaction.atomic():
            revision_keep(post=post, credit=Credit(editor=post.edited_by or post.author), topics=topics)
    return Difference(f"{name} {post.pk}", "last version", "other words", "the post's own", repair)


def answers_check(repair: bool) -> Iterator[Difference]:
    """Yields answers whose counters are not what is there."""
    yield from recounted(Answer, _ANSWER_COLUMNS, lambda ids: answers_recount(ids=ids), repair=repair)


def outdated_check(repair: bool) -> Iterator[Difference]:
    """Yields answers that are wrongly marked as outdated, or wrongly not; the search is told."""
    yield from recounted(Answer, ("obsolete",), lambda ids: obsolete_recount(ids=ids), repair=repair)


def questions_check(repair: bool) -> Iterator[Difference]:
    """Yields questions whose counters, status or last activity are not what is there; the search is told."""

    def recount(ids: list[int]) -> None:
        if questions_recount(ids=ids):
            questions_changed(ids)

    yield from recounted(Question, DERIVED, recount, repair=repair)


def _set(repair: bool, row: Question | Answer | Comment, **values: Any) -> None:
    """Writes the values into the row alone; the search looks again at its question."""
    if not repair:
        return
    question = row.pk if isinstance(row, Question) else values.get("question_id") or row.question_id
    with transaction.atomic():
        type(row).objects.filter(pk=row.pk).update(**values)
        questions_changed([question])


def register_checks() -> None:
    """Makes the checks known: what is counted comes after what it is counted from."""
    register_check(IntegrityCheck("comments", 10, comments_check))
    register_check(IntegrityCheck("acceptances", 20, acceptances_check))
    register_check(IntegrityCheck("merges", 5, merges_check))
    register_check(IntegrityCheck("left-behind", 7, left_behind_check))
    register_check(IntegrityCheck("settlements", 30, settlements_check))
    register_check(IntegrityCheck("repeats", 35, repeats_check))
    register_check(IntegrityCheck("revisions", 40, revisions_check))
    register_check(IntegrityCheck("answers", 50, answers_check))
    register_check(IntegrityCheck("outdated", 55, outdated_check))
    register_check(IntegrityCheck("questions", 60, questions_check))
    register_check(IntegrityCheck("links", 70, links_check))
