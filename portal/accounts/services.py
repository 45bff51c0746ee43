"""What is done to accounts."""

import secrets
from datetime import timedelta

from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from portal.core.clock import now
from portal.core.errors import Invalid, NotFound, SignInNeeded
from portal.core.permissions import require_member

from .indexing import members_changed
from .models import ApiToken, User
from .photos import photo_forget, photo_store
from .selectors import token_digest

PREFIX = "hiroba_"
STAFF_GROUP = "Moderators"


@transaction.atomic
def member_create(
    *, username: str, email: str, password: str | None = None, staff: bool = False, language: str = "en"
) -> User:
    """Makes an active member whose address is verified; raises ``Invalid`` for fields that cannot be used.

    staff: may moderate, and publish through the CMS (Wagtail's group of moderators). password: None leaves the
    account without one, so that only a token or a reset opens it.
    """
    user = User(username=username, email=email.strip().lower(), language=language, is_staff=staff)
    user.set_password(password)
    try:
        user.full_clean(exclude=["password"])
    except ValidationError as error:
        raise Invalid(error.message_dict) from None
    if EmailAddress.objects.filter(email__iexact=user.email).exists():
        raise Invalid({"email": [_("This address belongs to another member.")]})
    user.save()
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    if staff:
        user.groups.add(Group.objects.get_or_create(name=STAFF_GROUP)[0])
    members_changed([user.pk])
    return user


def token_create(*, user: User, name: str) -> str:
    """Makes an API token and returns its text, which is shown this once and never again."""
    require_member(user)
    name = name.strip()
    if not name:
        raise Invalid({"name": [_("Say what the token is for.")]})
    text = PREFIX + secrets.token_urlsafe(32)
    ApiToken.objects.create(user=user, name=name[:100], hint=text[-4:], digest=token_digest(text))
    return text


def token_delete(*, user: User, token_id: int) -> None:
    """Takes a token of one's own back; raises ``NotFound`` for anyone else's."""
    require_member(user)
    deleted, _kinds = ApiToken.objects.filter(user=user, pk=token_id).delete()
    if not deleted:
        raise NotFound


def token_use(*, text: str) -> User:
    """Returns the active member whose token this is; raises ``SignInNeeded`` for any other text.

    The moment of use is kept to the minute only, so that reading through the API does not write on every call.
    """
    token = ApiToken.objects.select_related("user").filter(digest=token_digest(text)).first()
    if token is None or not token.user.may_sign_in():
        raise SignInNeeded
    if token.last_used_at is None or token.last_used_at < now() - timedelta(minutes=1):
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now())
    return token.user


@transaction.atomic
def settings_update(*, user: User, display_name: str, language: str, reads: list[str]) -> User:
    """Keeps a member's own settings."""
    require_member(user)
    user.display_name, user.language, user.reads = display_name.strip()[:120], language, reads
    user.save(update_fields=["display_name", "language", "reads"])
    members_changed([user.pk])
    return user


@transaction.atomic
def photo_set(*, user: User, upload: "UploadedFile[bytes] | None") -> User:
    """Gives a member a picture, or with None the drawn one again; raises ``Invalid`` for a file that is no picture."""
    require_member(user)
    earlier = user.photo
    user.photo = photo_store(upload=upload) if upload is not None else ""
    user.save(update_fields=["photo"])
    if earlier:
        transaction.on_commit(lambda: photo_forget(key=earlier))
    return user
