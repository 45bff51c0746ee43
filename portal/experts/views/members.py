"""The list of members and a member's own page."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.accounts.models import User
from portal.accounts.selectors import member_visible_to
from portal.core.home import page_sections
from portal.experts.models import Profile
from portal.experts.selectors.badges import badges_shown
from portal.experts.selectors.ledger import ledger_page
from portal.experts.selectors.profiles import (
    languages_of,
    member_answers,
    member_articles,
    member_counts,
    member_questions,
    members_page,
    profile_shown,
)
from portal.experts.selectors.standings import member_topics

TABS = ("about", "answers", "questions", "reputation")
FEW = 5


@require_safe
def member_list(request: HttpRequest) -> HttpResponse:
    """All members, by reputation or the newest first, or those whose name holds what was typed."""
    search, sort = request.GET.get("q", ""), request.GET.get("sort", "reputation")
    page = members_page(viewer=request.user, search=search, sort=sort, cursor=request.GET.get("after"))
    return render(request, "experts/members.html", {"page": page, "search": search.strip(), "sort": sort})


@require_safe
def member(request: HttpRequest, username: str) -> HttpResponse:
    """A member's page: who she is and what she did here, as far as the reader may see it."""
    person = member_visible_to(request.user, username)
    tab = request.GET.get("tab", "about")
    if tab not in TABS:
        raise Http404
    profile = profile_shown(person)
    context = {
        "member": person,
        "profile": profile,
        "languages": languages_of(person, profile),
        "counts": member_counts(viewer=request.user, member=person),
        "tab": tab,
        "own": request.user.pk == person.pk,
        **_tab(request, person, profile, tab),
    }
    return render(request, "experts/member.html", context)


def _tab(request: HttpRequest, person: User, profile: Profile, tab: str) -> dict[str, Any]:
    """Returns what the chosen tab shows."""
    cursor, viewer = request.GET.get("after"), request.user
    if tab == "answers":
        return {"page": member_answers(viewer=viewer, member=person, cursor=cursor)}
    if tab == "questions":
        return {"page": member_questions(viewer=viewer, member=person, cursor=cursor)}
    if tab == "reputation":
        return {"page": ledger_page(viewer=viewer, member=person, cursor=cursor)}
    # Sections that other areas offer to this page read whose page it is from here.
    request.member = person  # type: ignore[attr-defined]
    return {
        "standings": member_topics(member=person),
        "profile_topics": list(profile.topics.all()) if not profile._state.adding else [],
        "badges": badges_shown(member=person),
        "recent": member_answers(viewer=viewer, member=person, size=FEW).rows,
        "articles": member_articles(viewer=viewer, member=person, language=request.LANGUAGE_CODE),
        "sections": page_sections("member", request),
    }
