"""Template tags of articles: names in the reader's language."""

from dataclasses import dataclass
from typing import Any, cast

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from portal.core.models import Topic
from portal.knowledge.models import Author

register = template.Library()


@dataclass(frozen=True, slots=True)
class ShownAuthor:
    """An author in one language."""

    name: str
    job_title: str
    bio: str


@register.simple_tag(takes_context=True)
def home_section(context: template.Context, template_name: str, gathered: dict[str, Any]) -> SafeString:
    """Draws a section that another area offers to the page, with the page's context and its own."""
    engine = cast(template.Template, context.template).engine
    with context.push(section=gathered, **gathered):
        return engine.get_template(template_name).render(context)


@register.simple_tag
def author_text(author: Author) -> ShownAuthor:
    """Returns an author's name, job title and biography in the language of the page."""
    language = get_language() or ""
    text = author.text_in(language)
    return ShownAuthor(
        name=author.name_in(language), job_title=text.job_title if text else "", bio=text.bio if text else ""
    )


@register.simple_tag
def topic_name(topic: Topic) -> str:
    """Returns a topic's name in the language of the page."""
    return topic.name_in(get_language() or "")
