"""What can be done only when all posts are here: acceptance, links in bodies, counters and the search."""

import re
from collections.abc import Iterable, Iterator, Sequence

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from portal.core.bulk import rows_update
from portal.experts.services.standings import standing_recompute
from portal.importers.models import ImportedRow, TouchedPost
from portal.questions.indexing import questions_changed
from portal.questions.models import Answer, Question
from portal.questions.services.counters import answers_recount, questions_recount
from portal.questions.services.versions import questions_reassess

from .rows import LEDGER_COLUMNS, Kind, Ledger, amend, imported_rows, touch
from .stage import Setting
from .texts import site_links

BATCH = 250
Touch = TouchedPost.Work


class Acceptance:
    """Accepts the answers that the source says are accepted."""

    def __init__(self, setting: Setting) -> None:
        self._setting, self._source = setting, setting.source

    def batches(self) -> Iterator[list[Ledger]]:
        """Yields the ledger's rows of questions whose acceptance is still to be settled."""
        after = -(2**63)
        while True:
            waiting = ImportedRow.objects.filter(source=self._source, unsettled=True, key__gt=after)
            rows = [Ledger(*row) for row in waiting.order_by("key").values_list(*LEDGER_COLUMNS)[:BATCH]]
            if not rows:
                return
            after = rows[-1].key
            yield rows

    def settle(self, rows: Sequence[Ledger]) -> None:
        """Settles a batch. One whose answer is missing stays unsettled: a later dump may bring it."""
        named = imported_rows(self._source, [Kind.ANSWER], (row.accepts for row in rows))
        questions = Question.objects.only("id", "accepted_answer").in_bulk([row.object_id for row in rows])
        before = [question.accepted_answer_id for question in questions.values() if question.accepted_answer_id]
        wanted = [row.object_id for row in named.values()]
        answers = Answer.objects.only("id", "question", "created_at", "accepted_at", "source").in_bulk(before + wanted)
        changed, accepted, settled = [], [], []
        for row in rows:
            question, found = questions.get(row.object_id), named.get(row.accepts)
            if row.accepts and (found is None or found.question_id != row.object_id):
                why = _("its accepted answer %(key)d is not among its answers") % {"key": row.accepts}
                self._setting.report.note(_("Posts.xml: question %(key)d") % {"key": row.key}, why)
                continue
            row.unsettled = False
            settled.append(row)
            answer = answers.get(found.object_id) if found else None
            earlier = answers.get(question.accepted_answer_id or 0) if question else None
            if question is None or not self._replaceable(earlier, answer):
                continue
            question.accepted_answer = answer
            changed.append(question)
            if earlier is not None:
                earlier.accepted_at = None
                accepted.append(earlier)
            if answer is not None:
                answer.accepted_at = answer.accepted_at or answer.created_at
                accepted.append(answer)
        amend(settled, "unsettled")
        rows_update(model=Question, objects=changed, names=["accepted_answer"])
        rows_update(model=Answer, objects=accepted, names=["accepted_at"])
        touch(self._source, Touch.QUESTION, (question.pk for question in changed))

    def _replaceable(self, before: Answer | None, answer: Answer | None) -> bool:
        """Whether the accepted answer may change: one that was given here and accepted here stays accepted."""
        if before is None:
            return answer is not None
        return before.source_id == self._source.pk and before != answer


class BodyLinks:
    """Turns links to the site's own posts into links to what they became here."""

    def __init__(self, setting: Setting) -> None:
        self._source = setting.source
        self._pattern = site_links(setting.hosts)

    def _named(self, html: str) -> list[int]:
        return [int(key) for match in self._pattern.finditer(html) for key in match.group(3, 4) if key]

    def rewrite(self, posts: Sequence[Question | Answer]) -> list[Question | Answer]:
        """Returns the posts whose bodies changed, not yet written."""
        keys = [key for post in posts for key in self._named(post.body_html)]
        rows = imported_rows(self._source, (Kind.QUESTION, Kind.ANSWER), keys)
        ids = {row.question_id for row in rows.values()}
        questions = Question.objects.only("id", "slug", "language").in_bulk(ids)
        addresses = {
            key: questions[row.question_id].get_absolute_url()
            + (f"#answer-{row.object_id}" if row.kind == Kind.ANSWER else "")
            for key, row in rows.items()
            if row.object_id and row.question_id in questions
        }

        def replaced(match: re.Match[str]) -> str:
            found = addresses.get(int(match.group(4) or 0)) or addresses.get(int(match.group(3)))
            return f'href="{found}"' if found else match.group(0)

        changed: list[Question | Answer] = []
        for post in posts:
            html = self._pattern.sub(replaced, post.body_html)
            if html != post.body_html:
                post.body_html = html
                changed.append(post)
        return changed


class Debts:
    """Pays what the stages noted, a batch at a time, each with its own transaction."""

    def __init__(self, setting: Setting) -> None:
        self._source = setting.source
        self._links = BodyLinks(setting)

    def waiting(self, work: int) -> QuerySet[TouchedPost]:
        """Returns what is noted of a kind of work."""
        return TouchedPost.objects.filter(source=self._source, work=work)

    def pay(self, work: int) -> int:
        """Does one batch of a kind of work, within the caller's transaction; returns how many posts it held."""
        notes = list(self.waiting(work).order_by("pk")[:BATCH])
        ids = [note.object_id for note in notes]
        if ids:
            self._do(work, ids)
            TouchedPost.objects.filter(pk__in=[note.pk for note in notes]).delete()
        return len(ids)

    def _do(self, work: int, ids: Iterable[int]) -> None:
        wanted = list(ids)
        if work == Touch.QUESTION:
            questions_reassess(user=None, ids=wanted)
            questions_recount(ids=wanted)
            questions_changed(wanted)
            answered = Answer.objects.filter(question_id__in=wanted, author__isnull=False)
            touch(self._source, Touch.STANDING, answered.values_list("author_id", flat=True).distinct())
        elif work == Touch.ANSWER:
            answers_recount(ids=wanted)
        elif work == Touch.STANDING:
            standing_recompute(user_ids=wanted)
        else:
            model: type[Question] | type[Answer] = Question if work == Touch.QUESTION_LINKS else Answer
            posts: list[Question | Answer] = list(model.objects.only("id", "body_html").filter(pk__in=wanted))
            rows_update(model=model, objects=self._links.rewrite(posts), names=["body_html"])
