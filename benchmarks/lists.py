"""What the pages that list things cost in a community of ten thousand questions.

    .venv/bin/python benchmarks/lists.py [--questions 10000] [--rounds 15] [--database postgresql]

Questions, topics and members of benchmarks/generated, written in bulk; an answer for every second one. Milliseconds are
of the whole middleware stack, by the clock and of the processor.
"""

import argparse
import os
import sys
from itertools import islice
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.generated import Community  # noqa: E402
from benchmarks.measuring import quantile  # noqa: E402
from benchmarks.question_page import measured, portal, queries  # noqa: E402

MEMBERS = 400
PAGES = (
    "/en/",
    "/en/questions/",
    "/en/questions/?tab=newest",
    "/en/questions/?tab=active",
    "/en/questions/?tab=unanswered",
    "/en/questions/?tab=wanted",
    "/en/questions/?topic=topic-0",
    "/en/questions/?status=accepted",
    "/en/topics/",
    "/en/topics/topic-0/",
    "/en/members/",
    "/en/members/busy/",
    "/en/members/busy/?tab=answers",
    "/feeds/questions.atom",
    "/feeds/topics/topic-0.atom",
)


def filled(count: int) -> Any:
    """Writes so many questions with their answers, topics and members; returns the member who wrote most."""
    from django.db import transaction

    from portal.accounts.models import User
    from portal.core.models import Topic
    from portal.questions.models import Answer, Question, QuestionTopic
    from portal.questions.models.question import question_slug
    from portal.questions.services.counters import questions_recount
    from tests.factories.accounts import member

    busy, community = member("busy"), Community()
    names = [f"writer-{number}" for number in range(MEMBERS)]
    users = [busy, *User.objects.bulk_create(User(username=name, email=f"{name}@example.org") for name in names)]
    topics = Topic.objects.bulk_create(Topic(slug=f"topic-{number}", name=f"Topic {number}") for number in range(200))
    by_slug = {topic.slug: topic for topic in topics}
    made = [community.question(number) for number in range(count)]
    rows = iter(made)
    while batch := list(islice(rows, 500)):
        asked = Question.objects.bulk_create(
            Question(
                title=each.title[:150], slug=question_slug(each.title), body=each.body,
                body_html=f"<p>{each.body}</p>", language=each.language or "en", imported_score=each.score,
                author=users[0 if place % 9 == 0 else place % len(users)], created_at=each.created_at,
            )
            for place, each in enumerate(batch)
        )  # fmt: skip
        QuestionTopic.objects.bulk_create(
            QuestionTopic(content_object=question, tag=by_slug[slug])
            for question, each in zip(asked, batch, strict=True)
            for slug in dict.fromkeys(each.topics)
        )
        Answer.objects.bulk_create(
            Answer(
                question=question, author=users[0 if place % 4 == 0 else -1 - place % 40], language="en",
                body="Open it.", body_html="<p>Open it.</p>", created_at=each.created_at,
            )
            for place, (question, each) in enumerate(zip(asked, batch, strict=True))
            if each.answers_count
        )  # fmt: skip
        with transaction.atomic():
            questions_recount(ids=[question.pk for question in asked])
    return busy


def main() -> None:
    """Reads the command line and measures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--questions", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    options = parser.parse_args()
    with portal(options.database):
        measure(options)


def measure(options: argparse.Namespace) -> None:
    """Reads each page as a stranger and as a member, and prints the figures."""
    from django.test import Client

    busy = filled(options.questions)
    stranger, known = Client(SERVER_NAME="localhost"), Client(SERVER_NAME="localhost")
    known.force_login(busy, backend="portal.accounts.backends.PortalBackend")
    print(f"{options.database}, {options.questions} questions, load {os.getloadavg()[0]:.1f}, p50 / p95")
    for page in PAGES:
        for name, client in (("stranger", stranger), ("member", known)):
            measured(client, page)
            taken = [measured(client, page) for _round in range(options.rounds)]
            clock, used, size = zip(*taken, strict=True)
            figures = [quantile(each, share) for each in (clock, used) for share in (0.5, 0.95)]
            print(
                f"{page:32} {name:9} clock {figures[0]:6.1f} / {figures[1]:6.1f} ms   processor {figures[2]:6.1f} /"
                f" {figures[3]:6.1f} ms   {size[-1]:7} bytes   {queries(client, page):2} queries",
                flush=True,
            )


if __name__ == "__main__":
    main()
