"""What the questions app does when something happens elsewhere."""

from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest

from portal.core.events import receives

from . import events
from .services.drafts import KEPT_IN_SESSION, drafts_adopt
from .services.links import links_sync


def drafts_adopted(sender: Any, request: HttpRequest | None, user: Any, **more: Any) -> None:
    """What was sent after a session had ended becomes the draft of who signs in."""
    session = getattr(request, "session", None)
    kept = session.pop(KEPT_IN_SESSION, None) if session is not None else None
    if kept:
        drafts_adopt(user=user, kept=kept)


@receives(
    events.QuestionAsked,
    events.QuestionEdited,
    events.AnswerPosted,
    events.AnswerEdited,
    events.AnswerDeleted,
    events.AnswerRestored,
)
def links_follow_posts(event: events.QuestionEvent) -> None:
    """A question is linked with those that its posts speak of."""
    links_sync(ids=[event.question_id])


@receives(events.CommentPosted, events.CommentEdited, events.CommentDeleted, events.CommentRestored)
def links_follow_comments(event: Any) -> None:
    """So are comments posts that speak of other questions."""
    links_sync(ids=[event.question_id])


@receives(events.QuestionsMerged, events.QuestionsUnmerged)
def links_follow_merges(event: events.MergeEvent) -> None:
    """What was joined or parted speaks of what its posts now say."""
    links_sync(ids=[event.source_id, event.target_id])


def connect() -> None:
    """Listens; called when the app is ready."""
    user_logged_in.connect(drafts_adopted, dispatch_uid="questions.drafts_adopted")
