"""Models that every app may use."""

from .base import TimestampedModel
from .periodic import PeriodicRun
from .sources import Source, Sourced
from .topics import Topic, TopicName

__all__ = ["PeriodicRun", "Source", "Sourced", "TimestampedModel", "Topic", "TopicName"]
