"""Comments.xml becomes comments under questions and answers."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from portal.core.bulk import rows_insert, rows_update
from portal.importers.models import TouchedPost
from portal.questions.models import Comment

from .map import COMMENT_ATTRIBUTES, Remark, remark
from .rows import POST_KINDS, Kind, Ledger, amend, imported_rows, remember, touch
from .stage import Authors, Item, Numbered, Sorted, Stage
from .texts import comment_html


@dataclass(slots=True)
class CommentWork:
    """Comments to be made, comments that changed, and the posts whose counters they change."""

    comments: list[Comment]
    rows: list[Ledger]
    changed: list[Comment]
    changed_rows: list[Ledger]


class CommentStage(Stage[CommentWork]):
    """Makes the comments."""

    name, file, kind = "comments", "Comments", Kind.COMMENT

    def prepare(self, batch: Sequence[Numbered]) -> CommentWork:
        """Sorts a batch and renders what is new."""
        items = self.mapped(batch, remark, COMMENT_ATTRIBUTES)
        posts = imported_rows(self.source, POST_KINDS, (item.record.post for item in items))
        found = self.sort(self._with_post(items, posts))
        authors = Authors(self.source, (item.record.owner for item in found.new))
        comments = [self._comment(item.record, posts[item.record.post], authors) for item in found.new]
        changed, changed_rows = self._changed(found)
        return CommentWork(comments, [self.remembered(item) for item in found.new], changed, changed_rows)

    def _with_post(self, items: Sequence[Item[Remark]], posts: dict[int, Ledger]) -> list[Item[Remark]]:
        """Returns the comments whose post is here; those under what was left out are left out too."""
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

    def _comment(self, record: Remark, post: Ledger, authors: Authors) -> Comment:
        author, author_name = authors.of(record.owner, record.owner_name)
        return Comment(
            source=self.source,
            source_key=str(record.key),
            source_licence=record.licence,
            question_id=post.question_id,
            answer_id=post.object_id if post.kind == Kind.ANSWER else None,
            author_id=author,
            author_name=author_name,
            language=self.setting.language,
            body=record.text,
            body_html=comment_html(record.text),
            score=record.score,
            created_at=record.created,
            updated_at=record.created,
        )

    def _changed(self, found: Sorted[Remark]) -> tuple[list[Comment], list[Ledger]]:
        held = Comment.objects.in_bulk([item.seen.object_id for item in found.changed if item.seen])
        changed, rows = [], []
        for item in found.changed:
            comment = held.get(item.seen.object_id) if item.seen else None
            if comment is None or item.seen is None:
                continue
            comment.score = item.record.score
            if comment.version == item.seen.version and comment.body != item.record.text:
                comment.body, comment.body_html = item.record.text, comment_html(item.record.text)
                comment.version = item.seen.version = comment.version + 1
            changed.append(comment)
            rows.append(item.seen)
        return changed, rows

    def write(self, work: CommentWork) -> None:
        """Writes a batch."""
        rows_insert(model=Comment, objects=work.comments, with_ids=True)
        remember(work.rows, work.comments)
        rows_update(model=Comment, objects=work.changed, names=["score", "body", "body_html", "version"])
        amend(work.changed_rows, "digest", "version")
        answers = [comment.answer_id for comment in work.comments if comment.answer_id]
        touch(self.source, TouchedPost.Work.QUESTION, (comment.question_id for comment in work.comments))
        touch(self.source, TouchedPost.Work.ANSWER, answers)
