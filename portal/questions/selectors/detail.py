"""One question with all that its page shows."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Prefetch, prefetch_related_objects

from portal.accounts.models import User
from portal.core.errors import StateForbids, Words
from portal.core.permissions import allows
from portal.core.topics import products_of
from portal.questions.models import Answer, ObsoleteMark, Question, QuestionLink, QuestionTopic, Suggestion
from portal.questions.models.question import CLOSED_TO_ANSWERS

from .access import (
    question_visible_to,
    questions_visible_to,
)
from .answer_pages import AnswersPage, Place, answers_page
from .answered import AnsweredQuestion
from .contributors import MOST_SHOWN, Contributors, contributors, helpers_ranked
from .credit import edits_of, improvers, people_of
from .duplicates import earlier_question
from .life import LifeView, life_view
from .marks import ReaderMarks, reader_marks
from .merging import AlsoAsked, also_asked
from .official import check_official, check_unofficial
from .passports import PassportView, SolutionView, Versions, versions_of
from .rights import (
    check_accept,
    check_answer,
    check_breakdown,
    check_comment,
    check_delete,
    check_demand,
    check_edit,
    check_suggest,
    check_vote,
)
from .suggestions import suggestions_waiting
from .threads import CommentView, Folded, FormerComment, Key, comment_threads, folded, former_comment


@dataclass(slots=True)
class PostView:
    """A question or an answer as its page shows it: comments in threads, the reader's vote, what she may do.

    credits: who improved it, besides its author. to_review: suggested edits that wait for this reader's decision;
    suggested: the reader's own that waits. former: the comment that an answer was.
    accept_later: why she cannot accept it yet, where she could accept another one. may_turn_official: she may make an
    answer official, or take that back where it is.
    """

    post: Question | Answer
    comments: list[CommentView] = field(default_factory=list)
    former: FormerComment | None = None
    vote: int = 0
    may_vote: bool = False
    may_edit: bool = False
    may_delete: bool = False
    may_accept: bool = False
    accept_later: Words = ""
    accepted: bool = False
    credits: list[User] = field(default_factory=list)
    bookmarked: bool = False
    may_break_down: bool = False
    passport: PassportView | None = None
    solution: SolutionView | None = None
    mark: ObsoleteMark | None = None
    may_turn_official: bool = False
    may_suggest: bool = False
    to_review: list[Suggestion] = field(default_factory=list)
    suggested: Suggestion | None = None

    @property
    def folded(self) -> Folded:
        """The comments as the page shows them: the first threads at once."""
        return folded(self.comments)


@dataclass(slots=True)
class QuestionView:
    """A question's page; earlier is the visible question that this one repeats, with its best answer; life where it
    stands.

    also_asked: the words of questions that were joined with this one.
    """

    question: Question
    asked: PostView
    answers: list[PostView]
    linked: list[Question]
    earlier: AnsweredQuestion | None
    also_asked: list[AlsoAsked]
    may_answer: bool
    may_comment: bool
    may_accept: bool
    takes_answers: bool
    life: LifeView
    paged: AnswersPage
    helped: Contributors
    wanted: bool = False
    may_want: bool = False
    versions: Versions = field(default_factory=Versions)

    @property
    def is_qa_page(self) -> bool:
        """Whether search engines may be told that this is a question with its answers.

        They want one question that visitors can answer, with an answer, at one address (schema.org/QAPage).
        """
        return self.takes_answers and self.earlier is None and bool(self.answers) and self.paged.number == 1


def question_page(*, user: Any, question_id: int, place: Place | None = None) -> QuestionView:
    """Returns a question with answers, comments and links; raises ``NotFound`` where there is none for this reader.

    place: which of its answers, the first page of the best where it is None.
    """
    question = question_visible_to(user, question_id, "source", "edited_by", "settled_by")
    topics = QuestionTopic.objects.select_related("tag__parent__parent").order_by("pk")
    prefetch_related_objects([question], Prefetch("topic_items", topics), "topic_items__tag__names")
    paged = answers_page(user=user, question=question, place=place or Place())
    answers = paged.answers
    views, marks, helped = _posts(user, question, paged)
    product = bool(products_of(item.tag for item in question.topic_items.all()))
    versions = versions_of(user=user, question=question, answers=answers, paged=paged, product=product)
    _versions_shown(views[1:], versions)
    return QuestionView(
        question=question,
        asked=views[0],
        answers=views[1:],
        linked=_linked(user, question),
        earlier=earlier_question(user, question),
        also_asked=also_asked(user, question),
        may_answer=allows(check_answer, user, question),
        may_comment=allows(check_comment, user, question),
        may_accept=allows(check_accept, user, question),
        takes_answers=question.status not in CLOSED_TO_ANSWERS and not question.locked,
        life=life_view(user=user, question=question),
        paged=paged,
        helped=helped,
        wanted=marks.wanted,
        may_want=allows(check_demand, user, question),
        versions=versions,
    )


def _posts(user: Any, question: Question, paged: AnswersPage) -> tuple[list[PostView], ReaderMarks, Contributors]:
    """Returns the question and the answers of the page, what the reader left on them, and who helped."""
    posts: list[Question | Answer] = [question, *paged.answers]
    threads = comment_threads(user, question, paged.answers)
    marks = reader_marks(user=user, question=question, answers=paged.answers)
    waiting = suggestions_waiting(user=user, question=question)
    edited = question.edited_at is not None or any(row.edited for row in paged.rows)
    edits = edits_of(question) if edited else []
    improved, ranked = improvers(question, posts, edits), helpers_ranked(question, paged.rows, edits)
    wanted = {*ranked[:MOST_SHOWN], *(pk for pks in improved.values() for pk in pks)}
    people = _people(wanted, [*(post.author for post in posts), *(post.edited_by for post in posts)])
    credited = people_of(improved, people)
    views = []
    for post in posts:
        key = post.pk if isinstance(post, Answer) else None
        view = _post_view(user, post, question, threads, marks)
        view.credits = credited[key]
        view.to_review, view.suggested = waiting.to_review.get(key, []), waiting.own.get(key)
        view.former = former_comment(post) if isinstance(post, Answer) else None
        views.append(view)
    return views, marks, contributors(ranked, people)


def _people(ids: set[int], known: Iterable[User | None]) -> dict[int, User]:
    """Returns people by id; one query for those who are not at hand, none where all are."""
    people = {person.pk: person for person in known if person is not None}
    missing = ids - people.keys()
    return people | (User.objects.in_bulk(missing) if missing else {})


def _versions_shown(views: list[PostView], versions: Versions) -> None:
    """Gives each answer what is known of the versions that it holds for."""
    solutions = {solution.answer.pk: solution for solution in versions.solutions}
    for view in views:
        pk = view.post.pk
        view.passport, view.mark, view.solution = versions.passports.get(pk), versions.marks.get(pk), solutions.get(pk)


def post_view(*, user: Any, post: Question | Answer) -> PostView:
    """Returns one post with the reader's vote and rights, without its comments (for the vote control alone)."""
    question = post.question if isinstance(post, Answer) else post
    answers = [post] if isinstance(post, Answer) else []
    return _post_view(user, post, question, {}, reader_marks(user=user, question=question, answers=answers))


def _key(post: Question | Answer) -> Key:
    return ("answer" if isinstance(post, Answer) else "question", post.pk)


def _post_view(
    user: Any,
    post: Question | Answer,
    question: Question,
    threads: dict[Key, list[CommentView]],
    marks: ReaderMarks,
) -> PostView:
    key = post.pk if isinstance(post, Answer) else None
    may_accept, accept_later = _acceptance(user, post, question)
    return PostView(
        post=post,
        comments=threads.get(_key(post), []),
        vote=marks.votes.get(key, 0),
        bookmarked=key in marks.kept,
        may_vote=allows(check_vote, user, post, question),
        may_break_down=allows(check_breakdown, user),
        may_edit=allows(check_edit, user, post, question),
        may_delete=allows(check_delete, user, post, question),
        may_suggest=allows(check_suggest, user, post, question),
        may_accept=may_accept,
        accept_later=accept_later,
        accepted=isinstance(post, Answer) and post.pk == question.accepted_answer_id,
        may_turn_official=isinstance(post, Answer) and _may_turn_official(user, post, question),
    )


def _may_turn_official(user: Any, answer: Answer, question: Question) -> bool:
    return allows(check_unofficial if answer.official else check_official, user, answer, question)


def _acceptance(user: Any, post: Question | Answer, question: Question) -> tuple[bool, Words]:
    """Returns whether the reader may accept an answer, and why not yet."""
    if not isinstance(post, Answer) or not allows(check_accept, user, question):
        return False, ""
    if post.pk == question.accepted_answer_id:
        return True, ""
    try:
        check_accept(user, question, post)
    except StateForbids as error:
        return False, error.words if question.author_id == user.pk else ""
    return True, ""


def _linked(user: Any, question: Question, most: int = 8) -> list[Question]:
    """Returns the questions that this one speaks of or that speak of it."""
    out = QuestionLink.objects.filter(question=question).values("target")
    back = QuestionLink.objects.filter(target=question).values("question")
    found = questions_visible_to(user).filter(pk__in=out.union(back)).exclude(pk=question.pk)
    return list(found.order_by("-score", "id").defer("body", "body_html")[:most])
