"""Taking in what members put into their texts, and handing it out to whoever may see it."""

from django.core.files.storage import storages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from portal.core.errors import Invalid, NotFound, PortalError
from portal.core.limits import limit_request
from portal.core.permissions import require_member
from portal.questions.models import Upload
from portal.questions.selectors.uploads import upload_visible_to
from portal.questions.services.uploads import upload_create

# Kept by the reader's own browser alone, and asked for again each time: what is taken away is gone at once.
CACHE_CONTROL = "private, no-cache"
POLICY = "default-src 'none'; sandbox"


@require_POST
def upload(request: HttpRequest) -> HttpResponse:
    """Takes in one file for the editor and answers with what shows it; a refusal is its words alone."""
    try:
        require_member(request.user)
        limit_request(request, action="upload")
        file = request.FILES.get("file")
        if file is None:
            raise Invalid({"file": [_("Choose a file first.")]})
        made = upload_create(user=request.user, file=file)
    except Invalid as error:
        said = " ".join(str(words) for messages in error.fields.values() for words in messages)
        return JsonResponse({"error": said}, status=error.status)
    except PortalError as error:
        return JsonResponse({"error": str(error)}, status=error.status)
    told = {"url": made.get_absolute_url(), "markdown": made.markdown, "name": made.name, "kind": made.kind}
    return JsonResponse(told, status=201)


@require_safe
def uploaded(request: HttpRequest, key: str, name: str) -> HttpResponse:
    """The picture or the file itself, to whoever may see it; a file is always saved, never opened in a page."""
    found = upload_visible_to(request.user, key)
    if name != found.name:
        raise NotFound
    etag = f'"{found.sha256}"'
    response: HttpResponse = get_conditional_response(request, etag=etag) or _content(found)
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = CACHE_CONTROL
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _content(found: Upload) -> HttpResponse:
    try:
        with storages["uploads"].open(found.place) as file:
            response = HttpResponse(file.read(), content_type=found.content_type)
    except FileNotFoundError as error:
        raise NotFound from error
    attached = found.kind != Upload.Kind.PICTURE
    disposition = content_disposition_header(attached, found.name)
    response.headers["Content-Disposition"] = disposition or "inline"
    return response
