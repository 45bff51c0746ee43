"""The filters beside the results, with how many results each would leave."""

from dataclasses import dataclass

from django.conf import settings
from django.conf.locale import LANG_INFO
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from portal.core.models import Topic
from search.documents import Facets

from .forms import SearchQuery
from .registry import result_types

MOST = 12


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a filter: how it is written in the address, what it is called, how many results it has."""

    value: str
    label: str | Promise
    count: int
    current: bool


@dataclass(frozen=True, slots=True)
class Group:
    """A filter: its parameter, its name and its choices; ``chosen`` is the value in force, empty for all."""

    name: str
    label: str
    choices: list[Choice]
    chosen: str
    chosen_label: str | Promise


def status_names() -> dict[str, str]:
    """Returns what each status of a question is called."""
    return {
        "open": _("Open"),
        "needs_details": _("Needs details"),
        "answered": _("Answered"),
        "accepted": _("Solved"),
        "closed": _("Closed"),
        "duplicate": _("Asked before"),
        "obsolete": _("Outdated"),
        "archived": _("Archived"),
    }


def facet_groups(*, query: SearchQuery, facets: Facets, language: str) -> list[Group]:
    """Returns the filters with the counts of the engine, names in ``language``; empty ones are left out."""
    chosen = {"type": query.kind, "status": query.status, "topic": query.topic, "language": query.language}
    names: dict[str, dict[str, str | Promise]] = {
        "type": {name: kind.label for name, kind in result_types().items()},
        "status": dict(status_names()),
        "topic": dict(_topic_names([*(value for value, _count in facets.get("topic", [])), query.topic], language)),
        "language": {code: _own_name(code) for code, _label in settings.LANGUAGES},
    }
    labels = {"type": _("Type"), "status": _("Status"), "topic": _("Topic"), "language": _("Language")}
    groups = []
    for name, label in labels.items():
        counted = [(value, count) for value, count in facets.get(name, []) if value in names[name]][:MOST]
        value = chosen[name]
        choices = [Choice(each, names[name][each], count, each == value) for each, count in counted]
        if choices or value:
            groups.append(Group(name, label, choices, value, names[name].get(value, value)))
    return groups


def _own_name(code: str) -> str:
    return str(LANG_INFO.get(code, {}).get("name_local", code))


def _topic_names(slugs: list[str], language: str) -> dict[str, str]:
    found = Topic.objects.filter(slug__in=[slug for slug in slugs if slug]).prefetch_related("names")
    return {topic.slug: topic.name_in(language) for topic in found}
