"""How soon a change is found: answers posted, answers deleted and questions hidden while others write.

    .venv/bin/python benchmarks/freshness.py [--engine embedded|elasticsearch] [--probes 60] [--rate 20] [--rebuild]

A portal of its own on SQLite with 2,000 questions; the worker is ``manage.py run_worker``; two processes ask and answer
through the portal's services, ``--rate`` changes a second together (0: nobody else writes). From the commit of each
probe the search that pages use is asked until it knows. In the end every word that went away is looked for once more.
``--rebuild`` runs ``manage.py search_rebuild`` again and again meanwhile.
"""

import argparse
import contextlib
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.measuring import quantile  # noqa: E402
from tests import servers  # noqa: E402

QUESTIONS = 2_000
WRITERS = 2
PATIENCE_S = 60.0
GOAL_S = 2.0


def prepared(area: Path, url: str) -> None:
    """Points this process and its children at a portal in ``area``."""
    steering = ("PORTAL_", "DATABASE_URL", "ELASTICSEARCH_URL")
    for name in [name for name in os.environ if name.startswith(steering)]:
        del os.environ[name]
    os.environ |= {"PORTAL_DATA_DIR": str(area), "PORTAL_SECRET_KEY": "freshness", "PORTAL_RATE_LIMITS": "0"}
    os.environ["DJANGO_SETTINGS_MODULE"] = "portal.settings.test"
    if url:
        os.environ["ELASTICSEARCH_URL"] = url
    import django

    django.setup()


def populate() -> None:
    """Makes the tables, members and questions."""
    from django.core.management import call_command

    from benchmarks.generated import Community
    from portal.questions.indexing import questions_changed
    from portal.questions.models import Question
    from tests.factories.accounts import member

    call_command("migrate", verbosity=0)
    asker, community = member("writer", staff=True), Community()
    rows = [community.question(number) for number in range(QUESTIONS)]
    made = Question.objects.bulk_create(
        Question(
            author=asker, title=row.title[:150], slug="q", body=row.body, body_html=f"<p>{row.body}</p>",
            language=row.language or "en", created_at=row.created_at, updated_at=row.created_at,
            last_activity_at=row.created_at,
        )
        for row in rows
    )  # fmt: skip
    questions_changed([question.pk for question in made])


def write(rate: float) -> None:
    """Asks and answers for ever, ``rate`` changes a second."""
    from portal.accounts.models import User
    from portal.questions.models import Question
    from portal.questions.services.answers import answer_create
    from portal.questions.services.questions import question_create

    user, chance = User.objects.get(username="writer"), random.Random(os.getpid())
    known = list(Question.objects.values_list("pk", flat=True)[:QUESTIONS])
    for number in range(10**9):
        began = time.monotonic()
        if chance.random() < 0.3:
            title = f"Load {os.getpid()} number {number} of a busy day"
            question_create(user=user, title=title, body="It stopped.", language="en")
        else:
            answer_create(user=user, question_id=chance.choice(known), body=f"Load answer {number}, try again.")
        time.sleep(max(0.0, 1 / rate - (time.monotonic() - began)))


class Probes:
    """Makes changes and waits until the search knows."""

    def __init__(self) -> None:
        from portal.accounts.models import User

        self.user = User.objects.get(username="writer")
        self.gone: list[str] = []
        self.seconds: dict[str, list[float]] = {"answer posted": [], "answer deleted": [], "question hidden": []}

    def run(self, number: int) -> None:
        """Asks, answers, deletes the answer, hides the question; times each until it shows."""
        from portal.questions.services.answers import answer_create, answer_delete
        from portal.questions.services.questions import question_create, question_delete

        question = question_create(user=self.user, title=f"Probe zq{number}a here", body="Probe.", language="en")
        word = f"zq{number}b"
        answer = answer_create(user=self.user, question_id=question.pk, body=f"Turn the {word} to the left.")
        self._timed("answer posted", lambda: found(word) is True)
        answer_delete(user=self.user, answer_id=answer.pk)
        self._timed("answer deleted", lambda: found(word) is False)
        self._timed("", lambda: found(f"zq{number}a") is True)
        question_delete(user=self.user, question_id=question.pk)
        self._timed("question hidden", lambda: found(f"zq{number}a") is False)
        self.gone += [word, f"zq{number}a"]

    def _timed(self, kind: str, shows: Callable[[], bool]) -> None:
        began = time.perf_counter()
        while not shows():
            if time.perf_counter() - began > PATIENCE_S:
                raise SystemExit(f"not seen after {PATIENCE_S:.0f} s: {kind}")
            time.sleep(0.02)
        if kind:
            self.seconds[kind].append(time.perf_counter() - began)


def found(word: str) -> bool | None:
    """Whether the search finds a word as it is written; None where its engine did not answer."""
    from search import client
    from search.documents import SearchRequest

    response = client.search(SearchRequest(text=f'"{word}"'))
    if response.degraded:
        return None
    return any(word in f"{hit.title} {hit.excerpt_html}" for hit in response.hits)


@contextlib.contextmanager
def processes(*commands: list[str]) -> Iterator[None]:
    """Runs commands beside, and ends them."""
    running = [subprocess.Popen([sys.executable, *command], cwd=ROOT, stdin=subprocess.DEVNULL) for command in commands]
    try:
        yield
    finally:
        for process in running:
            process.kill()
            process.wait()


def rebuild_again_and_again(stop: threading.Event) -> None:
    """Runs rebuilds one after the other."""
    while not stop.is_set():
        subprocess.run(
            [sys.executable, "manage.py", "search_rebuild"], cwd=ROOT, check=False, stdout=subprocess.DEVNULL
        )


def measure(options: argparse.Namespace, area: Path, url: str) -> None:
    """Writes, probes and tells."""
    prepared(area, url)
    populate()
    from search import outbox

    writer = [str(Path(__file__)), "--write", str(options.rate / WRITERS), "--folder", str(area), "--url", url]
    stop = threading.Event()
    with processes(["manage.py", "run_worker"]):
        while outbox.pending_count():
            time.sleep(0.2)
        with processes(*[writer] * (WRITERS if options.rate else 0)):
            rebuilding = threading.Thread(target=rebuild_again_and_again, args=(stop,))
            if options.rebuild:
                rebuilding.start()
            time.sleep(5 if options.rate else 0)
            probes = Probes()
            for number in range(options.probes):
                probes.run(number)
            stop.set()
            if options.rebuild:
                rebuilding.join()
        while outbox.pending_count():
            time.sleep(0.2)
        back = [word for word in probes.gone if found(word) is not False]
    tell(probes, back, options)


def tell(probes: Probes, back: list[str], options: argparse.Namespace) -> None:
    """Prints medians and 95th percentiles; exit code 1 where the goal is missed or something came back."""
    figures = {kind: {"p50": quantile(all_, 0.5), "p95": quantile(all_, 0.95)} for kind, all_ in probes.seconds.items()}
    told = {"engine": options.engine, "changes a second": options.rate, "rebuilding": options.rebuild, **figures}
    print(json.dumps(told | {"resurrected": back, "load": os.getloadavg()[0]}))
    if back or any(each["p95"] > GOAL_S for each in figures.values()):
        sys.exit(1)


def main() -> None:
    """Reads the command line and measures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--engine", choices=("embedded", "elasticsearch"), default="embedded")
    parser.add_argument("--probes", type=int, default=60)
    parser.add_argument("--rate", type=float, default=20)
    parser.add_argument("--rebuild", action="store_true")
    parser.add_argument("--write", type=float, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--url", default="", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.write:
        prepared(options.folder, options.url)
        write(options.write)
    area = Path(tempfile.mkdtemp(prefix="hiroba-freshness-"))
    try:
        with contextlib.ExitStack() as stack:
            remote = options.engine == "elasticsearch"
            url = stack.enter_context(servers.elasticsearch()).url if remote else ""
            measure(options, area, url)
    finally:
        shutil.rmtree(area, ignore_errors=True)


if __name__ == "__main__":
    main()
