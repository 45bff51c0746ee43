"""PostLinks.xml becomes links between questions, and marks the duplicates."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from portal.core.bulk import rows_insert, rows_update
from portal.importers.models import ImportedRow, TouchedPost
from portal.questions.models import Question, QuestionLink, Status

from .map import LINK_ATTRIBUTES, Link, LinkType, link
from .rows import POST_KINDS, Kind, Ledger, imported_rows, remember, touch
from .stage import Item, Numbered, Stage

KINDS = {LinkType.RELATED: QuestionLink.Kind.RELATED, LinkType.DUPLICATE: QuestionLink.Kind.DUPLICATE}


@dataclass(slots=True)
class LinkWork:
    """Links to be made; those that take the place of earlier ones; marked: the questions that are duplicates."""

    links: list[QuestionLink]
    rows: list[Ledger]
    replaced: list[Ledger]
    marked: list[Question]


class LinkStage(Stage[LinkWork]):
    """Makes the links. A link that names an answer leads to the answer's question."""

    name, file, kind = "links", "PostLinks", Kind.LINK

    def prepare(self, batch: Sequence[Numbered]) -> LinkWork:
        """Sorts a batch."""
        items = self.mapped(batch, link, LINK_ATTRIBUTES)
        ends = imported_rows(
            self.source, POST_KINDS, (key for item in items for key in (item.record.post, item.record.related))
        )
        found = self.sort(self._between_questions(items, ends))
        asked = [*found.new, *found.changed]
        replaced = [item.seen for item in found.changed if item.seen]
        present = self._present(
            (ends[item.record.post].question_id for item in asked), {row.object_id for row in replaced}
        )
        links, rows = [], []
        for item in asked:
            made = self._link(item.record, ends)
            name = (made.question_id, made.target_id, str(made.kind))
            if name in present:
                self.counts.new -= 1
                self.counts.left_out += 1
                continue
            present.add(name)
            links.append(made)
            rows.append(self.remembered(item))
        return LinkWork(links, rows, replaced, self._marked(links))

    def _between_questions(self, items: Sequence[Item[Link]], ends: dict[int, Ledger]) -> list[Item[Link]]:
        """Returns the links whose two ends are different questions that are here."""
        kept = []
        for item in items:
            record = item.record
            missing = [key for key in (record.post, record.related) if key not in ends]
            if missing:
                self.bad(item.line, _("post %(key)d is not in the dump") % {"key": missing[0]})
                continue
            first, second = ends[record.post].question_id, ends[record.related].question_id
            if not first or not second or first == second:
                self.counts.left_out += 1
            else:
                kept.append(item)
        return kept

    def _present(self, questions: Iterable[int], but: set[int]) -> set[tuple[int, int, str]]:
        """Returns the links that these questions have already."""
        links = QuestionLink.objects.filter(question_id__in=set(questions)).exclude(pk__in=but)
        return set(links.values_list("question_id", "target_id", "kind"))

    def _link(self, record: Link, ends: dict[int, Ledger]) -> QuestionLink:
        return QuestionLink(
            source=self.source,
            source_key=str(record.key),
            question_id=ends[record.post].question_id,
            target_id=ends[record.related].question_id,
            kind=KINDS[record.kind],
            created_at=record.created,
        )

    def _marked(self, links: Sequence[QuestionLink]) -> list[Question]:
        """Returns the questions that these links make duplicates, changed but not written.

        What staff settled here stays as it is, and two questions are never duplicates of each other.
        """
        repeats = {link.question_id: link for link in links if link.kind == QuestionLink.Kind.DUPLICATE}
        ids = {*repeats, *(link.target_id for link in repeats.values())}
        questions = Question.objects.only("id", "status", "settled_at", "settled_by", "duplicate_of").in_bulk(ids)
        marked = []
        for pk, found in repeats.items():
            question, target = questions.get(pk), questions.get(found.target_id)
            if question is None or target is None or question.settled_by_id or target.duplicate_of_id == pk:
                continue
            question.status, question.duplicate_of_id = Status.DUPLICATE, target.pk
            question.settled_at = question.settled_at or found.created_at
            marked.append(question)
        return marked

    def write(self, work: LinkWork) -> None:
        """Writes a batch."""
        if work.replaced:
            gone = Q(pk__in=[row.object_id for row in work.replaced])
            QuestionLink.objects.filter(gone, source=self.source).delete()
            ImportedRow.objects.filter(pk__in=[row.pk for row in work.replaced]).delete()
        rows_insert(model=QuestionLink, objects=work.links, with_ids=True)
        remember(work.rows, work.links)
        rows_update(model=Question, objects=work.marked, names=["status", "duplicate_of", "settled_at"])
        touch(self.source, TouchedPost.Work.QUESTION, (question.pk for question in work.marked))
