"""Votes.xml becomes the tallies of up and down votes, and the days of acceptance. Who voted is in no dump.

Votes stand in the file in the order of time, so those of a post are scattered over all of it. They are counted in
arrays over a window of post ids; a site with more ids is counted in several passes. So memory stays the same for a
file of any size, and counting twice gives the same figures.
"""

from array import array
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

from django.db.models import Max, Min

from portal.core.bulk import rows_update
from portal.importers.models import ImportedRow
from portal.questions.models import Answer, Question

from .map import BadRow, VoteType, ballot
from .parse import Attributes
from .rows import Kind
from .stage import Setting

WINDOW = 3_000_000
BATCH = 1000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
Rows = Callable[[], Iterator[tuple[int, Attributes]]]


class Window:
    """The tallies of the posts with ids from ``first`` on."""

    def __init__(self, first: int, size: int) -> None:
        self.first, self.size = first, size
        self.up = array("I", bytes(4 * size))
        self.down = array("I", bytes(4 * size))
        self.accepted = array("H", bytes(2 * size))

    def count(self, post: int, kind: VoteType, day: int) -> None:
        """Counts one vote where its post lies in the window. day: of an acceptance, from 1970."""
        at = post - self.first
        if not 0 <= at < self.size:
            return
        if kind is VoteType.UP:
            self.up[at] += 1
        elif kind is VoteType.DOWN:
            self.down[at] += 1
        else:
            self.accepted[at] = min(day, 65535)

    def of(self, post: int) -> tuple[int, int, int]:
        """Returns (up, down, day of acceptance or 0) of a post in the window."""
        at = post - self.first
        return self.up[at], self.down[at], self.accepted[at]


class VoteCount:
    """Counts the votes and keeps the tallies that differ from what is here."""

    name = "votes"

    def __init__(self, setting: Setting, rows: Rows, *, window: int = WINDOW) -> None:
        self._setting, self._rows, self._window = setting, rows, window
        self._report = setting.report

    def windows(self) -> Iterator[Window]:
        """Yields the tallies, window by window; reads the file once for each."""
        posts = ImportedRow.objects.filter(source=self._setting.source, kind__in=(Kind.QUESTION, Kind.ANSWER))
        ends = posts.aggregate(first=Min("key"), last=Max("key"))
        first, last = ends["first"], ends["last"]
        tell = True
        while last is not None and first is not None:
            window = Window(first, min(self._window, last - first + 1))
            self._read(window, tell=tell)
            yield window
            tell = False
            after = posts.filter(key__gte=first + window.size).order_by("key")
            first = after.values_list("key", flat=True).first()

    def _read(self, window: Window, *, tell: bool) -> None:
        counts = self._report.of("votes")
        for line, row in self._rows():
            try:
                found = ballot(row)
            except BadRow as error:
                if tell:
                    counts.read += 1
                    self._report.bad("votes", f"Votes.xml:{line}", str(error))
                continue
            if found is not None:
                window.count(found.post, found.kind, found.day)
            if tell:
                counts.read += 1
                counts.unchanged += found is not None
                counts.left_out += found is None

    def batches(self, window: Window) -> Iterator[dict[int, dict[int, tuple[int, int, int]]]]:
        """Yields {kind: {id here: tallies}} for the posts of a window, some at a time."""
        after = window.first - 1
        while True:
            posts = ImportedRow.objects.filter(
                source=self._setting.source,
                kind__in=(Kind.QUESTION, Kind.ANSWER),
                key__gt=after,
                key__lt=window.first + window.size,
            )
            rows = list(posts.order_by("key").values_list("key", "kind", "object_id")[:BATCH])
            if not rows:
                return
            after = rows[-1][0]
            found: dict[int, dict[int, tuple[int, int, int]]] = {Kind.QUESTION: {}, Kind.ANSWER: {}}
            for key, kind, pk in rows:
                if pk:
                    found[kind][pk] = window.of(key)
            yield found

    def differing(self, tallies: dict[int, dict[int, tuple[int, int, int]]]) -> list[list[Question | Answer]]:
        """Returns the posts whose tallies are others than here, changed but not written."""
        counts = self._report.of("vote tallies")
        changed: list[list[Question | Answer]] = []
        questions = Question.objects.only("id", "imported_upvotes", "imported_downvotes")
        answers = Answer.objects.only("id", "imported_upvotes", "imported_downvotes", "created_at", "accepted_at")
        for kind, posts in ((Kind.QUESTION, questions), (Kind.ANSWER, answers)):
            differing: list[Question | Answer] = []
            for post in posts.filter(pk__in=tallies[kind]):
                up, down, day = tallies[kind][post.pk]
                before = (post.imported_upvotes, post.imported_downvotes)
                moved = isinstance(post, Answer) and _accepted(post, day)
                counts.read += 1
                if before == (up, down) and not moved:
                    counts.unchanged += 1
                    continue
                counts.new += before == (0, 0)
                counts.changed += before != (0, 0)
                post.imported_upvotes, post.imported_downvotes = up, down
                differing.append(post)
            changed.append(differing)
        return changed


def _accepted(answer: Answer, day: int) -> bool:
    """Sets when an accepted answer was accepted; returns whether that was unknown so far.

    Until the votes tell, it is the moment of the answer itself; votes tell the day only.
    """
    moment = EPOCH + timedelta(days=day)
    if not day or answer.accepted_at != answer.created_at or moment <= answer.created_at:
        return False
    answer.accepted_at = moment
    return True


def tallies_write(posts: list[list[Question | Answer]]) -> None:
    """Writes the tallies of questions and of answers."""
    questions, answers = posts
    rows_update(model=Question, objects=questions, names=["imported_upvotes", "imported_downvotes"])
    rows_update(model=Answer, objects=answers, names=["imported_upvotes", "imported_downvotes", "accepted_at"])
