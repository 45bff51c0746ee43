"""Suggested edits for tests: one that changes ten minutes into twenty, and who may decide on it."""

from django.conf import settings

from portal.experts.models import Standing
from portal.questions.models import Answer, Suggestion
from portal.questions.services.suggestions import suggestion_create
from tests.factories.accounts import member

from .scene import everything

BODY = "Press the red button.\n\nThen wait ten minutes.\n\nThank you."
REASON = "The right number of minutes"


def rows():
    """Everything that suggesting and deciding could change."""
    return everything() | {"Suggestion": list(Suggestion.objects.order_by("pk").values())}


def suggested(post, who=None, *, body=None, **words):
    """A suggestion by ``who`` (default: a new member) that changes the post's body."""
    if body is None:
        body = post.body.replace("ten", "twenty") if "ten" in post.body else f"{post.body} Really."
    kind = "answer" if isinstance(post, Answer) else "question"
    return suggestion_create(
        user=who or member(), kind=kind, post_id=post.pk, version=post.version, reason=REASON, body=body, **words
    )


def expert(asked):
    """A member with the standing to decide in the question's topics."""
    who = member()
    for item in asked.topic_items.all():
        Standing.objects.create(user=who, topic=item.tag, points=settings.PORTAL_REVIEW_STANDING)
    return who
