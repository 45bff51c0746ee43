"""The mail about what happened: what it tells, in its reader's language, as text and as HTML.

A mail about one thread carries the question's title as its subject and names the question in ``References``, so that
mail programs show all mails of a thread together. The links that end them are in its head (RFC 8058) and at its foot.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import ngettext

from portal.accounts.models import User
from portal.core.markdown import plain_text, shortened
from portal.notifications.links import Quieting, quiet_token
from portal.notifications.models import Channel, Follow, Kind, Level, NoteItem, NotificationSettings
from portal.notifications.selectors.items import ItemView, item_view, items_visible_to
from portal.notifications.selectors.things import Thread, split_thread, threads_visible_to
from portal.notifications.words import one_words
from portal.questions.models import Answer
from portal.questions.selectors.access import answers_visible_to

QUOTED = 600
MOST_LINES = 20
MOST_ANSWERS = 5


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that a mail tells: what happened, where to read it, and its beginning (in ``language``)."""

    kind: str
    words: str
    url: str
    excerpt: str
    language: str
    title: str = ""
    answers: Sequence[Answer] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """What a mail tells of one thread, and the link that ends its messages; more: what it does not name."""

    thread: Thread
    url: str
    lines: list[Line]
    more: int
    stop_url: str


def language_of(user: User) -> str:
    """Returns the language that a member is written to in."""
    return user.language if user.language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def items_wanted(*, user: User, items: Sequence[NoteItem], choices: NotificationSettings) -> list[NoteItem]:
    """Returns what a member still wants by mail and may see now, of what waited for one: looked up once more.

    Left out is what she has read, what is gone or closed to her, what of the question she muted, and kinds that she no
    longer wants by mail.
    """
    ids = [item.pk for item in items]
    seen = items_visible_to(user, NoteItem.objects.filter(pk__in=ids, read_at=None, note__recipient=user))
    posts = ("happening__actor", "happening__question", "happening__answer", "happening__comment__parent")
    kept = list(seen.select_related("note", *posts).order_by("id"))
    levels = _levels(user, kept)
    mailed = (Channel.MAIL, Channel.DIGEST)
    return [item for item in kept if choices.channel(item.note.kind) in mailed and _followed(item, levels)]


# What one is told of a question for no other reason than following it, her own answer's acceptance apart.
_BY_FOLLOWING = frozenset({Kind.ANSWER, Kind.OFFICIAL, Kind.COMMENT, Kind.STATUS, Kind.ACCEPTED})


def _levels(user: User, items: Sequence[NoteItem]) -> dict[str, str]:
    """Returns how a member stands now to what the items are about."""
    questions = {item.happening.question_id for item in items}
    others = {kind: [int(i.note.document_id) for i in items if i.note.document_type == kind] for kind in _OTHERS}
    about = Q(question__in=questions) | Q(topic__in=others["topic"]) | Q(member__in=others["member"])
    return {follow.thread: follow.level for follow in Follow.objects.filter(about, user=user)}


_OTHERS = ("topic", "member")


def _followed(item: NoteItem, levels: dict[str, str]) -> bool:
    """Whether she did not leave or mute what it is about since it happened."""
    happening, note = item.happening, item.note
    level = levels.get(f"question:{happening.question_id}", Level.FOLLOWING)
    own = happening.answer is not None and happening.answer.author_id == note.recipient_id
    if level == Level.MUTED:
        return False
    if level == Level.OFF and note.kind in _BY_FOLLOWING and not (own and note.kind == Kind.ACCEPTED):
        return False
    return note.document_type == "question" or note.thread in levels


def letter_parts(*, user: User, items: Sequence[NoteItem]) -> list[Part]:
    """Returns what a mail tells, thread by thread, the earliest first. Call it with the reader's language active."""
    threads = threads_visible_to(user, [split_thread(item.thread) for item in items])
    grouped: dict[Thread, list[NoteItem]] = defaultdict(list)
    for item in items:
        thread = threads.get(split_thread(item.thread))
        if thread is not None:
            grouped[thread].append(item)
    return [
        Part(
            thread=thread,
            url=f"{settings.PORTAL_BASE_URL}{thread.path}",
            lines=[_line(user, thread, item_view(item), item.note.kind) for item in mine[:MOST_LINES]],
            more=max(0, len(mine) - MOST_LINES),
            stop_url=_quiet_url(Quieting(user.pk, threads=(thread.key,))),
        )
        for thread, mine in grouped.items()
    ]


def _line(user: User, thread: Thread, view: ItemView, kind: str) -> Line:
    happening = view.happening
    post = happening.comment or happening.answer or happening.question
    words = plain_text(post.body_html) if kind in _QUOTING else str(happening.data.get("words", ""))
    return Line(
        kind=kind,
        words=one_words(kind, view, thread, user.pk),
        url=f"{settings.PORTAL_BASE_URL}{view.path}",
        excerpt=shortened(words, QUOTED),
        language=post.language,
        title="" if thread.type == "question" else happening.question.title,
        answers=_answers(user, happening.question_id) if kind == Kind.REMINDER else (),
    )


_QUOTING = frozenset({Kind.MENTION, Kind.ANSWER, Kind.OFFICIAL, Kind.COMMENT, Kind.QUESTION, Kind.MEMBER})


def _answers(user: User, question_id: int) -> list[Answer]:
    found = answers_visible_to(user).filter(question_id=question_id).select_related("question", "author")
    return list(found.order_by("-official", "-score", "id")[:MOST_ANSWERS])


def _quiet_url(link: Quieting) -> str:
    return f"{settings.PORTAL_BASE_URL}{reverse('inbox-quiet', args=[quiet_token(link)])}"


def letter_of(*, user: User, parts: Sequence[Part], digest: bool, mark: str) -> EmailMultiAlternatives:
    """Returns the mail. digest: it is the mail of the day. mark: makes its Message-ID its own."""
    language = language_of(user)
    with translation.override(language):
        kinds = tuple(dict.fromkeys(line.kind for part in parts for line in part.lines))
        ending = Quieting(user.pk, kinds=kinds) if digest else Quieting(user.pk, tuple(p.thread.key for p in parts))
        stop = _quiet_url(ending)
        context = {
            "site_name": settings.PORTAL_NAME,
            "base_url": settings.PORTAL_BASE_URL,
            "reader": user,
            "parts": parts,
            "digest": digest,
            "several": len(parts) > 1,
            "kinds": [(Kind(kind).label, _quiet_url(Quieting(user.pk, kinds=(kind,)))) for kind in kinds],
            "unsubscribe_url": stop,
            "settings_url": f"{settings.PORTAL_BASE_URL}{reverse('notification-settings')}",
        }
        mail = EmailMultiAlternatives(
            subject=" ".join(_subject(parts, digest).split()),
            body=render_to_string("notifications/mail/letter.txt", context).strip() + "\n",
            to=[user.email],
            headers={
                "Auto-Submitted": "auto-generated",
                "Content-Language": language,
                "List-Unsubscribe": f"<{stop}>",
                "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
                **_thread_headers(parts, mark),
            },
        )
        mail.attach_alternative(render_to_string("notifications/mail/letter.html", context), "text/html")
    return mail


def _thread_headers(parts: Sequence[Part], mark: str) -> dict[str, str]:
    host = urlsplit(settings.PORTAL_BASE_URL).hostname or "localhost"
    own = {"Message-ID": f"<told.{mark}@{host}>"}
    if len(parts) != 1:
        return own
    root = f"<{parts[0].thread.key.replace(':', '.')}@{host}>"
    return {**own, "In-Reply-To": root, "References": root}


def _subject(parts: Sequence[Part], digest: bool) -> str:
    if digest:
        count = sum(len(part.lines) + part.more for part in parts)
        return ngettext("%(count)d new thing today", "%(count)d new things today", count) % {"count": count}
    title = parts[0].thread.title
    if parts[0].thread.type != "question":
        title = parts[0].lines[0].title or title
    if len(parts) == 1:
        return title
    others = len(parts) - 1
    words = ngettext("%(title)s, and %(count)d more thread", "%(title)s, and %(count)d more threads", others)
    return words % {"title": title, "count": others}
