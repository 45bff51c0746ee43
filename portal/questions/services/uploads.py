"""Taking in pictures and files, tying them to the posts that use them, sweeping away what no post ever used."""

import hashlib
import io
import secrets
import unicodedata
from datetime import timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Q, QuerySet, Sum
from django.utils.translation import gettext as _

from portal.core.clock import now
from portal.core.errors import Invalid, NotFound, TooMany
from portal.core.limits import limit_check
from portal.core.permissions import require_member
from portal.core.pictures import Picture, PictureRefused, picture_remake
from portal.questions.models import Answer, Comment, Draft, Question, Suggestion, Upload, UploadUse
from portal.questions.selectors.uploads import upload_keys, upload_visible_to

from .filetypes import FILE_TYPES, is_picture

LARGEST_BYTES = 10 * 1024 * 1024
LONGEST_SIDE = 2560
DAY_BYTES = 150 * 1024 * 1024
NAME_LONGEST = 100
UNUSED = timedelta(days=1)
DECIDED_KEPT = timedelta(days=30)
SWEPT_AT_ONCE = 500


def upload_create(*, user: Any, file: "UploadedFile[bytes]") -> Upload:
    """Takes in a picture or a file and returns it; nobody but ``user`` sees it until a post uses it.

    A picture is made anew from its pixels, an animation from its first frame. The same file sent again is the same
    upload. Raises ``Invalid`` for what is too large or not what it says, ``TooMany`` where the day's share is used up.
    """
    require_member(user)
    if not file.size:
        raise _refused(_("This file is empty."))
    if file.size > LARGEST_BYTES:
        raise _refused(_("Choose a file of at most 10 MB."))
    _check_day(user, file.size)
    data = file.read()
    name = safe_name(file.name or "")
    given = hashlib.sha256(data).hexdigest()
    again = Upload.objects.filter(owner=user, given_sha256=given, name__startswith=name.rpartition(".")[0]).first()
    if again is not None:
        Upload.objects.filter(pk=again.pk).update(created_at=now())
        return again
    upload, kept = _read(name, data)
    upload.owner, upload.given_sha256 = user, given
    return _keep(upload, kept)


def _read(name: str, data: bytes) -> tuple[Upload, bytes]:
    """Returns an upload, not saved, and the bytes that are to be kept of it."""
    stem, _dot, extension = name.rpartition(".")
    extension = extension.lower()
    if is_picture(data=data, extension=extension):
        picture = _remade(data)
        upload = Upload(
            kind=Upload.Kind.PICTURE,
            name=f"{stem or name}.{picture.extension}",
            extension=picture.extension,
            content_type=picture.content_type,
            width=picture.width,
            height=picture.height,
        )
        return upload, picture.data
    known = FILE_TYPES.get(extension) if extension in settings.PORTAL_UPLOAD_TYPES else None
    if known is None:
        types = ", ".join(settings.PORTAL_UPLOAD_TYPES)
        raise _refused(_("Files of this type are not taken. Pictures work, and these: %(types)s.") % {"types": types})
    if not known.holds(data):
        raise _refused(_("What is in this file is not what its name says (.%(type)s).") % {"type": extension})
    return Upload(kind=Upload.Kind.FILE, name=name, extension=extension, content_type=known.content_type), data


def _remade(data: bytes) -> Picture:
    try:
        return picture_remake(io.BytesIO(data), longest=LONGEST_SIDE)
    except PictureRefused as error:
        raise _refused(_("This file cannot be read as a picture. JPEG, PNG, WebP and GIF work.")) from error


def _keep(upload: Upload, data: bytes) -> Upload:
    """Writes the file, then the row: a file that no row names does no harm."""
    upload.key = secrets.token_urlsafe(16)
    upload.size, upload.sha256 = len(data), hashlib.sha256(data).hexdigest()
    storage = storages["uploads"]
    storage.save(upload.place, ContentFile(data))
    try:
        upload.save()
    except BaseException:
        storage.delete(upload.place)
        raise
    return upload


def _check_day(user: Any, size: int) -> None:
    """Raises ``TooMany`` where a member sent as many files, or as many bytes, in a day as one may."""
    limit_check(action="upload-day", key=f"u{user.pk}")
    if not settings.PORTAL_LIMITS:
        return
    mine = Upload.objects.filter(owner=user, created_at__gt=now() - timedelta(days=1))
    if (mine.aggregate(total=Sum("size"))["total"] or 0) + size > DAY_BYTES:
        raise TooMany(retry_after=3600, words=_("That is all that can be uploaded in a day. Please go on tomorrow."))


def _refused(words: str) -> Invalid:
    return Invalid({"file": [words]})


def safe_name(given: str) -> str:
    """Returns a file's name as it may stand in a page and in an address: no path, no invisible characters."""
    base = given.replace("\\", "/").rpartition("/")[2]
    kept = "".join(letter for letter in base if unicodedata.category(letter)[0] != "C")
    kept = " ".join(kept.split()).strip(". ")
    stem, dot, extension = kept.rpartition(".")
    if not dot or not extension.isascii() or len(extension) > 8:
        stem, extension = kept, ""
    stem = stem.strip(". ")[: NAME_LONGEST - 10] or "file"
    return f"{stem}.{extension}" if extension else stem


def uploads_use(*, post: Question | Answer | Comment, user: Any) -> None:
    """Notes which uploads a post shows as it now stands; belongs into the transaction that saves the post.

    Only what ``user``, who wrote the words, may see can be used, or what an earlier version of the post showed: a
    stranger's upload does not open by being named.
    """
    keys = upload_keys(post.body_html)
    place: dict[str, Any] = {type(post).__name__.lower(): post}
    earlier = {use.upload.key: use for use in UploadUse.objects.filter(**place).select_related("upload")}
    for key in keys:
        if key in earlier:
            continue
        try:
            upload = upload_visible_to(user, key)
        except NotFound:
            continue
        UploadUse.objects.get_or_create(upload=upload, **place)
    for key, use in earlier.items():
        shown = key in keys
        if use.current != shown:
            use.current, use.expected = shown, use.expected and not shown
            use.save(update_fields=["current", "expected"])


def _awaited(upload: Upload) -> bool:
    """Whether something that is not posted yet names an upload: a draft of its owner, or a suggestion."""
    drafts = Draft.objects.filter(owner_id=upload.owner_id).values_list("fields", "set_aside")
    if any(upload.key in str(texts) for texts in drafts):
        return True
    return _suggested(upload).filter(author_id=upload.owner_id).exists()


def _suggested(upload: Upload) -> QuerySet[Suggestion]:
    """Returns the suggested edits that would show an upload and wait, or were decided lately: who made one reads it."""
    alive = Q(status=Suggestion.Status.PENDING) | Q(decided_at__gte=now() - DECIDED_KEPT)
    return Suggestion.objects.filter(alive, body__contains=upload.key)


def _expectations_end() -> None:
    """Forgets the uses that a suggested edit would have made and that it will not make any more."""
    expected = UploadUse.objects.filter(expected=True).select_related("upload").order_by("pk")
    for use in expected.iterator(chunk_size=200):
        place = {"answer": use.answer_id} if use.answer_id else {"question": use.question_id, "answer": None}
        if not _suggested(use.upload).filter(**place).exists():
            UploadUse.objects.filter(pk=use.pk, expected=True).delete()


def uploads_expect(*, post: Question | Answer, user: Any, html: str) -> None:
    """Keeps what a suggested edit would show in a post from being swept away while the suggestion waits."""
    place: dict[str, Any] = {type(post).__name__.lower(): post}
    for key in upload_keys(html):
        try:
            upload = upload_visible_to(user, key)
        except NotFound:
            continue
        UploadUse.objects.get_or_create(upload=upload, **place, defaults={"current": False, "expected": True})


def uploads_sweep() -> int:
    """Deletes the uploads that no post used within a day, and returns how many; run every hour.

    So it does with those of a suggested edit that was declined or taken back, ``DECIDED_KEPT`` after that.
    """
    _expectations_end()
    swept = 0
    unused = Upload.objects.filter(created_at__lt=now() - UNUSED, uses__isnull=True)
    for pk in list(unused.values_list("pk", flat=True)[:SWEPT_AT_ONCE]):
        with transaction.atomic():
            found = Upload.objects.select_for_update().filter(pk=pk).first()
            if found is None or found.uses.exists() or _awaited(found):
                continue
            transaction.on_commit(partial(storages["uploads"].delete, found.place))
            found.delete()
            swept += 1
    return swept
