"""Writing articles and news by program: the demo content, the tests and later the answer that becomes an article."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _
from wagtail.coreutils import find_available_slug
from wagtail.models import Locale, Page

from portal.core.errors import Invalid, NotAllowed
from portal.core.models import Topic
from portal.core.permissions import require_moderator
from portal.knowledge.models import ArticlePage, Author, KnowledgeIndexPage, NewsIndexPage, NewsPage, SectionPage

TITLE_LONGEST, SUMMARY_LONGEST = 255, 300


@transaction.atomic
def section_create(*, user: Any, language: str, title: str, intro: str = "", slug: str = "") -> SectionPage:
    """Makes and publishes a section of a language's knowledge base; ``user`` must be allowed to publish there."""
    parent = KnowledgeIndexPage.objects.get(locale=_locale(language))
    _require_publish(user, parent)
    page = SectionPage(title=title, intro=intro, locale=parent.locale, slug=_slug(parent, slug or title))
    _add(parent, page, user, publish=True)
    return page


@transaction.atomic
def article_create(
    *,
    user: Any,
    language: str,
    title: str,
    summary: str,
    author: Author,
    body: Sequence[dict[str, Any]] = (),
    topics: Iterable[Topic] = (),
    slug: str = "",
    news: bool = False,
    parent: Page | None = None,
    translation_of: ArticlePage | None = None,
    reviewed_at: date | None = None,
    published_at: datetime | None = None,
    publish: bool = True,
) -> ArticlePage:
    """Makes an article, or with ``news=True`` a piece of news, and publishes it; returns the page.

    body: blocks as the database keeps them, ``{"type": "text", "value": "<p>…</p>"}``. parent: a section or index,
    by default the language's own index. translation_of: the same article in another language, which this one
    becomes a translation of. published_at: when it first appeared, by default now. publish: False keeps a draft.
    Raises ``NotAllowed`` where ``user`` may not publish there and ``Invalid`` for fields that cannot be used.
    """
    index = NewsIndexPage if news else KnowledgeIndexPage
    parent = parent or index.objects.get(locale=_locale(language))
    _require_publish(user, parent)
    _require_fields(title, summary, parent, translation_of)
    kind = NewsPage if news else ArticlePage
    page = kind(
        title=title.strip(),
        slug=_slug(parent, slug or title),
        summary=summary.strip(),
        author=author,
        locale=parent.locale,
        reviewed_at=reviewed_at,
    )
    page.body = page._meta.get_field("body").stream_block.to_python(list(body))
    if translation_of is not None:
        page.translation_key = translation_of.translation_key
    page.topics.add(*topics)
    _add(parent, page, user, publish=publish)
    if published_at is not None and publish:
        Page.objects.filter(pk=page.pk).update(first_published_at=published_at, last_published_at=published_at)
        page.first_published_at = page.last_published_at = published_at
    return page


@transaction.atomic
def article_publish(*, user: Any, page: ArticlePage) -> ArticlePage:
    """Publishes what a page object holds as a new revision; raises ``NotAllowed`` where ``user`` may not."""
    if not page.permissions_for_user(user).can_publish():
        raise NotAllowed
    page.save_revision(user=user).publish(user=user)
    page.refresh_from_db()
    return page


@transaction.atomic
def article_unpublish(*, user: Any, page: ArticlePage) -> None:
    """Takes a page off the site; it stays in the CMS as a draft. Raises ``NotAllowed`` where ``user`` may not."""
    if not page.permissions_for_user(user).can_unpublish():
        raise NotAllowed
    page.unpublish(user=user)


def _locale(language: str) -> Locale:
    found = Locale.objects.filter(language_code=language).first()
    if found is None:
        raise Invalid({"language": [_("Choose the language that you write in.")]})
    return found


def _require_publish(user: Any, parent: Page) -> None:
    require_moderator(user)
    rights = parent.permissions_for_user(user)
    if not (rights.can_add_subpage() and rights.can_publish_subpage()):
        raise NotAllowed


def _require_fields(title: str, summary: str, parent: Page, source: ArticlePage | None) -> None:
    """Raises ``Invalid`` for what the model lets pass, or refuses without naming the field."""
    if not title.strip():
        raise Invalid({"title": [_("Give it a title.")]})
    if len(title.strip()) > TITLE_LONGEST:
        raise Invalid({"title": [_("Keep the title to %(count)d characters.") % {"count": TITLE_LONGEST}]})
    if len(summary.strip()) > SUMMARY_LONGEST:
        raise Invalid({"summary": [_("Keep the summary to %(count)d characters.") % {"count": SUMMARY_LONGEST}]})
    if source is not None:
        made = ArticlePage.objects.filter(translation_key=source.translation_key, locale_id=parent.locale_id)
        if made.exists():
            raise Invalid({"translation_of": [_("This article is translated into that language already.")]})


def _slug(parent: Page, wanted: str) -> str:
    return str(find_available_slug(parent, slugify(wanted, allow_unicode=True)[:200] or "page"))


def _add(parent: Page, page: Page, user: Any, *, publish: bool) -> None:
    page.live, page.owner = False, user
    try:
        Page.objects.get(pk=parent.pk).add_child(instance=page)
        revision = page.save_revision(user=user)
    except ValidationError as error:
        raise Invalid(error.message_dict) from None
    if publish:
        revision.publish(user=user)
        page.refresh_from_db()
