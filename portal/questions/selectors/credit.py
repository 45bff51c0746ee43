"""Who improved what others wrote."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q

from portal.accounts.models import User
from portal.questions.models import Answer, Question, Revision

from .access import answers_visible_to, questions_visible_to


@dataclass(frozen=True, slots=True)
class Edit:
    """That somebody changed what another wrote. answer_id: None for the question itself.

    active: whether the editor is a member still. improver: who changed a suggestion while letting it in. first: the
    version that a post came with, after a change elsewhere.
    """

    answer_id: int | None
    editor: int | None
    active: bool
    improver: int | None
    first: bool


def edits_of(question: Question) -> list[Edit]:
    """Returns how the posts of a question that are there were changed by others than their authors, in the order of
    their versions. One query."""
    kept = Revision.objects.filter(question=question).filter(
        Q(answer__isnull=True) | Q(answer__deleted_at__isnull=True)
    )
    own = Q(answer__isnull=True, editor=question.author_id) if question.author_id else Q(pk__in=())
    kept = kept.exclude(own).exclude(answer__author=F("editor"))
    names = ("answer_id", "editor_id", "editor__is_active", "approved_by_id", "improved", "number")
    return [
        Edit(answer_id, editor, bool(active), approver if improved else None, number == 1)
        for answer_id, editor, active, approver, improved, number in kept.order_by("number", "id").values_list(*names)
    ]


def improvers(
    question: Question, posts: Iterable[Question | Answer], edits: Iterable[Edit]
) -> dict[int | None, list[int]]:
    """Returns for each post the ids of those who improved it, its author left out, in the order of their first edit.

    The keys are the ids of answers, None for the question itself. Who changed a suggestion while letting it in counts;
    who asked anonymously is nobody here.
    """
    authors = {post.pk if isinstance(post, Answer) else None: post.author_id for post in posts}
    found: dict[int | None, dict[int, None]] = {key: {} for key in authors}
    for edit in edits:
        for person in (edit.editor, edit.improver):
            hidden = question.anonymous and person == question.author_id
            if edit.answer_id in authors and person is not None and person != authors[edit.answer_id] and not hidden:
                found[edit.answer_id][person] = None
    return {key: list(people) for key, people in found.items()}


def credits_of(question: Question, posts: Iterable[Question | Answer]) -> dict[int | None, list[User]]:
    """Returns for each post who improved it (see ``improvers``). Two queries, none where no post was ever edited."""
    posts = list(posts)
    edits = edits_of(question) if any(post.edited_at for post in posts) else []
    found = improvers(question, posts, edits)
    people = User.objects.in_bulk({person for persons in found.values() for person in persons})
    return people_of(found, people)


def people_of(found: Mapping[int | None, Sequence[int]], people: Mapping[int, User]) -> dict[int | None, list[User]]:
    """Returns the people in place of their ids; who is gone is left out."""
    return {key: [people[person] for person in persons if person in people] for key, persons in found.items()}


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
