"""Members, and the caller herself."""

from typing import Any

from django.http import HttpRequest
from ninja import Router

from portal.accounts.models import User
from portal.accounts.selectors import member_visible_to
from portal.experts.selectors.badges import badges_shown
from portal.experts.selectors.profiles import languages_of, member_counts, profile_shown
from portal.experts.selectors.standings import member_topics

from . import schemas
from .auth import ANYONE, MEMBER
from .representations import absolute, member_path

router = Router(tags=["Members"])


def _badges(user: User) -> list[schemas.Badge]:
    shown = badges_shown(member=user)
    earned = [schemas.Badge(slug=rule.slug, name=str(rule.name), tier=str(rule.tier)) for rule, _at in shown.earned]
    return earned + [schemas.Badge(slug=None, name=badge.name, tier=str(badge.tier)) for badge in shown.imported]


def _fields(request: HttpRequest, user: User) -> dict[str, Any]:
    profile = profile_shown(user)
    counts = member_counts(viewer=request.user, member=user)
    told = [row.topic.slug for row in profile.topics.all()] if not profile._state.adding else []
    proven = [row.topic.slug for row in member_topics(member=user) if row.topic is not None]
    photo = user.photo_large_url
    return {
        "username": user.username,
        "display_name": user.shown_name,
        "url": absolute(request, member_path(user.username)),
        "photo_url": absolute(request, photo) if photo else None,
        "bio_html": profile.bio_html,
        "company": profile.company,
        "role": profile.role,
        "reputation": user.reputation,
        "languages": languages_of(user, profile),
        "topics": list(dict.fromkeys([*proven, *told])),
        "badges": _badges(user),
        "is_staff": user.is_staff,
        "joined": user.date_joined,
        "questions_count": counts.questions,
        "answers_count": counts.answers,
        "accepted_count": counts.accepted,
    }


@router.get(
    "/members/{username}",
    auth=ANYONE,
    response=schemas.Member,
    summary="Read a member's public side",
    operation_id="member",
)
def member_read(request: HttpRequest, username: str) -> schemas.Member:
    """What everybody may know of a member; never an address."""
    return schemas.Member(**_fields(request, member_visible_to(request.user, username)))


@router.get("/me", auth=MEMBER, response=schemas.Me, summary="Read who you are", operation_id="me")
def me_read(request: HttpRequest) -> schemas.Me:
    """The member whose token this is."""
    user: Any = request.user
    return schemas.Me(**_fields(request, user), email=user.email, language=user.language)
