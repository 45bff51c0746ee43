"""Atom feeds: the newest questions, of one language, one topic or all, and the answers to one question."""

import re
from datetime import UTC, datetime
from typing import Any, cast

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.cache import get_conditional_response, set_response_etag
from django.utils.feedgenerator import Atom1Feed
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from portal.core.errors import NotFound
from portal.core.markdown import plain_text
from portal.core.topics import topic_by_slug
from portal.questions.models import Answer, Post, Question
from portal.questions.selectors.access import answers_visible_to, question_visible_to, questions_visible_to
from portal.questions.selectors.authors import author_shown
from portal.questions.selectors.lists import of_topic

LENGTH = 30
# What XML 1.0 cannot hold; a text pasted from a terminal may.
UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def xml_text(text: str) -> str:
    """Returns a text without the characters that would keep a whole feed from being written."""
    return UNWRITABLE.sub("", text)


def _author_name(post: Post) -> str:
    shown = author_shown(reader=None, post=post)
    return xml_text(shown.member.shown_name if shown.member else shown.name)


class StillAtom(Atom1Feed):
    """A feed that says the same while nothing happens, also where it has no entry: Django's would say now."""

    def latest_post_date(self) -> datetime:
        """Returns when something last happened to an entry, the epoch where there is none."""
        return super().latest_post_date() if self.items else datetime.fromtimestamp(0, UTC)


class QuestionsFeed(Feed[Any, Any]):
    """What the feeds share: their names in their own language, and a short answer while nothing changed.

    Programs ask again and again. The ETag is of the words: a date would not tell that something was deleted or brought
    back, so none is given, and nobody keeps a feed without asking.
    """

    feed_type = StillAtom
    author_name = settings.PORTAL_NAME

    def __call__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Answers 304 to who has the feed as it is."""
        response = super().__call__(request, *args, **kwargs)
        response.headers.pop("Last-Modified", None)
        response.headers["Cache-Control"] = "no-cache"
        set_response_etag(response)
        kept = get_conditional_response(request, etag=response.headers["ETag"], response=response)
        return cast(HttpResponse, kept)

    def get_feed(self, obj: Any, request: HttpRequest) -> Any:
        """Returns the feed with its names in the language that it is of, where that is one of ours."""
        language = self.language_of(obj)
        ours = {code for code, _name in settings.LANGUAGES}
        with translation.override(language if language in ours else translation.get_language()):
            return super().get_feed(obj, request)

    def language_of(self, obj: Any) -> str:
        """Returns the language that the feed is of, empty where it is of all."""
        raise NotImplementedError


class NewestQuestions(QuestionsFeed):
    """``/feeds/questions.atom``, narrowed by ``?topic=`` and ``?language=``. A feed is read by strangers' programs."""

    def language_of(self, asked: dict[str, str]) -> str:
        """Returns the language that the address narrows the feed to."""
        return asked["language"]

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
        return _author_name(item)

    def item_pubdate(self, item: Question) -> datetime:
        """Returns when it was asked."""
        return item.created_at

    def item_updateddate(self, item: Question) -> datetime:
        """Returns when something last happened to it."""
        return item.last_activity_at


class TopicQuestions(NewestQuestions):
    """``/feeds/topics/<slug>.atom``: the newest questions of a topic and of those below it."""

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, str]:
        """Returns what the feed is narrowed to; raises ``Http404`` for a topic that does not exist."""
        try:
            topic = topic_by_slug(kwargs["slug"])
        except NotFound:
            raise Http404 from None
        asked = super().get_object(request)
        return asked | {"topic": topic.slug, "name": xml_text(topic.name_in(request.GET.get("language", "")))}

    def title(self, asked: dict[str, str]) -> str:
        """Returns the feed's name."""
        return _("Newest questions") + f": {asked['name']}"


class AnswersOfQuestion(QuestionsFeed):
    """``/feeds/questions/<id>.atom``: a question's answers, the newest first."""

    def language_of(self, question: Question) -> str:
        """Returns the language that the question is asked in."""
        return question.language

    def feed_url(self, question: Question) -> str:
        """Returns the feed's own address."""
        return settings.PORTAL_BASE_URL + reverse("feed-question", args=[question.pk])

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Question:
        """Returns the question; raises ``Http404`` where strangers see none."""
        try:
            return question_visible_to(None, kwargs["question_id"])
        except NotFound:
            raise Http404 from None

    def link(self, question: Question) -> str:
        """Returns the question's address."""
        return settings.PORTAL_BASE_URL + question.get_absolute_url()

    def title(self, question: Question) -> str:
        """Returns the feed's name."""
        return xml_text(question.title)

    def items(self, question: Question) -> QuerySet[Answer]:
        """Returns the newest answers that everybody may see."""
        found = answers_visible_to(None).filter(question=question).select_related("author", "question")
        return found.order_by("-created_at", "-id")[:LENGTH]

    def item_link(self, item: Answer) -> str:
        """Returns an answer's address."""
        return settings.PORTAL_BASE_URL + item.get_absolute_url()

    def item_guid(self, item: Answer) -> str:
        """Returns what stays the same whichever page the answer is on."""
        return f"{settings.PORTAL_BASE_URL}{item.question.get_absolute_url()}#answer-{item.pk}"

    def item_title(self, item: Answer) -> str:
        """Returns how an answer begins."""
        return Truncator(xml_text(plain_text(item.body_html))).chars(80)

    def item_description(self, item: Answer) -> str:
        """Returns an answer's words as pages show them."""
        return xml_text(item.body_html)

    def item_author_name(self, item: Answer) -> str:
        """Returns the name of who answered."""
        return _author_name(item)

    def item_pubdate(self, item: Answer) -> datetime:
        """Returns when it was given."""
        return item.created_at

    def item_updateddate(self, item: Answer) -> datetime:
        """Returns when it was last changed."""
        return item.edited_at or item.created_at
