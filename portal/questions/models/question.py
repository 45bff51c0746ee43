"""Questions and their topics."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import translation
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from taggit.managers import TaggableManager
from taggit.models import ItemBase

from portal.core.clock import now
from portal.core.models import Topic

from .post import VotedPost


class Status(models.TextChoices):
    """Where a question stands. The first four follow from what is there, the others are set by a person."""

    OPEN = "open", _("Open")
    NEEDS_DETAILS = "needs_details", _("Needs details")
    ANSWERED = "answered", _("Answered")
    ACCEPTED = "accepted", _("Solved")
    CLOSED = "closed", _("Closed")
    DUPLICATE = "duplicate", _("Asked before")
    OBSOLETE = "obsolete", _("Outdated")
    ARCHIVED = "archived", _("Archived")


# Set by a person and kept until a person changes it; the rest is derived by ``Question.derived_status``.
SETTLED = (Status.CLOSED, Status.DUPLICATE, Status.OBSOLETE, Status.ARCHIVED)
# No new answers here; comments and votes neither where a question is archived.
CLOSED_TO_ANSWERS = (Status.CLOSED, Status.DUPLICATE, Status.ARCHIVED)


class QuestionTopic(ItemBase):
    """A question has a topic."""

    tag = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="question_items")
    content_object = models.ForeignKey("questions.Question", on_delete=models.CASCADE, related_name="topic_items")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["content_object", "tag"], name="one_topic_once_per_question")]


class Question(VotedPost):  # type: ignore[django-manager-missing]  # taggit ships no types
    """A question. hot orders the front list: it grows with votes and answers and with the moment of asking.

    settled_why is a reason of ``lifecycle.Why``, settled_reason the words beside it. official: whether it has an
    official answer.
    """

    title = models.CharField(max_length=300)
    slug = models.CharField(max_length=120)
    status = models.CharField(max_length=16, choices=Status.choices, default=Status.OPEN)
    needs_details = models.BooleanField(default=False)
    locked = models.BooleanField(default=False)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    settled_why = models.CharField(max_length=20, blank=True, default="")
    settled_reason = models.CharField(max_length=300, blank=True)
    duplicate_of = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="duplicates"
    )
    # The question that this one was joined with; it is deleted then, and its page leads there.
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="merged_questions"
    )
    accepted_answer = models.ForeignKey(
        "questions.Answer", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    answers_count = models.PositiveIntegerField(default=0)
    official = models.BooleanField(default=False)
    views_count = models.PositiveIntegerField(default=0)
    demand_count = models.PositiveIntegerField(default=0)
    last_activity_at = models.DateTimeField(default=now)
    hot = models.FloatField(default=0)
    topics = TaggableManager(through=QuestionTopic, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["-deleted_at", "-id"], condition=models.Q(deleted_at__isnull=False), name="question_deleted"
            ),
            models.Index(fields=["-created_at", "-id"], name="question_newest"),
            models.Index(fields=["-last_activity_at", "-id"], name="question_active"),
            models.Index(fields=["-hot", "-id"], name="question_hot"),
            models.Index(fields=["language", "-hot", "-id"], name="question_language_hot"),
            models.Index(fields=["status", "-created_at", "-id"], name="question_status"),
            models.Index(fields=["status", "-demand_count", "-id"], name="question_wanted"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "source_key"],
                condition=models.Q(source__isnull=False),
                name="one_question_per_source_key",
            )
        ]

    def __str__(self) -> str:
        return self.title

    def derived_status(self) -> Status:
        """Returns the status that follows from the columns: a person's word first, else what is there."""
        if self.status in SETTLED and self.settled_at is not None:
            return Status(self.status)
        if self.accepted_answer_id is not None:
            return Status.ACCEPTED
        if self.needs_details:
            return Status.NEEDS_DETAILS
        return Status.ANSWERED if self.answers_count else Status.OPEN

    def get_absolute_url(self) -> str:
        """Returns the path of the question's page, under the prefix of its own language where that is ours."""
        ours = {code for code, _name in settings.LANGUAGES}
        prefix = self.language if self.language in ours else (translation.get_language() or settings.LANGUAGE_CODE)
        with translation.override(prefix):
            return reverse("question", args=[self.pk, self.slug])


# Last parts of addresses below a question's number that are not slugs (questions/urls.py).
RESERVED_SLUGS = frozenset(
    {
        "answer", "edit", "delete", "restore", "settle", "history", "merge", "duplicate", "contest", "sign", "demand",
        "reopen", "moves",
    }
)  # fmt: skip


def question_slug(title: str) -> str:
    """Returns the readable part of a question's address; letters of any script stay."""
    slug = slugify(title, allow_unicode=True)[:80].strip("-") or "question"
    return f"{slug}-question" if slug in RESERVED_SLUGS else slug
