"""Who may see which suggested edit: the one rule for pages, API and uploads."""

from typing import Any

from django.db.models import Q, QuerySet

from portal.core.errors import NotFound
from portal.core.permissions import is_member
from portal.questions.models import Suggestion

from .access import answers_visible_to, questions_visible_to
from .reviewers import reviewed_by


def suggestions_visible_to(user: Any) -> QuerySet[Suggestion]:
    """Returns the suggestions that a member may see: her own and those she decides, on posts that she sees."""
    if not is_member(user):
        return Suggestion.objects.none()
    alive = Q(answer__isnull=True) | Q(answer__in=answers_visible_to(user))
    mine = reviewed_by(user) | Q(author=user)
    return Suggestion.objects.filter(alive, mine, question__in=questions_visible_to(user))


def suggestion_visible_to(user: Any, suggestion_id: int) -> Suggestion:
    """Returns one suggestion with its post; raises ``NotFound`` where there is none for this reader."""
    found = with_posts(suggestions_visible_to(user)).filter(pk=suggestion_id).first()
    if found is None:
        raise NotFound
    return found


def with_posts(found: QuerySet[Suggestion]) -> QuerySet[Suggestion]:
    """Returns suggestions with their posts and the people they name."""
    return found.select_related("question__author", "answer__author", "author", "decided_by", "revision")
