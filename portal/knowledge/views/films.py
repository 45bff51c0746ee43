"""Films and their captions, for the player of the browser.

Wagtail serves documents as downloads and whole. A player asks for parts of a file (without them no browser jumps to
a place in a film, and some play nothing), and takes captions only as text/vtt.
"""

import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import http_date
from django.views.decorators.http import require_safe
from wagtail.documents import get_document_model
from wagtail.documents.views.serve import serve
from wagtail.documents.wagtail_hooks import check_view_restrictions

TYPES = {"mp4": "video/mp4", "webm": "video/webm", "vtt": "text/vtt; charset=utf-8"}
RANGE = re.compile(r"^bytes=(\d{0,15})-(\d{0,15})$")
PIECE = 64 * 1024


@require_safe
def document_file(request: HttpRequest, document_id: int, document_filename: str) -> HttpResponseBase:
    """Serves a document: a film or its captions to the player, everything else as Wagtail does."""
    document = get_document_model().objects.filter(pk=document_id).first()
    media_type = TYPES.get(document.file_extension.lower()) if document is not None else None
    if document is None or media_type is None or document.filename != document_filename:
        answer: HttpResponseBase = serve(request, document_id, document_filename)
        return answer
    refusal: HttpResponseBase | None = check_view_restrictions(document, request)
    return refusal or _film(request, document, media_type)


def _film(request: HttpRequest, document: Any, media_type: str) -> HttpResponseBase:
    try:
        file = document.file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    size = document.file.size
    wanted = _range(request.headers.get("Range", ""), size)
    if wanted == ():
        file.close()
        response: HttpResponseBase = HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    elif wanted:
        response = _part(file, wanted[0], wanted[1], size)
    else:
        response = FileResponse(file)
        response.headers["Content-Length"] = str(size)
    response.headers["Content-Type"] = media_type
    response.headers["Content-Disposition"] = "inline"
    response.headers["Accept-Ranges"] = "bytes"
    response.headers["Cache-Control"] = "private, max-age=3600"
    response.headers["Content-Security-Policy"] = "default-src 'none'; media-src 'self'"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Last-Modified"] = http_date(document.created_at.timestamp())
    return response


def _range(header: str, size: int) -> tuple[int, int] | tuple[()] | None:
    """Returns the first and last byte asked for, None for the whole file, an empty tuple for what is not there."""
    asked = RANGE.match(header)
    if asked is None or asked.groups() == ("", ""):
        return None  # several ranges or another unit: the whole file is a right answer
    first, last = asked.groups()
    if not first:
        return (max(0, size - int(last)), size - 1) if int(last) and size else ()
    start, end = int(first), min(int(last), size - 1) if last else size - 1
    if last and int(last) < start:
        return None
    return (start, end) if start < size else ()


def _part(file: BinaryIO, first: int, last: int, size: int) -> FileResponse:
    file.seek(first)
    response = FileResponse(_pieces(file, last - first + 1), status=206)
    response.headers["Content-Length"] = str(last - first + 1)
    response.headers["Content-Range"] = f"bytes {first}-{last}/{size}"
    return response


def _pieces(file: BinaryIO, left: int) -> Iterator[bytes]:
    with file:
        while left > 0 and (piece := file.read(min(PIECE, left))):
            left -= len(piece)
            yield piece
