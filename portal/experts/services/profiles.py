"""Writing profiles."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import URLValidator
from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.indexing import members_changed
from portal.accounts.models import User
from portal.accounts.services import photo_set, settings_update
from portal.core.bulk import rows_insert
from portal.core.clock import now
from portal.core.errors import Invalid, Words
from portal.core.events import announce
from portal.core.markdown import render_markdown
from portal.core.permissions import require_member
from portal.core.topics import topics_by_slug
from portal.experts.events import ProfileChanged
from portal.experts.models import Level, Profile, ProfileLanguage, ProfileTopic

BIO_LONGEST = 5_000
MOST_LANGUAGES = 12


def profile_of(user: User) -> Profile:
    """Returns a user's profile, made now where there was none: also for users that a script made."""
    profile, made = Profile.objects.get_or_create(user=user)
    if made:
        members_changed([user.pk])
    return profile


@transaction.atomic
def profile_update(
    *,
    user: User,
    bio: str,
    company: str,
    role: str,
    location: str,
    website: str,
    languages: Mapping[str, str],
    topics: Sequence[str],
    display_name: str | None = None,
    photo: "UploadedFile[bytes] | None" = None,
    photo_remove: bool = False,
) -> Profile:
    """Writes a member's own profile and returns it; raises ``Invalid`` for fields that cannot be used.

    bio: Markdown. languages: level (of ``Level``) by the code of a language. topics: slugs, at most five.
    display_name: None leaves the name as it is. photo: a new picture; photo_remove takes the present one away.
    """
    require_member(user)
    _check(bio, website, languages)
    chosen = topics_by_slug(slugs=topics)
    if photo is not None or photo_remove:
        photo_set(user=user, upload=photo)
    if display_name is not None:
        settings_update(user=user, display_name=display_name, language=user.language, reads=user.reads)
    profile = profile_of(user)
    profile.bio, profile.bio_html = bio.strip(), render_markdown(bio.strip())
    profile.company, profile.role = company.strip()[:120], role.strip()[:120]
    profile.location, profile.website = location.strip()[:120], website.strip()
    profile.updated_at = now()
    profile.save()
    profile.languages.all().delete()
    ProfileLanguage.objects.bulk_create(
        ProfileLanguage(profile=profile, language=code, level=level) for code, level in languages.items()
    )
    profile.topics.all().delete()
    ProfileTopic.objects.bulk_create(ProfileTopic(profile=profile, topic=topic) for topic in chosen)
    members_changed([user.pk])
    announce(ProfileChanged(at=now(), actor_id=user.pk, user_id=user.pk))
    return profile


def _check(bio: str, website: str, languages: Mapping[str, str]) -> None:
    wrong: dict[str, list[Words]] = {}
    if len(bio) > BIO_LONGEST or "\x00" in bio:
        wrong["bio"] = [_("Keep it to %(count)d characters.") % {"count": BIO_LONGEST}]
    if website.strip():
        try:
            URLValidator(schemes=["http", "https"])(website.strip())
        except ValidationError:
            wrong["website"] = [_("Enter an address that begins with https://.")]
    known = dict(settings.LANGUAGES)
    if len(languages) > MOST_LANGUAGES or any(
        code not in known or level not in Level.values for code, level in languages.items()
    ):
        wrong["languages"] = [_("Choose how well you know each language.")]
    if wrong:
        raise Invalid(wrong)


@transaction.atomic
def profiles_create_many(*, rows: Iterable[Mapping[str, Any]]) -> int:
    """Writes many profiles at once, for imports, and returns how many; a profile that is there stays as it is.

    rows: ``user_id`` and any of ``bio_html`` (cleaned HTML), ``location``, ``website``, ``company``, ``role``.
    """
    profiles = [Profile(**row) for row in rows]
    rows_insert(model=Profile, objects=profiles, ignore_conflicts=True)
    members_changed([profile.user_id for profile in profiles])
    return len(profiles)
