"""The demo's content, read from the files under ``content/`` into plain values. Nothing here touches the database.

The files are wrapped for whoever reads them; what is loaded is not: a member's text has one line for a paragraph.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import yaml

CONTENT = Path(__file__).parent / "content"
LANGUAGES = ("en", "ru", "ja", "ar")
BLOCK_KINDS = ("heading", "text", "image", "code", "callout", "steps", "table")
PARTS = ("termbase", "promotions")
NEW_LINE = re.compile(r"\s*(?:[-*+] |\d+\. |\||>|#)")
WIDE = r"[\u3000-\u30ff\u3400-\u9fff\uff00-\uffef]"
WIDE_GAP = re.compile(rf"(?<={WIDE}) (?={WIDE})")

Words = dict[str, str]
Entry = TypeVar("Entry")


class ContentError(ValueError):
    """A content file does not say what it must; the text names the file or entry."""


@dataclass(frozen=True, kw_only=True)
class Topic:
    """A topic with its names and descriptions by language."""

    slug: str
    parent: str | None
    name: Words
    description: Words
    kind: str = "topic"


@dataclass(frozen=True, kw_only=True)
class Person:
    """A member. kind: staff, expert or customer. bio: words by language for staff, else in the person's own."""

    username: str
    name: str
    kind: str
    language: str
    languages: list[str]
    location: str
    joined_days_ago: float
    topics: list[str]
    avatar: Words
    bio: Any = ""
    admin: bool = False
    demo_account: bool = False
    company: str = ""
    role: str = ""
    names: Words = field(default_factory=dict)
    job_title: Words = field(default_factory=dict)

    @property
    def staff(self) -> bool:
        """Whether this is a person of the company."""
        return self.kind == "staff"

    def bio_in(self, language: str) -> str:
        """Returns what the person says of herself in a language, or in her own."""
        return str(self.bio[language] if isinstance(self.bio, dict) else self.bio)


@dataclass(frozen=True, kw_only=True)
class Comment:
    """A remark; after: hours after the post it belongs to, or days_ago for one under an article."""

    author: str
    body: str
    after: float = 0
    days_ago: float = 0
    replies: list["Comment"] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """An answer; after: hours after the question. up, down: how many members voted so."""

    author: str
    after: float
    body: str
    up: int = 0
    down: int = 0
    accepted: bool = False
    comments: list[Comment] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Question:
    """A question with what stands under it. duplicate_of: the key of the question it repeats. anonymous: asked so, and
    what its asker writes below it too."""

    key: str
    language: str
    title: str
    author: str
    days_ago: float
    topics: list[str]
    body: str
    up: int = 0
    down: int = 0
    status: str = ""
    close_reason: str = ""
    anonymous: bool = False
    duplicate_of: str = ""
    comments: list[Comment] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Release:
    """A release of a product, registered by the staff on the day it came out."""

    product: str
    label: str
    days_ago: float
    by: str
    notes_url: str = ""


@dataclass(frozen=True, kw_only=True)
class Step:
    """Something that a member did to a question, or to the answer of the member ``answer`` below it.

    act: a name of ``demo/life.py``. first, last: labels of releases. old, new: of the words of a post, what she would
    have in their place. target: the key of another question. words: what she says to it, in its language.
    """

    act: str
    days_ago: float
    by: str
    question: str
    answer: str = ""
    first: str = ""
    last: str = ""
    status: str = ""
    why: str = ""
    target: str = ""
    old: str = ""
    new: str = ""
    words: str = ""


@dataclass(frozen=True, kw_only=True)
class Code:
    """A piece of code, the same in every language."""

    language: str
    code: str


@dataclass(frozen=True)
class Block:
    """One block of an article. value: words, a mapping or a list, as its kind has it; code blocks hold ``Code``."""

    kind: str
    value: Any


@dataclass(frozen=True, kw_only=True)
class Version:
    """An article in one language."""

    title: str
    summary: str
    blocks: list[Block]
    comments: list[Comment]


@dataclass(frozen=True, kw_only=True)
class Article:
    """A guide or a news item (``kind`` is the folder's name) with its versions by language."""

    kind: str
    key: str
    slug: str
    author: str
    days_ago: float
    topics: list[str]
    versions: dict[str, Version]


@dataclass(frozen=True, kw_only=True)
class Content:
    """All of it. site: the words of the home and index pages, as ``site.yaml`` has them. password: of the accounts.

    parts: the entries of the files that other apps load (``portal.core.demo``), by name.
    """

    password: str
    site: dict[str, Any]
    topics: list[Topic]
    people: list[Person]
    questions: list[Question]
    articles: list[Article]
    releases: list[Release] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    parts: dict[str, list[dict[str, Any]]] = field(default_factory=dict)


def unwrapped(text: str, language: str) -> str:
    """Returns Markdown with each paragraph and list item on one line; code, tables and quotes stay as they are."""
    glue = "" if language == "ja" else " "
    lines: list[str] = []
    fenced = joins = False
    for line in text.strip().splitlines():
        fence = line.lstrip().startswith("```")
        if joins and line.strip() and not fence and not NEW_LINE.match(line):
            lines[-1] += glue + line.strip()
            continue
        lines.append(line)
        fenced = fenced != fence
        joins = not fenced and not fence and bool(line.strip()) and not line.lstrip().startswith(("|", ">", "#"))
    joined = "\n".join(lines)
    return WIDE_GAP.sub("", joined) if language == "ja" else joined


def _made(kind: type[Entry], values: Mapping[str, Any], where: str) -> Entry:
    try:
        return kind(**values)
    except TypeError as error:
        raise ContentError(f"{where}: {error}") from None


def _yaml(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def _comments(entries: Iterable[Mapping[str, Any]], language: str, where: str) -> list[Comment]:
    made = []
    for entry in entries:
        replies = _comments(entry.get("replies", []), language, where)
        values = {**entry, "body": unwrapped(entry["body"], language), "replies": replies}
        made.append(_made(Comment, values, where))
    return made


def _answer(entry: Mapping[str, Any], language: str, where: str) -> Answer:
    values = {
        **entry,
        "body": unwrapped(entry["body"], language),
        "comments": _comments(entry.get("comments", []), language, where),
    }
    return _made(Answer, values, where)


def _question(entry: Mapping[str, Any], language: str) -> Question:
    where = str(entry.get("key", entry))
    values = {
        **entry,
        "language": language,
        "body": unwrapped(entry["body"], language),
        "comments": _comments(entry.get("comments", []), language, where),
        "answers": [_answer(answer, language, where) for answer in entry.get("answers", [])],
    }
    return _made(Question, values, where)


def _tidy(value: Any, language: str) -> Any:
    """Returns a block's value with every text of it unwrapped."""
    if isinstance(value, dict):
        return {name: _tidy(part, language) for name, part in value.items()}
    if isinstance(value, list):
        return [_tidy(part, language) for part in value]
    return unwrapped(str(value), language)


def _block(entry: Mapping[str, Any], language: str, codes: Mapping[str, Code], where: str) -> Block:
    ((kind, value),) = entry.items()
    if kind not in BLOCK_KINDS:
        raise ContentError(f"{where}: there is no block “{kind}”")
    if kind == "code":
        if value not in codes:
            raise ContentError(f"{where}: there is no code “{value}”")
        return Block(kind, codes[value])
    return Block(kind, _tidy(value, language))


def _version(path: Path, language: str, codes: Mapping[str, Code]) -> Version:
    found = _yaml(path)
    where = f"{path.parent.name}/{path.name}"
    values = {
        **found,
        "summary": unwrapped(found["summary"], language),
        "blocks": [_block(entry, language, codes, where) for entry in found["blocks"]],
        "comments": _comments(found.get("comments", []), language, where),
    }
    return _made(Version, values, where)


def _article(folder: Path) -> Article:
    source = folder / "codes.yaml"
    codes = {name: Code(**entry) for name, entry in _yaml(source).items()} if source.exists() else {}
    versions = {language: _version(folder / f"{language}.yaml", language, codes) for language in LANGUAGES}
    values = {**_yaml(folder / "article.yaml"), "kind": folder.parent.name, "key": folder.name, "versions": versions}
    return _made(Article, values, folder.name)


def _person(entry: Mapping[str, Any]) -> Person:
    values = dict(entry)
    if isinstance(entry.get("bio"), dict):
        values["bio"] = {language: unwrapped(text, language) for language, text in entry["bio"].items()}
    return _made(Person, values, str(entry.get("username", entry)))


def _site(value: Any, language: str = "") -> Any:
    if isinstance(value, dict):
        return {name: _site(part, name) for name, part in value.items()}
    return unwrapped(value, language)


@cache
def read_content() -> Content:
    """Returns the whole demo; raises ``ContentError`` for a file that cannot be used."""
    site = _yaml(CONTENT / "site.yaml")
    life = _yaml(CONTENT / "life.yaml")
    return Content(
        password=site.pop("password"),
        site=_site(site),
        topics=[_made(Topic, entry, str(entry)) for entry in _yaml(CONTENT / "topics.yaml")],
        people=[_person(entry) for entry in _yaml(CONTENT / "people.yaml")],
        questions=[
            _question(entry, language)
            for language in LANGUAGES
            for entry in _yaml(CONTENT / "questions" / f"{language}.yaml")
        ],
        articles=[
            _article(folder)
            for kind in ("articles", "news")
            for folder in sorted((CONTENT / kind).iterdir())
            if folder.is_dir()
        ],
        releases=[_made(Release, entry, str(entry)) for entry in life["releases"]],
        steps=sorted(
            (_made(Step, entry, str(entry)) for entry in life["steps"]), key=lambda step: step.days_ago, reverse=True
        ),
        parts={name: _yaml(CONTENT / f"{name}.yaml") for name in PARTS},
    )
