"""What the worker does again and again for members who want to be told."""

from portal.notifications.services.mails import saved_search_mails_send
from portal.notifications.services.matching import saved_searches_look


def saved_searches_run() -> None:
    """Looks for new matches, then writes to those for whom there are some."""
    saved_searches_look()
    saved_search_mails_send()
