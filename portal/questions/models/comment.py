"""Comments under questions and answers (those under articles are django-comments-xtd's; docs/adr/0006)."""

from django.db import models

from .answer import Answer
from .post import Post
from .question import Question


class Comment(Post):
    """A short remark under a question, or under one of its answers, perhaps in reply to another remark there."""

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="comments")
    answer = models.ForeignKey(Answer, null=True, blank=True, on_delete=models.CASCADE, related_name="comments")
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="replies")
    score = models.IntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["question", "answer", "created_at"], name="comment_order")]
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
        """Returns the path of the question's page at this comment."""
        return f"{self.question.get_absolute_url()}#comment-{self.pk}"
