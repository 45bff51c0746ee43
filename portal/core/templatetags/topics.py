"""Topics in templates."""

from django import template
from django.utils.translation import get_language

from portal.core.models import Topic

register = template.Library()


@register.simple_tag
def topic_name(topic: Topic) -> str:
    """Returns the topic's name in the language of the page (from the prefetched names)."""
    return topic.name_in(get_language() or "en")


@register.simple_tag
def topic_description(topic: Topic) -> str:
    """Returns what the topic is about, in the language of the page."""
    return topic.description_in(get_language() or "en")
