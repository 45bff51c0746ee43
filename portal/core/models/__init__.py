"""Models that every app may use."""

from .base import TimestampedModel
from .sources import Source, Sourced
from .topics import Topic, TopicName

__all__ = ["Source", "Sourced", "TimestampedModel", "Topic", "TopicName"]
