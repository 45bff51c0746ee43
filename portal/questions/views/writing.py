"""What every form in which members write can do besides: a preview and files without any script."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from portal.core.errors import Invalid, PortalError
from portal.core.limits import limit_request
from portal.core.link_cards import with_link_cards
from portal.core.permissions import is_member, require_member
from portal.questions.selectors.bodies import body_html
from portal.questions.selectors.mentions import mention_suggestions
from portal.questions.services.texts import BODY_LONGEST
from portal.questions.services.uploads import upload_create

View = Callable[..., HttpResponse]
NOT_CARRIED = frozenset({"body", "preview", "files", "csrfmiddlewaretoken"})
MOST_FILES = 10


def writes(view: View) -> View:
    """Decorates a view that takes a form with a ``body``.

    Where the form asks for a preview or brings files, it comes back on a page that shows the text as readers will see
    it, with the files in it; from there it is posted, or looked at again. Nothing typed is lost on the way.
    """

    @wraps(view)
    def run(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        # A form that cannot send files sends their names: better asked again than posted without them.
        if request.method != "POST" or not {"preview", "files"} & ({*request.POST} | {*request.FILES}):
            return view(request, *args, **kwargs)
        if request.POST.get("files") == "" and "preview" not in request.POST:
            return view(request, *args, **kwargs)
        return _previewed(request)

    return run


def _previewed(request: HttpRequest) -> HttpResponse:
    limit_request(request, action="preview")
    body = request.POST.get("body", "")[:BODY_LONGEST]
    refused: list[str] = []
    files = request.FILES.getlist("files")[:MOST_FILES] if is_member(request.user) else []
    for file in files:
        try:
            limit_request(request, action="upload")
            body = f"{body.rstrip()}\n\n{upload_create(user=request.user, file=file).markdown}\n".lstrip()
        except Invalid as error:
            refused += [f"{file.name}: {words}" for messages in error.fields.values() for words in messages]
        except PortalError as error:
            refused.append(str(error))
    if request.POST.get("files"):
        refused.append(_("The files did not come along. Choose them again and press “Attach and preview”."))
    context = {
        "shown_html": with_link_cards([body_html(body)])[0],
        "body": f"\n{body}",  # a text field drops its first line break: this one, and none of the writer's
        "refused": refused,
        "carried": _carried(request.POST),
    }
    return render(request, "questions/previewed.html", context)


def _carried(posted: QueryDict) -> list[tuple[str, str]]:
    """Returns the other fields of the form as they were sent."""
    return [(name, value) for name, values in posted.lists() if name not in NOT_CARRIED for value in values]


@require_POST
def preview(request: HttpRequest) -> HttpResponse:
    """The HTML of Markdown being written: the same rendering that readers will get."""
    limit_request(request, action="preview")
    body = request.POST.get("body", "")[:BODY_LONGEST]
    return HttpResponse(with_link_cards([body_html(body)])[0])


@require_safe
def mentions(request: HttpRequest) -> HttpResponse:
    """The members who may be meant by what stands behind an @, those in the thread first; for members alone."""
    require_member(request.user)
    limit_request(request, action="suggest")
    number = request.GET.get("question", "")
    question_id = int(number) if number.isascii() and number.isdigit() and len(number) < 19 else None
    found = mention_suggestions(user=request.user, words=request.GET.get("q", ""), question_id=question_id)
    told = [{"username": user.username, "name": user.shown_name, "photo": user.photo_url} for user in found]
    return JsonResponse({"results": told})
