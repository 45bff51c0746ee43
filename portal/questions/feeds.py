"""Atom feeds: the newest questions, of one language, one topic or all."""

import re
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _

from portal.questions.models import Question
from portal.questions.selectors.access import questions_visible_to
from portal.questions.selectors.authors import author_shown
from portal.questions.selectors.lists import of_topic

LENGTH = 30
# What XML 1.0 cannot hold; a text pasted from a terminal may.
UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def xml_text(text: str) -> str:
    """Returns a text without the characters that would keep a whole feed from being written."""
    return UNWRITABLE.sub("", text)


class NewestQuestions(Feed[Question, dict[str, str]]):
    """``/feeds/questions.atom``, narrowed by ``?topic=`` and ``?language=``. A feed is read by strangers' programs."""

    feed_type = Atom1Feed
    author_name = "Hiroba"

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, str]:
        """Returns what the address narrows the feed to."""
        asked = {name: xml_text(request.GET.get(name, ""))[:100] for name in ("topic", "language")}
        return asked | {"self": request.build_absolute_uri(), "home": request.build_absolute_uri("/")}

    def link(self, asked: dict[str, str]) -> str:
        """Returns the address of the portal."""
        return asked["home"]

    def feed_url(self, asked: dict[str, str]) -> str:
        """Returns the feed's own address."""
        return asked["self"]

    def item_link(self, item: Question) -> str:
        """Returns a question's address."""
        return settings.PORTAL_BASE_URL + item.get_absolute_url()

    def title(self, asked: dict[str, str]) -> str:
        """Returns the feed's name."""
        return _("Newest questions") + (f": {asked['topic']}" if asked["topic"] else "")

    def items(self, asked: dict[str, str]) -> QuerySet[Question]:
        """Returns the newest questions that everybody may see."""
        found = questions_visible_to(None).select_related("author")
        found = of_topic(found, asked["topic"]) if asked["topic"] else found
        found = found.filter(language=asked["language"]) if asked["language"] else found
        return found.order_by("-created_at", "-id")[:LENGTH]

    def item_title(self, item: Question) -> str:
        """Returns a question's title."""
        return xml_text(item.title)

    def item_description(self, item: Question) -> str:
        """Returns a question's words as pages show them."""
        return xml_text(item.body_html)

    def item_author_name(self, item: Question) -> str:
        """Returns the name of who asked."""
        shown = author_shown(reader=None, post=item)
        return xml_text(shown.member.shown_name if shown.member else shown.name)

    def item_pubdate(self, item: Question) -> datetime:
        """Returns when it was asked."""
        return item.created_at

    def item_updateddate(self, item: Question) -> datetime:
        """Returns when something last happened to it."""
        return item.last_activity_at
