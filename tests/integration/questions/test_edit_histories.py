"""Random histories of edits, suggestions, decisions and roll backs of one answer, held against a plain model of it."""

import random
from collections import Counter
from dataclasses import dataclass, field

import pytest
from django.db import transaction

from portal.core.errors import Invalid, NotAllowed, NotFound, Stale, StateForbids
from portal.questions.models import Answer, Revision, Suggestion
from portal.questions.selectors.credit import credits_of
from portal.questions.selectors.revisions import Words, change_between, comparison_page
from portal.questions.selectors.suggestions import suggestions_page
from portal.questions.services.answers import answer_edit
from portal.questions.services.restoring import revision_restore
from portal.questions.services.suggestions import (
    suggestion_accept,
    suggestion_create,
    suggestion_reject,
    suggestion_withdraw,
)
from tests.factories.accounts import member
from tests.factories.questions import answer

from .suggesting import REASON

LINES = 4
PEOPLE = ("author", "staff", "one", "other", "third")
STEPS = 60
DEEDS = ("edit", "suggest", "suggest", "suggest", "accept", "accept", "reject", "withdraw", "restore")
LIKELY = {"edit": ("author", "staff"), "suggest": PEOPLE[2:], "withdraw": PEOPLE[2:]}
"""Who mostly does what; one time in six it is anybody."""


@dataclass
class Model:
    """What should be: the words of each version, who wrote it, and which edits wait."""

    bodies: list[str]
    editors: list[str]
    waiting: dict[int, tuple[str, str, str]] = field(default_factory=dict)
    decided: dict[int, str] = field(default_factory=dict)


def changed(body, line, digit):
    """The body with one line rewritten."""
    lines = body.split("\n")
    lines[line] = f"Line {line} says {digit}."
    return "\n".join(lines)


class History:
    """An answer, its people, and the model beside it."""

    def __init__(self) -> None:
        self.people = {name: member(staff=name == "staff") for name in PEOPLE}
        body = "\n".join(f"Line {line} says nothing." for line in range(LINES))
        self.given = answer(user=self.people["author"], body=body)
        self.model = Model([body], ["author"])

    def edit(self, name, line, digit):
        """A direct edit, by who may."""
        body = changed(self.model.bodies[-1], line, digit)
        answer_edit(user=self.people[name], answer_id=self.given.pk, version=len(self.model.bodies), body=body)
        self.model.bodies.append(body)
        self.model.editors.append(name)

    def suggest(self, name, line, digit):
        """A suggested one."""
        base = self.model.bodies[-1]
        made = suggestion_create(
            user=self.people[name], kind="answer", post_id=self.given.pk, version=len(self.model.bodies),
            reason=REASON, body=changed(base, line, digit),
        )  # fmt: skip
        self.model.waiting[made.pk] = (name, base, made.body)

    def accept(self, name, line, digit):
        """The line that the edit touched, and no other, is what was suggested."""
        pk = self.pick(digit)
        who, base, wanted = self.model.waiting.get(pk, ("", "", ""))
        before = self.model.bodies[-1]
        suggestion_accept(user=self.people[name], suggestion_id=pk)
        body = Answer.objects.get(pk=self.given.pk).body
        rows = zip(base.split("\n"), wanted.split("\n"), before.split("\n"), body.split("\n"), strict=True)
        for was, mine, stood, now in rows:
            assert now == (mine if mine != was else stood)
        self.model.bodies.append(body)
        self.model.editors.append(who)
        self.model.waiting.pop(pk)
        self.model.decided[pk] = "accepted"

    def reject(self, name, line, digit):
        """Nothing changes but the suggestion."""
        pk = self.pick(digit)
        suggestion_reject(user=self.people[name], suggestion_id=pk, words=REASON)
        self.model.waiting.pop(pk)
        self.model.decided[pk] = "rejected"

    def withdraw(self, name, line, digit):
        """By who made it."""
        pk = self.pick(digit)
        suggestion_withdraw(user=self.people[name], suggestion_id=pk)
        assert self.model.waiting.pop(pk)[0] == name
        self.model.decided[pk] = "withdrawn"

    def restore(self, name, line, digit):
        """An earlier version comes back as a new one."""
        number = digit % len(self.model.bodies) + 1
        revision_restore(
            user=self.people[name], kind="answer", post_id=self.given.pk, number=number,
            version=len(self.model.bodies),
        )  # fmt: skip
        self.model.bodies.append(self.model.bodies[number - 1])
        self.model.editors.append(name)

    def pick(self, digit):
        """One that waits, seldom one that is decided, or none that exists."""
        known = sorted(self.model.waiting if self.model.waiting and digit % 8 else self.model.decided)
        return known[digit % len(known)] if known else 10**9


def check(history):
    """Asserts that what is kept is what the model says, and that every reader is told the same."""
    model, given = history.model, Answer.objects.get(pk=history.given.pk)
    kept = list(Revision.objects.filter(answer=given).order_by("number"))
    assert [row.number for row in kept] == list(range(1, len(model.bodies) + 1))
    assert [row.body for row in kept] == model.bodies
    assert [row.editor for row in kept] == [history.people[name] for name in model.editors]
    assert (given.body, given.version) == (model.bodies[-1], len(model.bodies))
    statuses = dict(Suggestion.objects.filter(answer=given).values_list("pk", "status"))
    assert statuses == {**dict.fromkeys(model.waiting, "pending"), **model.decided}
    for suggestion in Suggestion.objects.filter(answer=given, status="accepted"):
        assert suggestion.revision.editor == suggestion.author
    for name in ("author", "staff"):
        rows = suggestions_page(user=history.people[name], size=50).rows
        assert {row.pk for row in rows if row.answer_id == given.pk} == set(model.waiting)
    improvers = [history.people[name] for name in dict.fromkeys(model.editors) if name != "author"]
    if given.edited_at:
        assert credits_of(given.question, [given]) == {given.pk: improvers}
    asked = {"user": None, "question_id": given.question_id, "answer_id": given.pk}
    change = comparison_page(**asked, old=1, new=len(model.bodies)).change
    assert change.anything == (model.bodies[0] != model.bodies[-1])


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(6))
def test_whatever_happens_every_version_is_kept_and_nothing_is_overwritten(seed):
    chance, history, refused = random.Random(seed), History(), Counter()
    for _ in range(STEPS):
        deed = chance.choice(DEEDS)
        name = chance.choice(LIKELY.get(deed, PEOPLE[:2]) if chance.random() > 1 / 6 else PEOPLE)
        before = tables()
        try:
            with transaction.atomic():
                getattr(history, deed)(name, chance.randrange(LINES), chance.randrange(1000))
        except (Invalid, NotAllowed, NotFound, Stale, StateForbids) as error:
            refused[type(error).__name__] += 1
            assert tables() == before, (deed, name)
    check(history)
    assert Counter(history.model.decided.values()).keys() == {"accepted", "rejected", "withdrawn"}
    assert len(history.model.bodies) > 8 and refused["StateForbids"]


def tables():
    """Every version and every suggestion."""
    return [list(table.objects.order_by("pk").values()) for table in (Revision, Suggestion)]


def test_the_change_between_two_versions_tells_each_part_apart():
    old = Words("Why?", "One.\n\nTwo.", ["battery", "pumps"], "en")
    same = change_between(old, old)
    assert not same.anything and same.stretches == [] and same.hidden == 0
    change = change_between(old, Words("Why not?", "One.\n\nTwo.", ["lamps", "pumps"], "ru"))
    assert change.topics == [("battery", "gone"), ("lamps", "new"), ("pumps", "same")]
    assert (change.language, change.body_changed, change.retopiced) == (("en", "ru"), False, True)
    assert [(piece.text, piece.changed) for piece in change.title.new] == [("Why", False), (" not", True), ("?", False)]


@pytest.mark.parametrize(("old", "new"), [("", "en"), ("en", ""), ("", "")])
def test_a_language_that_an_import_did_not_tell_is_no_change(old, new):
    change = change_between(Words("T", "b", [], old), Words("T", "b", [], new))
    assert change.language is None and not change.anything


@pytest.mark.parametrize("shown", [0, 1, 7, 40, 1000])
def test_rows_shown_and_rows_left_out_are_all_of_them(shown):
    lines = [f"Line {number}" for number in range(60)]
    new = [f"{line} now" if number % 20 == 10 else line for number, line in enumerate(lines)]
    old_words, new_words = Words("T", "\n".join(lines), []), Words("T", "\n".join(new), [])
    change = change_between(old_words, new_words, shown=shown)
    open_rows = sum(len(stretch.rows) for stretch in change.stretches if not stretch.folded)
    whole = change_between(old_words, new_words)
    folded = sum(len(stretch.rows) for stretch in whole.stretches if stretch.folded)
    assert open_rows <= shown
    assert whole.hidden == 0 and folded + 3 * 7 == 60
    if shown >= 21:
        assert (open_rows, change.hidden) == (21, 0)
    else:
        assert open_rows == shown and change.hidden >= 21 - shown
