"""One question with all that its page shows."""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, prefetch_related_objects

from portal.accounts.models import User
from portal.core.errors import StateForbids, Words
from portal.core.permissions import allows
from portal.questions.models import Answer, Comment, ObsoleteMark, Question, QuestionLink, Suggestion, Vote
from portal.questions.models.question import CLOSED_TO_ANSWERS

from .access import (
    question_visible_to,
    questions_visible_to,
)
from .answer_pages import AnswersPage, Place, answers_page
from .answered import AnsweredQuestion
from .contributors import Contributors, contributors
from .credit import credits_of
from .duplicates import earlier_question
from .life import LifeView, life_view
from .marks import bookmarked, is_wanted
from .merging import AlsoAsked, also_asked
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
from .threads import CommentView, Folded, Key, comment_threads, folded, former_comments


@dataclass(slots=True)
class PostView:
    """A question or an answer as its page shows it: comments in threads, the reader's vote, what she may do.

    credits: who improved it, besides its author. to_review: suggested edits that wait for this reader's decision;
    suggested: the reader's own that waits. former: the comment that an answer was.
    accept_later: why she cannot accept it yet, where she could accept another one.
    """

    post: Question | Answer
    comments: list[CommentView] = field(default_factory=list)
    former: Comment | None = None
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
    question = question_visible_to(user, question_id)
    prefetch_related_objects([question], "topic_items__tag__names", "source", "edited_by")
    paged = answers_page(user=user, question=question, place=place or Place())
    answers = paged.answers
    threads = comment_threads(user, question, answers)
    former = former_comments(answers)
    votes = _votes(user, question, answers)
    posts: list[Question | Answer] = [question, *answers]
    views = [_post_view(user, post, question, threads, votes) for post in posts]
    credited = credits_of(question, posts)
    waiting = suggestions_waiting(user=user, question=question)
    for view in views:
        key = view.post.pk if isinstance(view.post, Answer) else None
        view.credits = credited[key]
        view.to_review, view.suggested = waiting.to_review.get(key, []), waiting.own.get(key)
    kept = bookmarked(user=user, question=question)
    for view in views:
        view.bookmarked = _key(view.post) in kept
    for view in views[1:]:
        view.former = former.get(view.post.pk)
    versions = versions_of(user=user, question=question, answers=answers)
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
        helped=contributors(user=user, question=question, answers=None if paged.last > 1 else answers),
        wanted=is_wanted(user=user, question=question),
        may_want=allows(check_demand, user, question),
        versions=versions,
    )


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
    return _post_view(user, post, question, {}, _votes(user, question, answers))


def _key(post: Question | Answer) -> Key:
    return ("answer" if isinstance(post, Answer) else "question", post.pk)


def _post_view(
    user: Any, post: Question | Answer, question: Question, threads: dict[Key, list[CommentView]], votes: dict[Key, int]
) -> PostView:
    may_accept, accept_later = _acceptance(user, post, question)
    return PostView(
        post=post,
        comments=threads.get(_key(post), []),
        vote=votes.get(_key(post), 0),
        may_vote=allows(check_vote, user, post, question),
        may_break_down=allows(check_breakdown, user),
        may_edit=allows(check_edit, user, post, question),
        may_delete=allows(check_delete, user, post, question),
        may_suggest=allows(check_suggest, user, post, question),
        may_accept=may_accept,
        accept_later=accept_later,
        accepted=isinstance(post, Answer) and post.pk == question.accepted_answer_id,
    )


def _acceptance(user: Any, post: Question | Answer, question: Question) -> tuple[bool, Words]:
    """Returns whether the reader may accept an answer, and why not yet."""
    if not isinstance(post, Answer) or not allows(check_accept, user, question):
        return False, ""
    if post.pk == question.accepted_answer_id:
        return True, ""
    try:
        check_accept(user, question, post)
    except StateForbids as error:
        return False, error.words
    return True, ""


def _votes(user: Any, question: Question, answers: list[Answer]) -> dict[Key, int]:
    if not user.is_authenticated:
        return {}
    votes: dict[Key, int] = {}
    here = Q(question=question) | Q(answer__in=answers)
    for answer_id, value in Vote.objects.filter(here, user=user).values_list("answer_id", "value"):
        votes[("answer", answer_id) if answer_id else ("question", question.pk)] = value
    return votes


def _linked(user: Any, question: Question, most: int = 8) -> list[Question]:
    """Returns the questions that this one speaks of or that speak of it."""
    links = QuestionLink.objects.filter(Q(question=question) | Q(target=question))
    ids = {pk for pair in links.values_list("question_id", "target_id")[:100] for pk in pair} - {question.pk}
    found = questions_visible_to(user).filter(pk__in=ids).order_by("-score", "id")
    return list(found.defer("body", "body_html")[:most])
