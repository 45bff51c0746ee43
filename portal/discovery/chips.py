"""What narrows a search, in words, each with the address of the search without it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.utils import formats
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from search.queries.operators import Condition
from search.queries.parsing import parse_query, without_condition

from .facets import Group, facet_groups, own_name, status_names, topic_names, topics_shown
from .forms import SearchQuery
from .registry import result_types
from .selectors import ResultPage

Named = Mapping[tuple[str, str], str]


@dataclass(frozen=True, slots=True)
class Chip:
    """One thing that narrows a search: its words, and the search without it."""

    label: str | Promise
    address: str
    typed: bool = False


def narrowing_of(*, query: SearchQuery, page: ResultPage, language: str) -> dict[str, Any]:
    """Returns, for a page, the filters beside the results (``groups``), what narrows the search now (``chips``) and the
    address of the words alone (``clear_address``). Two queries, for the names of topics.
    """
    meant = {(name, value): values for name, value, values in page.meanings if name in ("topic", "product")}
    slugs = {slug for values in meant.values() for slug in values}
    topics = topic_names(topics_shown(query, page.facets) | slugs, language)
    groups = facet_groups(query=query, facets=page.facets, topics=topics)
    named = {key: ", ".join(topics.get(slug, slug) for slug in values) for key, values in meant.items()}
    named |= {(name, value): own_name(codes[0]) for name, value, codes in page.meanings if name == "language"}
    return {
        "groups": groups,
        "chips": chips_of(query, groups, named),
        "clear_address": query.unfiltered().with_text(words_without_operators(query.text)).address(),
    }


def chips_of(query: SearchQuery, groups: Iterable[Group], named: Named) -> list[Chip]:
    """Returns the operators of the text and then the choices in force."""
    chips = []
    for condition in parse_query(query.text).conditions:
        left = query.with_text(without_condition(query.text, condition))
        chips.append(Chip(condition_words(condition, named), left.address(), typed=True))
    for group in groups:
        chips += [Chip(choice.label, choice.address) for choice in group.chosen]
    return chips


def words_without_operators(text: str) -> str:
    """Returns what was typed but for the operators: the words to ask a question with."""
    for condition in parse_query(text).conditions:
        text = without_condition(text, condition)
    return text


def condition_words(condition: Condition, named: Named) -> str:
    """Returns what an operator asks for, in the language of the page.

    named: what a value of an operator is called, by the operator's name and the value as typed.
    """
    words = _positive_words(condition, named)
    return _("not: %(condition)s") % {"condition": words} if condition.negated else words


def _positive_words(condition: Condition, named: Named) -> str:
    name = condition.name
    if name == "is":
        return ", ".join(_state(value) for value in condition.values)
    if name == "answers":
        return _("Answers: %(number)s") % {"number": _bounds(condition)}
    if name == "before" and condition.high is not None:
        return _("Before %(date)s") % {"date": _date(condition.high + 1)}
    if name == "after" and condition.low is not None:
        return _("Since %(date)s") % {"date": _date(condition.low)}
    labels = {
        "topic": _("Topic"), "product": _("Product"), "author": _("Author"), "language": _("Language"),
    }  # fmt: skip
    shown = own_name if name == "language" else str
    values = ", ".join(named.get((name, value)) or shown(value) for value in condition.values)
    return _("%(name)s: %(value)s") % {"name": labels[name], "value": values}


def _state(value: str) -> str:
    marks = {
        "accepted": _("Accepted answer"), "official": _("Official"), "answered": _("Has answers"),
        "unanswered": _("No answers yet"),
    }  # fmt: skip
    kinds = {name: kind.label for name, kind in result_types().items()}
    return str({**kinds, **status_names(), **marks}.get(value, value))


def _bounds(condition: Condition) -> str:
    low, high = condition.low, condition.high
    if low == high:
        return str(low)
    if low is None:
        return f"≤ {high}"
    return f"≥ {low}" if high is None else f"{low}–{high}"


def _date(microseconds: int) -> str:
    seconds = microseconds // 1_000_000
    try:
        return formats.date_format(datetime.fromtimestamp(seconds, UTC), "DATE_FORMAT")
    except (ValueError, OverflowError, OSError):
        return ""
