"""Puts into a portal what the demo has none of, so that no page of questions is looked at empty.

``python -m tests.e2e.scene`` runs in the environment of the portal that it fills and prints the addresses of what it
made, by name, as JSON; what it calls is imported where it is used, after Django was set up. Names are long and in
several directions on purpose, and so are words, code and tables.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "Kestrel-lantern-47"
ASKER, HELPER, STAFF, NEWCOMER = "scene-asker", "scene-helper", "scene-staff", "scene-newcomer"
PEOPLE = {ASKER: "Lena-Katharina", HELPER: "三宅 健司郎", STAFF: "ميرا هالوران"}
LONG_TITLE = (
    "Loom firmware: Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamte جهاز E-40 の表示 (v3.2)?"
)
TABLE = "| part | colour | pressure in the pipe | what it means to the person who reads it |\n|---|---|---|---|\n"
TEXT = f"""The shuttle is **amber** since the update, see <https://example.org/a/very/long/address/{"x" * 90}>.

1. unplugged the loom
2. held the button for `10 s`

```python
def pressure_in_the_pipe(shaft, minutes, *, tolerance=0.25, unit="bar"):  # a line too long for a small phone
    return [read(shaft, minute) for minute in range(minutes) if abs(read(shaft, minute)) > tolerance]
```

{TABLE}{"| shaft | blue | 2.5 bar | closed and tight |" + chr(10)}{"| loom | amber | none | waits for the network |"}

> اضغط على الزر الأحمر ثم انتظر عشر دقائق.
"""


def filled(environment: dict[str, str]) -> dict[str, str]:
    """Fills the portal of an environment, once, from a process of its own; returns addresses by name."""
    kept = Path(environment["PORTAL_DATA_DIR"]) / "scene.json"
    if kept.exists():
        return dict(json.loads(kept.read_text()))
    done = subprocess.run(
        [sys.executable, "-m", "tests.e2e.scene"],
        cwd=ROOT, env=environment, capture_output=True, text=True, timeout=240, check=False,
    )  # fmt: skip
    if done.returncode:
        raise AssertionError(f"the scene was not made:\n{done.stdout}\n{done.stderr}")
    kept.write_text(done.stdout.splitlines()[-1])
    return dict(json.loads(kept.read_text()))


def build() -> dict[str, str]:
    """Makes everything by the services that people's own acts go through; returns addresses by name."""
    from tests.factories.accounts import member

    asker, helper, staff = (
        member(name, staff=name == STAFF, password=PASSWORD, display_name=shown) for name, shown in PEOPLE.items()
    )
    member(NEWCOMER, password=PASSWORD)
    asked, addresses = _thread(asker, helper, staff)
    addresses |= _lives(asker, helper, staff)
    addresses |= _repeats(asked, asker, helper, staff)
    addresses |= _reviews(asked, asker, helper, staff)
    addresses |= _own(asked, asker, helper, staff)
    addresses |= _clash(asker, helper, staff)
    addresses |= _curated(staff)
    return addresses


def _thread(asker: Any, helper: Any, staff: Any) -> tuple[Any, dict[str, str]]:
    """A question with everything that a question can have, and answers of every standing."""
    from portal.questions.services.demands import demand_add
    from portal.questions.services.passport import obsolete_mark, solution_mark
    from portal.questions.services.releases import release_withdraw
    from tests.factories.accounts import member
    from tests.factories.questions import accept, answer, question, vote
    from tests.factories.versions import claim, product, releases, say

    loom = product("Loom of the scene")
    first, second, third = releases("v3.1", "v3.2 (صيف)", "v4", of=loom)
    release_withdraw(user=staff, release_id=releases("v5-beta", of=loom)[0].pk)
    anneliese = member(display_name="Anneliese Theodora von Hohenstein-Rappoltsweiler")
    salma = member(display_name="سلمى بنت عبد الرحمن الزهراني", language="ar")
    asked = question(asker, title=LONG_TITLE, body=TEXT, topics=(loom.slug,))
    best = answer(asked, helper, body=f"Hold the button until the shuttle is white.\n\n{TEXT}")
    official = answer(asked, staff, body="Update the loom to v4: the shuttle is blue again.", official=True)
    old = answer(asked, anneliese, body="Turn the wheel under the cover to the left.")
    answer(asked, salma, body="اضغط على الزر حتى يتحول اللون إلى الأبيض (E-40).", language="ar")
    claim(best, first, second)
    claim(official, third)
    for given, release in ((best, first), (best, second), (official, third)):
        say(given, True, release, by=anneliese)
    say(best, False, third, by=salma)
    obsolete_mark(user=staff, answer_id=old.pk, reason="There is no wheel since v3.")
    accept(best)
    solution_mark(user=asker, answer_id=official.pk, first_id=third.pk)
    for voter in (anneliese, salma, staff):
        vote(best, voter)
        vote(asked, voter)
        demand_add(user=voter, question_id=asked.pk)
    return asked, _talk(asked, best, asker, anneliese, salma) | {
        "thread": asked.get_absolute_url(),
        "edit": f"/questions/{asked.pk}/edit/",
        "print": f"{asked.get_absolute_url()}?print=1",
        "oldest answers": f"{asked.get_absolute_url()}?sort=oldest",
        "topic": f"/topics/{loom.slug}/",
        "answer edit": f"/questions/answers/{best.pk}/edit/",
        "settle": f"/questions/{asked.pk}/settle/",
        "versions": f"/questions/answers/{best.pk}/versions/",
        "votes": f"/questions/votes/answer/{best.pk}/",
        "product": f"/staff/releases/product/{loom.slug}/",
        "release": f"/staff/releases/{third.pk}/",
    }


def _talk(asked: Any, best: Any, asker: Any, anneliese: Any, salma: Any) -> dict[str, str]:
    """Comments below a question and an answer, deep, edited, in two directions."""
    from portal.questions.services.comments import comment_edit
    from tests.factories.questions import comment

    said = comment(asked, anneliese, body="Which router is it, and how far away does it stand?")
    deep = comment(asked, asker, body="A `Kestrel AX-5400`, two walls away.", parent=said)
    for number in range(6):
        deep = comment(
            asked, (salma, asker)[number % 2], body=f"@{ASKER} {number}: شكرا، هل جربت 2.4 GHz؟", parent=deep
        )
    comment_edit(user=anneliese, comment_id=said.pk, version=said.version, body="Which router is it? How far away?")
    under = comment(best, asker, body="It helped, thank you.")
    return {
        "comment history": f"/questions/comments/{said.pk}/history/",
        "comment edit": f"/questions/comments/{under.pk}/edit/",
        "comment": f"/questions/comment/answer/{best.pk}/write/",
    }


def _lives(asker: Any, helper: Any, staff: Any) -> dict[str, str]:
    """Questions in every state of a life, an anonymous one, and what was deleted."""
    from portal.questions.services.anonymity import author_reveal
    from portal.questions.services.answers import answer_delete
    from portal.questions.services.life import (
        question_ask_details,
        question_lock,
        question_reopen_vote,
        question_settle,
    )
    from portal.questions.services.questions import question_delete
    from tests.factories.questions import answer, comment, question

    made = {}
    for status, why in (("closed", "off_topic"), ("obsolete", ""), ("archived", "")):
        asked = question(asker, title=f"Does the spindle stay {status} over the winter?")
        answer(asked, helper)
        question_settle(user=staff, question_id=asked.pk, status=status, why=why, reason="Nobody sells it any more.")
        made[status] = asked
    question_reopen_vote(user=helper, question_id=made["closed"].pk)
    for name in ("details", "locked", "deleted", "emptied"):
        made[name] = question(asker, title=f"Why is the spindle {name} after the storm?")
    question_ask_details(user=staff, question_id=made["details"].pk, words="Which spindle, and which app?")
    question_lock(user=staff, question_id=made["locked"].pk, locked=True, reason="Too many words, too little calm.")
    comment(made["locked"], staff, body="It opens again on Monday.")
    question_delete(user=asker, question_id=made["deleted"].pk)
    answer_delete(user=helper, answer_id=answer(made["emptied"], helper).pk)
    secret = question(asker, title="My neighbour reads my meter: can he?", anonymous=True)
    answer(secret, helper)
    author_reveal(user=staff, kind="question", post_id=secret.pk, reason="A neighbour asked who it is.")
    return {name: asked.get_absolute_url() for name, asked in made.items()} | {
        "anonymous": secret.get_absolute_url(),
        "reveal": f"/questions/reveal/question/{secret.pk}/",
        "sign": f"/questions/{secret.pk}/sign/",
    }


def _repeats(asked: Any, asker: Any, helper: Any, staff: Any) -> dict[str, str]:
    """Repeats: one marked, one proposed, one contested, one joined."""
    from portal.questions.services.life import question_settle
    from portal.questions.services.merging import questions_merge
    from portal.questions.services.proposals import contest_open, duplicate_propose
    from tests.factories.questions import answer, question

    marked, proposed, contested, joined, free = (
        question(asker, title=f"The shuttle of my loom is amber, {word}?")
        for word in ("again", "why", "but mine hums", "since when", "at night")
    )
    question_settle(user=staff, question_id=marked.pk, status="duplicate", duplicate_of=asked.pk)
    duplicate_propose(user=helper, question_id=proposed.pk, target_id=asked.pk, words="Both say E-40.")
    question_settle(user=staff, question_id=contested.pk, status="duplicate", duplicate_of=asked.pk)
    contest_open(user=asker, question_id=contested.pk, words="Mine hums, and the other one does not.")
    answer(joined, helper, body="Since the night of the update.")
    questions_merge(user=staff, source_id=joined.pk, target_id=asked.pk, reason="One loom, one shuttle.")
    return {
        "duplicate": marked.get_absolute_url(),
        "proposed": proposed.get_absolute_url(),
        "contested": contested.get_absolute_url(),
        "contest": f"/questions/{marked.pk}/contest/",
        "propose": f"/questions/{free.pk}/duplicate/",
        "targets": f"/questions/{free.pk}/duplicate/targets/?q=loom+ring+amber",
        "merge": f"/questions/{free.pk}/merge/",
        "merge preview": f"/questions/{free.pk}/merge/?target={asked.pk}",
    }


def _edited(asked: Any, helper: Any, staff: Any) -> None:
    """A second version of the accepted answer and one of the question."""
    from portal.questions.services.answers import answer_edit
    from portal.questions.services.questions import question_edit

    best = asked.accepted_answer
    body = best.body.replace("white", "white and steady")
    answer_edit(user=helper, answer_id=best.pk, version=best.version, body=body, note="Colour")
    body = asked.body.replace("amber", "orange")
    question_edit(user=staff, question_id=asked.pk, version=asked.version, body=body, note="Words")
    asked.refresh_from_db()


def _voted_in_series(asker: Any) -> None:
    """Votes of one member for another that were taken out of the count."""
    from django.test import override_settings

    from portal.questions.services.serial_votes import serial_votes_reverse
    from tests.factories.accounts import member
    from tests.factories.questions import answer, question, vote

    voter, author = member(display_name="مها"), member(display_name="Anneliese Theodora von Hohenstein")
    for _number in range(6):
        vote(answer(question(asker), author), voter)
    with override_settings(PORTAL_LIMITS=True):
        serial_votes_reverse()


def _reviews(asked: Any, asker: Any, helper: Any, staff: Any) -> dict[str, str]:
    """Edits: made, suggested, refused; a series of votes taken out of the count."""
    from portal.questions.services.suggestions import suggestion_create, suggestion_reject
    from tests.factories.accounts import member

    asked.refresh_from_db()
    _edited(asked, helper, staff)
    _voted_in_series(asker)
    best = asked.accepted_answer
    bodies = [asked.body + "\n\nمن هنا يبدأ الجديد.", asked.body + "\n\nThe app is 5.1."]
    waits, refused = (
        suggestion_create(
            user=who,
            kind="question",
            post_id=asked.pk,
            version=asked.version,
            reason="Says what the app said",
            body=body,
        )
        for who, body in zip((helper, member()), bodies, strict=True)
    )
    suggestion_reject(user=staff, suggestion_id=refused.pk, words="The app does not matter here.")
    history = f"/questions/{asked.pk}/history/"
    return {
        "history": history,
        "comparison": f"{history}compare/1/2/",
        "rendered": f"{history}compare/1/2/?view=rendered",
        "version": f"{history}version/1/",
        "answer history": f"{history}{best.pk}/",
        "suggest": f"/questions/suggest/answer/{best.pk}/",
        "suggestion": waits.get_absolute_url(),
        "improve": f"/questions/suggestions/{waits.pk}/improve/",
        "refused": refused.get_absolute_url(),
    }


def _clash(asker: Any, helper: Any, staff: Any) -> dict[str, str]:
    """Drafts that go on from words which somebody else changed meanwhile: their writers choose, passage by passage."""
    from portal.questions.selectors.drafts import place_named
    from portal.questions.services.answers import answer_edit
    from portal.questions.services.drafts import draft_save
    from portal.questions.services.questions import question_edit
    from tests.factories.questions import answer, question

    asked = question(asker, title="Which thread does the shuttle want in the winter?", body=TEXT)
    given = answer(asked, helper, body="Take the blue one.\n\nWarm it first.")
    for user, kind, post in ((asker, "question", asked), (helper, "answer", given)):
        fields = {"body": f"{post.body}\n\nMine, اللون الأحمر: {'w' * 60}", "version": str(post.version)}
        if kind == "question":
            fields |= {"title": f"{post.title} (mine)", "language": "en", "topics": ""}
        draft_save(user=user, place=place_named(f"{kind}-edit-{post.pk}"), fields=fields)
    question_edit(
        user=staff,
        question_id=asked.pk,
        version=asked.version,
        title=f"{asked.title} (theirs)",
        body=f"{asked.body}\n\nTheirs: the loom hums, and `{'v' * 60}`.",
    )
    answer_edit(user=staff, answer_id=given.pk, version=given.version, body=f"{given.body}\n\nTheirs: wind it twice.")
    return {
        "conflict": f"/questions/{asked.pk}/edit/?draft=question-edit-{asked.pk}",
        "conflict of answers": f"/questions/answers/{given.pk}/edit/?draft=answer-edit-{given.pk}",
    }


def _curated(staff: Any) -> dict[str, str]:
    """What the staff see of the search: a gap with a history, and terms in every language."""
    from portal.analytics.models import Gap
    from portal.analytics.services.gaps import gap_assign, gap_fix
    from portal.analytics.services.ledger import ledger_update
    from tests.factories.curation import entry
    from tests.factories.searches import searched

    searched(f"spindle {'hums' * 12} في الشتاء", times=6, total=0)
    ledger_update()
    gap = Gap.objects.exclude(kind="").filter(source="searches").latest("pk")
    gap_assign(user=staff, gap_id=gap.pk, assignee_id=staff.pk)
    gap_fix(user=staff, gap_id=gap.pk, kind="other", url=f"https://example.org/{'long' * 30}")
    term = entry(en=["spindle", "bobbin"], ar="مغزل")
    return {"gap": f"/staff/search/{gap.pk}/", "term effect": f"/cms/termbase/{term.pk}/effect/"}


def _own(asked: Any, asker: Any, helper: Any, staff: Any) -> dict[str, str]:
    """What a member keeps for herself: drafts, bookmarks, follows, links out of a mail."""
    from portal.notifications.links import Quieting, Unsubscribing, quiet_token, unsubscribe_token
    from portal.notifications.services.follows import follow_set
    from portal.questions.selectors.drafts import place_named
    from portal.questions.services.bookmarks import bookmark_set
    from portal.questions.services.drafts import draft_save

    for user in (asker, staff):
        draft_save(user=user, place=place_named("ask"), fields={"title": LONG_TITLE[:150], "body": TEXT})
        draft_save(user=user, place=place_named(f"answer-{asked.pk}"), fields={"body": "مسودة: wait, " + "w" * 90})
        bookmark_set(user=user, kind="question", post_id=asked.pk, note="For the next winter")
    bookmark_set(user=asker, kind="answer", post_id=asked.accepted_answer_id)
    follow_set(user=asker, kind="member", key=helper.username)
    follow_set(user=asker, kind="topic", key="loom-of-the-scene")
    quiet = quiet_token(Quieting(asker.pk, (f"question:{asked.pk}",)))
    return {
        "unsubscribe": f"/inbox/unsubscribe/{unsubscribe_token(Unsubscribing(asker.pk, ()))}/",
        "quiet": f"/inbox/quiet/{quiet}/",
    }


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps({name: address.removeprefix("/en") for name, address in build().items()}))
