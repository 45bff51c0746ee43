"""The inbox of the demo's accounts: what was told them of late, so that a newcomer sees how it looks."""

from django.db.models import QuerySet

from portal.accounts.models import User
from portal.core.clock import clock_at
from portal.core.demo import DemoMaterial
from portal.notifications.models import Happening, NoteItem
from portal.questions.models import Answer, Comment

from .telling import happenings_tell

MOST_OF_EACH = 3


def demo_inbox_load(material: DemoMaterial) -> None:
    """Tells each account of the demo of the latest answers, acceptances and comments, at their own moments; by no mail.

    material: the story's questions; the part has no entries of its own.
    """
    questions = [int(pk) for kind, pk in material.pages.values() if kind == "question"]
    made: dict[tuple[str, int], Happening] = {}
    for account in (each for each in User.objects.filter(demo=True) if each.has_usable_password()):
        for happening in _of_late(account, questions):
            made[happening.what, happening.comment_id or happening.answer_id or 0] = happening
    for happening in sorted(made.values(), key=lambda each: each.at):
        happening.save()
        with clock_at(happening.at):
            happenings_tell()
    NoteItem.objects.filter(happening__in=list(made.values())).update(mail_due_at=None)


def _of_late(account: User, questions: list[int]) -> list[Happening]:
    alive = Answer.objects.filter(question__in=questions, question__deleted_at=None, deleted_at=None)
    answered = alive.filter(question__author=account).exclude(author=account)
    accepted = alive.filter(author=account, accepted_at__isnull=False).exclude(accepted_by=account)
    said = Comment.objects.filter(answer__in=alive.filter(author=account), deleted_at=None).exclude(author=account)
    return [
        *(_happening("answered", given, given.author_id) for given in _latest(answered)),
        *(_happening("accepted", given, given.accepted_by_id) for given in _latest(accepted, "-accepted_at")),
        *(
            Happening(
                what="commented", question_id=each.question_id, answer_id=each.answer_id, comment=each,
                actor_id=each.author_id, at=each.created_at,
            )
            for each in said.order_by("-created_at", "-pk")[:MOST_OF_EACH]
        ),
    ]  # fmt: skip


def _latest(answers: QuerySet[Answer], order: str = "-created_at") -> QuerySet[Answer]:
    return answers.order_by(order, "-pk")[:MOST_OF_EACH]


def _happening(what: str, given: Answer, actor_id: int | None) -> Happening:
    at = given.accepted_at if what == "accepted" and given.accepted_at else given.created_at
    return Happening(what=what, question_id=given.question_id, answer=given, actor_id=actor_id, at=at)
