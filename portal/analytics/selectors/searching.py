"""Whose searches count: people's, on the results page and where they ask."""

from django.db.models import Q, QuerySet

from portal.discovery.models import Search, Surface, Who


def people_searches() -> QuerySet[Search]:
    """Returns the searches of people, without staff, bots and programs.

    What is typed below a search field is left out, since it may be half a word; so are titles typed by visitors who
    are shown no suggestions, since they had nothing to open.
    """
    people = Search.objects.filter(who__in=(Who.STRANGER, Who.MEMBER), surface__in=(Surface.PAGE, Surface.ASK))
    return people.exclude(surface=Surface.ASK, holdout=True)


LED_SOMEWHERE = Q(opened_count__gt=0) | Q(answered_at__isnull=False)
"""A result was opened, or said to be the answer."""
