"""Pictures and files for what members write."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import File, Router
from ninja.files import UploadedFile

from portal.questions.models import Upload
from portal.questions.selectors.uploads import upload_visible_to
from portal.questions.services.uploads import upload_create

from . import schemas
from .answering import answered
from .auth import ANYONE, MEMBER
from .idempotency import write
from .representations import absolute

router = Router(tags=["Uploads"])


def upload_told(request: HttpRequest, upload: Upload) -> schemas.Upload:
    """Returns what is told of an upload; whose it is is not."""
    return schemas.Upload(
        id=upload.key,
        url=absolute(request, upload.get_absolute_url()),
        markdown=upload.markdown,
        kind="picture" if upload.kind == Upload.Kind.PICTURE else "file",
        name=upload.name,
        content_type=upload.content_type,
        size=upload.size,
        sha256=upload.sha256,
        width=upload.width,
        height=upload.height,
        created_at=upload.created_at,
    )


@router.post(
    "/uploads", auth=MEMBER, response={201: schemas.Upload}, summary="Upload a picture or a file",
    operation_id="upload_send",
)  # fmt: skip
@write("upload")
def upload_send(request: HttpRequest, file: File[UploadedFile]) -> HttpResponse:
    """Takes in a file (`multipart/form-data`, at most 10 MB). Put its `markdown` into the text of a post.

    A picture is made anew: turned upright, without the camera's notes, of an animation the first frame. Until a post
    uses it nobody but its owner sees it, and after a day without one it is deleted.
    """
    user: Any = request.user
    told = upload_told(request, upload_create(user=user, file=file))
    location = request.build_absolute_uri(f"/api/v1/uploads/{told.id}")
    return answered(told, status=201, location=location)


@router.get(
    "/uploads/{upload_id}", auth=ANYONE, response=schemas.Upload, summary="Read what an upload is",
    operation_id="upload",
)  # fmt: skip
def upload_read(request: HttpRequest, upload_id: str) -> schemas.Upload:
    """What an upload is, to whoever may see a post that uses it."""
    return upload_told(request, upload_visible_to(request.user, upload_id))
