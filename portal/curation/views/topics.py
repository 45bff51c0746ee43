"""Topics: all of them, and the page of one."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.curation.selectors.topics import topic_articles, topic_page, topics_page
from portal.experts.selectors.standings import experts_top
from portal.questions.selectors.lists import question_list

TABS = ("newest", "active", "unanswered", "hot")


@require_safe
def topic_list(request: HttpRequest) -> HttpResponse:
    """All topics, the busiest first, or those whose name holds what was typed."""
    search = request.GET.get("q", "").strip()[:100]
    page = topics_page(
        viewer=request.user, language=request.LANGUAGE_CODE, search=search, cursor=request.GET.get("after")
    )
    return render(request, "curation/topics.html", {"page": page, "search": search})


@require_safe
def topic(request: HttpRequest, slug: str) -> HttpResponse:
    """A topic: what it is about, its questions, who helps with it, what lies below it."""
    view = topic_page(viewer=request.user, slug=slug, language=request.LANGUAGE_CODE)
    tab = request.GET.get("tab", TABS[0])
    page = question_list(user=request.user, tab=tab, topic=slug, cursor=request.GET.get("after"))
    context = {
        "view": view,
        "entry": view.entry,
        "page": page,
        "tab": tab,
        "articles": topic_articles(viewer=request.user, topic=view.entry.topic, language=request.LANGUAGE_CODE),
        "experts": experts_top(viewer=request.user, topic=view.entry.topic),
    }
    return render(request, "curation/topic.html", context)
