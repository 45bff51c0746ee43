"""Asking, editing and deleting questions."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from portal.core.clock import now
from portal.core.errors import Stale, Words
from portal.core.permissions import require_member
from portal.core.topics import topics_by_slug
from portal.questions import events
from portal.questions.indexing import questions_changed
from portal.questions.models import Question, QuestionTopic
from portal.questions.models.question import question_slug
from portal.questions.selectors.authors import anonymous_allowed
from portal.questions.selectors.rights import check_delete, check_edit

from .bodies import body_settle
from .counters import hot_value, questions_recount
from .holding import deleted_question_hold, question_hold
from .revisions import Credit, revision_keep
from .texts import body_errors, language_errors, rendered, require_fields, title_errors
from .writing import question_write


def question_create(
    *, user: Any, title: str, body: str, language: str, topics: Sequence[str] = (), anonymous: bool = False
) -> Question:
    """Asks a question and returns it.

    body: Markdown. language: a language of the portal. topics: slugs. anonymous: the asker is told to nobody,
    where the staff allow it. Raises ``SignInNeeded`` for a stranger and ``Invalid`` for fields that cannot be used.
    """
    require_member(user)
    title = " ".join(title.split())
    refused: list[Words] = (
        [_("Questions cannot be asked anonymously here.")] if anonymous and not anonymous_allowed() else []
    )
    require_fields(
        {
            "title": title_errors(title),
            "body": body_errors(body),
            "language": language_errors(language),
            "anonymous": refused,
        }
    )
    chosen = topics_by_slug(slugs=topics)
    html, moment = rendered(body, language=language), now()
    with transaction.atomic():
        question = Question.objects.create(
            author=user,
            anonymous=anonymous,
            title=title,
            slug=question_slug(title),
            body=body,
            body_html=html,
            language=language,
            created_at=moment,
            updated_at=moment,
            last_activity_at=moment,
            hot=hot_value(score=0, answers=0, created_at=moment),
        )
        QuestionTopic.objects.bulk_create(QuestionTopic(content_object=question, tag=topic) for topic in chosen)
        revision_keep(post=question, credit=Credit(editor=user), topics=[topic.slug for topic in chosen])
        body_settle(post=question, user=user)
        questions_changed([question.pk])
        events.announce_question(events.QuestionAsked, question, user)
    return question


def question_edit(
    *,
    user: Any,
    question_id: int,
    version: int,
    title: str | None = None,
    body: str | None = None,
    language: str | None = None,
    topics: Sequence[str] | None = None,
    note: str = "",
) -> Question:
    """Changes a question's words, language or topics (None: as it is) and returns it.

    version: the one the editor began from; raises ``Stale`` when there is a newer one, ``NotAllowed`` to others than
    the author and staff, ``Invalid`` for fields that cannot be used.
    """
    with transaction.atomic():
        question = question_hold(user=user, question_id=question_id)
        check_edit(user, question, question)
        if question.version != version:
            raise Stale
        return question_write(
            question=question,
            credit=Credit(editor=user, note=note),
            title=title,
            body=body,
            language=language,
            topics=topics,
        )


@transaction.atomic
def question_delete(*, user: Any, question_id: int) -> None:
    """Takes a question away from every place; it can come back whole."""
    question = question_hold(user=user, question_id=question_id)
    check_delete(user, question, question)
    question.deleted_at, question.deleted_by = now(), user
    question.save(update_fields=["deleted_at", "deleted_by"])
    questions_changed([question.pk])
    events.announce_question(events.QuestionDeleted, question, user)


@transaction.atomic
def question_restore(*, user: Any, question_id: int) -> Question:
    """Brings a deleted question back; raises ``NotFound`` to whom may not."""
    require_member(user)
    question = deleted_question_hold(user=user, question_id=question_id)
    question.deleted_at, question.deleted_by = None, None
    question.save(update_fields=["deleted_at", "deleted_by"])
    questions_recount(ids=[question.pk])
    questions_changed([question.pk])
    events.announce_question(events.QuestionRestored, question, user)
    return question
