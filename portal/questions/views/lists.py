"""Pages that list questions."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.accounts.selectors import reading_languages
from portal.questions.selectors.lists import TABS
from portal.questions.selectors.lists import question_list as select


@require_safe
def question_list(request: HttpRequest) -> HttpResponse:
    """The list of questions, by tab, topic, status and language."""
    tab = request.GET.get("tab", "hot")
    page = select(
        user=request.user,
        tab=tab,
        cursor=request.GET.get("after"),
        topic=request.GET.get("topic", ""),
        language=request.GET.get("language", ""),
        status=request.GET.get("status", ""),
        reads=reading_languages(request.user, request.LANGUAGE_CODE),
    )
    return render(request, "questions/list.html", {"page": page, "tab": tab, "tabs": list(TABS)})
