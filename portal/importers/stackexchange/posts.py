"""Posts.xml becomes questions, answers and the descriptions of topics.

The file is read twice, first for the questions, then for the answers, so that an answer finds its question whatever
the order of the rows is and however long the file.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from portal.core.bulk import rows_insert, rows_update
from portal.core.markdown import clean_html, plain_text
from portal.core.models import Topic
from portal.core.topics import topics_changed
from portal.importers.models import TouchedPost
from portal.questions.models import Answer, Post, Question, QuestionTopic, Status
from portal.questions.models.question import question_slug
from portal.questions.services.counters import hot_value

from .map import (
    POST_ATTRIBUTES,
    STATE_ATTRIBUTES,
    WORDS_ATTRIBUTES,
    BadRow,
    PostRecord,
    PostType,
    digest,
    post,
    post_type,
    whole,
)
from .parse import Attributes
from .rows import Kind, Ledger, amend, imported_rows, object_ids, remember, touch
from .stage import Authors, Item, Numbered, Setting, Stage
from .texts import site_links
from .topics import TopicBook

Touch = TouchedPost.Work
WORDS = ("body", "body_format", "body_html", "edited_at", "edited_by", "updated_at", "version")
FIGURES = ("imported_score", "source_licence")
QUESTION_FIELDS = (
    *WORDS, *FIGURES, "title", "slug", "views_count", "status", "settled_at", "locked", "duplicate_of",
)  # fmt: skip
OTHERS = "other posts"
AMENDED = ("digest", "words", "state", "version", "accepts", "unsettled")


@dataclass(slots=True)
class PostWork:
    """What a batch of posts asks for. topics: (new question or its id, ids of its topics)."""

    posts: list[Any] = field(default_factory=list)
    rows: list[Ledger] = field(default_factory=list)
    changed: list[Any] = field(default_factory=list)
    changed_rows: list[Ledger] = field(default_factory=list)
    topics: list[tuple[Question, list[int]]] = field(default_factory=list)
    retopic: list[Question] = field(default_factory=list)
    others: list[Ledger] = field(default_factory=list)
    described: list[Topic] = field(default_factory=list)
    linking: list[Any] = field(default_factory=list)
    asked: list[int] = field(default_factory=list)


class PostStage(Stage[PostWork]):
    """What questions and answers have in common."""

    file = "Posts"
    batch = 250

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._links = site_links(setting.hosts)

    def ledger(self, item: Item[PostRecord]) -> Ledger:
        """Returns the ledger's row of a new post."""
        row = self.remembered(item)
        row.words, row.state = digest(item.row, WORDS_ATTRIBUTES), digest(item.row, STATE_ATTRIBUTES)
        row.accepts, row.unsettled = item.record.accepts, bool(item.record.accepts)
        return row

    def common(self, record: PostRecord, authors: Authors) -> dict[str, Any]:
        """Returns the columns that a new question and a new answer share."""
        author, author_name = authors.of(record.owner, record.owner_name)
        edited = record.edited if record.edited and record.edited > record.created else None
        letter = "q" if record.kind is PostType.QUESTION else "a"
        return {
            "source": self.source,
            "source_key": str(record.key),
            "source_url": self.setting.address(f"{letter}/{record.key}"),
            "source_licence": record.licence,
            "author_id": author,
            "author_name": author_name,
            "language": self.setting.language,
            "body": record.body,
            "body_format": Post.Format.HTML,
            "body_html": clean_html(record.body),
            "score": record.score,
            "imported_score": record.score,
            "created_at": record.created,
            "updated_at": edited or record.created,
            "edited_at": edited,
            "edited_by_id": authors.of(record.editor, "")[0] if edited else None,
        }

    def reword(self, item: Item[PostRecord], held: Question | Answer, authors: Authors) -> bool:
        """Takes over the source's new words, unless members edited the post here; returns whether it did."""
        seen = item.seen
        words = digest(item.row, WORDS_ATTRIBUTES)
        if seen is None or seen.words == words:
            return False
        seen.words = words
        if held.version != seen.version:
            self.report.note(f"{self.file}.xml:{item.line}", _("its words were edited here and stay as they are"))
            return False
        fresh = self.common(item.record, authors)
        for name in ("body", "body_format", "body_html", "edited_at", "edited_by_id"):
            setattr(held, name, fresh[name])
        held.updated_at = max(fresh["updated_at"], held.updated_at)
        held.version = seen.version = held.version + 1
        return True

    def linking(self, html: str) -> bool:
        """Whether a body holds links to the site's own posts."""
        return "href=" in html and self._links.search(html) is not None

    def authors(self, items: Sequence[Item[PostRecord]]) -> Authors:
        """Finds the authors and editors of a batch."""
        return Authors(self.source, (key for item in items for key in (item.record.owner, item.record.editor)))


class QuestionStage(PostStage):
    """The first pass: questions, and what describes topics."""

    name, kind = "questions", Kind.QUESTION

    def __init__(self, setting: Setting, book: TopicBook) -> None:
        super().__init__(setting)
        self._book = book

    def mine(self, row: Attributes) -> bool:
        """Everything but answers."""
        return row.get("PostTypeId") != "2"

    def prepare(self, batch: Sequence[Numbered]) -> PostWork:
        """Sorts a batch."""
        work = PostWork()
        found = self.sort(self.mapped(self._questions(batch, work), post, POST_ATTRIBUTES))
        authors = self.authors([*found.new, *found.changed])
        self._book.learn(name for item in (*found.new, *found.changed) for name in item.record.tags)
        for item in found.new:
            question = self._question(item.record, authors)
            work.posts.append(question)
            work.rows.append(self.ledger(item))
            work.topics.append((question, self._book.ids(item.record.tags)))
        held = Question.objects.in_bulk([item.seen.object_id for item in found.changed if item.seen])
        for item in found.changed:
            here = held.get(item.seen.object_id) if item.seen else None
            if here is not None and item.seen is not None:
                self._change(item, here, authors, work)
                work.changed.append(here)
                work.changed_rows.append(item.seen)
        work.linking += [each for each in (*work.posts, *work.changed) if self.linking(each.body_html)]
        return work

    def _questions(self, batch: Sequence[Numbered], work: PostWork) -> list[Numbered]:
        """Returns the rows of questions; the others are dealt with here."""
        questions, excerpts = [], []
        others = self.report.of(OTHERS)
        for line, row in batch:
            try:
                kind = post_type(row)
                if kind == PostType.QUESTION:
                    questions.append((line, row))
                    continue
                key = whole(row, "Id")
                if kind == PostType.EXCERPT:
                    excerpts.append(post(row))
            except BadRow as error:
                others.read += 1
                self.bad(line, str(error), name=OTHERS)
                continue
            others.read += 1
            others.left_out += 1
            work.others.append(Ledger(self.source.pk, Kind.OTHER_POST, key))
        self._describe(excerpts, work)
        return questions

    def _describe(self, excerpts: Sequence[PostRecord], work: PostWork) -> None:
        """Gives topics that say nothing yet the words of their excerpts."""
        ids = object_ids(self.source, Kind.EXCERPT, (record.key for record in excerpts))
        topics = Topic.objects.filter(description="").in_bulk(list(ids.values())) if ids else {}
        for record in excerpts:
            topic = topics.get(ids.get(record.key, 0))
            words = plain_text(clean_html(record.body))
            if topic is not None and words:
                topic.description = words if len(words) <= 300 else f"{words[:299].rsplit(' ', 1)[0][:298]}…"
                work.described.append(topic)

    def _question(self, record: PostRecord, authors: Authors) -> Question:
        active = record.active if record.active and record.active > record.created else record.created
        status = Status.CLOSED if record.closed else Status.ANSWERED if record.answers else Status.OPEN
        return Question(
            **self.common(record, authors),
            title=record.title,
            slug=question_slug(record.title),
            status=status,
            settled_at=record.closed,
            locked=record.locked,
            answers_count=record.answers,
            views_count=record.views,
            last_activity_at=active,
            hot=hot_value(score=record.score, answers=record.answers, created_at=record.created),
        )

    def _change(self, item: Item[PostRecord], question: Question, authors: Authors, work: PostWork) -> None:
        """Brings a question that is here to what its source says now."""
        record, seen = item.record, item.seen
        if seen is None:
            return
        question.imported_score, question.source_licence = record.score, record.licence
        question.views_count = max(question.views_count, record.views)
        if self.reword(item, question, authors):
            question.title, question.slug = record.title, question_slug(record.title)
            work.retopic.append(question)
            work.topics.append((question, self._book.ids(record.tags)))
        state = digest(item.row, STATE_ATTRIBUTES)
        if state != seen.state and question.settled_by_id is None:
            question.settled_at, question.locked = record.closed, record.locked
            if record.closed is None:
                question.status, question.duplicate_of = Status.OPEN, None
            elif question.status != Status.DUPLICATE:
                question.status = Status.CLOSED
        seen.state = state
        if record.accepts != seen.accepts:
            seen.accepts, seen.unsettled = record.accepts, True

    def write(self, work: PostWork) -> None:
        """Writes a batch."""
        made: list[Question] = work.posts
        rows_insert(model=Question, objects=made, with_ids=True)
        for row, question in zip(work.rows, made, strict=True):
            row.question_id = question.pk
        remember(work.rows, made)
        rows_update(model=Question, objects=work.changed, names=QUESTION_FIELDS)
        amend(work.changed_rows, *AMENDED)
        if work.retopic:
            QuestionTopic.objects.filter(content_object__in=work.retopic).delete()
        items = [
            QuestionTopic(content_object_id=question.pk, tag_id=topic)
            for question, topics in work.topics
            for topic in topics
        ]
        rows_insert(model=QuestionTopic, objects=items)
        remember(work.others, again=True)
        rows_update(model=Topic, objects=work.described, names=["description"])
        topics_changed(topic.pk for topic in work.described)
        touch(self.source, Touch.QUESTION, (question.pk for question in (*made, *work.changed)))
        touch(self.source, Touch.QUESTION_LINKS, (question.pk for question in work.linking))


class AnswerStage(PostStage):
    """The second pass: answers."""

    name, kind = "answers", Kind.ANSWER

    def mine(self, row: Attributes) -> bool:
        """Answers only."""
        return row.get("PostTypeId") == "2"

    def prepare(self, batch: Sequence[Numbered]) -> PostWork:
        """Sorts a batch."""
        work = PostWork()
        items = self._with_question(self.mapped(batch, post, POST_ATTRIBUTES))
        found = self.sort([item for item, _question in items])
        questions = {item.record.key: question for item, question in items}
        authors = self.authors([*found.new, *found.changed])
        for item in found.new:
            question = questions[item.record.key]
            row = self.ledger(item)
            row.question_id, row.accepts, row.unsettled = question, 0, False
            work.rows.append(row)
            work.posts.append(Answer(**self.common(item.record, authors), question_id=question))
            work.asked.append(question)
        held = Answer.objects.in_bulk([item.seen.object_id for item in found.changed if item.seen])
        for item in found.changed:
            answer = held.get(item.seen.object_id) if item.seen else None
            if answer is not None and item.seen is not None:
                self.reword(item, answer, authors)
                answer.imported_score, answer.source_licence = item.record.score, item.record.licence
                work.changed.append(answer)
                work.changed_rows.append(item.seen)
                work.asked.append(answer.question_id)
        work.linking += [each for each in (*work.posts, *work.changed) if self.linking(each.body_html)]
        return work

    def _with_question(self, items: Sequence[Item[PostRecord]]) -> list[tuple[Item[PostRecord], int]]:
        """Returns the answers whose question is here, with its id."""
        parents = imported_rows(self.source, [Kind.QUESTION], (item.record.parent for item in items))
        kept = []
        for item in items:
            parent = parents.get(item.record.parent)
            if parent is None:
                self.bad(item.line, _("its question %(key)d is not in the dump") % {"key": item.record.parent})
            elif not parent.object_id:
                self.counts.left_out += 1
            else:
                kept.append((item, parent.object_id))
        return kept

    def write(self, work: PostWork) -> None:
        """Writes a batch."""
        made: list[Answer] = work.posts
        rows_insert(model=Answer, objects=made, with_ids=True)
        remember(work.rows, made)
        rows_update(model=Answer, objects=work.changed, names=[*WORDS, *FIGURES])
        amend(work.changed_rows, *AMENDED)
        touch(self.source, Touch.QUESTION, work.asked)
        touch(self.source, Touch.ANSWER, (answer.pk for answer in work.changed))
        touch(self.source, Touch.ANSWER_LINKS, (answer.pk for answer in work.linking))
