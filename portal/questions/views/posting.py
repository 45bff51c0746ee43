"""Sending a form: once, not too often, and nothing of it lost where it cannot be taken now."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from portal.core.errors import Invalid, PortalError, TooMany
from portal.core.limits import limit_request, limited_deed
from portal.core.locks import conflicts_told, repeated
from portal.core.once import sent_once
from portal.core.permissions import is_member
from portal.questions.models import Draft
from portal.questions.selectors.drafts import FIELDS, DraftPlace
from portal.questions.services.drafts import KEPT_IN_SESSION, draft_keep, draft_posted


@dataclass(slots=True)
class Drafting:
    """The draft of a form on a page. continued: the form holds it; version: the one that the form knows, 0 for none."""

    place: DraftPlace
    draft: Draft | None = None
    continued: bool = False
    version: int = 0

    @property
    def initial(self) -> Mapping[str, str]:
        """What the form begins with, beside its own."""
        return self.draft.fields if self.draft is not None and self.continued else {}


@dataclass(slots=True)
class Sent:
    """What became of a form. response: where its sender is led; without it the form is shown again, with ``status``.

    wait: seconds until it can be sent once more; draft: what was kept of it meanwhile.
    """

    response: HttpResponse | None = None
    status: int = 422
    wait: int = 0
    draft: Draft | None = None


def drafting_at(request: HttpRequest, place: DraftPlace, found: Draft | None = None) -> Drafting:
    """Returns the draft for the form of a page; ``?draft=`` with its place continues the one that was ``found``."""
    if request.method == "POST":
        known = request.POST.get("draft_version", "")
        return Drafting(place, None, version=int(known) if known.isascii() and known.isdigit() else 0)
    continued = found is not None and request.GET.get("draft") == str(place)
    return Drafting(place, found, continued, found.version if found is not None and continued else 0)


def form_send(
    request: HttpRequest, *, form: Any, action: str, place: DraftPlace, make: Callable[[dict[str, Any]], Model]
) -> Sent:
    """Makes what a valid form asks for and ends its draft; a form sent twice makes it once.

    form: valid, its data as it came. action: its limit. make: takes the form's data, returns what has an address; its
    refusals of fields are shown at them. Whatever else refuses keeps the text as a draft first; ``Stale`` and the like
    then go on.
    """
    user: Any = request.user
    with sent_once(user_id=user.pk, token=request.POST.get("once", "")) as sending:
        if sending.earlier is not None:
            return Sent(redirect(sending.earlier or "questions"))
        try:
            with conflicts_told():
                made: Any = repeated(lambda: _made(request, form, action, make))
        except Invalid as error:
            form.refuse(error)
            return Sent()
        except TooMany as error:
            return Sent(status=error.status, wait=error.retry_after, draft=_kept(user, place, form))
        except PortalError:
            _kept(user, place, form)
            raise
        sending.address = made.get_absolute_url()
    version = drafting_at(request, place).version
    once, address = request.POST.get("once", ""), str(sending.address)
    draft_posted(user=user, place=place, fields=form.data.dict(), version=version, once=once, address=address)
    return Sent(redirect(sending.address))


def _made(request: HttpRequest, form: Any, action: str, make: Callable[[dict[str, Any]], Model]) -> Model:
    with limited_deed(request, action=action):
        return make(form.cleaned_data)


def _kept(user: Any, place: DraftPlace, form: Any) -> Draft | None:
    """Keeps the text of a form that cannot be taken now, where it can be kept."""
    try:
        return draft_keep(user=user, place=place, fields=form.data.dict())
    except PortalError:
        return None


def shown_again(request: HttpRequest, template: str, context: dict[str, Any], sent: Sent) -> HttpResponse:
    """Returns the page of a form that was not taken, with all that was typed, and when it can be sent again."""
    drafting = context.get("drafting")
    if drafting is not None and sent.draft is not None:
        drafting.version = sent.draft.version
    response = render(request, template, {**context, "wait": sent.wait}, status=sent.status)
    if sent.wait:
        response.headers["Retry-After"] = str(sent.wait)
    return response


def led_to_sign_in(request: HttpRequest, place: DraftPlace, address: str) -> HttpResponse | None:
    """Leads a stranger who sends a form to sign in, and keeps the text; None for a member.

    address: of the page where the form stands. After signing in the text is her draft (``receivers``).
    """
    if is_member(request.user) or request.method != "POST":
        return None
    typed = {name: request.POST[name] for name in FIELDS[place.kind] if request.POST.get(name)}
    if typed.get("body"):
        limit_request(request, action="keep")
        kept = request.session.get(KEPT_IN_SESSION, {})
        request.session[KEPT_IN_SESSION] = {**kept, str(place): typed}
    path, _hash, part = address.partition("#")
    return redirect_to_login(f"{path}?draft={place}{_hash}{part}")
