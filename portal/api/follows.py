"""What a member follows, and how she is told."""

from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Router

from portal.notifications.models import USUAL, NotificationSettings
from portal.notifications.selectors.follows import Followed, followed_of, follows_page
from portal.notifications.services.follows import follow_end, follow_set
from portal.notifications.services.settings import FIELDS, notification_settings_update

from . import told_schemas as schemas
from .answering import answered, next_address, nothing
from .auth import MEMBER
from .idempotency import write
from .parsing import PageLimit
from .representations import absolute

router = Router(tags=["Following"])
FollowKind = Literal["question", "topic", "member"]


def _follow_told(request: HttpRequest, followed: Followed) -> schemas.Follow:
    follow, thread = followed.follow, followed.thread
    return schemas.Follow.model_validate(
        {
            "type": thread.type,
            "key": followed.key,
            "title": thread.title,
            "url": absolute(request, thread.path),
            "language": thread.language,
            "level": follow.level,
            "why": follow.why,
            "created_at": follow.created_at,
        }
    )


@router.get(
    "/follows", auth=MEMBER, response=schemas.FollowPage, summary="List what you follow", operation_id="follows"
)
def follow_list(
    request: HttpRequest, type: FollowKind | None = None, cursor: str | None = None, limit: PageLimit = 50
) -> dict[str, object]:
    """What the token's owner follows or has muted, the latest first; `type` is `question`, `topic` or `member`."""
    page = follows_page(request.user, kind=type or "", cursor=cursor, size=limit)
    rows = [_follow_told(request, each) for each in followed_of(request.user, page.rows)]
    return {"results": rows, "next": next_address(request, page.next)}


@router.put(
    "/follows/{kind}/{key}", auth=MEMBER, response=schemas.Follow, summary="Follow something", operation_id="follow"
)
@write("follow")
def follow_put(request: HttpRequest, kind: FollowKind, key: str, payload: schemas.FollowIn) -> HttpResponse:
    """A question by its number, a topic by its slug, a member by her username; repeating it changes nothing. `level` is
    `following`, or for questions `muted`: nothing more is told of it."""
    follow = follow_set(user=request.user, kind=kind, key=key, level=payload.level)
    return answered(_follow_told(request, followed_of(request.user, [follow])[0]))


@router.delete(
    "/follows/{kind}/{key}", auth=MEMBER, response={204: None}, summary="Stop following", operation_id="follow_end"
)
@write("follow")
def follow_delete(request: HttpRequest, kind: FollowKind, key: str) -> HttpResponse:
    """Ends following or muting; repeating it changes nothing."""
    follow_end(user=request.user, kind=kind, key=key)
    return nothing()


def _settings_told(settings: NotificationSettings) -> schemas.NotificationSettings:
    channels = {kind.value: settings.channel(kind).value for kind in USUAL}
    return schemas.NotificationSettings.model_validate(
        {"channels": channels, **{name: getattr(settings, name) for name in FIELDS}}
    )


@router.get(
    "/notification-settings", auth=MEMBER, response=schemas.NotificationSettings, summary="How you are told",
    operation_id="notification_settings",
)  # fmt: skip
def settings_read(request: HttpRequest) -> schemas.NotificationSettings:
    """By which way each kind of note comes to the token's owner, and when mails may."""
    user: Any = request.user
    return _settings_told(NotificationSettings.objects.filter(user=user).first() or NotificationSettings(user=user))


@router.put(
    "/notification-settings", auth=MEMBER, response=schemas.NotificationSettings, summary="Choose how you are told",
    operation_id="notification_settings_change",
)  # fmt: skip
@write("follow")
def settings_put(request: HttpRequest, payload: schemas.NotificationSettingsIn) -> HttpResponse:
    """What is left out stays as it is."""
    values = payload.model_dump(exclude_none=True)
    channels = values.pop("channels", None)
    return answered(_settings_told(notification_settings_update(user=request.user, channels=channels, **values)))
