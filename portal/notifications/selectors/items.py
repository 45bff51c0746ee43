"""The happenings that notes gather, as their reader may see them now."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import BigIntegerField, Exists, F, OuterRef, Q, QuerySet, Window
from django.db.models.functions import Cast, RowNumber
from django.urls import reverse

from portal.notifications.models import Happening, Kind, NoteItem
from portal.questions.models import Status, Suggestion
from portal.questions.selectors.access import questions_visible_to
from portal.questions.selectors.authors import ShownAuthor, person_shown

MOST_ITEMS = 100


@dataclass(frozen=True, slots=True)
class ItemView:
    """A happening that a note tells of: by whom, and where it is."""

    item: NoteItem
    happening: Happening
    actor: ShownAuthor
    path: str


def items_visible_to(user: Any, items: QuerySet[NoteItem]) -> QuerySet[NoteItem]:
    """Returns those whose post the reader may see now and that still hold.

    What was accepted is accepted still, and what was made official is that still; what is to be accepted is not
    yet, in a question that is open; what a followed member wrote is signed with her name; who suggested an edit did
    not take it back. What went to another question with a merge is told of there. The question is asked for row by
    row through its access function, so that no list of all questions is made.
    """
    question = questions_visible_to(user).filter(pk=OuterRef("happening__question_id"))
    accepted = Q(happening__question__accepted_answer_id=F("happening__answer_id"))
    official = ~Q(happening__what="official") | Q(happening__answer__official=True)
    signed = Q(happening__question__anonymous=False) | ~Q(happening__question__author=F("happening__actor"))
    signed &= Q(happening__answer=None) | Q(happening__answer__anonymous=False)
    suggestion = Cast(OuterRef("happening__data__suggestion"), BigIntegerField())
    withdrawn = Exists(Suggestion.objects.filter(pk=suggestion, status=Suggestion.Status.WITHDRAWN))
    return items.filter(
        Exists(question),
        ~Q(note__kind=Kind.MEMBER) | signed,
        Q(happening__answer=None) | Q(happening__answer__deleted_at=None),
        Q(happening__comment=None) | Q(happening__comment__deleted_at=None),
        ~Q(note__kind=Kind.ACCEPTED) | accepted,
        ~Q(note__kind=Kind.OFFICIAL) | official,
        ~Q(note__kind=Kind.SUGGESTION) | ~withdrawn,
        ~Q(note__kind=Kind.REMINDER) | Q(happening__question__status=Status.ANSWERED),
    )


def items_with_posts(items: QuerySet[NoteItem]) -> QuerySet[NoteItem]:
    """Returns the items with what is told of their posts, without the bodies."""
    found = items.select_related(
        "note", "happening__actor", "happening__question", "happening__answer", "happening__comment"
    )
    bodies = [
        f"happening__{post}__{name}" for post in ("question", "answer", "comment") for name in ("body", "body_html")
    ]
    return found.defer(*bodies)


def item_view(item: NoteItem) -> ItemView:
    """Returns an item that came with its posts as it is shown."""
    happening = item.happening
    for reply in (happening.answer, happening.comment):
        if reply is not None:
            reply.question = happening.question
    post = happening.comment or happening.answer or happening.question
    suggestion = happening.data.get("suggestion")
    path = reverse("suggestion", args=[suggestion]) if suggestion else post.get_absolute_url()
    return ItemView(item, happening, actor_shown(happening), path)


def actor_shown(happening: Happening) -> ShownAuthor:
    """Returns who is shown as having done it, to whomever it may be told: it goes out by mail as well."""
    post = happening.comment or happening.answer
    return person_shown(reader=None, question=happening.question, person=happening.actor, post=post)


def latest_items(user: Any, notes: Sequence[int]) -> dict[int, list[ItemView]]:
    """Returns of each note what it tells now, the latest first: what is unread, or the last one where all is read.

    At most ``MOST_ITEMS`` of a note are looked at.
    """
    place = Window(RowNumber(), partition_by=[F("note_id")], order_by=[F("id").desc()])
    mine = items_visible_to(user, NoteItem.objects.filter(note__in=notes)).annotate(place=place)
    found: dict[int, list[ItemView]] = defaultdict(list)
    for item in items_with_posts(mine.filter(place__lte=MOST_ITEMS)).order_by("-id"):
        earlier = found[item.note_id]
        if not earlier or (item.read_at is None and earlier[0].item.read_at is None):
            earlier.append(item_view(item))
    return {note: views for note, views in found.items() if views}


def unread_items(user: Any, notes: Iterable[int]) -> QuerySet[NoteItem]:
    """Returns the unread items of some notes that the reader may see now."""
    return items_visible_to(user, NoteItem.objects.filter(note__in=notes, read_at=None))
