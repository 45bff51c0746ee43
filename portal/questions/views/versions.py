"""The versions that an answer holds for: what members say of it, and who marks it for what."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from portal.core.errors import Invalid
from portal.core.limits import limit_request
from portal.core.permissions import allows, require_member
from portal.questions.forms import OutdatedForm, ServiceForm, VersionsForm
from portal.questions.models import Answer, Passport, Solution
from portal.questions.selectors.access import answer_visible_to
from portal.questions.selectors.confirming import confirming_page
from portal.questions.selectors.detail import post_view
from portal.questions.selectors.passports import release_rows, versions_of
from portal.questions.selectors.version_rights import check_lift, check_obsolete, check_passport, check_solution
from portal.questions.services.passport import (
    answer_confirm,
    obsolete_lift,
    obsolete_mark,
    passport_clear,
    passport_set,
    solution_mark,
    solution_unmark,
)

WORKS = {"1": True, "0": False, "": None}
LONGEST_NUMBER = 18


@require_safe
def versions(request: HttpRequest, answer_id: int) -> HttpResponse:
    """All that is known of the versions that an answer holds for, and what this reader may say of it."""
    return _page(request, answer_id)


def _page(request: HttpRequest, answer_id: int, *, status: int = 200, **refused: ServiceForm) -> HttpResponse:
    """Returns the page of an answer's versions; refused: a form by name that could not be accepted."""
    user = request.user
    answer = answer_visible_to(user, answer_id)
    known = versions_of(user=user, question=answer.question, answers=[answer])
    passport = Passport.objects.filter(answer=answer).first()
    solution = Solution.objects.filter(answer=answer).first()
    mark = known.marks.get(answer.pk)
    context = {
        "answer": answer,
        "question": answer.question,
        "passport": known.passports.get(answer.pk),
        "products": release_rows(user=user, answer=answer, versions=known),
        "has_passport": passport is not None,
        "has_solution": solution is not None,
        "mark": mark,
        "may_claim": bool(known.releases) and allows(check_passport, user, answer, answer.question),
        "may_solve": bool(known.releases) and allows(check_solution, user, answer.question),
        "may_outdate": mark is None and allows(check_obsolete, user, answer, answer.question),
        "may_lift": mark is not None and allows(check_lift, user, mark, answer.question),
        "claim_form": VersionsForm(releases=known.releases, prefix="claim", initial=_ends(passport)),
        "solution_form": VersionsForm(releases=known.releases, prefix="solution", initial=_ends(solution or passport)),
        "outdated_form": OutdatedForm(),
        **refused,
    }
    return render(request, "questions/versions.html", context, status=status)


def _ends(found: Passport | Solution | None) -> dict[str, Any]:
    return {"first": found.first_id, "last": found.last_id} if found else {}


def _number(text: str | None) -> int | None:
    """Returns the number that a field holds; a text that is none names nothing that there is."""
    if not text:
        return None
    return int(text) if text.isascii() and text.isdigit() and len(text) < LONGEST_NUMBER else 0


@require_POST
def confirm(request: HttpRequest, answer_id: int) -> HttpResponse:
    """Says that an answer still works on a version, or no longer; nothing in ``works`` takes it back.

    release: of the version, left out for the newest. queue: the product of the queue to go on with.
    """
    require_member(request.user)
    limit_request(request, action="vote")
    given = {**request.GET.dict(), **request.POST.dict()}
    said = str(given.get("works", ""))
    if said not in WORKS:
        raise Invalid({"works": [_("Say whether it still works.")]})
    release = answer_confirm(
        user=request.user, answer_id=answer_id, works=WORKS[said], release_id=_number(str(given.get("release", "")))
    )
    answer = answer_visible_to(request.user, answer_id)
    if request.headers.get("HX-Request"):
        return _part(request, answer)
    if "queue" in given:
        undo = f"{reverse('answer-confirm', args=[answer_id])}?{urlencode({'release': release.pk})}"
        words = (
            _("Thank you. It says now that it works.") if WORKS[said] else _("Thank you. It says now what you said.")
        )
        messages.success(request, words, extra_tags=undo)
        return redirect(f"{reverse('to-confirm')}?{urlencode({'product': given['queue']})}")
    return redirect("answer-versions", answer_id) if "all" in given else redirect(answer)


def _part(request: HttpRequest, answer: Answer) -> HttpResponse:
    item = post_view(user=request.user, post=answer)
    known = versions_of(user=request.user, question=answer.question, answers=[answer])
    item.passport, item.mark = known.passports.get(answer.pk), known.marks.get(answer.pk)
    context = {"item": item, "post": answer, "kind": "answer", "question": answer.question}
    return render(request, "questions/passport_swap.html", context)


@require_POST
def passport(request: HttpRequest, answer_id: int) -> HttpResponse:
    """Says which versions an answer was written for; no version chosen takes it back."""
    require_member(request.user)
    limit_request(request, action="edit")
    form = _range_form(request, answer_id, "claim")
    if form.is_valid():
        try:
            if form.filled:
                passport_set(
                    user=request.user,
                    answer_id=answer_id,
                    first_id=form.cleaned_data["first"],
                    last_id=form.cleaned_data["last"],
                )
            else:
                passport_clear(user=request.user, answer_id=answer_id)
        except Invalid as error:
            form.refuse(error)
        else:
            return redirect(answer_visible_to(request.user, answer_id))
    return _page(request, answer_id, status=422, claim_form=form)


@require_POST
def solution(request: HttpRequest, answer_id: int) -> HttpResponse:
    """Marks an answer as the solution for some versions; no version chosen takes the mark back."""
    require_member(request.user)
    limit_request(request, action="edit")
    form = _range_form(request, answer_id, "solution")
    if form.is_valid():
        try:
            if form.filled:
                solution_mark(
                    user=request.user,
                    answer_id=answer_id,
                    first_id=form.cleaned_data["first"],
                    last_id=form.cleaned_data["last"],
                )
            else:
                solution_unmark(user=request.user, answer_id=answer_id)
        except Invalid as error:
            form.refuse(error)
        else:
            return redirect(answer_visible_to(request.user, answer_id))
    return _page(request, answer_id, status=422, solution_form=form)


def _range_form(request: HttpRequest, answer_id: int, prefix: str) -> VersionsForm:
    answer = answer_visible_to(request.user, answer_id)
    known = versions_of(user=request.user, question=answer.question, answers=[answer])
    return VersionsForm(request.POST, releases=known.releases, prefix=prefix)


@require_POST
def outdated(request: HttpRequest, answer_id: int) -> HttpResponse:
    """Marks an answer as outdated, with the reason; the message offers to take it back."""
    require_member(request.user)
    limit_request(request, action="edit")
    form = OutdatedForm(request.POST)
    if form.is_valid():
        try:
            obsolete_mark(user=request.user, answer_id=answer_id, reason=form.cleaned_data["reason"])
        except Invalid as error:
            form.refuse(error)
        else:
            undo = reverse("answer-outdated-lift", args=[answer_id])
            messages.success(request, _("The answer is marked as outdated."), extra_tags=undo)
            return redirect(answer_visible_to(request.user, answer_id))
    return _page(request, answer_id, status=422, outdated_form=form)


@require_POST
def lift(request: HttpRequest, answer_id: int) -> HttpResponse:
    """Takes the mark of an outdated answer back."""
    require_member(request.user)
    obsolete_lift(user=request.user, answer_id=answer_id)
    return redirect(answer_visible_to(request.user, answer_id))


@require_safe
def to_confirm(request: HttpRequest) -> HttpResponse:
    """The answers that nobody has confirmed yet on the newest version of a product, the most viewed first."""
    page = confirming_page(
        user=request.user,
        slug=request.GET.get("product", ""),
        page=_number(request.GET.get("page")) or 1,
        reads={request.LANGUAGE_CODE, *getattr(request.user, "reads", ())},
    )
    rows = [{"post": answer, "item": {"passport": page.passports.get(answer.pk)}} for answer in page.answers]
    return render(request, "questions/to_confirm.html", {"page": page, "rows": rows})
