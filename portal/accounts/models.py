"""The user and the tokens with which scripts act for one."""

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.files.storage import default_storage
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.core.clock import now
from portal.core.models import Sourced

PHOTO_SIZES = (64, 256)


def photo_path(key: str, size: int) -> str:
    """Returns where the picture of ``key`` lies in the storage in a size (one of PHOTO_SIZES, pixels)."""
    return f"photos/{key}-{size}.webp"


class User(AbstractUser, Sourced):
    """A member. What others see of one is ``shown_name`` and the profile in ``experts``.

    language: the interface and mails; reads: further languages of content, the first the preferred one. reputation:
    the sum of the ledger in ``experts``, kept here for lists. photo: the key of her picture (``accounts/photos.py``),
    empty for a drawn one. demo: from the demo content, signs in on loopback only.
    """

    username = models.CharField(
        _("username"),
        max_length=60,
        unique=True,
        help_text=_("Letters, digits and . + - _ only. It is part of your page's address."),
        validators=[UnicodeUsernameValidator(regex=r"^[\w.+-]+\Z")],
        error_messages={"unique": _("This username is taken.")},
    )
    display_name = models.CharField(_("name shown to others"), max_length=120, blank=True)
    language = models.CharField(_("language"), max_length=12, default="en")
    reads = models.JSONField(default=list, blank=True)
    reputation = models.IntegerField(default=0, db_index=True)
    photo = models.CharField(max_length=40, blank=True, default="")
    demo = models.BooleanField(default=False)

    class Meta(AbstractUser.Meta):
        swappable = "AUTH_USER_MODEL"
        indexes = [
            models.Index(fields=["-reputation", "-id"], name="member_by_reputation"),
            models.Index(fields=["-date_joined", "-id"], name="member_newest"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "source_key"],
                condition=models.Q(source__isnull=False),
                name="one_user_per_source_key",
            )
        ]

    @property
    def shown_name(self) -> str:
        """The name under which others meet this member."""
        return self.display_name or self.username

    @property
    def photo_url(self) -> str:
        """The address of the member's small picture, 64 px; empty where she has none."""
        return default_storage.url(photo_path(self.photo, 64)) if self.photo else ""

    @property
    def photo_large_url(self) -> str:
        """The address of the member's large picture, 256 px; empty where she has none."""
        return default_storage.url(photo_path(self.photo, 256)) if self.photo else ""

    def may_sign_in(self) -> bool:
        """Whether this account may act: active, and a demo account only on this machine itself."""
        return self.is_active and (not self.demo or settings.PORTAL_LOOPBACK)

    def get_full_name(self) -> str:
        """Returns the shown name (Wagtail's admin asks for it)."""
        return self.shown_name


def shown_name(user: User) -> str:
    """Returns the name of a user for allauth's pages and mails."""
    return user.shown_name


class ApiToken(models.Model):
    """A token of the REST API; only its hash is kept, ``hint`` shows its last letters to its owner."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="portal_tokens")
    name = models.CharField(_("what it is for"), max_length=100)
    hint = models.CharField(max_length=8)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=now)
    last_used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.name} …{self.hint}"
