"""What the values of operators stand for: a topic named in any language, a member by name, a language by its name."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.conf.locale import LANG_INFO
from django.db.models import Q

from portal.accounts.selectors import members_visible_to
from portal.core.topics import topics_named
from search.analyzers import normalize
from search.queries.operators import KINDS, Condition
from search.queries.parsing import parse_query

Meaning = tuple[str, str, tuple[str, ...]]
ME = frozenset({"me", "я", "私", "自分", "انا", "أنا"})
MOST_NAMESAKES = 20


def meanings_of(*, user: Any, text: str) -> tuple[Meaning, ...]:
    """Returns what the values of the operators in a query stand for; a value that nobody knows stands for itself.

    Takes a query for topics, two more for their names, and one for members, and none where no operator names them.
    """
    conditions = parse_query(text).conditions
    topics = {name: _values(conditions, name) for name in ("topic", "product")}
    known = topics_named(names=[*topics["topic"], *topics["product"]])
    meanings: list[Meaning] = []
    for name, values in topics.items():
        meanings += [(name, value, tuple(topic.slug for topic in known[value])) for value in values if value in known]
    meanings += _authors(user, _values(conditions, "author"))
    meanings += [("language", value, (code,)) for value in _values(conditions, "language") if (code := _code(value))]
    return tuple(meanings)


def kinds_asked(text: str) -> tuple[str, ...]:
    """Returns the kinds of result that the operators in a query ask for."""
    asked = (each for each in parse_query(text).conditions if each.name == "is" and not each.negated)
    return tuple(value for condition in asked for value in condition.values if value in KINDS)


def _values(conditions: Iterable[Condition], name: str) -> list[str]:
    return [value for condition in conditions if condition.name == name for value in condition.values]


def _authors(user: Any, values: list[str]) -> list[Meaning]:
    """Returns the usernames that authors' names stand for: a username in any case, or the name shown to others."""
    meanings: list[Meaning] = []
    named = {value: value.removeprefix("@") for value in values}
    if user is not None and user.is_authenticated:
        meanings = [("author", value, (user.username,)) for value in named if value.casefold() in ME]
    wanted = Q(pk__in=())
    for name in named.values():
        wanted |= Q(username__iexact=name) | Q(display_name__iexact=name) | Q(display_name__in=(name, name.title()))
    found = members_visible_to(user).filter(wanted)[: MOST_NAMESAKES * len(named)] if named else []
    names = [(member.username, {normalize(member.username), normalize(member.display_name)}) for member in found]
    for value, name in named.items():
        usernames = tuple(username for username, spelt in names if normalize(name) in spelt)
        meanings += [("author", value, usernames)] if usernames else [("author", value, (name,))]
    return list({(kind, value): (kind, value, meant) for kind, value, meant in reversed(meanings)}.values())


def _code(value: str) -> str:
    """Returns the code of a language that is named by code, in its own words or in English; empty for no language."""
    wanted = normalize(value)
    for code in dict.fromkeys([*dict(settings.LANGUAGES), *LANG_INFO]):
        info = LANG_INFO.get(code, {})
        if wanted in {code, *(normalize(str(info.get(name, ""))) for name in ("name", "name_local"))}:
            return str(code)
    return ""
