"""An edit of a post that somebody else has changed meanwhile: what both did is put together, or put to the editor."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict

from portal.core.merging import Passage
from portal.questions.forms import claim_typed, language_choices
from portal.questions.models import Answer, Question
from portal.questions.selectors.versions import Version, newest_version, post_version
from portal.questions.services.three_way import (
    MINE,
    OWN,
    THEIRS,
    common_text,
    merged_set,
    passages_of,
    resolved,
)

LONG_LINES = 8


@dataclass(frozen=True, slots=True)
class Row:
    """A passage as the page shows it. name: of its choice in the form; pick and words: what was chosen already."""

    name: str
    passage: Passage
    pick: str = ""
    words: str = ""

    @property
    def kind(self) -> str:
        """``conflict``, ``mine`` or ``theirs`` (who changed it), ``both`` alike, or ``same``."""
        one = self.passage
        if one.conflict:
            return "conflict"
        if one.mine == one.theirs:
            return "same" if one.mine == one.base else "both"
        return MINE if one.theirs == one.base else THEIRS

    @property
    def lines(self) -> int:
        """How many lines the passage has as it stands."""
        return self.passage.merged.count("\n")

    @property
    def long(self) -> bool:
        """Whether it is unchanged and too long to be shown open."""
        return self.kind == "same" and self.lines > LONG_LINES


@dataclass(slots=True)
class Conflict:
    """What the page of a conflict shows. mine: the text as the editor sent it; whole: what can be edited as one text;
    rewritten: whether it was.

    base: the version that the editor began from; newest: the one that stands now; known: whether base is kept. claim:
    what the form says of the releases that an answer is for, by field.
    """

    base: int
    newest: Version
    known: bool
    mine: Mapping[str, Any]
    title: Row | None
    language: Row | None
    topics: str
    passages: list[Row]
    whole: str
    rewritten: bool = False
    missing: bool = False
    note: str = ""
    rows: list[Row] = field(default_factory=list)
    claim: Mapping[str, str] = field(default_factory=dict)

    @property
    def nothing_new(self) -> bool:
        """Whether what was sent stands there already: the same form arrived twice."""
        alike = all(row.passage.mine == row.passage.theirs for row in self.rows)
        return alike and sorted(self.mine.get("topics") or []) == sorted(self.newest.topics)

    @property
    def undecided(self) -> int:
        """How many passages need a choice."""
        return sum(row.kind == "conflict" for row in self.rows)


def conflict_of(
    post: Question | Answer,
    mine: Mapping[str, Any],
    *,
    begun: int,
    newest: Version | None = None,
    given: QueryDict | None = None,
) -> Conflict:
    """Returns the conflict between what a member sends and what stands there.

    mine: ``body`` and, for a question, ``title``, ``language`` and ``topics`` (slugs). begun: the version that the
    editor began from. given: choices that were made already.
    """
    theirs = newest or newest_version(post)
    base = post_version(post, begun)
    known = base is not None
    base = base or Version(begun, common_text(one=theirs.body, other=str(mine["body"])))
    passages = passages_of(base=base.body, theirs=theirs.body, mine=str(mine["body"]))
    body = [_row(str(number), passage, given) for number, passage in enumerate(passages)]
    title = language = None
    topics: list[str] = []
    if isinstance(post, Question):
        title = _row("title", Passage(base.title, theirs.title, str(mine["title"])), given)
        language = _row("language", Passage(base.language, theirs.language, str(mine["language"])), given)
        topics = merged_set(base=base.topics, theirs=theirs.topics, mine=list(mine["topics"]))
    whole = str(given.get("body", "")).replace("\r\n", "\n") if given else ""
    rewritten = (
        bool(whole.strip()) and whole.strip() != _whole([_row(row.name, row.passage, None) for row in body]).strip()
    )
    return Conflict(
        base=begun,
        newest=theirs,
        known=known,
        mine=mine,
        title=title,
        language=language,
        topics=", ".join(topics),
        passages=body,
        whole=whole if rewritten else _whole(body),
        rewritten=rewritten,
        rows=[row for row in (title, language, *body) if row is not None],
    )


def _row(name: str, passage: Passage, given: QueryDict | None) -> Row:
    pick = given.get(f"pick-{name}", "") if given else ""
    words = given.get(f"own-{name}", "") if given else ""
    suggested = passage.merged if name.isdigit() or not passage.conflict else passage.mine
    return Row(name, passage, pick if pick in (MINE, THEIRS, OWN) else "", words or suggested)


def _whole(rows: list[Row]) -> str:
    """The text as chosen so far; where nothing is chosen, both."""
    choices = {number: row.pick or OWN for number, row in enumerate(rows)}
    words = {number: row.words if row.pick else row.passage.merged for number, row in enumerate(rows)}
    return resolved([row.passage for row in rows], choices=choices, words=words) or ""


def conflict_kept(given: QueryDict) -> dict[str, str]:
    """Returns the form of a conflict as a draft: what its writer sent, from which version, and what she chose since."""
    chosen = {name: text for name, text in given.dict().items() if name.startswith(("pick-", "own-"))}
    for name in ("body", "topics", "version"):
        chosen[name] = given.get(name, "")
    kept = {name: given.get(f"mine-{name}", "") for name in ("title", "body", "language", "topics")}
    kept |= {"note": given.get("note", ""), "version": given.get("base", ""), "choices": json.dumps(chosen)}
    return kept | claim_typed(given)


def conflict_continued(post: Question | Answer, mine: Mapping[str, Any], *, begun: int, choices: str) -> Conflict:
    """Returns the conflict of a draft that goes on, with what was chosen in it already (as ``conflict_kept`` has it).

    Where the post was changed once more since, the text as chosen so far is what meets that change.
    """
    given = _chosen(choices)
    newest = newest_version(post)
    if given is None:
        return conflict_of(post, mine, begun=begun, newest=newest)
    chosen_at = _number(given.get("version", ""))
    if chosen_at == newest.number:
        conflict = conflict_of(post, mine, begun=begun, newest=newest, given=given)
        conflict.topics = given.get("topics") or conflict.topics
        return conflict
    earlier = conflict_of(post, mine, begun=begun, newest=post_version(post, chosen_at), given=given)
    words = {"title": _decided(earlier.title), "language": _decided(earlier.language)}
    mine = {**mine, **{name: text for name, text in words.items() if text}, "body": earlier.whole}
    return conflict_of(post, mine, begun=chosen_at, newest=newest)


def _chosen(choices: str) -> QueryDict | None:
    """Returns the choices that a draft holds as the form that they were made in, None where it holds none."""
    try:
        found = json.loads(choices)
    except ValueError:
        return None
    if not isinstance(found, dict) or not all(isinstance(text, str) for text in found.values()):
        return None
    given = QueryDict(mutable=True)
    given.update({"version": "", **found})
    return given


def conflict_decided(post: Question | Answer, given: QueryDict) -> tuple[QueryDict | None, Conflict]:
    """Reads the form of a conflict: returns it as the form of an edit (None while a choice is missing), and itself."""
    mine = {name: given.get(f"mine-{name}", "") for name in ("title", "body", "language")}
    topics = [slug for slug in given.get("mine-topics", "").split(",") if slug]
    newest = post_version(post, _number(given.get("version", "")))
    begun = _number(given.get("base", ""))
    conflict = conflict_of(post, {**mine, "topics": topics}, begun=begun, newest=newest, given=given)
    conflict.note, conflict.claim = given.get("note", ""), claim_typed(given)
    conflict.topics = given.get("topics", conflict.topics)
    data = given.copy()
    decided: list[str | None] = [_decided(conflict.title), _decided(conflict.language), given.get("body")]
    if "whole" not in given:
        rows = conflict.passages
        decided[2] = resolved(
            [row.passage for row in rows],
            choices={number: row.pick for number, row in enumerate(rows)},
            words={number: row.words for number, row in enumerate(rows)},
        )
    for name, text in zip(("title", "language", "body"), decided, strict=True):
        data[name] = text or ""
    conflict.missing = None in decided
    return (None if conflict.missing else data), conflict


def _number(text: str) -> int:
    """Returns the version that a form names, 0 where it names none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _decided(row: Row | None) -> str | None:
    """Returns the chosen words of a single line, None where the choice is missing."""
    if row is None:
        return ""
    if row.kind != "conflict":
        return row.passage.merged
    return {MINE: row.passage.mine, THEIRS: row.passage.theirs, OWN: row.words}.get(row.pick)


def language_names() -> dict[str, str]:
    """Returns the portal's languages by code, each in its own words."""
    return dict(language_choices())
