"""The demo's translations as wagtail-localize knows them, so that translators go on where the demo ends."""

from wagtail.models import Locale
from wagtail_localize.models import StringSegment, StringTranslation, Translation, TranslationSource
from wagtail_localize.segments import StringSegmentValue
from wagtail_localize.segments.extract import extract_segments

from portal.knowledge.models import ArticlePage

from . import content
from .pages import SOURCE_LANGUAGE


def translations_link(pages: dict[tuple[str, str], ArticlePage], *, locales: dict[str, Locale]) -> int:
    """Makes the English pages the sources of the others, each translated string in its place; returns how many."""
    made: list[StringTranslation] = []
    for (key, language), page in pages.items():
        if language != SOURCE_LANGUAGE:
            continue
        source, _new = TranslationSource.get_or_create_from_instance(page)
        segments = list(StringSegment.objects.filter(source=source).select_related("context"))
        for other in content.LANGUAGES:
            if other != SOURCE_LANGUAGE:
                Translation.objects.create(source=source, target_locale=locales[other], enabled=True)
                made.extend(_strings(segments, pages[key, other], locales[other]))
    StringTranslation.objects.bulk_create(made, batch_size=500, ignore_conflicts=True)
    return len(made)


def _strings(segments: list[StringSegment], page: ArticlePage, locale: Locale) -> list[StringTranslation]:
    written = {
        (segment.path, segment.order): segment.string.data
        for segment in extract_segments(page)
        if isinstance(segment, StringSegmentValue)
    }
    return [
        StringTranslation(
            translation_of_id=segment.string_id,
            context_id=segment.context_id,
            locale=locale,
            data=written[segment.context.path, segment.order],
            translation_type=StringTranslation.TRANSLATION_TYPE_MANUAL,
            last_translated_by=page.owner,
        )
        for segment in segments
        if (segment.context.path, segment.order) in written
    ]
