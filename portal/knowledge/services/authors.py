"""The public profiles of staff members who write."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from portal.core.errors import Invalid
from portal.knowledge.models import Author, AuthorText


@transaction.atomic
def author_ensure(*, user: Any, texts: Mapping[str, Mapping[str, str]], name: str = "", photo: Any = None) -> Author:
    """Makes or updates the profile of a staff member and returns it.

    texts: by language code ``{"job_title": …, "bio": …, "name": …}``, the last two optional. name: by default the
    name that others see of the account. Raises ``Invalid`` for an account outside the staff and unknown languages.
    """
    if not user.is_staff:
        raise Invalid({"user": [_("Only members of the staff write under their own name.")]})
    unknown = set(texts) - set(dict(settings.LANGUAGES))
    if unknown or not texts:
        raise Invalid({"texts": [_("Give the job title in at least one of the site's languages.")]})
    author, _made = Author.objects.update_or_create(user=user, defaults={"name": name or user.shown_name})
    if photo is not None:
        author.photo = photo
        author.save(update_fields=["photo"])
    for language, text in texts.items():
        AuthorText.objects.update_or_create(
            author=author,
            language=language,
            defaults={
                "job_title": text["job_title"],
                "bio": text.get("bio", ""),
                "name": text.get("name", ""),
            },
        )
    made: Author = Author.objects.prefetch_related("texts").get(pk=author.pk)
    return made
