"""The gap ledger: what people look for and do not find.

No words are kept here. A gap points to the search or question that leads it, and shows that one's words for as long as
the log keeps them.
"""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.core.clock import now


class GapSource(models.TextChoices):
    """What was clustered."""

    SEARCHES = "searches", _("Searches")
    UNANSWERED = "unanswered", _("Questions without an answer")
    REPEATED = "repeated", _("Questions asked again")


class GapKind(models.TextChoices):
    """What is wrong."""

    NO_RESULT = "no-result", _("Nothing found")
    POOR_MATCH = "poor-match", _("Poor match")
    NO_CLICK = "no-click", _("Nothing opened")
    WEAK = "weak", _("Found late")
    UNANSWERED = "unanswered", _("Unanswered")
    REPEATED = "repeated", _("Asked again")


class GapStatus(models.TextChoices):
    """Where the staff stand with it."""

    OPEN = "open", _("Open")
    ASSIGNED = "assigned", _("Assigned")
    CLOSED = "closed", _("Closed")
    IGNORED = "ignored", _("Ignored")


class FixKind(models.TextChoices):
    """What was made so that it is found."""

    ARTICLE = "article", _("Article")
    QUESTION = "question", _("Question")
    TERM = "term", _("Term")
    PROMOTION = "promotion", _("Promoted result")
    OTHER = "other", _("Something else")


class Gap(models.Model):
    """Near-identical searches or questions. kind is empty while nothing is wrong with them; such rows are not shown.

    search, question: whose words stand for all; for repeated questions the one that they repeat. total: all there ever
    were. lately, earlier: of the last 30 days and of the 30 before. window, failed, clicked: of the last 90 days, all,
    those that led to nothing, those that led somewhere; late and poor as in a ``GapDay``. counted_from: the click rate
    is counted from this day on; set by a fix, a closing and a reopening.
    """

    source = models.CharField(max_length=12, choices=GapSource.choices)
    language = models.CharField(max_length=12)
    kind = models.CharField(max_length=12, choices=GapKind.choices, blank=True)
    search = models.ForeignKey("discovery.Search", null=True, on_delete=models.SET_NULL, related_name="+")
    question = models.ForeignKey("questions.Question", null=True, on_delete=models.SET_NULL, related_name="+")
    first_seen = models.DateTimeField(default=now)
    last_seen = models.DateTimeField(default=now)
    total = models.PositiveIntegerField(default=0)
    lately = models.PositiveIntegerField(default=0)
    earlier = models.PositiveIntegerField(default=0)
    window = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    clicked = models.PositiveIntegerField(default=0)
    late = models.PositiveIntegerField(default=0)
    poor = models.PositiveIntegerField(default=0)
    status = models.CharField(max_length=10, choices=GapStatus.choices, default=GapStatus.OPEN)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    fix_kind = models.CharField(max_length=10, choices=FixKind.choices, blank=True)
    fix_url = models.CharField(max_length=500, blank=True)
    fixed_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    counted_from = models.DateField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["status", "-failed", "-id"], name="gap_status"),
            models.Index(fields=["source", "language"], name="gap_source"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["question"], condition=models.Q(source=GapSource.REPEATED), name="one_gap_per_repeated_question"
            )
        ]

    def __str__(self) -> str:
        return self.words or f"{self.source} {self.pk}"

    @property
    def words(self) -> str:
        """The words that stand for all, empty where the log has blanked them or the question is gone."""
        if self.source == GapSource.SEARCHES:
            return self.search.text if self.search is not None else ""
        return self.question.title if self.question is not None and self.question.deleted_at is None else ""

    @property
    def click_rate(self) -> float | None:
        """The share of the last 90 days' searches that led somewhere, None without searches."""
        return self.clicked / self.window if self.window else None

    @property
    def trend(self) -> int:
        """The searches of the last 30 days less those of the 30 before."""
        return self.lately - self.earlier

    @property
    def fall(self) -> int:
        """The trend turned round, for words that say "fewer"."""
        return -self.trend


class GapSearch(models.Model):
    """A search belongs to a gap, to one only."""

    search = models.OneToOneField("discovery.Search", primary_key=True, on_delete=models.CASCADE, related_name="+")
    gap = models.ForeignKey(Gap, on_delete=models.CASCADE, related_name="searches")

    def __str__(self) -> str:
        return f"{self.gap_id}: {self.search_id}"


class GapQuestion(models.Model):
    """An unanswered question belongs to a gap, to one only."""

    question = models.OneToOneField("questions.Question", primary_key=True, on_delete=models.CASCADE, related_name="+")
    gap = models.ForeignKey(Gap, on_delete=models.CASCADE, related_name="questions")

    def __str__(self) -> str:
        return f"{self.gap_id}: {self.question_id}"


class GapDay(models.Model):
    """A gap's searches of a day.

    late: opened from far down, or answered by the database in the engine's place. poor: the best result held little of
    what was asked, and nobody said that it answers it. well: led somewhere, and neither late nor poor.
    """

    gap = models.ForeignKey(Gap, on_delete=models.CASCADE, related_name="days")
    day = models.DateField()
    searches = models.PositiveIntegerField(default=0)
    without_result = models.PositiveIntegerField(default=0)
    clicked = models.PositiveIntegerField(default=0)
    late = models.PositiveIntegerField(default=0)
    poor = models.PositiveIntegerField(default=0)
    well = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["gap", "day"], name="one_count_of_a_gap_a_day")]
        indexes = [models.Index(fields=["day"], name="gap_day")]

    def __str__(self) -> str:
        return f"{self.gap_id} {self.day}"


class Deed(models.TextChoices):
    """What was done with a gap."""

    ASSIGN = "assign", _("Assigned")
    CLOSE = "close", _("Closed")
    IGNORE = "ignore", _("Ignored")
    REOPEN = "reopen", _("Opened again")
    FIX = "fix", _("Linked with what mends it")
    UNDO = "undo", _("Undone")


class GapChange(models.Model):
    """Something done with a gap. by is empty where a rule did it; figures then say why.

    before, after: the columns that changed, as JSON. undone_by: the change that took this one back.
    """

    gap = models.ForeignKey(Gap, on_delete=models.CASCADE, related_name="changes")
    at = models.DateTimeField(default=now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    by_rule = models.BooleanField(default=False)
    deed = models.CharField(max_length=8, choices=Deed.choices)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    figures = models.JSONField(default=dict)
    undone_by = models.OneToOneField("self", null=True, on_delete=models.SET_NULL, related_name="undoes")

    class Meta:
        indexes = [models.Index(fields=["gap", "-id"], name="gap_changes")]

    def __str__(self) -> str:
        return f"{self.gap_id} {self.deed}"
