"""Registering releases of products. A new one asks for the answers about that product to be confirmed again."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from portal.core.audit import audit_write
from portal.core.clock import now
from portal.core.errors import StateForbids, Words
from portal.core.events import announce
from portal.core.models import Topic
from portal.core.permissions import require_moderator
from portal.questions import events
from portal.questions.models import Answer, Release
from portal.questions.selectors.releases import answers_to_confirm, product_by_slug, release_current, release_for_staff

from .texts import require_fields
from .versions import versions_changed

LABEL_LONGEST, NOTES_LONGEST, POSITION_MOST = 40, 500, 32_767
# Of a new release the authors of so many answers are told, those of the most viewed questions.
MOST_ASKED = 200
BATCH = 500
# Acts of the staff that are written down.
REGISTERED, CHANGED = "release-registered", "release-changed"
WITHDRAWN, RESTORED = "release-withdrawn", "release-restored"


def label_errors(*, product: Topic, label: str, but: int | None = None) -> list[Words]:
    """Returns what is wrong with the label of a release. but: the release that bears it now."""
    if not label or len(label) > LABEL_LONGEST or not label.isprintable():
        return [_("Name the version in at most %(count)d characters.") % {"count": LABEL_LONGEST}]
    others = Release.objects.filter(product=product, label=label, withdrawn_at__isnull=True)
    if others.exclude(pk=but or 0).exists():
        return [_("This version is registered already.")]
    return []


def day_errors(day: date | None) -> list[Words]:
    """Returns what is wrong with the day of a release; it is registered when it is there, not before."""
    # Where the staff is, the day may have begun already.
    if day is None or day > now().date() + timedelta(days=1):
        return [_("Give the day that it came out, today at the latest.")]
    return []


def notes_errors(url: str) -> list[Words]:
    """Returns what is wrong with the address of release notes: of this portal (``/…``), or on the web."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return [_("Give an address that begins with https:// or with /.")]
    here = url.startswith("/") and not url.startswith(("//", "/\\"))
    there = parts.scheme in ("http", "https") and bool(parts.hostname)
    if url and (len(url) > NOTES_LONGEST or not (here or there) or not url.isprintable() or " " in url):
        return [_("Give an address that begins with https:// or with /.")]
    return []


def position_errors(position: int) -> list[Words]:
    """Returns what is wrong with the place among releases of one day."""
    return [] if 0 <= position <= POSITION_MOST else [_("Give a number from 0 to 32767.")]


@transaction.atomic
def release_register(
    *,
    user: Any,
    product: str,
    label: str,
    released_at: date | None = None,
    notes_url: str = "",
    position: int = 0,
) -> Release:
    """Registers a release, by the staff, and asks the authors of what is read most to look at their answers again.

    product: a slug. released_at: None for today. notes_url: where its news are told. position: among releases of the
    same day, the lower is the earlier.
    """
    require_moderator(user)
    topic = _held(product_by_slug(product))
    label, day = " ".join(label.split()), released_at or now().date()
    _checked(topic, label=label, day=day, notes_url=notes_url, position=position)
    release = Release.objects.create(
        product=topic, label=label, released_at=day, notes_url=notes_url, position=position, registered_by=user
    )
    announce(
        events.ReleaseRegistered(at=release.created_at, actor_id=user.pk, release_id=release.pk, product_id=topic.pk)
    )
    _reassess(topic, user)
    _written(user, REGISTERED, release)
    if release_current(topic) == release:
        _want_confirmation(release, user)
    return release


@transaction.atomic
def release_edit(
    *,
    user: Any,
    release_id: int,
    label: str | None = None,
    released_at: date | None = None,
    notes_url: str | None = None,
    position: int | None = None,
) -> Release:
    """Changes what is given of a release, by the staff; what was said of answers on it stays."""
    require_moderator(user)
    release = release_for_staff(user, release_id)
    _held(release.product)
    release.refresh_from_db()
    release.label = " ".join(label.split()) if label is not None else release.label
    release.released_at = released_at or release.released_at
    release.notes_url = notes_url if notes_url is not None else release.notes_url
    release.position = position if position is not None else release.position
    _checked(
        release.product,
        label=release.label,
        day=release.released_at,
        notes_url=release.notes_url,
        position=release.position,
        but=release.pk,
    )
    release.save(update_fields=["label", "released_at", "notes_url", "position"])
    _reassess(release.product, user)
    _written(user, CHANGED, release)
    return release


@transaction.atomic
def release_withdraw(*, user: Any, release_id: int) -> Release:
    """Takes a release away, by the staff: all that was said of it no longer counts, until it is restored."""
    require_moderator(user)
    release = release_for_staff(user, release_id)
    _held(release.product)
    release.refresh_from_db()
    if release.withdrawn_at is not None:
        raise StateForbids(_("This version is withdrawn already."))
    release.withdrawn_at, release.withdrawn_by = now(), user
    release.save(update_fields=["withdrawn_at", "withdrawn_by"])
    _reassess(release.product, user)
    _written(user, WITHDRAWN, release)
    return release


@transaction.atomic
def release_restore(*, user: Any, release_id: int) -> Release:
    """Brings a withdrawn release back, with all that was said of it."""
    require_moderator(user)
    release = release_for_staff(user, release_id)
    _held(release.product)
    release.refresh_from_db()
    if release.withdrawn_at is None:
        raise StateForbids(_("This version is not withdrawn."))
    require_fields({"label": label_errors(product=release.product, label=release.label)})
    release.withdrawn_at, release.withdrawn_by = None, None
    release.save(update_fields=["withdrawn_at", "withdrawn_by"])
    _reassess(release.product, user)
    _written(user, RESTORED, release)
    return release


def _checked(
    product: Topic, *, label: str, day: date | None, notes_url: str, position: int, but: int | None = None
) -> None:
    require_fields(
        {
            "label": label_errors(product=product, label=label, but=but),
            "released_at": day_errors(day),
            "notes_url": notes_errors(notes_url),
            "position": position_errors(position),
        }
    )


def _written(user: Any, action: str, release: Release) -> None:
    detail = {"product": release.product.slug, "label": release.label, "released_at": release.released_at.isoformat()}
    audit_write(actor=user, action=action, subject_type="release", subject_id=release.pk, detail=detail)


def _held(product: Topic) -> Topic:
    """Returns the product, held until the transaction ends: its releases change one at a time."""
    held: Topic = Topic.objects.select_for_update(of=["self"]).get(pk=product.pk)
    return held


def _reassess(product: Topic, user: Any) -> None:
    """Derives anew which answers are outdated, of those that anything was said of on a release of the product."""
    for ids in _batches(product):
        versions_changed(user=user, ids=ids)


def _batches(product: Topic) -> Iterator[list[int]]:
    said = Q(confirmations__release__product=product) | Q(passport__first__product=product)
    found, last = Answer.objects.filter(said).order_by("pk").distinct(), 0
    while ids := list(found.filter(pk__gt=last).values_list("pk", flat=True)[:BATCH]):
        yield ids
        last = ids[-1]


def _want_confirmation(release: Release, user: Any) -> None:
    """Announces, in one event, whose answers wait to be confirmed on a new release, the most viewed first."""
    waiting = answers_to_confirm(user=user, release=release).filter(author__is_active=True)
    asked: dict[int, list[int]] = {}
    for answer, author in waiting.values_list("pk", "author_id")[:MOST_ASKED]:
        asked.setdefault(author, []).append(answer)
    if asked:
        wanted = tuple((author, tuple(answers)) for author, answers in asked.items())
        announce(
            events.ConfirmationWanted(
                at=release.created_at,
                actor_id=user.pk,
                release_id=release.pk,
                product_id=release.product_id,
                asked=wanted,
            )
        )
