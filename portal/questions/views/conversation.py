"""Before asking: what is there already opens in place, answers it, or does not.

Everything works as plain forms and links; htmx fetches the same parts while a title is typed. What is told of the
search that a part came from is signed (``portal.discovery.signatures``); without it nothing is counted.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.core.errors import NotFound
from portal.core.limits import limit_request
from portal.core.permissions import is_member
from portal.discovery.beacons import is_own_page
from portal.discovery.models import Surface
from portal.discovery.registry import Preview, result_types
from portal.discovery.selectors import Result, ResultPage, similar_run
from portal.discovery.services.searches import (
    search_answer_record,
    search_decline_record,
    search_open_record,
    search_record,
)
from portal.discovery.signatures import ShownResult, result_named, result_signed, search_named, search_signed
from portal.discovery.visitors import Visitor, visitor_begun, visitor_keep, visitor_of
from portal.questions.services.texts import BODY_LONGEST, TITLE_SHORTEST

KEPT = "ask-draft"
FIELDS = ("title", "body", "language", "topics", "anonymous", "declined", "search")


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something that may answer the question. mark: of its search, empty where that is not recorded."""

    result: Result
    mark: str
    preview: Preview | None


@dataclass(frozen=True, slots=True)
class Candidates:
    """What was found for a title. looked: it was long enough to look; shown is empty for visitors of the holdout."""

    page: ResultPage | None
    shown: list[Candidate]
    mark: str
    holdout: bool

    @property
    def looked(self) -> bool:
        """Whether the title was long enough to look."""
        return self.page is not None


NOTHING = Candidates(None, [], "", False)


def candidates_for(
    request: HttpRequest, visitor: Visitor, *, title: str, body: str = "", language: str = "", opened: bool = False
) -> Candidates:
    """Looks for what is like a question being written, and writes the search down.

    opened: with what each can be read in place, for pages without a script.
    """
    title = " ".join(title.replace("\x00", " ").split())
    if len(title) < TITLE_SHORTEST:
        return NOTHING
    page = similar_run(user=request.user, title=title, body=body, language=language or request.LANGUAGE_CODE)
    search_id = search_record(
        visitor=visitor, surface=Surface.ASK, language=request.LANGUAGE_CODE, text=title, page=page
    )
    mark = search_signed(search_id) if search_id else ""
    if visitor.holdout:
        return Candidates(page, [], mark, True)
    previews = _previews(request.user, page.results) if opened else {}
    shown = []
    for rank, result in enumerate(page.results, start=1):
        kind, pk = result.hit.type, result.hit.id
        signed = result_signed(ShownResult(search_id, kind, pk, rank)) if search_id else ""
        shown.append(Candidate(result, signed, previews.get((kind, pk))))
    return Candidates(page, shown, mark, False)


def _previews(user: Any, results: list[Result]) -> dict[tuple[str, str], Preview]:
    found = {}
    for name, kind in result_types().items():
        ids = [result.hit.id for result in results if result.hit.type == name]
        if ids and kind.previews is not None:
            found.update({(name, pk): preview for pk, preview in kind.previews(user, ids).items()})
    return found


@require_safe
def candidates(request: HttpRequest) -> HttpResponse:
    """What is like the title being typed: the part of the page that htmx asks for."""
    limit_request(request, action="suggest")
    visitor = visitor_begun(request)
    asked = request.GET
    found = candidates_for(
        request, visitor, title=asked.get("title", ""), body=asked.get("body", ""), language=asked.get("language", "")
    )
    context = {"found": found, "step": asked.get("step", ""), "declined": asked.get("declined", "")[:300]}
    response = render(request, "questions/candidates.html", context)
    visitor_keep(request, response, visitor)
    return response


@require_safe
def candidate(request: HttpRequest, kind: str, object_id: str) -> HttpResponse:
    """One of them, to be read in place."""
    limit_request(request, action="suggest")
    known = result_types().get(kind)
    previews = known.previews(request.user, [object_id]) if known and known.previews and _is_id(object_id) else {}
    if object_id not in previews:
        raise NotFound
    shown = _shown(request, kind, object_id)
    if shown is not None and visitor_of(request).recorded:
        search_open_record(shown=shown)
    preview = previews[object_id]
    return render(request, preview.template, dict(preview.context))


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19


def _shown(request: HttpRequest, kind: str, object_id: str) -> ShownResult | None:
    """Returns the result that the request's mark stands for, None where it is none or another one's."""
    shown = result_named(request.GET.get("from", ""))
    return shown if shown is not None and (shown.type, shown.object_id) == (kind, object_id) else None


@require_safe
def begin(request: HttpRequest) -> HttpResponse:
    """The first step for everybody, members or not: say it in a sentence, read what is there, then write."""
    limit_request(request, action="suggest")
    title = request.GET.get("title", "")[:300]
    visitor = visitor_begun(request) if title else visitor_of(request)
    found = candidates_for(request, visitor, title=title, opened=True)
    if found.holdout:
        return redirect(_form_address(request, title, found.mark))
    response = render(request, "questions/begin.html", {"found": found, "title": title, "step": "begin"})
    visitor_keep(request, response, visitor)
    return response


def _form_address(request: HttpRequest, title: str, mark: str) -> str:
    carried = QueryDict(mutable=True)
    carried.update({"title": title, "search": mark})
    return f"{reverse('ask')}?{carried.urlencode()}"


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def answered(request: HttpRequest, kind: str, object_id: str) -> HttpResponse:
    """ "This answers it": counted, and thanked for.

    The page that sends it may be a stranger's, which carries no token (docs/adr/0005). It changes nothing but a count
    that needs the search's mark; what was typed is kept for a member who comes from our own page.
    """
    known = result_types().get(kind)
    paths = known.visible(request.user, [object_id]) if known and known.previews and _is_id(object_id) else {}
    if object_id not in paths:
        raise NotFound
    if request.method == "POST":
        return _answer_counted(request, kind, object_id)
    context = {"path": paths[object_id], "kind": kind, "kept": KEPT in request.session}
    return render(request, "questions/answered.html", context)


def _answer_counted(request: HttpRequest, kind: str, object_id: str) -> HttpResponse:
    if is_own_page(request):
        limit_request(request, action="beacon")
        shown = _shown(request, kind, object_id)
        if shown is not None and visitor_of(request).recorded:
            search_answer_record(shown=shown)
        if is_member(request.user):
            typed_keep(request, typed_of(request.POST))
    return redirect("ask-answered", kind, object_id)


@require_POST
def declined(request: HttpRequest) -> HttpResponse:
    """ "None of these", said on the page of a script: the list makes room."""
    limit_request(request, action="beacon")
    mark = request.POST.get("none", "")[:300]
    decline_record(mark)
    return render(request, "questions/candidates.html", {"found": NOTHING, "declined": mark or "1", "step": ""})


def decline_record(mark: str) -> None:
    """Writes down "none of these" for the search of a mark, where it is one."""
    search_id = search_named(mark)
    if search_id is not None:
        search_decline_record(search_id=search_id)


def typed_of(values: Mapping[str, str]) -> dict[str, str]:
    """Returns what of a form or an address belongs to the question being written."""
    return {name: values[name] for name in FIELDS if values.get(name)}


def typed_keep(request: HttpRequest, typed: Mapping[str, str]) -> None:
    """Keeps what was typed until the form is opened again."""
    if typed:
        request.session[KEPT] = {name: text[:BODY_LONGEST] for name, text in typed.items()}
