"""A question and its answer with edits that wait, in every state, and the kinds of people who try to decide."""

from typing import Any

from portal.questions.models import Answer, Question, Revision, Suggestion
from portal.questions.services.answers import answer_edit
from portal.questions.services.life import question_lock, question_settle
from portal.questions.services.merging import questions_merge
from portal.questions.services.questions import question_delete, question_edit
from portal.questions.services.suggestions import suggestion_create
from tests.factories.accounts import member
from tests.factories.questions import answer, question, topic

from .suggesting import REASON, expert

PEOPLE = ("stranger", "newcomer", "author", "expert", "staff")
STATES = ("open", "closed", "locked", "archived", "deleted", "merged")
LINES = [f"Line {number} stands here." for number in range(12)]
BODY = "\n\n".join(LINES)


class Case:
    """A post in two versions, in one of ``STATES``, with an edit waiting for each of ``PEOPLE``.

    kind: ``question`` or ``answer``. Each edit changes a line of its own, so that all of them fit together.
    """

    def __init__(self, kind: str, state: str) -> None:
        topic("Battery")
        self.kind = kind
        self.asked = question(body=BODY, topics=("battery",))
        self.post: Question | Answer = self.asked if kind == "question" else answer(self.asked, body=BODY)
        author = self.post.author
        edit: Any = question_edit if kind == "question" else answer_edit
        edit(user=author, **{f"{kind}_id": self.post.pk}, version=1, body=f"{BODY}\n\nThe end.")
        self.post.refresh_from_db()
        self.people: dict[str, Any] = {
            "stranger": None, "newcomer": member(), "author": author, "expert": expert(self.asked),
            "staff": member(staff=True),
        }  # fmt: skip
        self.made = {name: self.suggested(place) for place, name in enumerate(PEOPLE)}
        self.target = self.into(state)
        self.post.refresh_from_db()

    def suggested(self, place: int) -> Suggestion:
        """An edit of one line by a member of its own."""
        return suggestion_create(
            user=member(), kind=self.kind, post_id=self.post.pk, version=self.post.version, reason=REASON,
            body=self.post.body.replace(f"Line {place * 2} ", f"Row {place * 2} "),
        )  # fmt: skip

    def into(self, state: str) -> Question | None:
        """Puts the question into a state; returns the one that it was joined with."""
        staff, pk = self.people["staff"], self.asked.pk
        if state == "locked":
            question_lock(user=staff, question_id=pk, locked=True)
        elif state in ("closed", "archived"):
            question_settle(user=staff, question_id=pk, status=state)
        elif state == "deleted":
            question_delete(user=staff, question_id=pk)
        elif state == "merged":
            target = question(topics=("battery",))
            questions_merge(user=staff, source_id=pk, target_id=target.pk)
            return target
        return None

    def rows(self) -> list[Any]:
        """What a refused deed must leave as it is."""
        return [
            list(table.objects.order_by("pk").values())  # type: ignore[attr-defined]
            for table in (Question, Answer, Revision, Suggestion)
        ]
