"""The pages that every language has: home, knowledge base, news. They exist in an empty portal too."""

import uuid
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from wagtail.coreutils import get_supported_content_language_variant
from wagtail.models import Locale, Page, Site

from portal.knowledge.models import HomePage, KnowledgeIndexPage, NewsIndexPage

from .tree_texts import TreeTexts, tree_texts

HOME_SLUG = "home"


@transaction.atomic
def tree_ensure() -> None:
    """Makes what is missing of the page tree of each content language; changes nothing that is there.

    The pages of one kind are translations of each other (one ``translation_key``), so that wagtail-localize places
    the translation of an article under the right index. Runs after each migration; three queries where all is there.
    """
    root = _root()
    locales = [_locale(code) for code, _name in settings.WAGTAIL_CONTENT_LANGUAGES]
    homes = {home.locale_id: home for home in HomePage.objects.all()}
    for kind in (KnowledgeIndexPage, NewsIndexPage):
        known = set(kind.objects.values_list("locale_id", flat=True))
        if any(locale.pk not in known for locale in locales):
            break
    else:
        if all(locale.pk in homes for locale in locales):
            return
    keys = {kind: _translation_key(kind) for kind in (HomePage, KnowledgeIndexPage, NewsIndexPage)}
    _welcome_page_delete()
    for locale in locales:
        texts = tree_texts(locale.language_code)
        home = homes.get(locale.pk) or _home_create(root, locale, texts, keys[HomePage])
        homes[locale.pk] = home
        _indexes_create(home, locale, texts, keys)
    _site_ensure(homes[locales[0].pk])


def _root() -> Page:
    return Page.get_first_root_node() or Page.add_root(
        title="Root", slug="root", content_type=ContentType.objects.get_for_model(Page), locale=_locale("en")
    )


def _locale(code: str) -> Locale:
    return Locale.objects.get_or_create(language_code=get_supported_content_language_variant(code))[0]


def _translation_key(kind: type[Page]) -> uuid.UUID:
    known = kind.objects.values_list("translation_key", flat=True).first()
    return known or uuid.uuid4()


def _welcome_page_delete() -> None:
    """Deletes Wagtail's "Welcome to your new Wagtail site!", a plain page with nothing below it."""
    plain = ContentType.objects.get_for_model(Page)
    welcome = Page.objects.filter(depth=2, numchild=0, content_type=plain, slug=HOME_SLUG).first()
    if welcome is not None:
        welcome.delete()


def _home_create(root: Page, locale: Locale, texts: TreeTexts, key: uuid.UUID) -> HomePage:
    slugs = set(root.get_children().values_list("slug", flat=True))
    wanted = HOME_SLUG if locale.language_code == settings.LANGUAGE_CODE else f"{HOME_SLUG}-{locale.language_code}"
    slug = wanted if wanted not in slugs else f"{wanted}-{locale.language_code}-{uuid.uuid4().hex[:6]}"
    page = HomePage(
        title=texts.home_title,
        slug=slug,
        headline=texts.headline,
        intro=texts.home_intro,
        locale=locale,
        translation_key=key,
    )
    _publish(root, page)
    return page


def _indexes_create(home: HomePage, locale: Locale, texts: TreeTexts, keys: dict[type[Page], uuid.UUID]) -> None:
    if not KnowledgeIndexPage.objects.filter(locale=locale).exists():
        page = KnowledgeIndexPage(title=texts.knowledge_title, slug="knowledge", intro=texts.knowledge_intro)
        page.locale, page.translation_key = locale, keys[KnowledgeIndexPage]
        _publish(home, page)
    if not NewsIndexPage.objects.filter(locale=locale).exists():
        page = NewsIndexPage(title=texts.news_title, slug="news", intro=texts.news_intro)
        page.locale, page.translation_key = locale, keys[NewsIndexPage]
        _publish(home, page)


def _publish(parent: Page, page: Any) -> None:
    """Adds a page below ``parent`` and publishes it."""
    page.show_in_menus = True
    Page.objects.get(pk=parent.pk).add_child(instance=page)
    page.save_revision(clean=False).publish(skip_permission_checks=True)
    page.refresh_from_db()


def _site_ensure(home: HomePage) -> None:
    site = Site.objects.filter(is_default_site=True).first()
    if site is None:
        Site.objects.create(
            hostname="localhost", root_page_id=home.pk, is_default_site=True, site_name=settings.PORTAL_NAME
        )
    elif not HomePage.objects.filter(pk=site.root_page_id).exists():
        site.root_page_id, site.site_name = home.pk, settings.PORTAL_NAME
        site.save()
