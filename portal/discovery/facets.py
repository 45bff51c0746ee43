"""The filters beside the results, with how many results each would leave."""

from collections.abc import Iterable, Mapping
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
    """One value of a filter: what it is called, how many results it has, whether it is chosen.

    address: the search with this value chosen, or, where it is, no longer.
    """

    value: str
    label: str | Promise
    count: int
    current: bool
    address: str


@dataclass(frozen=True, slots=True)
class Group:
    """A filter: its parameter, its name and its choices."""

    name: str
    label: str
    choices: list[Choice]

    @property
    def chosen(self) -> list[Choice]:
        """The choices in force."""
        return [choice for choice in self.choices if choice.current]


def status_names() -> dict[str, str | Promise]:
    """Returns what each status is called, as the apps say whose results bear them."""
    return {value: name for kind in result_types().values() for value, name in kind.statuses.items()}


def span_names() -> dict[str, str]:
    """Returns what each span of time is called."""
    return {"day": _("Past day"), "week": _("Past week"), "month": _("Past month"), "year": _("Past year")}


def own_name(code: str) -> str:
    """Returns a language's name in its own letters, or its code."""
    return str(LANG_INFO.get(code, {}).get("name_local", code))


def topics_shown(query: SearchQuery, facets: Facets) -> set[str]:
    """Returns the slugs of the topics and products that the filters name."""
    counted = {value for name in ("topic", "product") for value, _count in facets.get(name, [])}
    return counted | {*query.values("topic"), *query.values("product")}


def facet_groups(*, query: SearchQuery, facets: Facets, topics: Mapping[str, str]) -> list[Group]:
    """Returns the filters with the counts of the engine; empty ones are left out. topics: their names by slug.

    A value that is chosen is there even where nothing has it, so that it can be taken off.
    """
    names: dict[str, dict[str, str | Promise]] = {
        "type": {name: kind.label for name, kind in result_types().items()},
        "product": dict(topics),
        "topic": dict(topics),
        "status": status_names(),
        "language": {code: own_name(code) for code, _label in settings.LANGUAGES},
        "time": dict(span_names()),
    }
    labels = {
        "type": _("Type"), "product": _("Product"), "topic": _("Topic"), "status": _("Status"),
        "language": _("Language"), "time": _("Time"),
    }  # fmt: skip
    groups = (Group(name, labels[name], _choices(name, names[name], query, facets)) for name in labels)
    return [group for group in groups if group.choices]


def _choices(name: str, names: dict[str, str | Promise], query: SearchQuery, facets: Facets) -> list[Choice]:
    counts = {value: count for value, count in facets.get(name, []) if value in names}
    chosen = query.values(name)
    shown = list(counts)[:MOST]
    shown += [value for value in chosen if value not in shown]
    return [
        Choice(
            value=value,
            label=names.get(value, value),
            count=counts.get(value, 0),
            current=value in chosen,
            address=query.switched(name, value).address(),
        )
        for value in shown
    ]


def topic_names(slugs: Iterable[str], language: str) -> dict[str, str]:
    """Returns the names of topics by slug in a language; those that do not exist are left out."""
    found = Topic.objects.filter(slug__in=set(slugs)).prefetch_related("names")
    return {topic.slug: topic.name_in(language) for topic in found}
