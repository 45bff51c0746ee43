"""What members follow. Saved searches, the fourth thing to follow, are ``discovery``'s."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.core.clock import now
from portal.core.models import Topic
from portal.questions.models import Question


class Level(models.TextChoices):
    """How a member stands to a thing. OFF is kept for questions, so that writing there does not begin it again."""

    FOLLOWING = "following", _("Following")
    OFF = "off", _("Not following")
    MUTED = "muted", _("Muted")


class Why(models.TextChoices):
    """How a follow began: by her own press of a button, or by what she did."""

    CHOSEN = "chosen", _("You chose it")
    ASKED = "asked", _("You asked it")
    ANSWERED = "answered", _("You answered")
    COMMENTED = "commented", _("You commented")
    WANTED = "wanted", _("You have this too")


class Follow(models.Model):
    """How a member stands to one question, topic or member; exactly one of the three is named."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="follows")
    question = models.ForeignKey(Question, null=True, blank=True, on_delete=models.CASCADE, related_name="follows")
    topic = models.ForeignKey(Topic, null=True, blank=True, on_delete=models.CASCADE, related_name="follows")
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="followed_by"
    )
    level = models.CharField(max_length=10, choices=Level.choices, default=Level.FOLLOWING)
    why = models.CharField(max_length=10, choices=Why.choices, default=Why.CHOSEN)
    created_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="follow_names_one_thing",
                condition=models.Q(question__isnull=False, topic__isnull=True, member__isnull=True)
                | models.Q(question__isnull=True, topic__isnull=False, member__isnull=True)
                | models.Q(question__isnull=True, topic__isnull=True, member__isnull=False),
            ),
            *(
                models.UniqueConstraint(
                    fields=["user", name],
                    condition=models.Q(**{f"{name}__isnull": False}),
                    name=f"one_follow_of_a_{name}",
                )
                for name in ("question", "topic", "member")
            ),
        ]
        indexes = [
            models.Index(fields=["user", "-id"], name="follow_newest"),
            models.Index(fields=["question", "level"], name="follow_question_level"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.level} {self.thread}"

    @property
    def thread(self) -> str:
        """What is followed, as ``question:7``, ``topic:3`` or ``member:5``."""
        for name in ("question", "topic", "member"):
            if (number := getattr(self, f"{name}_id")) is not None:
                return f"{name}:{number}"
        return ""
