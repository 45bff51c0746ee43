"""Figures as people read them."""

from django import template
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString

from portal.analytics.proportions import Interval

register = template.Library()


@register.filter
def percent(share: float | None) -> str:
    """A share as per cent with one decimal, a dash where there is none."""
    return "–" if share is None else f"{number_format(round(share * 100, 1), 1)} %"


@register.filter
def points(interval: Interval | None) -> SafeString:
    """A difference of shares in points with its interval: "+4.2 (1.0 to 7.5)", a dash where there is none."""
    if interval is None:
        return SafeString("–")
    shown = [_signed(value) for value in (interval.estimate, interval.low, interval.high)]
    return format_html("<bdi><strong>{}</strong> ({} … {})</bdi>", *shown)


def _signed(value: float) -> str:
    figure = round(value * 100, 1) + 0.0
    return f"{'+' if figure > 0 else ''}{number_format(figure, 1)}".replace("-", "\u2212")
