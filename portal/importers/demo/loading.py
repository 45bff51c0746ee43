"""Loading the demo once, whole or not at all."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from django.db import transaction

from portal.accounts.models import User
from portal.core.clock import now
from portal.core.demo import DemoMaterial, demo_parts
from portal.core.models import Topic
from portal.knowledge.models import ArticlePage
from portal.questions.models import Question

from .content import Content, read_content
from .life import life_load
from .localization import translations_link
from .members import members_load, topics_load
from .pages import articles_load, authors_load, indexes_load
from .profiles import profiles_load, standing_load
from .questions import questions_load
from .remarks import remarks_load


class DemoState(Enum):
    """What a portal holds: nothing yet, the demo, or a community of its own (which the demo never mixes with)."""

    EMPTY = "empty"
    DEMO = "demo"
    OWN = "own"


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoSummary:
    """How much was loaded."""

    topics: int
    members: int
    questions: int
    pages: int


def demo_state() -> DemoState:
    """Returns what this portal holds. The demo's members are its mark in the database."""
    if User.objects.filter(demo=True).exists():
        return DemoState.DEMO
    if User.objects.exists() or Question.objects.exists():
        return DemoState.OWN
    return DemoState.EMPTY


@transaction.atomic
def demo_load(*, moment: datetime | None = None) -> DemoSummary:
    """Loads the demo into an empty portal; the caller asks ``demo_state`` first.

    moment: the time that the demo's dates count back from; None: now. Everything is written in one transaction; only
    the pictures lie outside of it, and a run that breaks off leaves some that nothing shows.
    """
    moment = moment or now()
    story = read_content()
    topics = topics_load(story.topics)
    members = members_load(story.people, password=story.password, moment=moment)
    profiles_load(story.people, members=members)
    questions = questions_load(story.questions, members=members, topics=topics, moment=moment)
    life_load(story, members=members, questions=questions, moment=moment)
    standing_load(members=members)
    pages = _pages_load(story, members=members, topics=topics, moment=moment)
    _parts_load(story, members=members, questions=questions, pages=pages)
    return DemoSummary(topics=len(topics), members=len(members), questions=len(questions), pages=len(pages))


def _parts_load(
    story: Content,
    *,
    members: dict[str, User],
    questions: dict[str, Question],
    pages: dict[tuple[str, str], ArticlePage],
) -> None:
    """Lets other apps load what is theirs, in the name of the first of the staff."""
    known: dict[str | tuple[str, str], tuple[str, str]] = {}
    known.update({key: ("question", str(question.pk)) for key, question in questions.items()})
    known.update({key: ("article", str(page.pk)) for key, page in pages.items()})
    staff = next(members[person.username] for person in story.people if person.staff)
    for name, load in demo_parts().items():
        load(DemoMaterial(entries=story.parts.get(name, []), pages=known, staff=staff))


def _pages_load(
    story: Content, *, members: dict[str, User], topics: dict[str, Topic], moment: datetime
) -> dict[tuple[str, str], ArticlePage]:
    locales = indexes_load(story.site)
    authors = authors_load(story.people, members=members)
    pages = articles_load(story.articles, authors=authors, topics=topics, moment=moment)
    translations_link(pages, locales=locales)
    remarks_load(story.articles, pages=pages, members=members, moment=moment)
    return pages
