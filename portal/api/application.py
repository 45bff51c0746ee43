"""The API: its calls, and what becomes of their errors."""

from functools import partial

from ninja.renderers import JSONRenderer

from . import (
    answers,
    articles,
    comments,
    deleted,
    drafts,
    follows,
    gaps,
    inbox,
    life,
    marks,
    members,
    questions,
    repeats,
    reversals,
    revisions,
    saved_searches,
    search,
    suggestions,
    topics,
    uploads,
    versions,
    votes,
)
from .openapi import PortalAPI
from .parsing import StrictParser
from .problems import HANDLERS


class Renderer(JSONRenderer):
    """JSON in which every script is readable."""

    json_dumps_params = {"ensure_ascii": False}


api = PortalAPI(
    title="Hiroba",
    version="1",
    description=(
        "Questions, answers, articles and search of this community. Lists are paged by cursor: follow `next` until it "
        "is null. Times are ISO 8601 in UTC. Errors are problem documents (RFC 9457)."
    ),
    urls_namespace="api",
    docs_url=None,
    openapi_url=None,
    renderer=Renderer(),
    parser=StrictParser(),
)
for kind, handler in HANDLERS:
    api.add_exception_handler(kind, partial(handler))
for module in (
    search,
    questions,
    life,
    answers,
    revisions,
    suggestions,
    versions,
    votes,
    marks,
    reversals,
    comments,
    deleted,
    drafts,
    articles,
    topics,
    members,
    saved_searches,
    follows,
    inbox,
    gaps,
    uploads,
    repeats,
):
    api.add_router("", module.router)
