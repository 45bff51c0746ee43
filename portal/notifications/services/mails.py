"""Mails about new matches of saved searches: one for each member and run, in her language, each match once."""

import logging
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from smtplib import SMTPDataError, SMTPRecipientsRefused
from uuid import uuid4

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.accounts.models import User
from portal.core.clock import now
from portal.discovery.models import Frequency, SavedSearch
from portal.notifications.links import Unsubscribing, unsubscribe_token
from portal.notifications.models import SavedSearchMatch
from portal.notifications.selectors.things import Thing, things_visible_to

logger = logging.getLogger(__name__)

MOST_NAMED = 10
_FINAL = 500


@dataclass(frozen=True, slots=True)
class Part:
    """What a mail tells of one search: the first few things found, and how many more there are."""

    search: SavedSearch
    things: list[Thing]
    more: int


def saved_search_mails_send() -> int:
    """Writes to every member for whom something new was found; returns how many mails went out.

    Raises ``OSError`` (that of the mail server) when the server does not take mails now: they wait.
    """
    waiting = SavedSearchMatch.objects.filter(handled_at__isnull=True)
    sent = 0
    for owner_id in waiting.order_by().values_list("search__owner_id", flat=True).distinct():
        owner = User.objects.filter(pk=owner_id).first()
        claim = uuid4().hex
        taken = waiting.filter(search__owner_id=owner_id).values("pk")
        SavedSearchMatch.objects.filter(pk__in=taken, handled_at__isnull=True).update(handled_at=now(), claim=claim)
        mine = SavedSearchMatch.objects.filter(claim=claim)
        if owner is not None:
            sent += _send(owner, mine)
        mine.update(claim="")
    return sent


def _send(owner: User, matches: QuerySet[SavedSearchMatch]) -> int:
    """Sends one mail about what was claimed; gives it back where the server could not take the mail now."""
    if not may_be_mailed(owner):
        return 0
    parts = mail_parts(owner=owner, matches=list(matches.select_related("search").order_by("search_id", "-id")))
    if not parts:
        return 0
    try:
        mail_of(owner=owner, parts=parts).send()
    except OSError as error:  # what smtplib raises is one of these
        if refused_for_good(error):
            logger.warning("mail about saved searches to member %d is refused: %s", owner.pk, error)
            return 0
        matches.update(handled_at=None, claim="")
        raise
    return 1


def refused_for_good(error: OSError) -> bool:
    """Whether the server will never take this mail; any other failure is one of the moment, or of the settings."""
    if isinstance(error, SMTPRecipientsRefused):
        return all(code >= _FINAL for code, _said in error.recipients.values())
    return isinstance(error, SMTPDataError) and error.smtp_code >= _FINAL


def may_be_mailed(user: User) -> bool:
    """Whether a member may be written to: active, with an address that she proved to be hers."""
    if not user.email or not user.may_sign_in():
        return False
    return bool(EmailAddress.objects.filter(user=user, email__iexact=user.email, verified=True).exists())


def mail_parts(*, owner: User, matches: Sequence[SavedSearchMatch]) -> list[Part]:
    """Returns what a mail is to tell, as far as its reader may see it now and still wants to hear of it."""
    things = things_visible_to(owner, [(match.document_type, match.document_id) for match in matches])
    found: dict[SavedSearch, list[Thing]] = defaultdict(list)
    for match in matches:
        thing = things.get((match.document_type, match.document_id))
        if thing is not None and match.search.frequency != Frequency.NEVER:
            found[match.search].append(thing)
    return [Part(search, each[:MOST_NAMED], max(0, len(each) - MOST_NAMED)) for search, each in found.items()]


def mail_of(*, owner: User, parts: Sequence[Part]) -> EmailMultiAlternatives:
    """Returns the mail, as text and as HTML, with the link that ends these mails in its head and at its foot."""
    language = owner.language if owner.language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    with translation.override(language):
        link = Unsubscribing(owner.pk, tuple(part.search.pk for part in parts))
        stop = f"{settings.PORTAL_BASE_URL}{reverse('inbox-unsubscribe', args=[unsubscribe_token(link)])}"
        context = {
            "site_name": settings.PORTAL_NAME,
            "base_url": settings.PORTAL_BASE_URL,
            "reader": owner,
            "parts": parts,
            "unsubscribe_url": stop,
            "searches_url": f"{settings.PORTAL_BASE_URL}{reverse('saved-searches')}",
        }
        mail = EmailMultiAlternatives(
            subject=" ".join(_subject(parts).split()),
            body=render_to_string("notifications/mail/saved_searches.txt", context).strip() + "\n",
            to=[owner.email],
            headers={
                "Auto-Submitted": "auto-generated",
                "Content-Language": language,
                "List-Unsubscribe": f"<{stop}>",
                "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            },
        )
        mail.attach_alternative(render_to_string("notifications/mail/saved_searches.html", context), "text/html")
    return mail


def _subject(parts: Sequence[Part]) -> str:
    count = sum(len(part.things) + part.more for part in parts)
    if len(parts) > 1:
        words = ngettext("%(count)d new result of your searches", "%(count)d new results of your searches", count)
        return words % {"count": count}
    if count == 1:
        named = {"name": parts[0].search.name, "title": parts[0].things[0].document.title}
        return _("New for “%(name)s”: %(title)s") % named
    words = ngettext("%(count)d new result for “%(name)s”", "%(count)d new results for “%(name)s”", count)
    return words % {"count": count, "name": parts[0].search.name}
