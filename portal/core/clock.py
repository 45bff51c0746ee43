"""The only place that asks what time it is, so that tests can say."""

from datetime import datetime

from django.utils import timezone


def now() -> datetime:
    """Returns the present moment, aware, in UTC."""
    return timezone.now()
