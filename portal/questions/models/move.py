"""What a question went through: each move with who, why and when; and the members' votes to open it again."""

from django.conf import settings
from django.db import models

from portal.core.clock import now

from .answer import Answer
from .lifecycle import UNDOABLE, Act, Role, Why
from .question import Question, Status


class QuestionMove(models.Model):
    """A question went from one status to another, or was locked or unlocked as it stands.

    by is None where the portal itself or a vote did it. why is a reason that can be counted, words are free. answer:
    the one it is about, where it is about one; other: the question that this one was joined with or parted from. before
    holds what the act replaced, so that it can be taken back.
    """

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="moves")
    act = models.CharField(max_length=16, choices=Act.choices)
    from_status = models.CharField(max_length=16, choices=Status.choices)
    to_status = models.CharField(max_length=16, choices=Status.choices)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="question_moves"
    )
    role = models.CharField(max_length=8, choices=Role.choices)
    why = models.CharField(max_length=20, choices=Why.choices, blank=True, default="")
    words = models.CharField(max_length=300, blank=True, default="")
    answer = models.ForeignKey(Answer, null=True, blank=True, on_delete=models.SET_NULL, related_name="moves")
    other = models.ForeignKey(Question, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    before = models.JSONField(default=dict, blank=True)
    at = models.DateTimeField(default=now)

    class Meta:
        indexes = [
            models.Index(fields=["question", "id"], name="move_order"),
            models.Index(fields=["act", "-at", "-id"], name="move_by_act"),
        ]

    def __str__(self) -> str:
        return f"{self.question_id}: {self.from_status} → {self.to_status} ({self.act})"

    @property
    def may_be_undone(self) -> bool:
        """Whether it can be taken back while it is the last that was decided."""
        return self.act in UNDOABLE and bool(self.before)

    @property
    def other_told(self) -> Question | None:
        """The other question, as far as whoever reads this one may know of it: not one that was deleted by itself."""
        if self.other is None or (self.other.deleted_at is not None and self.other.merged_into_id != self.question_id):
            return None
        return self.other

    @property
    def voters_count(self) -> int:
        """How many members voted for it; 0 where it was no vote."""
        return len(self.before.get("voters", ()))


class ReopenVote(models.Model):
    """A member wants a closed question opened again. It counts for the closing that was in force at created_at."""

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="reopen_votes")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="reopen_votes")
    created_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["question", "user"], name="one_reopen_vote_a_member")]

    def __str__(self) -> str:
        return f"{self.user_id} → {self.question_id}"
