"""A post as its caller sees it at this moment, and the answers to reading and to changing it."""

from typing import TypeVar

from django.http import HttpRequest, HttpResponse

from portal.core.errors import NotFound
from portal.questions.selectors.access import answer_visible_to, comment_visible_to, question_visible_to

from . import schemas
from .answering import answered, etag
from .representations import answer_told, comment_told, question_told
from .selectors import question_row

Told = TypeVar("Told", schemas.Question, schemas.Answer, schemas.Comment)


def question_now(request: HttpRequest, question_id: int) -> schemas.Question:
    """Returns a question; raises ``Moved`` where it was joined with another, ``NotFound`` where there is none."""
    question = question_row(user=request.user, question_id=question_id)
    if question is None:
        question_visible_to(request.user, question_id)  # says where it is now
        raise NotFound
    return question_told(request, question)


def answer_now(request: HttpRequest, answer_id: int) -> schemas.Answer:
    """Returns an answer; raises ``NotFound`` where there is none for this caller."""
    return answer_told(request, answer_visible_to(request.user, answer_id))


def comment_now(request: HttpRequest, comment_id: int) -> schemas.Comment:
    """Returns a comment; raises ``Moved`` where it was made an answer, ``NotFound`` where there is none."""
    return comment_told(request, comment_visible_to(request.user, comment_id))


def read(response: HttpResponse, told: Told) -> Told:
    """Names the version that is read, as a change must name it, and returns the post as it is."""
    response.headers["ETag"] = etag(told.version or 1)
    return told


def changed(told: Told) -> HttpResponse:
    """Returns the answer to a change: the post as it is now, with its version."""
    return answered(told, version=told.version)
