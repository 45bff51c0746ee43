"""Releases of products: what "works on v3" counts by."""

from django.conf import settings
from django.db import models

from portal.core.clock import now
from portal.core.models import Topic


class Release(models.Model):
    """A version of a product (a topic of that kind) as the staff registered it.

    label is what people call it ("v3", "2024.1", "第3世代"): it is shown and never compared. Releases are in the order
    of the day they came out, those of one day by ``position``, then as they were registered. A withdrawn one is as if
    it had never been, until it is restored.
    """

    product = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="releases")
    label = models.CharField(max_length=40)
    released_at = models.DateField()
    position = models.PositiveSmallIntegerField(default=0)
    notes_url = models.CharField(max_length=500, blank=True, default="")
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(default=now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["released_at", "position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["product", "label"],
                condition=models.Q(withdrawn_at__isnull=True),
                name="one_release_of_a_label",
            )
        ]

    def __str__(self) -> str:
        return self.label
