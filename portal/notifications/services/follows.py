"""Following, muting, and following by what one does."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.core.clock import now
from portal.core.errors import Invalid, StateForbids
from portal.core.permissions import require_member
from portal.notifications.models import Follow, Level, NotificationSettings, Why
from portal.notifications.selectors.follows import Target, follow_target, target_kind
from portal.questions.models import Question

MOST_FOLLOWED = 2_000


@transaction.atomic
def follow_set(*, user: Any, kind: str, key: str, level: str = Level.FOLLOWING) -> Follow:
    """Follows a thing, or mutes a question; repeating it changes nothing.

    kind and key: as ``follow_target`` has them; level: ``following`` or ``muted``. Raises ``NotFound`` for what the
    member cannot see, ``Invalid`` for another level, ``StateForbids`` for herself and where she follows too much.
    """
    require_member(user)
    target = follow_target(user, kind, key)
    if level not in (Level.FOLLOWING, Level.MUTED) or (level == Level.MUTED and kind != "question"):
        raise Invalid({"level": [_("Choose one of these: %(choices)s.") % {"choices": "following, muted"}]})
    if isinstance(target, User) and target.pk == user.pk:
        raise StateForbids(_("You cannot follow yourself."))
    follow = Follow.objects.filter(user=user, **{kind: target}).first()
    if follow is None:
        _require_room(user)
        follow = Follow.objects.get_or_create(user=user, **{kind: target}, defaults={"level": level})[0]
    if follow.level != level:
        follow.level, follow.why, follow.created_at = Level(level), Why.CHOSEN, now()
        follow.save(update_fields=["level", "why", "created_at"])
    return follow


def _require_room(user: Any) -> None:
    if Follow.objects.filter(user=user, why=Why.CHOSEN).count() >= MOST_FOLLOWED:
        words = _("You follow %(count)d things, and that is all there is room for. Leave some first.")
        raise StateForbids(words % {"count": MOST_FOLLOWED})


@transaction.atomic
def follow_end(*, user: Any, kind: str, key: str) -> None:
    """Ends following or muting a thing. What she does at a question later does not begin it again.

    Raises ``NotFound`` for what the member cannot see.
    """
    require_member(user)
    target_leave(user=user, target=follow_target(user, kind, key))


def target_leave(*, user: Any, target: Target) -> None:
    """Ends following a thing that was looked up."""
    if isinstance(target, Question):
        Follow.objects.update_or_create(user=user, question=target, defaults={"level": Level.OFF, "why": Why.CHOSEN})
        return
    Follow.objects.filter(user=user, **{target_kind(target): target}).delete()


def follow_begin(*, user_id: int, question_id: int, why: str) -> bool:
    """Makes a member follow a question by what she did there, unless she wants none of that or said otherwise before.

    why: ``asked``, ``answered``, ``commented`` or ``wanted``. Returns whether it is new.
    """
    settings = NotificationSettings.objects.filter(user_id=user_id).first() or NotificationSettings()
    if not settings.follows_after(why):
        return False
    _follow, new = Follow.objects.get_or_create(
        user_id=user_id, question_id=question_id, defaults={"level": Level.FOLLOWING, "why": Why(why)}
    )
    return new


def follow_forget(*, user_id: int, question_id: int) -> None:
    """Ends a follow that "I have this too" began, because it was taken back; one that was chosen stays."""
    Follow.objects.filter(user_id=user_id, question_id=question_id, why=Why.WANTED, level=Level.FOLLOWING).delete()


def thread_silence(*, user_id: int, thread: str) -> None:
    """Ends all messages about a thread (``question:7``): a question is muted, a topic or member followed no longer."""
    kind, _colon, number = thread.partition(":")
    if kind == "question" and Question.objects.filter(pk=int(number)).exists():
        Follow.objects.update_or_create(
            user_id=user_id, question_id=int(number), defaults={"level": Level.MUTED, "why": Why.CHOSEN}
        )
    elif kind in ("topic", "member"):
        Follow.objects.filter(user_id=user_id, **{f"{kind}_id": int(number)}).delete()
