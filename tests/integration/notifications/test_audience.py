"""Who is told of what, as one table: everybody near a question, for each thing that can happen to it."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.notifications.models import Follow, Happening, Kind, Level
from portal.notifications.selectors import audience as rules
from portal.notifications.selectors.audience import NEAREST, RULES, Reason, audience_of
from portal.notifications.services.follows import follow_end
from portal.notifications.services.settings import notification_settings_update
from portal.questions.models import Answer
from tests.factories.accounts import member
from tests.factories.questions import answer, comment, question, topic

from .telling import follow

pytestmark = pytest.mark.django_db

CAST = (
    "asker", "writer", "replier", "talker", "follower", "topical", "above", "fan", "admirer", "muting", "left",
    "staff", "stranger",
)  # fmt: skip


class Place:
    """A question with an answer and a comment below that, and everybody who can be near it.

    fan: follows who asked; admirer: follows who answered; above: follows the topic that the question's lies below;
    muting: follows everything and mutes the question; left: followed the question and left it.
    """

    def __init__(self) -> None:
        self.people = {name: member(name, staff=name == "staff") for name in CAST}
        water = topic("Water")
        leaks = topic("Leaks", parent=water)
        self.asked = question(self["asker"], topics=(leaks.slug,))
        self.answer = answer(self.asked, self["writer"])
        self.remark = comment(self.answer, self["replier"])
        self.reply = comment(self.answer, self["talker"], parent=self.remark)
        Follow.objects.filter(user=self["talker"]).delete()
        for name, thing in [
            ("follower", self.asked), ("topical", leaks), ("above", water), ("fan", self["asker"]),
            ("admirer", self["writer"]), ("muting", leaks), ("muting", self["writer"]), ("muting", self["asker"]),
            ("left", self.asked),
        ]:  # fmt: skip
            follow(self[name], thing)
        follow(self["muting"], self.asked, "muted")
        follow_end(user=self["left"], kind="question", key=str(self.asked.pk))
        self.topics = {f"topic:{leaks.pk}": "topic", f"topic:{water.pk}": "topic above"}

    def __getitem__(self, name: str):
        return self.people[name]

    def told(self, what: str, by: str = "", *, post: str = "", members: tuple[str, ...] = ()) -> dict[str, str]:
        """Returns who is told: name to kind."""
        happening = Happening.objects.create(
            what=what,
            question=self.asked,
            answer=self.answer if post else None,
            comment=getattr(self, post) if post in ("remark", "reply") else None,
            actor=self[by] if by else None,
            data={"members": [self[name].pk for name in members]},
        )
        names = {user.pk: name for name, user in self.people.items()}
        return {names[user]: why.kind.value for user, why in audience_of(happening).items()}


@pytest.fixture
def place() -> Place:
    """The people of the table."""
    return Place()


AROUND = ("asker", "writer", "replier", "follower")


def each(kind: str, *names: str) -> dict[str, str]:
    return dict.fromkeys(names, kind)


# What happens, and who is told of it as what; whoever is not named is told nothing.
TABLE = {
    ("asked", "asker"): each("question", "topical", "above") | each("member", "fan"),
    ("answered", "writer", "answer"): each("answer", "asker", "replier", "follower") | each("member", "admirer"),
    ("answered", "asker", "answer"): each("answer", "writer", "replier", "follower") | each("member", "fan"),
    ("commented", "talker", "reply"): each("comment", *AROUND),
    ("commented", "replier", "remark"): each("comment", "asker", "writer", "follower"),
    ("commented", "asker", "reply"): each("comment", "writer", "replier", "follower"),
    ("accepted", "asker", "answer"): each("accepted", "writer", "replier", "follower"),
    ("accepted", "staff", "answer"): each("accepted", *AROUND),
    ("official", "writer", "answer"): each("official", "asker", "replier", "follower"),
    ("official", "staff", "answer"): each("official", *AROUND),
    ("status", "staff"): each("status", *AROUND),
    ("status", ""): each("status", *AROUND),
    ("status", "asker"): each("status", "writer", "replier", "follower"),
    ("edited", "staff"): each("edit", "asker"),
    ("edited", "staff", "answer"): each("edit", "writer"),
    ("edited", "asker"): {},
    ("reminder", ""): each("reminder", "asker"),
}

# Of these the event says who is concerned: of those named everybody but who muted the question and who did it.
NAMING = {
    "mentioned": "mention",
    "merged": "merged",
    "parted": "merged",
    "contested": "merged",
    "proposed": "status",
    "suggested": "suggestion",
    "reviewed": "suggestion",
    "confirmation": "confirmation",
    "outdated": "confirmation",
}


def test_the_table(place):
    found = {row: place.told(row[0], row[1], post="".join(row[2:])) for row in TABLE}
    assert found == TABLE


def test_an_official_answer_is_told_as_one_to_followers_of_the_question_alone(place):
    Answer.objects.filter(pk=place.answer.pk).update(official=True)
    place.answer.refresh_from_db()
    expected = each("official", "asker", "replier", "follower") | each("member", "admirer")
    assert place.told("answered", "writer", post="answer") == expected


def test_what_names_members_reaches_these_and_nobody_else(place):
    for what, kind in NAMING.items():
        others = [name for name in CAST if name not in ("muting", "staff")]
        assert place.told(what, "staff", members=CAST) == each(kind, *others), what
        assert place.told(what, "staff", members=("stranger",)) == each(kind, "stranger"), what
        assert place.told(what, "staff") == {}, what


def test_every_rule_is_in_the_table():
    assert {row[0] for row in TABLE} | set(NAMING) == set(RULES)


def test_topics_are_told_each_for_itself_and_below_the_nearest(place):
    """Who follows both the topic and the one above it is told of the question's own."""
    for name in ("Water", "Leaks"):
        follow(place["stranger"], topic(name))
    happening = Happening.objects.create(what="asked", question=place.asked, actor=place["asker"])
    reasons = audience_of(happening)
    assert place.topics[reasons[place["stranger"].pk].thread] == "topic"
    assert place.topics[reasons[place["above"].pk].thread] == "topic above"


def test_who_follows_everything_is_told_once_for_the_nearest_reason(place):
    everything = place["stranger"]
    for thing in (place.asked, topic("Leaks"), place["asker"], place["writer"]):
        follow(everything, thing)
    nearest = {
        ("asked", "asker"): "question",
        ("answered", "writer", "answer"): "answer",
        ("commented", "talker", "reply"): "comment",
        ("accepted", "asker", "answer"): "accepted",
    }
    for row, kind in nearest.items():
        assert place.told(row[0], row[1], post="".join(row[2:]))["stranger"] == kind, row


def test_an_asker_who_wants_not_to_follow_what_she_asks_is_told_only_of_what_is_hers(place):
    Follow.objects.filter(user=place["asker"]).delete()
    notification_settings_update(user=place["asker"], follow_asked=False)
    assert "asker" not in place.told("answered", "writer", post="answer")
    assert "asker" not in place.told("status", "staff")
    assert place.told("edited", "staff")["asker"] == "edit"
    assert place.told("reminder")["asker"] == "reminder"


def test_who_left_is_told_no_more_of_replies_but_of_what_became_of_her_own_answer(place):
    follow_end(user=place["writer"], kind="question", key=str(place.asked.pk))
    assert "writer" not in place.told("commented", "talker", post="reply")
    assert "writer" not in place.told("status", "staff")
    assert place.told("accepted", "asker", post="answer")["writer"] == "accepted"
    assert place.told("edited", "staff", post="answer")["writer"] == "edit"


def test_an_anonymous_actor_has_no_followers(place):
    type(place.asked).objects.filter(pk=place.asked.pk).update(anonymous=True)
    place.asked.refresh_from_db()
    assert place.told("asked", "asker") == each("question", "topical", "above")
    assert "fan" not in place.told("answered", "asker", post="answer")


ranks = st.permutations(list(NEAREST))


@settings(max_examples=30, suppress_health_check=list(HealthCheck))
@given(
    order=ranks, size=st.integers(1, len(NEAREST)), actor=st.booleans(), level=st.sampled_from([None, *Level.values])
)
def test_of_several_reasons_the_nearest_is_told_in_whatever_order_they_come(monkeypatch, order, size, actor, level):
    """Never to who did it, and never to who muted the question."""
    asked, reader = question(), member()
    if level:
        Follow.objects.create(user=reader, question=asked, level=level)
    reasons = [(reader.pk, Reason(Kind(kind), f"question:{asked.pk}")) for kind in order[:size]]
    monkeypatch.setitem(rules.RULES, "status", lambda _happening: reasons)
    happening = Happening.objects.create(what="status", question=asked, actor=reader if actor else None)
    told = audience_of(happening)
    if actor or level == Level.MUTED:
        assert told == {}
    else:
        assert {user: why.kind for user, why in told.items()} == {reader.pk: min(order[:size], key=NEAREST.index)}
