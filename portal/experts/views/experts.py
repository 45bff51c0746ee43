"""Who knows what: experts by topic and language, and the badges."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.core.topics import topic_by_slug
from portal.experts import rules
from portal.experts.models import Kind
from portal.experts.selectors.badges import badges_with_holders
from portal.experts.selectors.standings import experts_page, topics_with_experts


@require_safe
def expert_list(request: HttpRequest) -> HttpResponse:
    """Members by their standing, in a topic and a language or in all."""
    slug, language = request.GET.get("topic", ""), request.GET.get("language", "")
    if language not in dict(settings.LANGUAGES):
        language = ""
    topic = topic_by_slug(slug) if slug else None
    page = experts_page(viewer=request.user, topic=topic, language=language, cursor=request.GET.get("after"))
    context = {
        "page": page,
        "topic": topic,
        "language": language,
        "topics": topics_with_experts(),
        "languages": [code for code, _name in settings.LANGUAGES],
        "accepted_weight": rules.STANDING_ACCEPTED,
    }
    return render(request, "experts/experts.html", context)


@require_safe
def badge_list(request: HttpRequest) -> HttpResponse:
    """Every badge and how it is earned, and what earns reputation."""
    points = [(Kind(kind).label, amount) for kind, amount in rules.REPUTATION.items()]
    return render(request, "experts/badges.html", {"badges": badges_with_holders(), "points": points})
