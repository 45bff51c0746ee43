"""The passport of an answer: what it was written for, and what members say of it since."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from portal.core.audit import audit_write
from portal.core.clock import now
from portal.core.errors import Invalid, StateForbids, Words
from portal.core.permissions import may_moderate, require_member
from portal.questions.indexing import questions_changed
from portal.questions.models import Answer, Confirmation, ObsoleteMark, Passport, Release, Solution
from portal.questions.selectors.passports import NO_ENDS, Ends, ends_shown, versions_of
from portal.questions.selectors.releases import releases_about, releases_live
from portal.questions.selectors.version_rights import (
    check_confirm,
    check_lift,
    check_obsolete,
    check_passport,
    check_solution,
)

from .holding import answer_hold
from .texts import one_line
from .versions import versions_changed

REASON_LONGEST = 300
# Acts of the staff that are written down.
OUTDATED, LIFTED = "answer-outdated", "answer-outdated-lifted"


@dataclass(frozen=True, slots=True)
class Claim:
    """Which releases an answer is said to be written for, by their ids; both None: nothing is said.

    known: what the writer found there when she began; None where she takes its place whatever it is.
    """

    first_id: int | None = None
    last_id: int | None = None
    known: Ends | None = None

    @property
    def ends(self) -> Ends:
        """The two ends; one alone is a range of one release."""
        return (self.first_id or self.last_id, self.last_id or self.first_id)


class ClaimMet(Invalid):
    """Somebody else has said meanwhile which versions an answer is for, and something else. ends: what stands there."""

    def __init__(self, words: Words, ends: Ends) -> None:
        super().__init__({"first": [words]})
        self.ends = ends


def range_of(*, first_id: int | None, last_id: int | None) -> tuple[Release, Release]:
    """Returns the two ends of a range; one end alone is a range of one release.

    Raises ``Invalid`` for releases that there are not, that are of two products, or whose last is the earlier one.
    """
    wanted = [pk for pk in (first_id, last_id) if pk is not None]
    if not wanted:
        raise Invalid({"first": [_("Choose a version.")]})
    found = list(releases_live().filter(pk__in=wanted))
    if len(found) != len(set(wanted)):
        raise Invalid({"first": [_("There is no such version.")]})
    if found[0].product_id != found[-1].product_id:
        raise Invalid({"last": [_("Choose two versions of the same product.")]})
    if found[0].pk != wanted[0]:
        raise Invalid({"last": [_("“To version” must not be older than “From version”.")]})
    return found[0], found[-1]


def _range_about(answer: Answer, first_id: int | None, last_id: int | None) -> tuple[Release, Release]:
    """Returns the range; raises ``Invalid`` where its product is none of the question's."""
    first, last = range_of(first_id=first_id, last_id=last_id)
    if first.product_id not in releases_about(answer.question):
        raise Invalid({"first": [_("This question is not about that product.")]})
    return first, last


@transaction.atomic
def passport_set(*, user: Any, answer_id: int, first_id: int | None, last_id: int | None = None) -> Passport:
    """Says which releases an answer was written for, by who may change its words; takes the place of what was said.

    first_id, last_id: the first and the last of releases of one product of the question; one alone means that one.
    """
    answer = answer_hold(user=user, answer_id=answer_id)
    check_passport(user, answer, answer.question)
    return _claimed(user, answer, first_id, last_id)


def _claimed(user: Any, answer: Answer, first_id: int | None, last_id: int | None) -> Passport:
    first, last = _range_about(answer, first_id, last_id)
    values = {"first": first, "last": last, "set_by": user, "set_at": now()}
    passport, _made = Passport.objects.update_or_create(answer=answer, defaults=values)
    versions_changed(user=user, ids=[answer.pk])
    return passport


def claim_write(*, user: Any, answer: Answer, claim: Claim) -> None:
    """Writes the claim that came with the words of an answer, whose rights are checked and whose question is held.

    What the writer left as she found it stays as it is by now, also where it names versions that are not offered any
    more. Raises ``ClaimMet`` where she and somebody else both changed it, and differently.
    """
    if claim.known is not None and claim.ends == claim.known:
        return
    releases = releases_about(answer.question)
    there = ends_shown(Passport.objects.filter(answer=answer).first(), releases)
    if claim.ends == there:
        return
    if claim.known is not None and there != claim.known:
        words = _("Somebody else has named other versions meanwhile: %(versions)s. Choose again.")
        raise ClaimMet(words % {"versions": _ends_told(there, releases)}, there)
    if claim.ends == NO_ENDS:
        Passport.objects.filter(answer=answer).delete()
        versions_changed(user=user, ids=[answer.pk])
    else:
        _claimed(user, answer, claim.first_id, claim.last_id)


def _ends_told(ends: Ends, releases: Mapping[int, Sequence[Release]]) -> str:
    labels = {release.pk: release.label for found in releases.values() for release in found}
    return "–".join(dict.fromkeys(f"\u2068{labels[end]}\u2069" for end in ends if end)) or str(_("none"))


@transaction.atomic
def passport_clear(*, user: Any, answer_id: int) -> None:
    """Takes back what was said of the releases that an answer was written for; what readers say of it stays."""
    answer = answer_hold(user=user, answer_id=answer_id)
    check_passport(user, answer, answer.question)
    Passport.objects.filter(answer=answer).delete()
    versions_changed(user=user, ids=[answer.pk])


@transaction.atomic
def answer_confirm(*, user: Any, answer_id: int, works: bool | None, release_id: int | None = None) -> Release:
    """Says that an answer still works on a release, or no longer; a member's later word takes the place of her earlier.

    works: None takes back what she said. release_id: None for the newest release of the product that the answer is
    about. Returns the release; raises ``StateForbids`` where the product has none, ``Invalid`` for a release of
    another product.
    """
    require_member(user)
    answer = answer_hold(user=user, answer_id=answer_id)
    check_confirm(user, answer.question)
    release = _release_said(answer, user, release_id)
    mine = Confirmation.objects.filter(answer=answer, release=release, user=user)
    if works is None:
        mine.delete()
    else:
        voice = Confirmation.Voice.STAFF if may_moderate(user) else Confirmation.Voice.MEMBER
        voice = Confirmation.Voice.AUTHOR if answer.author_id == user.pk else voice
        values = {"works": works, "voice": voice, "said_at": now()}
        Confirmation.objects.update_or_create(answer=answer, release=release, user=user, defaults=values)
    versions_changed(user=user, ids=[answer.pk])
    return release


def _release_said(answer: Answer, user: Any, release_id: int | None) -> Release:
    versions = versions_of(user=user, question=answer.question, answers=[answer])
    view = versions.passports.get(answer.pk)
    if view is None:
        raise StateForbids(_("There are no versions to say this of."))
    if release_id is None:
        return view.current
    for releases in versions.releases.values():
        for release in releases:
            if release.pk == release_id:
                return release
    raise Invalid({"release": [_("There is no such version.")]})


@transaction.atomic
def solution_mark(*, user: Any, answer_id: int, first_id: int | None, last_id: int | None = None) -> Solution:
    """Marks an answer as what solves its question for some releases, beside the accepted one; by who may accept."""
    answer = answer_hold(user=user, answer_id=answer_id)
    check_solution(user, answer.question)
    first, last = _range_about(answer, first_id, last_id)
    values = {"first": first, "last": last, "marked_by": user, "marked_at": now()}
    solution, _made = Solution.objects.update_or_create(answer=answer, defaults=values)
    questions_changed([answer.question_id])
    return solution


@transaction.atomic
def solution_unmark(*, user: Any, answer_id: int) -> None:
    """Takes the mark of a solution back; on any other answer it changes nothing."""
    answer = answer_hold(user=user, answer_id=answer_id)
    check_solution(user, answer.question)
    Solution.objects.filter(answer=answer).delete()
    questions_changed([answer.question_id])


@transaction.atomic
def obsolete_mark(*, user: Any, answer_id: int, reason: str) -> ObsoleteMark:
    """Marks an answer as outdated, with the reason that readers are told; by its author and the staff.

    Raises ``StateForbids`` where it is marked already.
    """
    answer = answer_hold(user=user, answer_id=answer_id)
    check_obsolete(user, answer, answer.question)
    reason = one_line(reason)
    if not reason or len(reason) > REASON_LONGEST:
        raise Invalid({"reason": [_("Say in a sentence why it no longer holds.")]})
    if ObsoleteMark.objects.filter(answer=answer, lifted_at__isnull=True).exists():
        raise StateForbids(_("This answer is marked as outdated already."))
    mark = ObsoleteMark.objects.create(answer=answer, reason=reason, marked_by=user)
    if may_moderate(user):
        audit_write(actor=user, action=OUTDATED, subject_type="answer", subject_id=answer.pk, reason=reason)
    versions_changed(user=user, ids=[answer.pk])
    return mark


@transaction.atomic
def obsolete_lift(*, user: Any, answer_id: int) -> None:
    """Takes the mark back, by who made it and the staff; what readers say of the answer still counts."""
    answer = answer_hold(user=user, answer_id=answer_id)
    require_member(user)
    mark = ObsoleteMark.objects.filter(answer=answer, lifted_at__isnull=True).first()
    if mark is None:
        raise StateForbids(_("This answer is not marked as outdated."))
    check_lift(user, mark, answer.question)
    mark.lifted_by, mark.lifted_at = user, now()
    mark.save(update_fields=["lifted_by", "lifted_at"])
    if may_moderate(user):
        audit_write(actor=user, action=LIFTED, subject_type="answer", subject_id=answer.pk, reason=mark.reason)
    versions_changed(user=user, ids=[answer.pk])
