"""Models that every app may use."""

from .audit import AuditEntry
from .base import TimestampedModel
from .periodic import PeriodicRun
from .sources import Source, Sourced
from .topics import Topic, TopicName

__all__ = ["AuditEntry", "PeriodicRun", "Source", "Sourced", "TimestampedModel", "Topic", "TopicName"]
