"""Where a question may go from where, and who may send it there: the one table of moves.

Services ask it before they act, pages before they offer an act; docs/explanation/question-life.md shows it. It knows
no database: what depends on a question's past (how often its asker opened it again) is said in ``selectors.moves``.
"""

from collections.abc import Collection
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

from .question import SETTLED, Status

S = Status
ALIVE = (S.OPEN, S.NEEDS_DETAILS, S.ANSWERED, S.ACCEPTED)
"""What follows from what is there; the others are a person's word."""
NOT_ARCHIVED = (*ALIVE, S.CLOSED, S.DUPLICATE, S.OBSOLETE)
SHUT = (S.CLOSED, S.DUPLICATE, S.OBSOLETE)
EVERY = tuple(Status)


class Act(models.TextChoices):
    """What moves a question."""

    ANSWER = "answer", _("First answer")
    DELETE_ANSWER = "delete_answer", _("Answer deleted")
    RESTORE_ANSWER = "restore_answer", _("Answer brought back")
    ACCEPT = "accept", _("Answer accepted")
    UNACCEPT = "unaccept", _("Acceptance taken back")
    MAKE_OFFICIAL = "make_official", _("Answer made official")
    END_OFFICIAL = "end_official", _("Answer no longer official")
    ASK_DETAILS = "ask_details", _("Details asked for")
    GIVE_DETAILS = "give_details", _("Details given")
    CLOSE = "close", _("Closed")
    MARK_DUPLICATE = "mark_duplicate", _("Marked as asked before")
    MARK_OBSOLETE = "mark_obsolete", _("Marked as outdated")
    REOPEN = "reopen", _("Opened again")
    ARCHIVE = "archive", _("Archived")
    UNARCHIVE = "unarchive", _("Taken out of the archive")
    LOCK = "lock", _("Locked")
    UNLOCK = "unlock", _("Unlocked")
    UNDO = "undo", _("Last act taken back")
    MERGE = "merge", _("Joined with another question")
    PART = "part", _("Parted from another question")


class Role(models.TextChoices):
    """In what capacity somebody moves a question. An expert has standing in one of its topics."""

    STAFF = "staff", _("Staff")
    ASKER = "asker", _("Who asked")
    EXPERT = "expert", _("Expert")
    MEMBER = "member", _("Member")
    PORTAL = "portal", _("The portal itself")


class Why(models.TextChoices):
    """Reasons that can be counted; words say the rest."""

    OFF_TOPIC = "off_topic", _("It is about something else than this community")
    ELSEWHERE = "resolved_elsewhere", _("It was resolved elsewhere")
    NO_DETAILS = "no_details", _("The details that were asked for did not come")
    OTHER = "other", _("Another reason")
    VOTE = "vote", _("By vote of the members")
    INACTIVE = "inactive", _("Nothing happened here for a long time")


CLOSING = (Why.OFF_TOPIC, Why.ELSEWHERE, Why.NO_DETAILS, Why.OTHER)


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of the table.

    to is empty where the status stays. whys are the reasons that must be given, of which one (empty: none is given).
    after: the reasons for which the question may have been closed (empty: any).
    """

    act: Act
    roles: tuple[Role, ...]
    froms: tuple[Status, ...]
    to: tuple[Status, ...] = ()
    whys: tuple[Why, ...] = ()
    after: tuple[str, ...] = ()

    def leads(self, before: str, after: str) -> bool:
        """Whether the line leads from one status to the other."""
        return before in self.froms and (after in self.to if self.to else after == before)


ANYONE = (Role.STAFF, Role.ASKER, Role.EXPERT, Role.MEMBER)
STAFF, ASKER, EXPERT, MEMBER, PORTAL = ((role,) for role in Role)
RULES: tuple[Rule, ...] = (
    Rule(Act.ANSWER, ANYONE, (S.OPEN,), (S.ANSWERED,)),
    Rule(Act.DELETE_ANSWER, ANYONE, (S.ANSWERED,), (S.OPEN,)),
    Rule(Act.DELETE_ANSWER, ANYONE, (S.ACCEPTED,), (S.OPEN, S.NEEDS_DETAILS, S.ANSWERED)),
    Rule(Act.RESTORE_ANSWER, ANYONE, (S.OPEN,), (S.ANSWERED, S.ACCEPTED)),
    Rule(Act.RESTORE_ANSWER, ANYONE, (S.NEEDS_DETAILS, S.ANSWERED), (S.ACCEPTED,)),
    Rule(Act.ACCEPT, STAFF + ASKER + EXPERT, (S.NEEDS_DETAILS, S.ANSWERED, S.ACCEPTED), (S.ACCEPTED,)),
    Rule(Act.ACCEPT, STAFF + ASKER + EXPERT, SHUT),
    Rule(Act.UNACCEPT, STAFF + ASKER + EXPERT, (S.ACCEPTED,), (S.NEEDS_DETAILS, S.ANSWERED)),
    Rule(Act.UNACCEPT, STAFF + ASKER + EXPERT, SHUT),
    Rule(Act.MAKE_OFFICIAL, STAFF + EXPERT, NOT_ARCHIVED),
    Rule(Act.END_OFFICIAL, STAFF + EXPERT, NOT_ARCHIVED),
    Rule(Act.ASK_DETAILS, STAFF + EXPERT, (S.OPEN, S.NEEDS_DETAILS, S.ANSWERED), (S.NEEDS_DETAILS,)),
    Rule(Act.GIVE_DETAILS, STAFF + ASKER, (S.NEEDS_DETAILS,), (S.OPEN, S.ANSWERED)),
    Rule(Act.GIVE_DETAILS, STAFF + ASKER, (S.CLOSED,), (S.OPEN, S.ANSWERED, S.ACCEPTED), after=(Why.NO_DETAILS,)),
    Rule(Act.CLOSE, STAFF, NOT_ARCHIVED, (S.CLOSED,), CLOSING),
    Rule(Act.CLOSE, ASKER, ALIVE, (S.CLOSED,), (Why.ELSEWHERE,)),
    Rule(Act.CLOSE, PORTAL, (S.NEEDS_DETAILS,), (S.CLOSED,), (Why.NO_DETAILS,)),
    Rule(Act.MARK_DUPLICATE, STAFF, NOT_ARCHIVED, (S.DUPLICATE,)),
    Rule(Act.MARK_OBSOLETE, STAFF, NOT_ARCHIVED, (S.OBSOLETE,)),
    Rule(Act.REOPEN, STAFF, (S.NEEDS_DETAILS,), (S.OPEN, S.ANSWERED)),
    Rule(Act.REOPEN, STAFF, SHUT, ALIVE),
    Rule(Act.REOPEN, ASKER, (S.CLOSED, S.OBSOLETE), ALIVE, after=(Why.ELSEWHERE, Why.NO_DETAILS, Why.OTHER, "")),
    Rule(Act.REOPEN, MEMBER, SHUT, ALIVE, (Why.VOTE,)),
    Rule(Act.ARCHIVE, STAFF, NOT_ARCHIVED, (S.ARCHIVED,)),
    Rule(Act.ARCHIVE, PORTAL, (S.ANSWERED, S.ACCEPTED, *SHUT), (S.ARCHIVED,), (Why.INACTIVE,)),
    Rule(Act.UNARCHIVE, STAFF, (S.ARCHIVED,), NOT_ARCHIVED),
    Rule(Act.LOCK, STAFF, NOT_ARCHIVED),
    Rule(Act.UNLOCK, STAFF, EVERY),
    Rule(Act.UNDO, STAFF, EVERY, EVERY),
    Rule(Act.MERGE, STAFF, NOT_ARCHIVED, NOT_ARCHIVED),
    Rule(Act.PART, STAFF, EVERY, EVERY),
)

SETTLING = {
    S.CLOSED: Act.CLOSE,
    S.DUPLICATE: Act.MARK_DUPLICATE,
    S.OBSOLETE: Act.MARK_OBSOLETE,
    S.ARCHIVED: Act.ARCHIVE,
}
"""The act that leads to each status which a person sets."""
UNDOABLE = frozenset(
    {
        Act.ASK_DETAILS, Act.CLOSE, Act.MARK_DUPLICATE, Act.MARK_OBSOLETE, Act.REOPEN, Act.ARCHIVE, Act.UNARCHIVE,
        Act.LOCK, Act.UNLOCK,
    }
)  # fmt: skip
"""What staff may take back while it is the last that a person decided."""
DECIDED = UNDOABLE | {Act.UNDO, Act.GIVE_DETAILS}
"""What a person (or a job of the portal) decided about a question; the rest follows from its answers."""

assert set(SETTLING) == set(SETTLED)


def rules_for(act: str, roles: Collection[str], why: str = "") -> list[Rule]:
    """Returns the lines by which someone in one of these roles may act, giving this reason ("": none)."""
    return [
        rule
        for rule in RULES
        if rule.act == act and set(rule.roles) & set(roles) and (why in rule.whys if rule.whys else not why)
    ]


def is_allowed(act: str, role: str, before: str, after: str, why: str = "") -> bool:
    """Whether the table has a line for this move."""
    return any(rule.leads(before, after) for rule in rules_for(act, (role,), why))
