"""Who helps with what, in which language."""

from django.conf import settings
from django.db import models

from portal.core.models import Topic


class Standing(models.Model):
    """What a member's answers in a topic (None: in any) and a language ("": in any) amount to.

    accepted counts the answers to others' questions that somebody else accepted, votes adds up the scores of her
    well-received answers; points weighs the two (``experts/rules.py``). An answer counts for the topics of its question
    and for those above them. Derived: ``standing_recompute`` writes it anew at any time.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="standings")
    topic = models.ForeignKey(Topic, null=True, blank=True, on_delete=models.CASCADE, related_name="standings")
    language = models.CharField(max_length=12, blank=True, default="")
    answers = models.PositiveIntegerField(default=0)
    accepted = models.PositiveIntegerField(default=0)
    votes = models.PositiveIntegerField(default=0)
    points = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(fields=["topic", "language", "-points", "-id"], name="standing_order"),
            models.Index(fields=["user", "-points"], name="standing_of_user"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "topic", "language"],
                condition=models.Q(topic__isnull=False),
                name="one_standing_per_topic_and_language",
            ),
            models.UniqueConstraint(
                fields=["user", "language"],
                condition=models.Q(topic__isnull=True),
                name="one_standing_per_language",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.points} in {self.topic_id or '*'}/{self.language or '*'}"
