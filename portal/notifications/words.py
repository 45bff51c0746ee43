"""What notes and mails say of what happened, in the language that is active."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.notifications.models import Kind
from portal.questions.models import Status
from portal.questions.models.lifecycle import Act

from .selectors.items import ItemView
from .selectors.things import Thread


def actor_name(view: ItemView) -> str:
    """Returns who did something, as it may be told."""
    member = view.actor.member
    return str(member.shown_name) if member is not None else view.actor.name or _("Somebody")


def items_words(kind: str, views: list[ItemView], thread: Thread, reader_id: int) -> str:
    """Returns what a note says: of one happening by whom, of several how many there are.

    views: what it tells of, the latest first; thread: what it is about.
    """
    if len(views) == 1:
        return one_words(kind, views[0], thread, reader_id)
    many = _MANY.get(Kind(kind), _many_other)
    return many(len(views), thread.title)


def one_words(kind: str, view: ItemView, thread: Thread, reader_id: int) -> str:
    """Returns what is said of one happening."""
    return _ONE[Kind(kind)](view, {"name": actor_name(view), "title": thread.title, "reader": reader_id})


def _decided(view: ItemView, agreed: str, refused: str) -> str:
    return agreed if view.happening.data.get("agreed") else refused


def _accepted(view: ItemView, told: dict[str, Any]) -> str:
    answer = view.happening.answer
    if answer is not None and answer.author_id == told["reader"]:
        return _("Your answer was accepted")
    return _("An answer was accepted")


def _official(view: ItemView, told: dict[str, Any]) -> str:
    answer = view.happening.answer
    if view.happening.what != "official":
        official = answer is None or answer.official
        return (_("Official answer by %(name)s") if official else _("%(name)s answered")) % told
    if answer is not None and answer.author_id == told["reader"]:
        return _("Your answer is official now")
    return _("An answer is official now")


def _status(view: ItemView, told: dict[str, Any]) -> str:
    if view.happening.what == "proposed":
        return _decided(view, _("The staff agree that it was asked before"), _("The staff let it stand by itself"))
    status, act = view.happening.data.get("status", ""), view.happening.data.get("act", "")
    if act in (Act.REOPEN, Act.UNARCHIVE):
        return _("The question is open again")
    if act in (Act.LOCK, Act.UNLOCK):
        return _("The question was locked") if act == Act.LOCK else _("The question was unlocked")
    if status == Status.NEEDS_DETAILS:
        return _("%(name)s asks for details") % told
    label = str(Status(status).label) if status in Status.values else status
    return _("Where the question stands: %(status)s") % {"status": label}


def _merged(view: ItemView, _told: dict[str, Any]) -> str:
    if view.happening.what == "contested":
        return _decided(view, _("Your question stands by itself again"), _("The staff keep it as it was decided"))
    if view.happening.what == "parted":
        return _("Your question stands by itself again")
    return _("Your question was joined with another one")


def _member(view: ItemView, told: dict[str, Any]) -> str:
    return (_("%(name)s answered") if view.happening.answer_id else _("%(name)s asked")) % told


def _comment(view: ItemView, told: dict[str, Any]) -> str:
    answer, comment = view.happening.answer, view.happening.comment
    parent = comment.parent if comment is not None else None
    if parent is not None and parent.author_id == told["reader"]:
        return _("%(name)s replied to your comment") % told
    if answer is not None and answer.author_id == told["reader"]:
        return _("%(name)s commented on your answer") % told
    return _("%(name)s commented") % told


def _suggestion(view: ItemView, told: dict[str, Any]) -> str:
    verdict = view.happening.data.get("verdict", "")
    if verdict:
        return _("Your suggested edit was accepted") if verdict == "accepted" else _("Your suggested edit was declined")
    return _("%(name)s suggests an edit to what you wrote") % told


def _confirmation(view: ItemView, _told: dict[str, Any]) -> str:
    if view.happening.what == "outdated":
        return _("Your answer is marked as outdated")
    return _("There is a new release: does your answer still hold?")


def _edit(view: ItemView, told: dict[str, Any]) -> str:
    if view.happening.answer_id:
        return _("%(name)s edited your answer") % told
    return _("%(name)s edited your question") % told


_ONE: dict[Kind, Callable[[ItemView, dict[str, Any]], str]] = {
    Kind.MENTION: lambda _view, told: _("%(name)s mentioned you") % told,
    Kind.ANSWER: lambda _view, told: _("%(name)s answered") % told,
    Kind.OFFICIAL: _official,
    Kind.ACCEPTED: _accepted,
    Kind.COMMENT: _comment,
    Kind.STATUS: _status,
    Kind.EDIT: _edit,
    Kind.SUGGESTION: _suggestion,
    Kind.CONFIRMATION: _confirmation,
    Kind.MERGED: _merged,
    Kind.REMINDER: lambda _view, _told: _("Did one of the answers solve it? Accept it, so that others find it"),
    Kind.QUESTION: lambda _view, told: _("New question in %(title)s") % told,
    Kind.MEMBER: _member,
}


def _many_answers(count: int, _title: str) -> str:
    return ngettext("%(count)d new answer", "%(count)d new answers", count) % {"count": count}


def _many_comments(count: int, _title: str) -> str:
    return ngettext("%(count)d new comment", "%(count)d new comments", count) % {"count": count}


def _many_mentions(count: int, _title: str) -> str:
    return ngettext("You were mentioned %(count)d time", "You were mentioned %(count)d times", count) % {"count": count}


def _many_questions(count: int, title: str) -> str:
    said = {"count": count, "title": title}
    return ngettext("%(count)d new question in %(title)s", "%(count)d new questions in %(title)s", count) % said


def _many_posts(count: int, title: str) -> str:
    said = {"count": count, "name": title}
    return ngettext("%(count)d new post by %(name)s", "%(count)d new posts by %(name)s", count) % said


def _many_other(count: int, _title: str) -> str:
    return ngettext("%(count)d change", "%(count)d changes", count) % {"count": count}


_MANY: dict[Kind, Callable[[int, str], str]] = {
    Kind.ANSWER: _many_answers,
    Kind.OFFICIAL: _many_answers,
    Kind.COMMENT: _many_comments,
    Kind.MENTION: _many_mentions,
    Kind.QUESTION: _many_questions,
    Kind.MEMBER: _many_posts,
}
