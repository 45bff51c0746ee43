"""Choosing how to be told."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from portal.core.errors import Invalid
from portal.core.permissions import require_member
from portal.notifications.models import USUAL, Channel, Kind, NotificationSettings

FIELDS = (
    "follow_asked",
    "follow_answered",
    "follow_commented",
    "follow_wanted",
    "quiet_from",
    "quiet_until",
    "digest_hour",
    "timezone",
)


@transaction.atomic
def notification_settings_update(
    *, user: Any, channels: Mapping[str, str] | None = None, **values: Any
) -> NotificationSettings:
    """Keeps a member's choices; what is left out stays.

    channels: a ``Channel`` by ``Kind``. values: fields of the model. Raises ``Invalid`` for a kind or way that is none.
    """
    require_member(user)
    chosen, _new = NotificationSettings.objects.select_for_update().get_or_create(user=user)
    for kind, channel in (channels or {}).items():
        if kind not in Kind.values or Kind(kind) not in USUAL or channel not in Channel.values:
            raise Invalid({kind: [_("Choose one of these: %(choices)s.") % {"choices": ", ".join(Channel.values)}]})
        chosen.channels[kind] = channel
    for name in FIELDS:
        if name in values:
            setattr(chosen, name, values[name])
    chosen.save()
    return chosen


@transaction.atomic
def kinds_silence(*, user_id: int, kinds: tuple[str, ...]) -> None:
    """Ends a member's mails of some kinds; her inbox still has them, unless she wants none of that either."""
    chosen, _new = NotificationSettings.objects.select_for_update().get_or_create(user_id=user_id)
    for kind in kinds:
        if kind in Kind.values and chosen.channel(kind) != Channel.NEVER:
            chosen.channels[kind] = Channel.INBOX.value
    chosen.save(update_fields=["channels"])
