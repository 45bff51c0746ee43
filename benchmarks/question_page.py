"""What the page of a question costs with few answers and with many, for a stranger and for a member.

    .venv/bin/python benchmarks/question_page.py [--answers 0,30,500] [--rounds 40] [--database postgresql] [--profile]

Each answer has two comments in a thread and three votes; the member has voted for some, keeps one and follows the
question. The questions take turns, so that what else the machine does meets them alike. Milliseconds are of the whole
middleware stack, by the clock and of the processor; without a word about the database it is SQLite. PostgreSQL is a
server of the script's own.
"""

import argparse
import contextlib
import cProfile
import os
import pstats
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.measuring import quantile  # noqa: E402
from tests import servers  # noqa: E402

WRITERS = 40
VOTERS = 3
WORDS = (
    "The tray has a **sensor** that gets dusty. Open the lid, blow it out, and start again:\n\n"
    "```python\nprinter.reset(tray=2)\nprint(printer.state)\n```\n\nIf it still blinks, the roller is worn."
)


@contextlib.contextmanager
def portal(database: str) -> Iterator[None]:
    """An empty portal on the database of this name, ended afterwards."""
    for name in [name for name in os.environ if name.startswith(("PORTAL_", "DATABASE_URL", "ELASTICSEARCH_URL"))]:
        del os.environ[name]
    os.environ |= {"DJANGO_SETTINGS_MODULE": "portal.settings.test", "PORTAL_RATE_LIMITS": "0"}
    with servers.postgresql() if database == "postgresql" else contextlib.nullcontext("") as url:
        if url:
            os.environ["DATABASE_URL"] = url
        import django

        django.setup()
        # Not the test environment: it watches every template that is drawn, which costs more than drawing it.
        from django.test.utils import setup_databases, teardown_databases

        databases = setup_databases(verbosity=0, interactive=False)
        try:
            yield
        finally:
            teardown_databases(databases, verbosity=0)


def asked(count: int, writers: list[Any], reader: Any) -> str:
    """Makes a question with so many answers, each with comments and votes; returns its path."""
    from django.db import transaction

    from portal.core.clock import now
    from portal.questions.models import Answer, Bookmark, Comment, Vote
    from portal.questions.selectors.bodies import body_html
    from portal.questions.services.counters import answers_recount, questions_recount
    from tests.factories.questions import question, topic

    topic("Printing", ru="Печать", ar="الطباعة")
    made = question(writers[0], title=f"Why does the tray blink? ({count})", topics=("printing",))
    words = {"language": "en", "body": WORDS, "body_html": body_html(WORDS, language="en")}
    # The later have more votes, so that neither order of the rows is the one that the page shows.
    answers = Answer.objects.bulk_create(
        Answer(question=made, author=writers[number % len(writers)], imported_score=number // 10, **words)
        for number in range(count)
    )
    for parents in (None, True):
        before = {each.answer_id: each for each in Comment.objects.filter(question=made)} if parents else {}
        Comment.objects.bulk_create(
            Comment(
                question=made, answer=each, author=writers[each.pk % len(writers)], parent=before.get(each.pk),
                language="en", body="Which *model*?", body_html=body_html("Which *model*?", language="en"),
            )
            for each in answers
        )  # fmt: skip
    voters = [*writers[:VOTERS], reader]
    Vote.objects.bulk_create(
        Vote(user=voter, answer=each, value=1, created_at=now())
        for each in answers
        for voter in voters
        if voter != reader or each.pk % 3 == 0
    )
    Bookmark.objects.bulk_create(Bookmark(user=reader, answer=each) for each in answers[-1:])
    with transaction.atomic():
        answers_recount(ids=[each.pk for each in answers])
        questions_recount(ids=[made.pk])
    return made.get_absolute_url()


def measured(client: Any, path: str) -> tuple[float, float, int]:
    """Returns the milliseconds of a request, by the clock and of the processor, and the bytes of its answer."""
    clock, used = time.perf_counter(), time.process_time()
    response = client.get(path)
    took = (time.perf_counter() - clock) * 1000, (time.process_time() - used) * 1000
    assert response.status_code == 200, response.status_code
    return *took, len(response.content)


def queries(client: Any, path: str) -> int:
    """Returns how many queries a request takes."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as taken:
        client.get(path)
    return len(taken)


def compared(paths: dict[int, str], reader: str, client: Any, rounds: int) -> None:
    """Measures the pages in turns for one reader and prints the figures."""
    for path in paths.values():
        for _warm in range(3):
            client.get(path)
    taken: dict[int, list[tuple[float, float, int]]] = {count: [] for count in paths}
    for _round in range(rounds):
        for count, path in paths.items():
            taken[count].append(measured(client, path))
    for count, path in paths.items():
        clock, used, size = zip(*taken[count], strict=True)
        figures = [quantile(each, share) for each in (clock, used) for share in (0.5, 0.95)]
        print(
            f"{reader:9} {count:4} answers   clock {figures[0]:6.1f} / {figures[1]:6.1f} ms   processor"
            f" {figures[2]:6.1f} / {figures[3]:6.1f} ms   {size[-1]:7} bytes   {queries(client, path):2} queries"
        )
    if len(paths) < 2:
        return
    few, many = sorted(paths)[-2:]
    ratio = quantile([used for _, used, _ in taken[many]], 0.5) / quantile([used for _, used, _ in taken[few]], 0.5)
    print(f"{reader:9} {many} : {few} answers, p50 of the processor   {ratio:.2f}")


def profiled(client: Any, path: str, rounds: int = 20) -> None:
    """Prints where the time of a page goes."""
    profile = cProfile.Profile()
    with profile:
        for _round in range(rounds):
            client.get(path)
    pstats.Stats(profile).sort_stats("tottime").print_stats(35)
    pstats.Stats(profile).sort_stats("cumulative").print_stats("portal", 45)


def main() -> None:
    """Reads the command line and measures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--answers", type=lambda text: sorted(map(int, text.split(","))), default=[0, 30, 500])
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--profile", action="store_true", help="print where the time of the longest page goes")
    options = parser.parse_args()
    with portal(options.database):
        measure(options)


def measure(options: argparse.Namespace) -> None:
    """Makes the questions and measures each for a stranger and for a member."""
    from django.test import Client

    from portal.notifications.services.follows import follow_set
    from tests.factories.accounts import member

    writers, reader = [member() for _number in range(WRITERS)], member("reader")
    paths = {count: asked(count, writers, reader) for count in options.answers}
    for path in paths.values():
        follow_set(user=reader, kind="question", key=path.split("/")[3])
    print(f"{options.database}, load {os.getloadavg()[0]:.1f}, {options.rounds} rounds, p50 / p95")
    stranger, known = Client(SERVER_NAME="localhost"), Client(SERVER_NAME="localhost")
    known.force_login(reader, backend="portal.accounts.backends.PortalBackend")
    for name, client in (("stranger", stranger), ("member", known)):
        compared(paths, name, client, options.rounds)
        if options.profile:
            profiled(client, paths[max(paths)])


if __name__ == "__main__":
    main()
