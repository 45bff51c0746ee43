"""What the worker does again and again for members who want to be told."""

from portal.notifications.services.happenings import happenings_forget
from portal.notifications.services.inbox import notes_forget
from portal.notifications.services.mails import saved_search_mails_send
from portal.notifications.services.matching import saved_searches_look
from portal.notifications.services.reminders import accept_reminders_make
from portal.notifications.services.sending import note_mails_send, paces_forget
from portal.notifications.services.telling import happenings_tell


def saved_searches_run() -> None:
    """Looks for new matches, then writes to those for whom there are some."""
    saved_searches_look()
    saved_search_mails_send()


def notes_run() -> None:
    """Tells what happened in the inboxes of those who are to know."""
    happenings_tell()


def note_mails_run() -> None:
    """Writes to those to whom something is due."""
    note_mails_send()


def reminders_run() -> None:
    """Reminds askers who have answers to accept one, and forgets what is needed no longer."""
    accept_reminders_make()
    paces_forget()
    notes_forget()
    happenings_forget()
