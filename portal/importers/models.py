"""What an import remembers: how far it came, and which row of a dump became which row here."""

from django.db import models

from portal.core.clock import now
from portal.core.models import Source


class ImportRun(models.Model):
    """One import of one dump; an unfinished one is taken up again where it stopped.

    fingerprint: the names, sizes and times of the dump's files. stage and line: everything before that line of that
    stage's file is kept. counts: the totals so far. report: the file with every row that was skipped.
    """

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="import_runs")
    language = models.CharField(max_length=12)
    fingerprint = models.CharField(max_length=64)
    stage = models.CharField(max_length=20, blank=True)
    line = models.PositiveBigIntegerField(default=0)
    counts = models.JSONField(default=dict)
    report = models.CharField(max_length=200, blank=True)
    started_at = models.DateTimeField(default=now)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.source} {self.started_at:%Y-%m-%d %H:%M}"


class ImportedRow(models.Model):
    """A row of a dump that was seen.

    key: its id there. object_id: what it became here (0: nothing, or something that was deleted here since and stays
    deleted). digest: of all that the row says, so that only a changed row is looked at again; words and state: of a
    post's text, and of what closes it. version: of the post as the import left it; a higher one there means that
    members edited it here. question_id: the question that a post belongs to. accepts: the AcceptedAnswerId of a
    question; ``unsettled`` until that is done here.
    """

    class Kind(models.IntegerChoices):
        """What the row is."""

        USER = 1
        TOPIC = 2
        EXCERPT = 3
        QUESTION = 4
        ANSWER = 5
        OTHER_POST = 6
        COMMENT = 7
        LINK = 8
        HISTORY = 9
        BADGE = 10

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="+")
    kind = models.PositiveSmallIntegerField(choices=Kind.choices)
    key = models.BigIntegerField()
    object_id = models.BigIntegerField(default=0)
    digest = models.BigIntegerField(default=0)
    words = models.BigIntegerField(default=0)
    state = models.BigIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)
    question_id = models.BigIntegerField(default=0)
    accepts = models.BigIntegerField(default=0)
    unsettled = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "kind", "key"], name="one_imported_row_per_key")]
        indexes = [
            models.Index(fields=["source", "key"], condition=models.Q(unsettled=True), name="imported_row_unsettled")
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.key}"


class TouchedPost(models.Model):
    """A post whose counters, links or search document must be looked at again before the import ends, or a member
    whose standing must be.

    It commits with the change itself and goes when the work is done, so that a killed import leaves no debt unknown.
    """

    class Work(models.IntegerChoices):
        """What is to be done."""

        QUESTION = 1
        ANSWER = 2
        QUESTION_LINKS = 3
        ANSWER_LINKS = 4
        STANDING = 5

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="+")
    work = models.PositiveSmallIntegerField(choices=Work.choices)
    object_id = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "work", "object_id"], name="one_debt_per_post")]

    def __str__(self) -> str:
        return f"{self.get_work_display()} {self.object_id}"
