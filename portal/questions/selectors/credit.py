"""Who improved what others wrote."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import Q

from portal.accounts.models import User
from portal.questions.models import Answer, Question, Revision

from .access import answers_visible_to, questions_visible_to


def credits_of(question: Question, posts: Iterable[Question | Answer]) -> dict[int | None, list[User]]:
    """Returns for each post who improved it, its author left out, in the order of their first edit.

    Two queries, none where no post was ever edited.

    The keys are the ids of answers, None for the question itself. Who changed a suggestion while letting it in counts;
    who asked anonymously is nobody here.
    """
    posts = list(posts)
    authors = {post.pk if isinstance(post, Answer) else None: post.author_id for post in posts}
    if not any(post.edited_at for post in posts):
        return {key: [] for key in authors}
    kept = Revision.objects.filter(question=question).filter(
        Q(answer__isnull=True) | Q(answer__in=set(authors) - {None})
    )
    found: dict[int | None, dict[int, None]] = defaultdict(dict)
    rows = kept.order_by("number").values_list("answer_id", "editor_id", "approved_by_id", "improved")
    for answer_id, editor_id, approver_id, improved in rows:
        for person in (editor_id, approver_id if improved else None):
            hidden = question.anonymous and person == question.author_id
            if answer_id in authors and person is not None and person != authors[answer_id] and not hidden:
                found[answer_id][person] = None
    people = User.objects.in_bulk({person for persons in found.values() for person in persons})
    return {key: [people[person] for person in found[key] if person in people] for key in authors}


def posts_improved(*, viewer: Any, member: User) -> int:
    """Returns how many posts of others a member improved, as far as the viewer sees them.

    What she did below a question that she asked anonymously does not count: it would tell who asked.
    """
    kept = Revision.objects.filter(editor=member, question__in=questions_visible_to(viewer))
    kept = kept.exclude(question__anonymous=True, question__author=member)
    questions = kept.filter(answer__isnull=True).exclude(question__author=member)
    answers = kept.filter(answer__in=answers_visible_to(viewer)).exclude(answer__author=member)
    return (
        questions.order_by().values("question_id").distinct().count()
        + answers.order_by().values("answer_id").distinct().count()
    )
