"""What the questions app does when something happens elsewhere."""

from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest

from .services.drafts import KEPT_IN_SESSION, drafts_adopt


def drafts_adopted(sender: Any, request: HttpRequest | None, user: Any, **more: Any) -> None:
    """What was sent after a session had ended becomes the draft of who signs in."""
    session = getattr(request, "session", None)
    kept = session.pop(KEPT_IN_SESSION, None) if session is not None else None
    if kept:
        drafts_adopt(user=user, kept=kept)


def connect() -> None:
    """Listens; called when the app is ready."""
    user_logged_in.connect(drafts_adopted, dispatch_uid="questions.drafts_adopted")
