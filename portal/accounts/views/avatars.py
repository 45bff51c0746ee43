"""The drawn picture of a member."""

from hashlib import sha256

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from portal.accounts.avatars import avatar_svg

KEPT_S = 7 * 24 * 3600


@require_safe
def avatar(request: HttpRequest, username: str) -> HttpResponse:
    """Draws the picture that goes with a username. It is made of the name alone, so it tells of nobody's existence."""
    text = avatar_svg(username[:60])
    etag = f'"{sha256(text.encode()).hexdigest()[:20]}"'
    known = request.headers.get("If-None-Match", "")
    if etag in known:
        response: HttpResponse = HttpResponseNotModified()
    else:
        response = HttpResponse(text, content_type="image/svg+xml")
    response.headers["ETag"] = etag
    patch_cache_control(response, public=True, max_age=KEPT_S)
    return response
