"""Comments under questions and answers (those under articles are django-comments-xtd's; docs/adr/0006)."""

from django.conf import settings
from django.db import models

from portal.core.clock import now

from .answer import ANSWERS_A_PAGE, Answer
from .post import Post
from .question import Question


class Comment(Post):
    """A short remark under a question, or under one of its answers, perhaps in reply to another remark there.

    became: the answer that it was made into; it is deleted then, and its address leads there.
    """

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="comments")
    answer = models.ForeignKey(Answer, null=True, blank=True, on_delete=models.CASCADE, related_name="comments")
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="replies")
    score = models.IntegerField(default=0)
    edited_at = models.DateTimeField(null=True, blank=True)
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    became = models.ForeignKey(Answer, null=True, blank=True, on_delete=models.SET_NULL, related_name="former_comments")

    class Meta:
        indexes = [
            models.Index(fields=["question", "answer", "created_at"], name="comment_order"),
            models.Index(
                fields=["-deleted_at", "-id"], condition=models.Q(deleted_at__isnull=False), name="comment_deleted"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "source_key"],
                condition=models.Q(source__isnull=False),
                name="one_comment_per_source_key",
            )
        ]

    def __str__(self) -> str:
        return f"{self.question_id}#comment-{self.pk}"

    def get_absolute_url(self) -> str:
        """Returns the path of the question's page at this comment, where it takes several pages of the right one."""
        paged = self.answer_id is not None and self.question.answers_count > ANSWERS_A_PAGE
        page = f"?answer={self.answer_id}" if paged else ""
        return f"{self.question.get_absolute_url()}{page}#comment-{self.pk}"


class CommentVersion(models.Model):
    """What a comment said before it was edited: the words of version ``number``, by whom and since when."""

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    body = models.TextField()
    body_format = models.CharField(max_length=10, choices=Post.Format.choices, default=Post.Format.MARKDOWN)
    language = models.CharField(max_length=12)
    editor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["comment", "number"], name="one_comment_version")]

    def __str__(self) -> str:
        return f"{self.comment_id} v{self.number}"
