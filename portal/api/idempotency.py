"""A write sent twice is done once (the ``Idempotency-Key`` header, after the IETF draft of that name).

The key is claimed, the change made and the answer kept in one transaction. A second call with the key therefore waits
for the first (SQLite: for the write lock; PostgreSQL: at the unique index) and then finds its answer, or finds
nothing because the first was refused, and takes its turn. Refusals are not kept: they changed nothing, and what was
wrong may be put right under the same key.
"""

import hashlib
import re
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any, TypeVar, cast

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from portal.core.clock import now
from portal.core.errors import Invalid, PortalError
from portal.core.limits import limit_request, limited_deed
from portal.core.locks import repeated

from .models import IdempotencyKey

KEPT = timedelta(hours=24)
KEY = re.compile(r"[\x21-\x7e]{1,255}")
# A file that was written is not undone with the transaction: these are counted before anything is done.
WRITES_FILES = {"upload"}
KEPT_HEADERS = ("Location", "ETag")
View = TypeVar("View", bound=Callable[..., HttpResponse])


def key_of(request: HttpRequest) -> str | None:
    """Returns the request's key, None where it has none; raises ``PortalError`` for one that cannot be used."""
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return None
    if not KEY.fullmatch(key):
        raise PortalError(_("Idempotency-Key takes 1 to 255 visible ASCII characters."))
    return key


def request_digest(request: HttpRequest) -> str:
    """Returns what tells one call from another: method, address and body, or the files of a form."""
    digest = hashlib.sha256(f"{request.method} {request.get_full_path()}\n".encode())
    if request.content_type == "multipart/form-data":
        # It was read already, part by part; the boundary between parts is another one each time.
        for name, file in cast("list[tuple[str, UploadedFile[bytes]]]", sorted(request.FILES.items())):
            digest.update(f"{name}\n{file.name}\n{file.size}\n".encode())
            for chunk in file.chunks():
                digest.update(chunk)
            file.seek(0)
    else:
        digest.update(request.body)
    return digest.hexdigest()


def claim(*, user: Any, key: str, digest: str) -> tuple[IdempotencyKey, bool]:
    """Returns the row of a key and whether it is new; raises ``Invalid`` where it named another call."""
    IdempotencyKey.objects.filter(created_at__lt=now() - KEPT).delete()
    row, fresh = IdempotencyKey.objects.get_or_create(user=user, key=key, defaults={"digest": digest})
    if row.digest != digest:
        raise Invalid({"Idempotency-Key": [_("This key was used for another call. Take a new one.")]})
    return row, fresh


def keep(row: IdempotencyKey, response: HttpResponse) -> None:
    """Writes the answer into the row of its key."""
    row.status, row.body = response.status_code, response.content.decode()
    row.headers = {name: response.headers[name] for name in KEPT_HEADERS if name in response.headers}
    row.save(update_fields=["status", "body", "headers"])


def replay(row: IdempotencyKey) -> HttpResponse:
    """Returns the answer that was given the first time, marked as such."""
    response = HttpResponse(row.body, status=row.status, content_type="application/json; charset=utf-8")
    for name, value in row.headers.items():
        response.headers[name] = value
    response.headers["Idempotency-Replayed"] = "true"
    return response


def write(action: str) -> Callable[[View], View]:
    """Decorates a view that changes something: its rate is limited, and an ``Idempotency-Key`` is obeyed.

    action: the limit of ``portal.core.limits`` that the same deed has on a page, beside the one for all writes.
    """

    def decorate(view: View) -> View:
        def done(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if action in WRITES_FILES:
                limit_request(request, action=action)
                return view(request, *args, **kwargs)
            with limited_deed(request, action=action):
                return view(request, *args, **kwargs)

        # What a view takes from its address may bear the same name as what is taken here.
        def once(request: HttpRequest, key: str | None, /, *args: Any, **kwargs: Any) -> HttpResponse:
            if key is None:
                return done(request, *args, **kwargs)
            with transaction.atomic():
                row, fresh = claim(user=request.user, key=key, digest=request_digest(request))
                if not fresh:
                    return replay(row)
                response = done(request, *args, **kwargs)
                keep(row, response)
            return response

        @wraps(view)
        def run(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            key = key_of(request)
            limit_request(request, action="api-write")
            if action in WRITES_FILES:
                return once(request, key, *args, **kwargs)
            return repeated(lambda: once(request, key, *args, **kwargs))

        return cast(View, run)

    return decorate
