"""Looking again for what members search for: new matches of saved searches become notes and mails.

A search looks at what was created since it last looked, and a day before that once more, because a document may enter
the index late; the row of each match keeps it from being told twice. When the search engine does not answer itself,
the run ends and nothing is moved on: the next one looks at the same time again.
"""

import logging
from dataclasses import replace
from datetime import datetime, timedelta

from django.db import transaction
from django.http import QueryDict

from portal.accounts.models import User
from portal.accounts.selectors import reading_languages
from portal.core.clock import now
from portal.discovery.forms import SearchQuery
from portal.discovery.models import SavedSearch
from portal.discovery.selectors import Result, search_run
from portal.discovery.services.saved_searches import due_after
from portal.notifications.models import Kind, Notification, SavedSearchMatch
from portal.notifications.selectors.things import things_visible_to
from portal.questions.selectors.access import questions_visible_to
from portal.questions.selectors.authors import authored
from search.queries.matching import holds

logger = logging.getLogger(__name__)

OVERLAP = timedelta(days=1)
AT_ONCE = 50
PAGES = 4
MOST_SEARCHES = 500


class EngineAway(Exception):
    """The search engine did not answer itself: what was found says nothing of what there is."""


def saved_searches_look() -> int:
    """Looks for new matches of every search that is due; returns how many were found."""
    moment = now()
    due = SavedSearch.objects.filter(due_at__lte=moment).select_related("owner").order_by("due_at")
    found = 0
    for search in due[:MOST_SEARCHES]:
        try:
            found += saved_search_look(search=search, moment=moment)
        except EngineAway:
            logger.warning("the search engine is away: saved searches wait")
            break
        except Exception:
            logger.exception("saved search %d could not be looked at", search.pk)
            SavedSearch.objects.filter(pk=search.pk).update(due_at=moment + timedelta(hours=1))
    return found


def saved_search_look(*, search: SavedSearch, moment: datetime) -> int:
    """Writes down what is new for one search; returns how much that was. Raises ``EngineAway``."""
    fresh = _fresh(search) if search.owner.may_sign_in() else []
    with transaction.atomic():
        current = SavedSearch.objects.select_for_update().filter(pk=search.pk, frequency=search.frequency).first()
        if current is None:
            return 0  # deleted or changed meanwhile: its new state is looked at in its own time
        matches = SavedSearchMatch.objects.filter(search=current)
        known = set(matches.values_list("document_type", "document_id"))
        new = [result for result in fresh if (result.hit.type, result.hit.id) not in known]
        SavedSearchMatch.objects.bulk_create(
            SavedSearchMatch(search=current, document_type=each.hit.type, document_id=each.hit.id, found_at=moment)
            for each in new
        )
        Notification.objects.bulk_create(
            [
                Notification(
                    recipient_id=current.owner_id,
                    kind=Kind.SAVED_SEARCH,
                    document_type=each.hit.type,
                    document_id=each.hit.id,
                    saved_search=current,
                    created_at=moment,
                )
                for each in new
            ],
            ignore_conflicts=True,
        )
        current.seen_at, current.due_at = moment, due_after(frequency=current.frequency, moment=moment)
        current.save(update_fields=["seen_at", "due_at"])
    return len(new)


def _fresh(search: SavedSearch) -> list[Result]:
    """Returns what was created since a search last looked and fits it, but for its owner's own."""
    owner = search.owner
    since = max(search.told_from, search.seen_at - OVERLAP)
    query = SearchQuery.read(QueryDict(search.parameters))
    reads = reading_languages(owner, search.language)
    asked = replace(query.request(reads), sort="newest", limit=AT_ONCE, literal=True)
    asked = asked if asked.types else replace(asked, without_types=("member",))
    found: list[Result] = []
    for number in range(PAGES):
        page = search_run(user=owner, request=replace(asked, offset=number * AT_ONCE))
        if page.degraded:
            raise EngineAway
        found += [result for result in page.results if result.hit.created_at > since]
        if len(page.results) < AT_ONCE or page.results[-1].hit.created_at <= since:
            break
    own = _asked_by(owner, found)
    found = [each for each in found if each.hit.author != owner.username and (each.hit.type, each.hit.id) not in own]
    things = things_visible_to(owner, [(result.hit.type, result.hit.id) for result in found])
    return [
        result
        for result in found
        if (thing := things.get((result.hit.type, result.hit.id))) and holds(thing.document, query.text, reads)
    ]


def _asked_by(owner: User, found: list[Result]) -> set[tuple[str, str]]:
    """Returns the owner's own questions among what was found: those that she asked anonymously name no author."""
    ids = [result.hit.id for result in found if result.hit.type == "question" and result.hit.author is None]
    asked = authored(questions_visible_to(owner), reader=owner, author=owner).filter(pk__in=ids) if ids else ()
    return {("question", str(question.pk)) for question in asked}
