"""Everything that an import of a site wrote, without the ids that the database gave, to compare two imports."""

from __future__ import annotations

from typing import Any

from portal.accounts.models import User
from portal.importers.models import ImportedRow
from portal.questions.models import Answer, Comment, Question, QuestionLink, QuestionTopic, Revision

POST = (
    "source_key", "source_url", "source_licence", "author__source_key", "author_name", "language", "body",
    "body_format", "version", "created_at", "updated_at",
)  # fmt: skip
VOTED = (
    *POST, "score", "imported_score", "imported_upvotes", "imported_downvotes", "comments_count", "edited_at",
    "edited_by__source_key",
)  # fmt: skip


def state(site: str = "hinges") -> dict[str, list[Any]]:
    """Returns the rows of a site in every table that an import writes."""
    wanted = {
        "users": (User, ("display_name", "date_joined", "source_key", "reputation")),
        "questions": (
            Question,
            (*VOTED, "title", "slug", "status", "locked", "settled_at", "settled_reason", "duplicate_of__source_key",
             "accepted_answer__source_key", "answers_count", "views_count", "last_activity_at", "hot"),
        ),
        "answers": (Answer, (*VOTED, "question__source_key", "accepted_at")),
        "comments": (Comment, (*POST, "body_html", "question__source_key", "answer__source_key", "score")),
        "links": (QuestionLink, ("question__source_key", "target__source_key", "kind", "source_key", "created_at")),
        "tagged": (QuestionTopic, ("content_object__source_key", "tag__slug")),
        "revisions": (
            Revision,
            ("question__source_key", "answer__source_key", "number", "editor__source_key", "editor_name", "title",
             "body", "body_format", "topics", "note", "created_at", "source_key"),
        ),
        "ledger": (ImportedRow, ("kind", "key", "digest", "words", "version", "accepts", "unsettled")),
    }  # fmt: skip
    found = {
        name: model.objects.filter(**{"content_object__source__name" if name == "tagged" else "source__name": site})
        for name, (model, _columns) in wanted.items()
    }
    return {name: sorted(found[name].values_list(*columns), key=repr) for name, (_model, columns) in wanted.items()}
