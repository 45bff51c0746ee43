"""The tables of what members follow and are told, a file for each noun."""

from .follow import Follow, Level, Why
from .happening import Happening
from .kind import USUAL, Channel, Kind
from .mail import AcceptReminder, ThreadMail
from .match import SavedSearchMatch
from .note import NoteItem, Notification
from .settings import NotificationSettings

__all__ = [
    "USUAL",
    "AcceptReminder",
    "Channel",
    "Follow",
    "Happening",
    "Kind",
    "Level",
    "NoteItem",
    "Notification",
    "NotificationSettings",
    "SavedSearchMatch",
    "ThreadMail",
    "Why",
]
