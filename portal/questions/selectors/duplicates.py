"""Questions that repeat others: where they lead, which earlier ones they may repeat, and what waits for staff."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from portal.core.errors import NotAllowed, NotFound, StateForbids
from portal.core.permissions import require_member, require_moderator
from portal.discovery.selectors import similar_run, suggest_run
from portal.questions.models import Contest, DuplicateProposal, Merge, Question, Status

from .access import question_visible_to, questions_visible_to
from .answered import AnsweredQuestion, answered_questions
from .authors import ShownAuthor, person_shown
from .merging import question_led_to
from .rights import check_unlocked
from .text import markdown_source

DEEPEST = 50
CANDIDATES = 8
QUEUE = 50
# An address of a question's page, or its bare number.
NAMED = re.compile(r"(?:.*/questions/|#)?(\d{1,18})(?:[/?#].*)?", re.DOTALL)


def check_propose(user: Any, question: Question) -> None:
    """Whether ``user`` may say that ``question`` was asked before."""
    require_member(user)
    check_unlocked(user, question)
    if question.status == Status.DUPLICATE:
        raise StateForbids(_("This question is marked as asked before already."))


def check_contest(user: Any, question: Question) -> None:
    """Whether ``user`` may contest that ``question`` is a repeat: who asked it."""
    require_member(user)
    if question.author_id != user.pk:
        raise NotAllowed(_("Only who asked can contest this."))


def chain_of(question_id: int, *, most: int = DEEPEST) -> list[int]:
    """Returns the questions that one leads to, one after the other, as far as they are marked as repeats.

    Imports may bring chains, and even rings: a number comes once. most: no further than so many.
    """
    chain: list[int] = []
    following: int | None = question_id
    while following is not None and following not in chain and len(chain) < most:
        chain.append(following)
        repeats = Question.objects.filter(pk=following, status=Status.DUPLICATE, duplicate_of__isnull=False)
        following = repeats.values_list("duplicate_of", flat=True).first()
    return chain


def earlier_question(user: Any, question: Question) -> AnsweredQuestion | None:
    """Returns the question that this one repeats, with the answer that is read first.

    A chain leads to its end, or to the last one that this reader may see; None where there is none.
    """
    if question.duplicate_of_id is None:
        return None
    chain = [pk for pk in chain_of(question.duplicate_of_id) if pk != question.pk]
    found = {each.question.pk: each for each in answered_questions(user=user, ids=chain)}
    return next((found[pk] for pk in reversed(chain) if pk in found), None)


def question_named(text: str) -> int | None:
    """Returns the number in what somebody typed or pasted (a number or a question's address), else None."""
    found = NAMED.fullmatch(text.strip())
    return int(found.group(1)) if found else None


def target_candidates(*, user: Any, question: Question, words: str = "") -> list[AnsweredQuestion]:
    """Returns the questions that ``question`` may repeat, the likeliest first, each with its best answer.

    words: what staff or a member looks for: words, a number or an address; nothing: what is most like the question.
    """
    number = question_named(words)
    if number is not None:
        return _named(user, question, number)
    own = ("question", str(question.pk))
    if words.strip():
        pages = [
            suggest_run(user=user, text=words, language=question.language, types=("question",), limit=CANDIDATES + 1),
            similar_run(user=user, title=words, language=question.language, exclude=[own], limit=CANDIDATES),
        ]
    else:
        body = markdown_source(question)
        pages = [similar_run(user=user, title=question.title, body=body, language=question.language, exclude=[own])]
    hits = [result.hit for page in pages for result in page.results if result.hit.type == "question"]
    ids = list(dict.fromkeys(int(hit.id) for hit in hits if hit.id != own[1]))[:CANDIDATES]
    return _ordered(user, ids)


def _named(user: Any, question: Question, number: int) -> list[AnsweredQuestion]:
    try:
        found = question_led_to(user, number)
    except NotFound:
        return []
    return _ordered(user, [found.pk] if found.pk != question.pk else [])


def _ordered(user: Any, ids: Sequence[int]) -> list[AnsweredQuestion]:
    found = {each.question.pk: each for each in answered_questions(user=user, ids=ids)}
    return [found[pk] for pk in ids if pk in found]


def proposals_waiting(user: Any) -> QuerySet[DuplicateProposal]:
    """Returns the proposals that staff may still decide, the earliest first; raises for anybody else."""
    require_moderator(user)
    there = questions_visible_to(user)
    waiting = DuplicateProposal.objects.filter(outcome="", question__in=there, target__in=there)
    return waiting.exclude(question__status=Status.DUPLICATE).select_related("question", "target", "member")


def contests_waiting(user: Any) -> QuerySet[Contest]:
    """Returns what askers contest and staff have not decided, the earliest first; raises for anybody else."""
    require_moderator(user)
    return Contest.objects.filter(outcome="").select_related(
        "question__duplicate_of", "question__merged_into", "member", "merge"
    )


@dataclass(frozen=True, slots=True)
class Proposed:
    """A pair that members think the same. first: the proposal that is decided with all others of the pair.

    by: each proposal with whom staff are told it is by; who asked anonymously stays so.
    """

    first: DuplicateProposal
    by: list[tuple[DuplicateProposal, ShownAuthor]]


def pairs_waiting(user: Any) -> list[Proposed]:
    """Returns the pairs that wait for staff, those that most members name first."""
    pairs: dict[tuple[int, int], list[DuplicateProposal]] = {}
    for proposal in proposals_waiting(user)[: QUEUE * 4]:
        pairs.setdefault((proposal.question_id, proposal.target_id), []).append(proposal)
    ordered = sorted(pairs.values(), key=lambda each: -len(each))
    return [Proposed(each[0], [(one, _proposer(user, one)) for one in each]) for each in ordered[:QUEUE]]


def _proposer(user: Any, proposal: DuplicateProposal) -> ShownAuthor:
    return person_shown(reader=user, question=proposal.question, person=proposal.member)


@dataclass(frozen=True, slots=True)
class Contestable:
    """What an asker may contest: that her question is marked as a repeat, or (merge) joined with ``target``."""

    question: Question
    target: Question | None
    merge: Merge | None
    waiting: Contest | None


def contestable(user: Any, question_id: int) -> Contestable:
    """Returns what there is to contest about a question; raises ``NotFound`` or ``StateForbids`` where nothing is."""
    merge = Merge.objects.filter(source=question_id, undone_at__isnull=True).select_related("source").first()
    if merge is not None:
        target = questions_visible_to(user).filter(pk=merge.source.merged_into_id or 0).first()
        if target is None:
            raise NotFound
        question = merge.source
    else:
        question = question_visible_to(user, question_id)
        if question.status != Status.DUPLICATE:
            raise StateForbids
        earlier = earlier_question(user, question)
        target = earlier.question if earlier else None
    waiting = Contest.objects.filter(question=question, outcome="").first()
    return Contestable(question, target, merge, waiting)
