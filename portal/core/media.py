"""Serves pictures that members and authors uploaded, where no web server in front does.

Only the folders that hold pictures: documents go through Wagtail's own view, which knows who may read them.
"""

from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe
from django.views.static import serve

# Not the originals of the CMS's images: pages show renditions, and an original keeps the camera's notes on the place.
FOLDERS = ("avatar_images", "images", "photos")
# Names of renditions and photos change with what is in them, so that a browser need not ask again.
CACHE_CONTROL = "public, max-age=604800"


@require_safe
def media_file(request: HttpRequest, path: str) -> HttpResponseBase:
    """Returns an uploaded picture; raises ``Http404`` for anything else.

    An SVG file opened by itself must not run what was hidden in it, hence its own strict policy.
    """
    folder, _slash, rest = path.partition("/")
    if folder not in FOLDERS or not rest:
        raise Http404
    try:
        response = serve(request, path, document_root=str(settings.MEDIA_ROOT))
    except (OSError, SuspiciousFileOperation) as error:  # a name that no file can have, or one outside of the folder
        raise Http404 from error
    if response.status_code == 200 and not response.headers["Content-Type"].startswith("image/"):
        response.close()
        raise Http404
    response.headers["Cache-Control"] = CACHE_CONTROL
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
