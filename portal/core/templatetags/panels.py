"""Drawing what other apps offer to a page (``portal.core.panels``)."""

from typing import Any

from django import template
from django.template import loader
from django.utils.safestring import SafeString

from portal.core.panels import panels_for

register = template.Library()


@register.simple_tag(takes_context=True)
def panels(context: dict[str, Any], place: str, thing: Any) -> SafeString:
    """Draws every panel of a place about a thing; nothing on a page that is drawn without a request."""
    request = context.get("request")
    if request is None:
        return SafeString("")
    drawn = [loader.render_to_string(name, own, request=request) for name, own in panels_for(place, request, thing)]
    return SafeString("".join(drawn))
