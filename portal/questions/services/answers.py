"""Answering, editing, deleting and accepting."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from portal.core.clock import now
from portal.core.errors import NotAllowed, Stale, StateForbids
from portal.core.permissions import require_member
from portal.questions import events
from portal.questions.indexing import questions_changed
from portal.questions.models import Act, Answer, Question
from portal.questions.selectors.access import deleted_answer_for
from portal.questions.selectors.authors import hides
from portal.questions.selectors.rights import check_accept, check_answer, check_delete, check_edit, check_unlocked
from portal.questions.selectors.standing import may_answer_officially
from portal.questions.selectors.text import markdown_source

from .bodies import body_settle
from .counters import questions_recount
from .holding import answer_hold, question_hold
from .moves import Decision, move_keep, state_of
from .passport import Claim, claim_write
from .revisions import Credit, revision_keep
from .texts import body_errors, language_errors, rendered, require_fields
from .writing import answer_write


def answer_create(
    *,
    user: Any,
    question_id: int,
    body: str,
    language: str | None = None,
    official: bool = False,
    claim: Claim | None = None,
) -> Answer:
    """Answers a question and returns the answer.

    body: Markdown. language: None for the question's. official: as the company's word, by staff and whom they allow.
    claim: the versions that it is written for, where the question is about a product with releases.
    """
    require_member(user)
    with transaction.atomic():
        question = question_hold(user=user, question_id=question_id)
        check_answer(user, question)
        if official and not may_answer_officially(user, question):
            raise NotAllowed(_("Only staff give official answers."))
        hidden = hides(user, question)
        if official and hidden:
            raise StateForbids(_("An official answer bears its author's name. Give yours to the question first."))
        language = language or question.language
        require_fields({"body": body_errors(body), "language": language_errors(language)})
        moment = now()
        answer = Answer.objects.create(
            question=question,
            author=user,
            anonymous=hidden,
            body=body,
            body_html=rendered(body, language=language),
            language=language,
            official=official,
            created_at=moment,
            updated_at=moment,
        )
        revision_keep(post=answer, credit=Credit(editor=user))
        body_settle(post=answer, user=user)
        if claim is not None:
            claim_write(user=user, answer=answer, claim=claim)
        answer_changed(answer=answer, kind=events.AnswerPosted, user=user)
    return answer


def answer_edit(
    *,
    user: Any,
    answer_id: int,
    version: int,
    body: str | None = None,
    language: str | None = None,
    note: str = "",
    claim: Claim | None = None,
) -> Answer:
    """Changes an answer's words and returns it; raises ``Stale`` when ``version`` is no longer the newest.

    claim: the versions that it is written for; None leaves what is said of them. Where nothing but that changes, it
    makes no new version of the text.
    """
    with transaction.atomic():
        answer = answer_hold(user=user, answer_id=answer_id)
        check_edit(user, answer, answer.question)
        if answer.version != version:
            raise Stale
        if claim is not None:
            claim_write(user=user, answer=answer, claim=claim)
            if not note and _says_the_same(answer, body, language):
                return answer
        return answer_write(answer=answer, credit=Credit(editor=user, note=note), body=body, language=language)


def _says_the_same(answer: Answer, body: str | None, language: str | None) -> bool:
    """Whether an edit leaves the words and their language as they are."""
    same = body is None or body.replace("\r\n", "\n").strip() == markdown_source(answer).strip()
    return same and language in (None, answer.language)


@transaction.atomic
def answer_delete(*, user: Any, answer_id: int) -> None:
    """Takes an answer away; an accepted one no longer settles its question."""
    answer = answer_hold(user=user, answer_id=answer_id)
    check_delete(user, answer, answer.question)
    answer.deleted_at, answer.deleted_by = now(), user
    answer.save(update_fields=["deleted_at", "deleted_by"])
    answer_changed(answer=answer, kind=events.AnswerDeleted, user=user)


@transaction.atomic
def answer_restore(*, user: Any, answer_id: int) -> Answer:
    """Brings a deleted answer back, accepted again where it was and no other has taken its place."""
    require_member(user)
    answer = answer_hold(user=user, answer_id=answer_id, find=deleted_answer_for)
    question = answer.question
    check_unlocked(user, question)
    answer.deleted_at, answer.deleted_by = None, None
    answer.save(update_fields=["deleted_at", "deleted_by"])
    if answer.accepted_at is not None and question.accepted_answer_id is None:
        Question.objects.filter(pk=question.pk).update(accepted_answer=answer)
    answer_changed(answer=answer, kind=events.AnswerRestored, user=user)
    return answer


@transaction.atomic
def answer_accept(*, user: Any, answer_id: int) -> Answer:
    """Makes an answer the accepted one of its question, in place of another; repeating it changes nothing."""
    answer = answer_hold(user=user, answer_id=answer_id)
    question = answer.question
    check_accept(user, question, answer)
    if question.accepted_answer_id == answer.pk:
        return answer
    _unaccept(question, user)
    answer.accepted_at, answer.accepted_by = now(), user
    answer.save(update_fields=["accepted_at", "accepted_by"])
    question.accepted_answer = answer
    question.save(update_fields=["accepted_answer"])
    answer_changed(answer=answer, kind=events.AnswerAccepted, user=user)
    return answer


@transaction.atomic
def answer_unaccept(*, user: Any, answer_id: int) -> Answer:
    """Takes the acceptance of an answer back; on any other answer it changes nothing."""
    answer = answer_hold(user=user, answer_id=answer_id)
    check_accept(user, answer.question)
    if answer.question.accepted_answer_id == answer.pk:
        _unaccept(answer.question, user)
        answer.refresh_from_db(fields=["accepted_at", "accepted_by"])
        answer_moved(answer=answer, decision=Decision(act=Act.UNACCEPT, by=user, answer=answer))
    return answer


def _unaccept(question: Question, user: Any) -> None:
    """Takes the acceptance off every answer, also off a deleted one that would bring it back with itself."""
    marked = Answer.objects.filter(question=question, accepted_at__isnull=False)
    marked.update(accepted_at=None, accepted_by=None)
    earlier = question.accepted_answer
    if earlier is None:
        return
    earlier.question = question
    question.accepted_answer = None
    question.save(update_fields=["accepted_answer"])
    events.announce_answer(events.AnswerUnaccepted, earlier, user)


ACTS: dict[type[events.AnswerEvent], Act] = {
    events.AnswerPosted: Act.ANSWER,
    events.AnswerDeleted: Act.DELETE_ANSWER,
    events.AnswerRestored: Act.RESTORE_ANSWER,
    events.AnswerAccepted: Act.ACCEPT,
}


def answer_moved(*, answer: Answer, decision: Decision) -> None:
    """Brings the question up to date after a change to one of its answers, and keeps the move that it made."""
    question = answer.question
    before = state_of(question)
    questions_recount(ids=[question.pk])
    questions_changed([question.pk])
    question.refresh_from_db()
    move_keep(question=question, before=before, decision=decision)


def answer_changed(*, answer: Answer, kind: type[events.AnswerEvent], user: Any) -> None:
    """Brings the question up to date after a change to one of its answers, keeps the move and tells of it."""
    answer_moved(answer=answer, decision=Decision(act=ACTS[kind], by=user, answer=answer))
    events.announce_answer(kind, answer, user)
