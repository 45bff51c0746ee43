"""Pictures and files that members put into what they write."""

from urllib.parse import quote

from django.conf import settings
from django.db import models

from portal.core.clock import now

from .answer import Answer
from .comment import Comment
from .question import Question


class Upload(models.Model):
    """A picture or a file of a member's; kept in the storage ``uploads``, which no web server serves by itself.

    key: in its address, not to be guessed. name: as others see it. size: bytes of what is kept; sha256: its digest.
    given_sha256: the digest of what was sent, so that the same file sent again is the same upload. width and height
    are pixels, None for a file.
    """

    class Kind(models.TextChoices):
        """What it is: shown in the text, or offered for download."""

        PICTURE = "picture"
        FILE = "file"

    key = models.CharField(max_length=32, unique=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="uploads"
    )
    kind = models.CharField(max_length=10, choices=Kind.choices)
    name = models.CharField(max_length=120)
    extension = models.CharField(max_length=10)
    content_type = models.CharField(max_length=80)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    given_sha256 = models.CharField(max_length=64)
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    created_at = models.DateTimeField(default=now, db_index=True)

    class Meta:
        indexes = [models.Index(fields=["owner", "given_sha256"], name="upload_sent_again")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Returns the path of the picture or the file itself, the same in every language."""
        return f"/uploads/{self.key}/{quote(self.name)}"

    @property
    def place(self) -> str:
        """Where it lies in its storage."""
        return f"{self.key[:2]}/{self.key}.{self.extension}"

    @property
    def markdown(self) -> str:
        """What shows it when written into a text."""
        words = self.name.rpartition(".")[0] if self.kind == self.Kind.PICTURE else self.name
        words = words.replace("\\", "").replace("[", "(").replace("]", ")")
        return f"{'!' if self.kind == self.Kind.PICTURE else ''}[{words}]({self.get_absolute_url()})"


class UploadUse(models.Model):
    """A post uses an upload; ``current`` is False where only an earlier version of the post did.

    expected: no version of the post did yet, a suggested edit would.
    """

    upload = models.ForeignKey(Upload, on_delete=models.CASCADE, related_name="uses")
    question = models.ForeignKey(Question, null=True, blank=True, on_delete=models.CASCADE, related_name="upload_uses")
    answer = models.ForeignKey(Answer, null=True, blank=True, on_delete=models.CASCADE, related_name="upload_uses")
    comment = models.ForeignKey(Comment, null=True, blank=True, on_delete=models.CASCADE, related_name="upload_uses")
    current = models.BooleanField(default=True)
    expected = models.BooleanField(default=False, db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["upload", "question"], name="upload_once_per_question"),
            models.UniqueConstraint(fields=["upload", "answer"], name="upload_once_per_answer"),
            models.UniqueConstraint(fields=["upload", "comment"], name="upload_once_per_comment"),
            models.CheckConstraint(
                condition=models.Q(question__isnull=False, answer__isnull=True, comment__isnull=True)
                | models.Q(question__isnull=True, answer__isnull=False, comment__isnull=True)
                | models.Q(question__isnull=True, answer__isnull=True, comment__isnull=False),
                name="upload_used_by_one_post",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.upload_id} in {self.question_id or self.answer_id or self.comment_id}"
