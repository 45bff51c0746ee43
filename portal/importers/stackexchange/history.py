"""PostHistory.xml becomes revisions: who wrote which words when. The last one gives a post its Markdown back.

The rows of one edit stand together under one RevisionGUID, a row for each of title, body and tags. A revision here
holds the whole post as it then stood, so what an edit did not touch is taken from the revision before.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Max
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.bulk import rows_insert, rows_update
from portal.importers.models import TouchedPost
from portal.questions.models import Answer, Post, Question, Revision, Status

from .map import HISTORY_ATTRIBUTES, TITLE_LONGEST, Step, step, tags_of
from .parse import Attributes
from .rows import POST_KINDS, Kind, Ledger, amend, imported_rows, remember, touch
from .stage import Authors, Item, Numbered, Stage
from .topics import tag_slug

TITLES, BODIES, TAGS, ROLLBACKS = (1, 4, 7), (2, 5, 8), (3, 6, 9), (7, 8, 9)
CONTENT = (*TITLES, *BODIES, *TAGS)
CLOSED = 10
DUPLICATE_REASONS = ("1", "101")
# The CloseReasonTypes of the source; the small numbers are those of its first years.
REASONS = {
    "2": gettext_lazy("Off-topic"),
    "3": gettext_lazy("Opinion-based"),
    "4": gettext_lazy("Not a real question"),
    "7": gettext_lazy("Too localized"),
    "10": gettext_lazy("Too general"),
    "20": gettext_lazy("Not needed any more"),
    "102": gettext_lazy("Off-topic"),
    "103": gettext_lazy("Unclear what is asked"),
    "104": gettext_lazy("Too broad"),
    "105": gettext_lazy("Opinion-based"),
}
Steps = list[Item[Step]]


@dataclass(slots=True)
class HistoryWork:
    """What a batch of steps asks for. rows: (ledger row, its revision or None)."""

    rows: list[tuple[Ledger, Revision | None]] = field(default_factory=list)
    changed_rows: list[Ledger] = field(default_factory=list)
    new: list[Revision] = field(default_factory=list)
    changed: list[Revision] = field(default_factory=list)
    bodies: list[Question | Answer] = field(default_factory=list)
    settled: list[Question] = field(default_factory=list)


def original_of(text: str) -> int:
    """Returns the id of the question that a closed one repeats, from the JSON of its closing; 0 where none is named."""
    try:
        named = json.loads(text).get("OriginalQuestionIds")
        return int(named[0]) if named else 0
    except (ValueError, TypeError, AttributeError, LookupError, RecursionError):
        return 0


class HistoryStage(Stage[HistoryWork]):
    """Makes the revisions."""

    name, file, kind = "revisions", "PostHistory", Kind.HISTORY
    batch = 300

    def together(self, before: Attributes, row: Attributes) -> bool:
        """Rows of one edit come in one batch."""
        return bool(row.get("RevisionGUID")) and all(
            before.get(name) == row.get(name) for name in ("RevisionGUID", "PostId")
        )

    def prepare(self, batch: Sequence[Numbered]) -> HistoryWork:
        """Sorts a batch."""
        items = [item for item in self.mapped(batch, step, HISTORY_ATTRIBUTES) if self._wanted(item.record)]
        posts = imported_rows(self.source, POST_KINDS, (item.record.post for item in items))
        found = self.sort(self._with_post(items, posts))
        work = HistoryWork()
        work.changed_rows = [item.seen for item in found.changed if item.seen]
        content = [item for item in (*found.new, *found.changed) if item.record.kind in CONTENT]
        self._revise(content, posts, work)
        closings = [item for item in found.new if item.record.kind == CLOSED]
        work.rows += [(self.remembered(item), None) for item in closings]
        self._settle(closings, posts, work)
        return work

    def _wanted(self, record: Step) -> bool:
        wanted = record.kind in CONTENT or record.kind == CLOSED
        self.counts.left_out += not wanted
        return wanted

    def _with_post(self, items: Steps, posts: dict[int, Ledger]) -> Steps:
        kept = []
        for item in items:
            post = posts.get(item.record.post)
            if post is None:
                self.bad(item.line, _("its post %(key)d is not in the dump") % {"key": item.record.post})
            elif not post.object_id:
                self.counts.left_out += 1
            else:
                kept.append(item)
        return kept

    def _revise(self, items: Steps, posts: dict[int, Ledger], work: HistoryWork) -> None:
        """Makes a revision of each edit, or mends the one that an earlier import made of it."""
        groups: dict[tuple[int, str], Steps] = {}
        for item in sorted(items, key=lambda item: item.record.key):
            groups.setdefault((item.record.post, item.record.group or str(item.record.key)), []).append(item)
        latest = self._latest(posts[post] for post, _group in groups)
        authors = Authors(self.source, (item.record.editor for item in items))
        held = Revision.objects.in_bulk([item.seen.object_id for item in items if item.seen])
        reworded: dict[int, str] = {}
        for (key, _group), steps in groups.items():
            post = posts[key]
            seen = next((item.seen.object_id for item in steps if item.seen), 0)
            revision = held.get(seen)
            if revision is None:
                revision = self._new(steps[0].record, post, latest.get(post.key), authors)
                latest[post.key] = revision
                work.new.append(revision)
            else:
                work.changed.append(revision)
            body = self._fill(revision, steps, post)
            if body is not None:
                reworded[key] = body
            work.rows += [(self.remembered(item), revision) for item in steps if item.seen is None]
        work.bodies = self._bodies(reworded, posts)

    def _latest(self, posts: Iterable[Ledger]) -> dict[int, Revision]:
        """Returns the last revision of each post, by the post's key."""
        wanted = list(posts)
        questions = {row.object_id: row.key for row in wanted if row.kind == Kind.QUESTION}
        answers = {row.object_id: row.key for row in wanted if row.kind == Kind.ANSWER}
        of_questions = Revision.objects.filter(question_id__in=questions, answer=None).order_by()
        of_answers = Revision.objects.filter(answer_id__in=answers).order_by()
        last = [pk for _post, pk in of_questions.values_list("question_id").annotate(Max("pk"))]
        last += [pk for _post, pk in of_answers.values_list("answer_id").annotate(Max("pk"))]
        return {
            answers[found.answer_id] if found.answer_id else questions[found.question_id]: found
            for found in Revision.objects.in_bulk(last).values()
        }

    def _new(self, record: Step, post: Ledger, before: Revision | None, authors: Authors) -> Revision:
        editor, editor_name = authors.of(record.editor, record.editor_name)
        return Revision(
            source=self.source,
            source_key=str(record.key),
            source_licence=record.licence,
            question_id=post.question_id,
            answer_id=post.object_id if post.kind == Kind.ANSWER else None,
            number=before.number + 1 if before else 1,
            title=before.title if before else "",
            body=before.body if before else "",
            body_format=before.body_format if before else Post.Format.MARKDOWN,
            topics=list(before.topics) if before else [],
            editor_id=editor,
            editor_name=editor_name,
            created_at=record.created,
        )

    def _fill(self, revision: Revision, steps: Steps, post: Ledger) -> str | None:
        """Puts what the steps say into a revision; returns the body where they hold one."""
        body = None
        for item in steps:
            record = item.record
            if record.kind in BODIES:
                revision.body, revision.body_format = record.text, Post.Format.MARKDOWN
                body = record.text
            elif post.kind == Kind.QUESTION and record.kind in TITLES:
                revision.title = " ".join(record.text.split())[:TITLE_LONGEST]
            elif post.kind == Kind.QUESTION and record.kind in TAGS:
                revision.topics = [tag_slug(name) for name in tags_of(record.text)]
            revision.note = revision.note or record.note
            if record.kind in ROLLBACKS:
                with translation.override(self.setting.language):
                    revision.note = _("Back to an earlier version")
        return body

    def _bodies(self, reworded: dict[int, str], posts: dict[int, Ledger]) -> list[Question | Answer]:
        """Returns the posts that get their Markdown, but for those that members edited here."""
        changed: list[Question | Answer] = []
        for kind, model in ((Kind.QUESTION, Question), (Kind.ANSWER, Answer)):
            wanted = {posts[key].object_id: key for key in reworded if posts[key].kind == kind}
            held: Iterable[Question | Answer] = model.objects.only("id", "version").filter(pk__in=wanted)
            for post in held:
                key = wanted[post.pk]
                if post.version == posts[key].version and reworded[key].strip():
                    post.body, post.body_format = reworded[key], Post.Format.MARKDOWN
                    changed.append(post)
        return changed

    def _settle(self, closings: Steps, posts: dict[int, Ledger], work: HistoryWork) -> None:
        """Says why questions that are closed were closed, and what they repeat."""
        closed = {posts[item.record.post].object_id: item.record for item in closings}
        originals = {pk: original_of(record.text) for pk, record in closed.items() if record.note in DUPLICATE_REASONS}
        named = imported_rows(self.source, [Kind.QUESTION], originals.values())
        held = Question.objects.filter(pk__in=closed, settled_at__isnull=False, settled_by=None)
        for question in held.only("id", "status", "settled_reason", "duplicate_of"):
            record = closed[question.pk]
            with translation.override(self.setting.language):
                question.settled_reason = str(REASONS.get(record.note, ""))
            target = named.get(originals.get(question.pk, 0))
            if target and target.object_id not in (0, question.pk) and question.duplicate_of_id is None:
                question.status, question.duplicate_of_id = Status.DUPLICATE, target.object_id
            work.settled.append(question)

    def write(self, work: HistoryWork) -> None:
        """Writes a batch."""
        rows_insert(model=Revision, objects=work.new, with_ids=True)
        rows_update(model=Revision, objects=work.changed, names=["title", "body", "body_format", "topics", "note"])
        for row, revision in work.rows:
            row.object_id = revision.pk if revision else 0
        remember([row for row, _revision in work.rows])
        amend(work.changed_rows, "digest")
        for model in (Question, Answer):
            posts = [post for post in work.bodies if isinstance(post, model)]
            rows_update(model=model, objects=posts, names=["body", "body_format"])
        rows_update(model=Question, objects=work.settled, names=["settled_reason", "status", "duplicate_of"])
        touch(self.source, TouchedPost.Work.QUESTION, (question.pk for question in work.settled))
