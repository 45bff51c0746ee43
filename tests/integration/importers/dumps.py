"""Writes small dumps of our own, in the format of the Stack Exchange ones."""

from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

from portal.importers.stackexchange.parse import ROOTS

MOMENT = "2021-02-03T04:05:06.007"

Row = dict[str, Any]


def write(folder: Path, **files: list[Row]) -> Path:
    """Writes files of a dump (``Posts=[…]``); an attribute of None is left out. Returns the folder."""
    folder.mkdir(exist_ok=True)
    for name, rows in files.items():
        lines = ['<?xml version="1.0" encoding="utf-8"?>', f"<{ROOTS[name]}>"]
        for row in rows:
            pairs = " ".join(
                f"{key}={quoteattr(str(value), ENTITIES)}" for key, value in row.items() if value is not None
            )
            lines.append(f"  <row {pairs} />")
        lines.append(f"</{ROOTS[name]}>")
        (folder / f"{name}.xml").write_text("\n".join(lines), encoding="utf-8-sig")
    return folder


ENTITIES = {"\n": "&#xA;", "\r": "&#xD;", "\t": "&#x9;"}


def user(key: Any, name: str = "Ada Lovelace", **more: Any) -> Row:
    """A row of Users.xml."""
    return {"Id": key, "Reputation": 101, "CreationDate": MOMENT, "DisplayName": name, "AccountId": key} | more


def tag(key: int, name: str, **more: Any) -> Row:
    """A row of Tags.xml."""
    return {"Id": key, "TagName": name, "Count": 1} | more


def question(key: Any, title: str | None = "How do I oil a hinge?", **more: Any) -> Row:
    """A row of Posts.xml that asks."""
    return {
        "Id": key, "PostTypeId": 1, "CreationDate": MOMENT, "Score": 3, "ViewCount": 40,
        "Body": "<p>It squeaks.</p>", "OwnerUserId": 1, "LastActivityDate": MOMENT, "Title": title,
        "Tags": "<hinges><oil>", "AnswerCount": 0, "CommentCount": 0,
    } | more  # fmt: skip


def answer(key: Any, parent: Any, **more: Any) -> Row:
    """A row of Posts.xml that answers."""
    return {
        "Id": key, "PostTypeId": 2, "ParentId": parent, "CreationDate": "2021-02-04T00:00:00.000", "Score": 5,
        "Body": "<p>With a drop of oil.</p>", "OwnerUserId": 2, "LastActivityDate": MOMENT, "CommentCount": 0,
    } | more  # fmt: skip


def comment(key: Any, post: Any, **more: Any) -> Row:
    """A row of Comments.xml."""
    return {
        "Id": key, "PostId": post, "Score": 1, "Text": "Which *oil*?", "CreationDate": "2021-02-05T00:00:00.000",
        "UserId": 1,
    } | more  # fmt: skip


def vote(key: Any, post: Any, kind: Any, **more: Any) -> Row:
    """A row of Votes.xml."""
    return {"Id": key, "PostId": post, "VoteTypeId": kind, "CreationDate": "2021-02-09T00:00:00.000"} | more


def link(key: Any, post: Any, related: Any, kind: Any = 1, **more: Any) -> Row:
    """A row of PostLinks.xml."""
    return {
        "Id": key, "CreationDate": MOMENT, "PostId": post, "RelatedPostId": related, "LinkTypeId": kind,
    } | more  # fmt: skip


def step(key: Any, post: Any, kind: Any, text: str, group: str = "g1", **more: Any) -> Row:
    """A row of PostHistory.xml."""
    return {
        "Id": key, "PostHistoryTypeId": kind, "PostId": post, "RevisionGUID": group, "CreationDate": MOMENT,
        "UserId": 1, "Text": text,
    } | more  # fmt: skip


def badge(key: Any, owner: Any, name: str = "Teacher", **more: Any) -> Row:
    """A row of Badges.xml."""
    return {"Id": key, "UserId": owner, "Name": name, "Date": MOMENT, "Class": 3, "TagBased": "False"} | more


def small(folder: Path, **files: list[Row]) -> Path:
    """A whole little community; ``files`` replace or add some."""
    return write(
        folder,
        **{
            "Users": [user(-1, "Community"), user(1), user(2, "Grace Hopper")],
            "Tags": [tag(1, "hinges", ExcerptPostId=30), tag(2, "oil")],
            "Posts": [
                question(10, AcceptedAnswerId=21, AnswerCount=2, CommentCount=1),
                question(11, "Is there a hinge that needs no oil?", OwnerUserId=2, Tags="|hinges|"),
                answer(20, 10, Score=-1),
                answer(21, 10),
                {"Id": 30, "PostTypeId": 4, "CreationDate": MOMENT, "Score": 0, "Body": "What doors turn on."},
            ],
            "Comments": [comment(1, 10), comment(2, 21, UserId=None, UserDisplayName="user77")],
            "Votes": [vote(1, 10, 2), vote(2, 10, 2), vote(3, 10, 3), vote(4, 21, 1), vote(5, 20, 3), vote(6, 10, 5)],
            "PostLinks": [link(1, 11, 10)],
        }
        | files,
    )


def rich(folder: Path, *, posts: int = 6) -> Path:
    """A dump with something in every file; every third post asks, the others answer it."""
    people = [user(number, f"Person {number % 5}") for number in range(1, posts + 1)]
    rows, comments, votes, links, steps = [], [], [], [], []
    for number in range(1, posts + 1):
        asks = (number - 1) // 3 * 3 + 1
        if number == asks:
            accepts = number + 1 if number % 2 and number < posts else None
            rows.append(question(number, f"Question {number}?", OwnerUserId=number, AcceptedAnswerId=accepts))
            links += [link(number, number, 1, 3 if number % 4 == 0 else 1)] if number > 1 else []
        else:
            rows.append(answer(number, asks, Body=f'<p><a href="https://hinges.example.org/q/{asks}">x</a></p>'))
        comments += [comment(number * 10 + at, number) for at in range(2)]
        votes += [vote(number * 10 + at, number, 2 if at else 3) for at in range(3)]
        steps.append(step(number * 2, number, 2, f"Words *{number}*", f"a{number}"))
        steps.append(step(number * 2 + 1, number, 5, f"Words **{number}**", f"b{number}"))
    badges = [badge(number, number) for number in range(1, posts + 1)]
    return write(
        folder, Users=people, Tags=[tag(1, "hinges"), tag(2, "oil")], Posts=rows, Comments=comments,
        Votes=votes, PostLinks=links, PostHistory=steps, Badges=badges,
    )  # fmt: skip
