"""Who reviews suggested edits besides a post's author and the staff.

Members with standing in a topic may. This area does not know standing: one above it says in which topics a member has
enough of it, by ``register_reviewers`` in its ``ready()``.
"""

from collections.abc import Callable
from typing import Any

from django.db.models import Q, QuerySet

from portal.core.permissions import is_member, may_moderate
from portal.questions.models import QuestionTopic

TopicsOf = Callable[[Any], QuerySet[Any, int]]
_rules: dict[str, TopicsOf] = {}


def register_reviewers(name: str, topics_of: TopicsOf) -> None:
    """Makes a rule known: it returns a query for the ids of the topics in which a member reviews edits."""
    _rules[name] = topics_of


def reviewed_by(user: Any) -> Q:
    """Returns the condition that ``user`` may decide on a suggestion: on her own posts, in her topics, staff on all.

    Nobody decides on what she suggested herself.
    """
    if not is_member(user):
        return Q(pk__in=())
    if may_moderate(user):
        return ~Q(author=user) | Q(author__isnull=True)
    own = Q(answer__isnull=True, question__author=user) | Q(answer__author=user)
    known = Q(pk__in=())
    for rule in _rules.values():
        items = QuestionTopic.objects.filter(tag__in=rule(user))
        known |= Q(question__in=items.values("content_object_id"))
    return (own | known) & (~Q(author=user) | Q(author__isnull=True))
