"""Calls about versions: releases of products, and what members say of answers on them."""

from typing import cast

from django.http import HttpRequest, HttpResponse
from ninja import Router

from portal.core.errors import NotFound
from portal.questions.models import Answer, Release
from portal.questions.selectors.access import answer_visible_to
from portal.questions.selectors.confirming import MOST_PAGES, confirming_page
from portal.questions.selectors.passports import ReleaseRow, release_rows, versions_of
from portal.questions.selectors.releases import product_by_slug, release_for_staff, releases_live
from portal.questions.services.passport import (
    answer_confirm,
    obsolete_lift,
    obsolete_mark,
    passport_clear,
    passport_set,
    solution_mark,
    solution_unmark,
)
from portal.questions.services.releases import release_edit, release_register, release_restore, release_withdraw

from . import version_schemas as schemas
from .answering import answered, next_address, nothing
from .auth import ANYONE, MEMBER
from .idempotency import write
from .parsing import RowId
from .representations import answer_told
from .schemas import RangeIn

router = Router(tags=["Releases"])


def release_told(release: Release, slug: str) -> schemas.Release:
    """Returns a release of the product of this slug."""
    return schemas.Release(
        id=release.pk,
        product=slug,
        label=release.label,
        released_at=release.released_at,
        notes_url=release.notes_url,
        position=release.position,
        withdrawn=release.withdrawn_at is not None,
    )


def _row_told(row: ReleaseRow) -> schemas.ReleaseState:
    return schemas.ReleaseState(
        release=release_told(row.release, row.release.product.slug),
        state=cast(schemas.StateName, row.state.value),
        claimed=row.claimed,
        works=row.works,
        no_longer=row.no_longer,
        mine=row.mine,
    )


def passport_told(request: HttpRequest, answer: Answer) -> schemas.Passport:
    """Returns what is known of the versions that an answer holds for."""
    known = versions_of(user=request.user, question=answer.question, answers=[answer])
    view, mark = known.passports.get(answer.pk), known.marks.get(answer.pk)
    solution = next((each for each in known.solutions if each.answer.pk == answer.pk), None)
    rows = release_rows(user=request.user, answer=answer, versions=known)
    confirmed = view.confirmed if view else None
    return schemas.Passport(
        answer_id=answer.pk,
        obsolete=answer.obsolete,
        obsolete_reason=mark.reason if mark else None,
        state=cast(schemas.StateName, view.state.value) if view else None,
        product=view.product.slug if view else None,
        works_on=[str(span) for span in view.works_on] if view else [],
        not_yet_confirmed_on=view.pending.label if view and view.pending else None,
        confirmed=schemas.Confirmed.model_validate(
            {"by": confirmed.voice, "count": confirmed.count, "last_at": confirmed.at}
        )
        if confirmed
        else None,
        solution=[str(span) for span in solution.spans] if solution and not solution.accepted else None,
        releases=[_row_told(row) for found in rows.values() for row in found],
    )


def _answered(request: HttpRequest, answer_id: int) -> HttpResponse:
    return answered(passport_told(request, answer_visible_to(request.user, answer_id)))


@router.get(
    "/products/{slug}/releases", auth=ANYONE, response=schemas.ReleaseList, summary="List a product's releases",
    operation_id="releases",
)  # fmt: skip
def release_list(request: HttpRequest, slug: str) -> dict[str, object]:
    """The releases of a product, the earliest first; `slug` is that of its topic."""
    product = product_by_slug(slug)
    return {"results": [release_told(each, slug) for each in releases_live().filter(product=product)], "next": None}


@router.post(
    "/products/{slug}/releases", auth=MEMBER, response={201: schemas.Release}, summary="Register a release",
    operation_id="release_register",
)  # fmt: skip
@write("edit")
def release_post(request: HttpRequest, slug: str, payload: schemas.ReleaseIn) -> HttpResponse:
    """Registers a release, by the staff. The authors of the most viewed answers are asked whether they still work."""
    made = release_register(user=request.user, product=slug, **payload.model_dump())
    return answered(release_told(made, slug), status=201)


@router.patch(
    "/releases/{row:release_id}", auth=MEMBER, response=schemas.Release, summary="Change a release",
    operation_id="release_change",
)  # fmt: skip
@write("edit")
def release_patch(request: HttpRequest, release_id: RowId, payload: schemas.ReleasePatch) -> HttpResponse:
    """Changes what is given and leaves the rest; by the staff."""
    made = release_edit(user=request.user, release_id=release_id, **payload.model_dump())
    return answered(release_told(made, made.product.slug))


@router.delete(
    "/releases/{row:release_id}", auth=MEMBER, response={204: None}, summary="Withdraw a release",
    operation_id="release_withdraw",
)  # fmt: skip
@write("edit")
def release_delete(request: HttpRequest, release_id: RowId) -> HttpResponse:
    """Withdraws a release, by the staff: what was said of it no longer counts, until it is restored."""
    release_withdraw(user=request.user, release_id=release_id)
    return nothing()


@router.post(
    "/releases/{row:release_id}/restore", auth=MEMBER, response=schemas.Release, summary="Restore a release",
    operation_id="release_restore",
)  # fmt: skip
@write("edit")
def release_return(request: HttpRequest, release_id: RowId) -> HttpResponse:
    """Brings a withdrawn release back with all that was said of it; by the staff."""
    release_restore(user=request.user, release_id=release_id)
    made = release_for_staff(request.user, release_id)
    return answered(release_told(made, made.product.slug))


@router.get(
    "/answers/{row:answer_id}/passport", auth=ANYONE, response=schemas.Passport, summary="Read an answer's passport",
    operation_id="passport",
)  # fmt: skip
def passport_read(request: HttpRequest, answer_id: RowId) -> schemas.Passport:
    """The versions that an answer holds for, and what was said of it on each release."""
    return passport_told(request, answer_visible_to(request.user, answer_id))


@router.put(
    "/answers/{row:answer_id}/passport", auth=MEMBER, response=schemas.Passport, summary="Say what it was written for",
    operation_id="passport_set",
)  # fmt: skip
@write("edit")
def passport_put(request: HttpRequest, answer_id: RowId, payload: RangeIn) -> HttpResponse:
    """Says which releases the answer was written for; by who may change its words."""
    passport_set(user=request.user, answer_id=answer_id, first_id=payload.first, last_id=payload.last)
    return _answered(request, answer_id)


@router.delete(
    "/answers/{row:answer_id}/passport", auth=MEMBER, response=schemas.Passport,
    summary="Take back what it was written for", operation_id="passport_clear",
)  # fmt: skip
@write("edit")
def passport_delete(request: HttpRequest, answer_id: RowId) -> HttpResponse:
    """Takes back which releases it was written for; what members said of it stays."""
    passport_clear(user=request.user, answer_id=answer_id)
    return _answered(request, answer_id)


@router.put(
    "/answers/{row:answer_id}/confirmation", auth=MEMBER, response=schemas.Passport,
    summary="Say whether an answer still works", operation_id="answer_confirm",
)  # fmt: skip
@write("vote")
def confirmation_put(request: HttpRequest, answer_id: RowId, payload: schemas.ConfirmationIn) -> HttpResponse:
    """Sets what the member says of it on one release; repeating it changes nothing but its date."""
    answer_confirm(user=request.user, answer_id=answer_id, works=payload.works, release_id=payload.release)
    return _answered(request, answer_id)


@router.put(
    "/answers/{row:answer_id}/solution", auth=MEMBER, response=schemas.Passport,
    summary="Mark the solution for some versions", operation_id="solution_mark",
)  # fmt: skip
@write("edit")
def solution_put(request: HttpRequest, answer_id: RowId, payload: RangeIn) -> HttpResponse:
    """Marks it, beside the accepted answer, as what solves the question for these releases; by who may accept."""
    solution_mark(user=request.user, answer_id=answer_id, first_id=payload.first, last_id=payload.last)
    return _answered(request, answer_id)


@router.delete(
    "/answers/{row:answer_id}/solution", auth=MEMBER, response=schemas.Passport,
    summary="Take the mark of a solution back", operation_id="solution_unmark",
)  # fmt: skip
@write("edit")
def solution_delete(request: HttpRequest, answer_id: RowId) -> HttpResponse:
    """Takes the mark back; on any other answer it changes nothing."""
    solution_unmark(user=request.user, answer_id=answer_id)
    return _answered(request, answer_id)


@router.put(
    "/answers/{row:answer_id}/obsolete", auth=MEMBER, response=schemas.Passport, summary="Mark an answer as outdated",
    operation_id="obsolete_mark",
)  # fmt: skip
@write("edit")
def obsolete_put(request: HttpRequest, answer_id: RowId, payload: schemas.ObsoleteIn) -> HttpResponse:
    """Marks it with the reason; by its author and the staff. It stays readable, below the other answers."""
    obsolete_mark(user=request.user, answer_id=answer_id, reason=payload.reason)
    return _answered(request, answer_id)


@router.delete(
    "/answers/{row:answer_id}/obsolete", auth=MEMBER, response=schemas.Passport, summary="Take the mark back",
    operation_id="obsolete_lift",
)  # fmt: skip
@write("edit")
def obsolete_delete(request: HttpRequest, answer_id: RowId) -> HttpResponse:
    """Takes the mark back; by who made it and the staff."""
    obsolete_lift(user=request.user, answer_id=answer_id)
    return _answered(request, answer_id)


@router.get(
    "/to-confirm", auth=ANYONE, response=schemas.ToConfirmPage, summary="List answers to confirm",
    operation_id="to_confirm",
)  # fmt: skip
def to_confirm(request: HttpRequest, product: str = "", cursor: str | None = None) -> dict[str, object]:
    """Answers that nobody has confirmed yet on the newest release of `product` (a slug; left out: of the product with
    the latest release), those of the most viewed questions first, twenty a page."""
    number = int(cursor) if cursor and cursor.isascii() and cursor.isdigit() and len(cursor) < 6 else 1
    if number < 1 or number > MOST_PAGES:
        raise NotFound
    page = confirming_page(user=request.user, slug=product, page=number)
    release = page.release
    return {
        "release": release_told(release, release.product.slug) if release else None,
        "waiting": page.waiting,
        "results": [answer_told(request, answer) for answer in page.answers],
        "next": next_address(request, str(number + 1) if page.more else None),
    }
