"""Pages that list questions."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from portal.accounts.selectors import reading_languages
from portal.core.topics import topics_with_names
from portal.questions.models import Status
from portal.questions.selectors.lists import TABS
from portal.questions.selectors.lists import question_list as select

TAB_NAMES = {
    "hot": _("Lively"),
    "newest": _("Newest"),
    "active": _("Active"),
    "unanswered": _("Unanswered"),
    "wanted": _("Most wanted"),
    "for-you": _("For you"),
}

# An official answer is a mark beside the status; the list offers it among the states.
OFFICIAL = "official"
STATES = [*Status.choices, (OFFICIAL, _("Official answer"))]


@require_safe
def question_list(request: HttpRequest) -> HttpResponse:
    """The list of questions, by tab, topic, status and language."""
    tab = request.GET.get("tab", "hot")
    # PostgreSQL refuses a NUL instead of not finding it.
    chosen = {name: request.GET.get(name, "").replace("\x00", "")[:100] for name in ("topic", "language", "status")}
    official = chosen["status"] == OFFICIAL
    page = select(
        user=request.user,
        tab=tab,
        cursor=request.GET.get("after"),
        reads=reading_languages(request.user, request.LANGUAGE_CODE),
        topic=chosen["topic"],
        language=chosen["language"],
        status="" if official else chosen["status"],
        official=official,
    )
    topic = topics_with_names().filter(slug=chosen["topic"]).first() if chosen["topic"] else None
    context = {
        "page": page,
        "tab": tab,
        "tabs": [(name, TAB_NAMES[name]) for name in TABS if name != "for-you" or request.user.is_authenticated],
        "topic": topic,
        "topic_name": topic.name_in(request.LANGUAGE_CODE) if topic else "",
        "chosen": chosen,
        "states": STATES,
        "state_name": dict(STATES).get(chosen["status"], chosen["status"]),
        "deeper": bool(request.GET.get("after")),
    }
    return render(request, "questions/list.html", context)
