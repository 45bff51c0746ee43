"""How rows are told: from models to the schemas."""

from functools import lru_cache
from typing import Any, cast
from urllib.parse import quote

from django.http import HttpRequest
from django.urls import reverse
from markdownify import markdownify

from portal.accounts.models import User
from portal.core.models import Topic
from portal.questions import models
from portal.questions.selectors.authors import author_shown

from . import schemas


def absolute(request: HttpRequest, path: str) -> str:
    """Returns the absolute address of a path, as the caller reached this server."""
    return request.build_absolute_uri(path)


def member_path(username: str) -> str:
    """Returns the path of a member's page in the language of this answer."""
    return reverse("member", args=[username])


def topic_path(slug: str, language: str) -> str:
    """Returns the path of a topic's page."""
    return f"/{language}/topics/{quote(slug)}/"


def author_told(request: HttpRequest, user: User | None) -> schemas.Author | None:
    """Returns who wrote something, None where it is nobody with an account here."""
    if user is None:
        return None
    return schemas.Author(
        username=user.username, display_name=user.shown_name, url=absolute(request, member_path(user.username))
    )


@lru_cache(maxsize=1024)
def html_as_markdown(html: str) -> str:
    """Returns foreign HTML as Markdown. Lists are read again and again: what was converted is kept for a while."""
    text: str = markdownify(html, heading_style="ATX", bullets="-", code_language="")
    return text.strip()


def markdown_of(post: models.Post) -> str:
    """Returns what was written as Markdown, whatever it was written in."""
    if post.body_format == models.Post.Format.HTML:
        return html_as_markdown(post.body_html)
    return post.body


def _signature(request: HttpRequest, post: models.Post) -> dict[str, Any]:
    """Returns the author whom everybody may know. A program never learns more, its owner's own posts included."""
    shown = author_shown(reader=None, post=post)
    return {"author": author_told(request, shown.member), "anonymous": shown.anonymous}


def _post_fields(request: HttpRequest, post: models.Question | models.Answer) -> dict[str, Any]:
    return {
        "id": post.pk,
        "url": absolute(request, post.get_absolute_url()),
        "body": markdown_of(post),
        "body_html": post.body_html,
        "language": post.language,
        **_signature(request, post),
        "score": post.score,
        "created_at": post.created_at,
        "updated_at": post.updated_at,
        "version": post.version,
        "source_id": post.source_key or None,
        "source_url": post.source_url or None,
        "source_licence": post.source_licence or None,
    }


def question_told(request: HttpRequest, question: models.Question) -> schemas.Question:
    """Returns a question that came with its author and topics."""
    return schemas.Question(
        **_post_fields(request, question),
        title=question.title,
        topics=[item.tag.slug for item in question.topic_items.all()],
        space=None,
        status=cast(schemas.StatusName, str(question.status)),
        closed_why=question.settled_why,
        closed_words=question.settled_reason,
        locked=question.locked,
        official=question.official,
        accepted_answer_id=question.accepted_answer_id,
        answers_count=question.answers_count,
        solutions=[_solution_told(answer.solution) for answer in getattr(question, "solving", ())],
        demand_count=question.demand_count,
        duplicate_of=question.duplicate_of_id,
    )


def _solution_told(solution: models.Solution) -> schemas.Solution:
    # As on the page: of a range with one end withdrawn the other end alone remains.
    ends = [end for end in (solution.first, solution.last) if end.withdrawn_at is None]
    return schemas.Solution(
        answer_id=solution.answer_id,
        product=solution.first.product.slug,
        first=ends[0].label,
        last=ends[-1].label,
    )


def answer_told(request: HttpRequest, answer: models.Answer) -> schemas.Answer:
    """Returns an answer that came with its author and question."""
    return schemas.Answer(
        **_post_fields(request, answer),
        question_id=answer.question_id,
        accepted=answer.question.accepted_answer_id == answer.pk,
        official=answer.official,
        obsolete=answer.obsolete,
    )


def comment_told(request: HttpRequest, comment: models.Comment) -> schemas.Comment:
    """Returns a comment that came with its author and question."""
    return schemas.Comment(
        id=comment.pk,
        body=markdown_of(comment),
        body_html=comment.body_html,
        **_signature(request, comment),
        parent_id=comment.parent_id,
        url=absolute(request, comment.get_absolute_url()),
        created_at=comment.created_at,
        language=comment.language,
        question_id=comment.question_id,
        answer_id=comment.answer_id,
        edited_at=comment.edited_at,
        version=comment.version,
    )


def topic_told(request: HttpRequest, topic: Topic, language: str) -> schemas.Topic:
    """Returns a topic that came with names, parent and ``questions_count``."""
    return schemas.Topic(
        slug=topic.slug,
        kind=topic.kind,
        name=topic.name_in(language),
        names={entry.language: entry.name for entry in topic.names.all()},
        description=topic.description_in(language),
        parent=topic.parent.slug if topic.parent else None,
        questions_count=getattr(topic, "questions_count", 0),
        url=absolute(request, topic_path(topic.slug, language)),
    )
