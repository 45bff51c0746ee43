"""What was deleted, for the staff to look through and bring back."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from portal.core.staff import staff_only
from portal.questions.selectors.deleted import KINDS, DeletedPost, deleted_page

KIND_NAMES = {"comment": _("Comments"), "answer": _("Answers"), "question": _("Questions")}


@require_safe
@staff_only
def deleted_list(request: HttpRequest) -> HttpResponse:
    """Deleted comments, answers or questions, the latest first, each with the way back."""
    asked = request.GET.get("kind", "")
    kind = asked if asked in KINDS else KINDS[0]
    page = deleted_page(user=request.user, kind=kind, cursor=request.GET.get("after"))
    context: dict[str, Any] = {
        "rows": [DeletedPost(post) for post in page.rows],
        "next": page.next,
        "kinds": KIND_NAMES.items(),
        "kind": kind,
        "restore": f"{kind}-restore",
        "language_urls": {},
    }
    return render(request, "questions/deleted.html", context)
