"""Topics."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language
from ninja import Router

from . import schemas
from .answering import next_address
from .auth import ANYONE
from .parsing import PageLimit
from .representations import topic_told
from .selectors import topic_rows

router = Router(tags=["Topics"])


@router.get("/topics", auth=ANYONE, response=schemas.TopicPage, summary="List topics", operation_id="topics")
def topic_list(
    request: HttpRequest, language: str = "", cursor: str | None = None, limit: PageLimit = 100
) -> dict[str, object]:
    """The topics. `language` says in which one `name` is; left out, the language of the answer."""
    spoken = language if language in dict(settings.LANGUAGES) else (get_language() or settings.LANGUAGE_CODE)
    page = topic_rows(user=request.user, cursor=cursor, size=limit)
    told = [topic_told(request, topic, spoken) for topic in page.rows]
    return {"results": told, "next": next_address(request, page.next)}
