"""How members become search documents: found by name, by what they do and by what they tell of themselves."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.accounts.indexing import TYPE, members_changed
from portal.accounts.models import User
from portal.accounts.selectors import members_visible_to
from portal.core.markdown import plain_text
from portal.core.topics import below_products, below_topics, products_of, slugs_of
from portal.discovery.registry import ResultType, register_result_type
from portal.experts.models import Profile, ProfileTopic
from portal.experts.selectors.profiles import named
from search.documents import SearchDocument, SearchRequest
from search.queries.database import chosen, column, fixed, moment, narrowed
from search.queries.parsing import parse_query
from search.reading import primary_keys
from search.registry import IndexedType, register

__all__ = ["TYPE", "document", "members_changed", "register_types"]

BIO_LONGEST = 5_000
ORDERS = {"newest": "-date_joined", "active": "-last_login"}


def _with_parts(members: QuerySet[User]) -> QuerySet[User]:
    return members.select_related("profile").prefetch_related("profile__topics__topic__parent__parent")


def document(member: User) -> SearchDocument:
    """Returns the document of a member who came with her profile, its languages and its topics."""
    profile: Profile = getattr(member, "profile", None) or Profile(user=member)
    saved = not profile._state.adding
    topics = [row.topic for row in profile.topics.all()] if saved else []
    # Topics and languages are facets, not words: a search for a topic is after answers, not after name plates.
    words = [profile.role, profile.company, profile.location]
    return SearchDocument(
        type=TYPE,
        id=str(member.pk),
        title=member.shown_name,
        language=None,
        body=" · ".join(filter(None, [*words, plain_text(profile.bio_html)[:BIO_LONGEST]])),
        answers=member.username,
        names=(("", member.username),) if member.username != member.shown_name else (),
        topics=slugs_of(topics),
        products=products_of(topics),
        author=member.username,
        source_id=member.source_key or None,
        score=member.reputation,
        official=member.is_staff,
        created_at=member.date_joined,
        updated_at=max(member.date_joined, profile.updated_at) if saved else member.date_joined,
    )


def load(ids: Sequence[str]) -> Iterable[SearchDocument]:
    """Returns the documents of the members whom everybody may meet; the others are to leave the index."""
    found = members_visible_to(None).filter(pk__in=[int(pk) for pk in ids])
    return [document(member) for member in _with_parts(found)]


def every_id() -> Iterator[str]:
    """Yields the id of every member who belongs in the index."""
    yield from primary_keys(members_visible_to(None))


def fallback(request: SearchRequest) -> Sequence[SearchDocument]:
    """Answers from the database while the engine is away: members whose name holds the words."""
    found = narrowed(members_visible_to(None), request, COLUMNS)
    words = " ".join(parse_query(request.text.replace("\x00", " ")).text.split())[:100]
    if words:
        found = found.filter(named(words))
    known = [int(pk) for kind, pk in request.exclude if kind == TYPE]
    found = found.exclude(pk__in=known).order_by(ORDERS.get(request.sort, "-reputation"), "-id")
    return [document(member) for member in _with_parts(found)[: request.offset + request.limit]]


def _knowing(topics: Q) -> Q:
    return Q(pk__in=ProfileTopic.objects.filter(topics).values("profile__user_id"))


COLUMNS = {
    "type": fixed(TYPE),
    "topic": chosen(lambda slugs: _knowing(below_topics("topic", slugs))),
    "product": chosen(lambda slugs: _knowing(below_products("topic", slugs))),
    "marks": chosen(lambda marks: Q(is_staff=True) if "official" in marks else Q(pk__in=())),
    "status": fixed(None),
    "language": fixed(None),
    "author": column("username"),
    "answers_count": fixed(0),
    "created": moment("date_joined"),
}


def _visible(user: Any, ids: Sequence[str]) -> dict[str, str]:
    found = members_visible_to(user).filter(pk__in=[int(pk) for pk in ids]).values_list("pk", "username")
    return {str(pk): reverse("member", args=[username]) for pk, username in found}


def register_types() -> None:
    """Makes members known to the search."""
    register(IndexedType(name=TYPE, load=load, ids=every_id, fallback=fallback))
    register_result_type(ResultType(name=TYPE, label=_("Members"), icon="people", visible=_visible))
