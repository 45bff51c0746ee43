"""The termbase as a sheet: download, and upload with a report before anything is written."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from portal.core.errors import Invalid
from portal.curation.models import TermEntry
from portal.curation.selectors.rights import require_curator
from portal.curation.selectors.sheets import Outcome, SheetLine, header, sheet_decode, sheet_of, sheet_read
from portal.curation.selectors.termbase import entries_kept, termbase_stamp
from portal.curation.services.sheets import sheet_apply


@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """The termbase as CSV, with the mark by which table programs know UTF-8."""
    require_curator(request.user, TermEntry)
    text = "\ufeff" + sheet_of(entries_kept().order_by("pk"))
    disposition = {"Content-Disposition": 'attachment; filename="termbase.csv"'}
    return HttpResponse(text, content_type="text/csv; charset=utf-8", headers=disposition)


@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """Takes a sheet, tells line by line what it would do, and does it once that was confirmed."""
    require_curator(request.user, TermEntry)
    text, problem, lines = "", "", None
    if request.method == "POST":
        try:
            text = _text(request)
            lines = sheet_read(text)
        except Invalid as error:
            problem = " ".join(str(each) for each in error.fields["file"])
    version = termbase_stamp()
    if lines is not None and request.POST.get("apply"):
        if request.POST.get("version") == version:
            return _applied(request, lines)
        problem = _("The termbase changed in the meantime. Look at the report again.")
    context = {
        "columns": header(),
        "counts": _counts(lines or []),
        "lines": lines,
        "problem": problem,
        "text": text,
        "version": version,
        "list_url": TermEntry.snippet_viewset.get_url_name("list"),
    }
    return render(request, "curation/admin/import.html", context, status=422 if problem else 200)


def _text(request: HttpRequest) -> str:
    file = request.FILES.get("file")
    if file is not None:
        return sheet_decode(file.read())
    if "text" in request.POST:
        return sheet_decode(request.POST["text"].encode("utf-8", "replace"))
    raise Invalid({"file": [_("Choose a file.")]})


def _counts(lines: list[SheetLine]) -> dict[str, int]:
    return {outcome.value: sum(line.outcome is outcome for line in lines) for outcome in Outcome}


def _applied(request: HttpRequest, lines: list[SheetLine]) -> HttpResponse:
    written = sheet_apply(lines=lines, user=request.user)
    done = ngettext("%(number)d entry was written.", "%(number)d entries were written.", written)
    messages.success(request, done % {"number": written})
    return redirect(TermEntry.snippet_viewset.get_url_name("list"))
