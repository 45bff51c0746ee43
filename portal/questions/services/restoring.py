"""Bringing an earlier version of a post back."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from portal.core.errors import Stale, StateForbids
from portal.core.models import Topic
from portal.questions.models import Answer, Question, Revision
from portal.questions.selectors.revisions import revision_of
from portal.questions.selectors.rights import check_edit

from .holding import post_hold
from .revisions import Credit
from .writing import answer_write, question_write


def revision_restore(*, user: Any, kind: str, post_id: int, number: int, version: int) -> Question | Answer:
    """Makes an earlier version of a post its newest one and returns the post; who may edit it may do this.

    kind: ``question`` or ``answer``. number: of the version to bring back. version: the post's, as the member saw it;
    raises ``Stale`` where there is a newer one, ``StateForbids`` where the post says the same already. A topic that is
    gone since stays away, and a version whose language an import did not tell leaves the post's as it is.
    """
    with transaction.atomic():
        post = post_hold(user=user, kind=kind, post_id=post_id)
        question = post.question if isinstance(post, Answer) else post
        check_edit(user, post, question)
        if post.version != version:
            raise Stale
        kept = revision_of(post, number)
        if not _differs(post, kept):
            raise StateForbids(_("This is what stands there now."))
        credit = Credit(editor=user, restores=number)
        language = kept.language or None
        if isinstance(post, Answer):
            return answer_write(
                answer=post, credit=credit, body=kept.body, body_format=kept.body_format, language=language
            )
        return question_write(
            question=post,
            credit=credit,
            title=kept.title,
            body=kept.body,
            body_format=kept.body_format,
            language=language,
            topics=_known(kept.topics),
        )


def _differs(post: Question | Answer, kept: Revision) -> bool:
    now = [post.body, post.body_format, post.language]
    then = [kept.body, kept.body_format, kept.language or post.language]
    if isinstance(post, Question):
        topics = sorted(post.topic_items.values_list("tag__slug", flat=True))
        now, then = [*now, post.title, *topics], [*then, kept.title, *sorted(_known(kept.topics))]
    return now != then


def _known(slugs: list[str]) -> list[str]:
    return list(Topic.objects.filter(slug__in=slugs).values_list("slug", flat=True))
