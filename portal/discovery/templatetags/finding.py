"""What a page of results tells when one of them is opened."""

from typing import Any
from uuid import UUID

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from portal.discovery.signatures import ShownResult, result_signed, search_signed
from search.documents import Hit

register = template.Library()


@register.simple_tag
def opened_address(search_id: UUID | None, hit: Hit, rank: Any) -> str:
    """The address that is told when ``hit``, at ``rank`` from 1, is opened; empty where the search is not recorded."""
    if not search_id:
        return ""
    return reverse("search-opened", args=[result_signed(ShownResult(search_id, hit.type, hit.id, int(rank or 1)))])


@register.simple_tag
def opened_ping(search_id: UUID | None, hit: Hit, rank: Any) -> SafeString:
    """The ``ping`` of a result's link: the browser tells of the opening itself, without script or detour."""
    address = opened_address(search_id, hit, rank)
    return format_html(' ping="{}"', address) if address else SafeString("")


@register.simple_tag
def seen_address(search_id: UUID) -> str:
    """The address that the page's script tells that the search was seen."""
    return reverse("search-seen", args=[search_signed(search_id)])
