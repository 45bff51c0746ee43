"""How the demo's questions came to where they stand: first answers, acceptances and what staff decided, as moves."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from portal.questions.models import Act, Answer, Comment, Question, QuestionMove, Role, Status


def moves_load(questions: Mapping[str, Question], *, answers: Iterable[Answer]) -> int:
    """Writes the moves of questions that were written in bulk, each at its own moment; returns how many."""
    given: dict[int, list[Answer]] = defaultdict(list)
    for answer in sorted(answers, key=lambda each: each.created_at):
        given[answer.question_id].append(answer)
    staff_words: dict[int, Comment] = {}
    remarks = Comment.objects.filter(question__in=questions.values(), answer__isnull=True, author__is_staff=True)
    for remark in remarks.select_related("author").order_by("-created_at"):
        staff_words[remark.question_id] = remark
    moves = [
        move
        for question in questions.values()
        for move in sorted(_moves(question, given[question.pk], staff_words.get(question.pk)), key=lambda move: move.at)
    ]
    return len(QuestionMove.objects.bulk_create(_joined(moves)))


def _moves(question: Question, answers: list[Answer], remark: Comment | None) -> Iterator[QuestionMove]:
    """Yields what happened to one question, with the status that each move led to."""
    if question.needs_details and remark is not None:
        yield QuestionMove(
            question=question, act=Act.ASK_DETAILS, to_status=Status.NEEDS_DETAILS, by=remark.author,
            role=Role.STAFF, words=remark.body[:300], at=remark.created_at,
        )  # fmt: skip
    if answers:
        first = answers[0]
        role = Role.STAFF if first.author and first.author.is_staff else Role.MEMBER
        yield QuestionMove(
            question=question, act=Act.ANSWER, to_status=Status.ANSWERED, by=first.author, role=role,
            answer=first, at=first.created_at,
        )  # fmt: skip
    for answer in answers:
        if answer.accepted_at is not None:
            yield QuestionMove(
                question=question, act=Act.ACCEPT, to_status=Status.ACCEPTED, by=question.author, role=Role.ASKER,
                answer=answer, at=answer.accepted_at,
            )  # fmt: skip
    if question.settled_at is not None:
        act = Act.MARK_DUPLICATE if question.status == Status.DUPLICATE else Act.CLOSE
        yield QuestionMove(
            question=question, act=act, to_status=question.status, by=question.settled_by, role=Role.STAFF,
            why=question.settled_why, words=question.settled_reason, at=question.settled_at,
        )  # fmt: skip


def _joined(moves: Iterable[QuestionMove]) -> Iterator[QuestionMove]:
    """Yields the moves with where each began: where the one before it of the same question ended."""
    here: dict[int, str] = {}
    for move in moves:
        move.from_status = here.get(move.question_id, Status.OPEN)
        here[move.question_id] = move.to_status
        yield move
