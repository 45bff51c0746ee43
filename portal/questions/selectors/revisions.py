"""The versions of a post, and how they differ."""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet

from portal.core.alignment import Budget
from portal.core.differences import Difference, Row, Stretch, line_difference, text_difference
from portal.core.errors import NotFound
from portal.core.html_differences import RenderedDifference, html_difference
from portal.core.markdown import clean_html
from portal.questions.models import Answer, Post, Question, Revision

from .access import answer_visible_to, question_visible_to
from .bodies import body_html
from .text import markdown_source

PAGE_SIZE = 20
BODIES = ("body", "body_html")
# Rows of a comparison that a page shows; of one version's changes in a list of many.
ROWS_SHOWN = 2_000
ROWS_LISTED = 40


@dataclass(frozen=True, slots=True)
class Words:
    """What a version says: title and topics of a question, the body in Markdown and as readers see it."""

    title: str
    body: str
    topics: list[str]
    language: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """How one version differs from another, as a page shows it.

    title and language are None where they are the same. topics: (slug, ``same``, ``gone`` or ``new``). stretches: of
    the body; hidden: rows left out at the end. coarse: compared by whole lines only. rendered: where it was asked for.
    """

    title: Row | None
    topics: list[tuple[str, str]]
    language: tuple[str, str] | None
    stretches: list[Stretch]
    hidden: int
    coarse: bool
    body_changed: bool
    rendered: RenderedDifference | None = None

    @property
    def retopiced(self) -> bool:
        """Whether the topics differ."""
        return any(kind != "same" for _slug, kind in self.topics)

    @property
    def anything(self) -> bool:
        """Whether the versions differ in anything at all."""
        return bool(self.title or self.language or self.body_changed or self.retopiced)


@dataclass(slots=True)
class Entry:
    """A version in a history: how it differs from the one before it, None where that is not shown here."""

    revision: Revision
    before: int | None = None
    change: Change | None = None


@dataclass(slots=True)
class History:
    """One page of a post's versions, newest first. older: the number below which the next page begins."""

    question: Question
    post: Question | Answer
    entries: list[Entry] = field(default_factory=list)
    older: int | None = None


@dataclass(slots=True)
class Comparison:
    """Two versions of a post beside each other."""

    question: Question
    post: Question | Answer
    old: Revision
    new: Revision
    change: Change


def post_of(*, user: Any, question_id: int, answer_id: int | None) -> tuple[Question, Question | Answer]:
    """Returns a visible question and it or one of its answers; raises ``NotFound`` for an answer of another."""
    question = question_visible_to(user, question_id)
    if answer_id is None:
        return question, question
    answer = answer_visible_to(user, answer_id)
    if answer.question_id != question.pk:
        raise NotFound
    return question, answer


def revision_of(post: Question | Answer, number: int) -> Revision:
    """Returns a version of a post; raises ``NotFound`` where it has none of this number."""
    found = revisions_of(post).filter(number=number).first()
    if found is None:
        raise NotFound
    return found


def revisions_of(post: Question | Answer) -> QuerySet[Revision]:
    """Returns the versions of a post with the people they name."""
    answer = post if isinstance(post, Answer) else None
    question_id = post.question_id if isinstance(post, Answer) else post.pk
    kept = Revision.objects.filter(question_id=question_id, answer=answer)
    people = kept.select_related("editor", "approved_by", "question", "answer")
    return people.defer(*(f"{post}__{body}" for post in ("question", "answer") for body in BODIES)).order_by("-number")


def history_page(
    *, user: Any, question_id: int, answer_id: int | None, below: int | None = None, size: int = PAGE_SIZE
) -> History:
    """Returns one page of the versions of a visible post, each with how it differs from the one before it.

    below: begin with the version before this number. The work of comparing is bounded for the page as a whole: where
    it ends, versions come without their change (a comparison of two shows it).
    """
    question, post = post_of(user=user, question_id=question_id, answer_id=answer_id)
    kept = revisions_of(post)
    rows = list((kept.filter(number__lt=below) if below else kept)[: size + 1])
    found = History(question, post, older=rows[size - 1].number if len(rows) > size else None)
    budget = Budget()
    words = [words_of_revision(row) for row in rows]
    for place, revision in enumerate(rows[:size]):
        entry = Entry(revision)
        if place + 1 < len(rows):
            entry.before = rows[place + 1].number
            entry.change = None if budget.cut else change_between(words[place + 1], words[place], budget, ROWS_LISTED)
        found.entries.append(entry)
    return found


def comparison_page(
    *, user: Any, question_id: int, answer_id: int | None, old: int, new: int, rendered: bool = False
) -> Comparison:
    """Returns two versions of a visible post beside each other. rendered: also as readers see them."""
    question, post = post_of(user=user, question_id=question_id, answer_id=answer_id)
    before, after = revision_of(post, old), revision_of(post, new)
    change = change_between(words_of_revision(before), words_of_revision(after), rendered=rendered)
    return Comparison(question, post, before, after, change)


def words_of_revision(revision: Revision) -> Words:
    """Returns what a version says; imported HTML comes as Markdown, so that it compares with what was written here."""
    body = markdown_source(revision) if revision.body_format == Post.Format.HTML else revision.body
    return Words(revision.title, body, revision.topics, revision.language)


def words_of_post(post: Question | Answer) -> Words:
    """Returns what a post says now."""
    body = markdown_source(post).replace("\r\n", "\n")
    if isinstance(post, Answer):
        return Words("", body, [], post.language)
    slugs = post.topic_items.order_by("tag__slug").values_list("tag__slug", flat=True)
    return Words(post.title, body, list(slugs), post.language)


def change_between(
    old: Words, new: Words, budget: Budget | None = None, shown: int = ROWS_SHOWN, rendered: bool = False
) -> Change:
    """Returns how ``new`` differs from ``old``. shown: rows of the body at most."""
    budget = budget or Budget()
    text = text_difference(old.body, new.body, budget)
    stretches, hidden = _shown(text, shown)
    seen = html_difference(body_html(old.body), body_html(new.body)) if rendered else None
    told = old.language and new.language and old.language != new.language
    return Change(
        title=line_difference(old.title, new.title) if old.title != new.title else None,
        topics=_topics(old.topics, new.topics),
        language=(old.language, new.language) if told else None,
        stretches=stretches,
        hidden=hidden,
        coarse=text.coarse,
        body_changed=text.changed,
        rendered=seen,
    )


def revision_html(revision: Revision) -> str:
    """Returns a version's body as readers saw it."""
    if revision.body_format == Post.Format.HTML:
        return clean_html(revision.body)
    return body_html(revision.body)


def _shown(text: Difference, most: int) -> tuple[list[Stretch], int]:
    """Returns the stretches of a text's difference up to ``most`` rows that are not folded, and how many are left."""
    found: list[Stretch] = []
    room = most
    hidden = 0
    for stretch in text.stretches() if text.changed else []:
        if stretch.folded and room > 0:
            found.append(stretch)
            continue
        if room > 0:
            found.append(Stretch(stretch.rows[:room], False))
        hidden += max(0, len(stretch.rows) - max(room, 0))
        room -= len(stretch.rows)
    return found, hidden


def _topics(old: list[str], new: list[str]) -> list[tuple[str, str]]:
    slugs = sorted({*old, *new})
    return [(slug, "same" if slug in old and slug in new else "gone" if slug in old else "new") for slug in slugs]
