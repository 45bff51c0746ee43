"""Who is shown as a post's author: the one rule for pages, API, search, feeds, lists, mails and exports.

A question may be asked anonymously. Then nobody is told who asked: no member, no member of the staff, no program. The
same holds for all that the asker does under that question, else her first comment would name her. Staff look an author
up through ``services/anonymity.py`` alone, which writes it down.
"""

from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from portal.core.permissions import is_member
from portal.questions.models import Answer, AskingSettings, Comment, Post, Question

P = TypeVar("P", Question, Answer, Comment)


@dataclass(frozen=True, slots=True)
class ShownAuthor:
    """An author as one reader meets her.

    member: None where there is no account to show. name: what stands in its place, empty for a former member.
    anonymous: she is hidden. own: it is the reader herself, who is told so.
    """

    member: Any
    name: str
    anonymous: bool = False
    own: bool = False


def anonymous_allowed() -> bool:
    """Whether members may ask anonymously now."""
    return bool(AskingSettings.load().anonymous_allowed)


def author_shown(*, reader: Any, post: Post) -> ShownAuthor:
    """Returns who is shown to ``reader`` (None: a stranger, a program, a mail) as the author of a post."""
    if not post.anonymous:
        return ShownAuthor(post.author, post.author_name)
    if _is(reader, post.author_id):
        return ShownAuthor(None, _("you, anonymously"), anonymous=True, own=True)
    if isinstance(post, Question):
        return ShownAuthor(None, _("Anonymous"), anonymous=True)
    return ShownAuthor(None, _("the asker, anonymously"), anonymous=True)


def person_shown(*, reader: Any, question: Question, person: Any, name: str = "", post: Any = None) -> ShownAuthor:
    """Returns who is shown as having done something to a question or a post below it: edited, closed, accepted, voted.

    person: a user, or None with a ``name``. post: the answer or comment that it was done to, where it was one.
    """
    asked = question.anonymous and person is not None and person.pk == question.author_id
    wrote = post is not None and post.anonymous and person is not None and person.pk == post.author_id
    if not asked and not wrote:
        return ShownAuthor(person, name)
    if _is(reader, person.pk):
        return ShownAuthor(None, _("you, anonymously"), anonymous=True, own=True)
    return ShownAuthor(None, _("the asker, anonymously"), anonymous=True)


def hides(user: Any, question: Question) -> bool:
    """Whether what ``user`` does under a question is to be anonymous: she asked it, anonymously."""
    return question.anonymous and _is(user, question.author_id)


def signed(posts: QuerySet[P]) -> QuerySet[P]:
    """Returns those of the posts whose author everybody is told."""
    return posts.filter(anonymous=False)


def authored(posts: QuerySet[P], *, reader: Any, **author: Any) -> QuerySet[P]:
    """Returns the posts of an author as far as ``reader`` may know them: her own all, of others the signed ones.

    author: a condition such as ``author=user`` or ``author__username="kenji"``.
    """
    own = Q(author=reader) if is_member(reader) else Q(pk__in=())
    return posts.filter(Q(anonymous=False) | own, **author)


def _is(reader: Any, author_id: int | None) -> bool:
    return is_member(reader) and reader.pk == author_id
