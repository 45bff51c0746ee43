"""How search, suggestions and earlier questions grow with the index, on either engine.

    .venv/bin/python benchmarks/scale.py [--engine embedded|elasticsearch] [--sizes 10000,100000] [--folder DIR]

Questions of benchmarks/generated go straight to the engine, in the batches of a rebuild; no database is asked. At each
size a process of its own asks what readers of that community would, through search.client as pages do, with the
budget lifted so that slow answers are measured too. Elasticsearch is a real node with 768 MB of heap.
"""

import argparse
import contextlib
import json
import math
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import islice, pairwise
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.generated import Community  # noqa: E402
from benchmarks.measuring import megabytes, memory_of, prepared_search, quantile  # noqa: E402
from tests import servers  # noqa: E402

BATCH = 500
ASKED = 350
BUDGET_MS = 300
PREFIX = "scale"


def question_numbers(start: int, end: int) -> Iterator[range]:
    """Yields the numbers of the questions of each batch."""
    for first in range(start, end, BATCH):
        yield range(first, min(first + BATCH, end))


def build(engine: object, generation: str, start: int, end: int) -> float:
    """Writes questions to the engine; returns the seconds that took, without making the questions."""
    community, seconds = Community(), 0.0
    for numbers in question_numbers(start, end):
        documents = [community.question(number) for number in numbers]
        began = time.perf_counter()
        with engine.writing(wait=10):  # type: ignore[attr-defined]
            engine.apply(documents, [], version=numbers[-1] + 1, generation=generation)  # type: ignore[attr-defined]
        seconds += time.perf_counter() - began
    return seconds


def typed(text: str) -> Iterator[str]:
    """Yields what stands in the search field while a title is typed: its first letters, more, and whole words."""
    for length in (2, 4, 7, 12, 20):
        if length <= len(text):
            yield text[:length]


def ask(documents: int) -> dict[str, object]:
    """Asks everything; returns milliseconds by kind of question. What is in the index is only read."""
    from search import client
    from search.documents import SearchRequest, SimilarRequest, SuggestRequest

    community = Community()
    asked = community.asked(ASKED, documents)
    new = [community.question(documents + number) for number in range(ASKED // 3)]
    searches = [(each.kind, SearchRequest(text=each.text, reads=(each.language,))) for each in asked]
    searches += [("filtered", SearchRequest(text=each.text, topics=("topic-3",))) for each in asked[: ASKED // 6]]
    similar = [SimilarRequest(title=each.title, body=each.body, language=each.language) for each in new]
    suggests = [SuggestRequest(text=part, language=each.language) for each in new for part in typed(each.title)]
    kinds: dict[str, list[Callable[[], object]]] = {}
    for kind, request in searches:
        kinds.setdefault(f"search: {kind}", []).append(lambda request=request: client.search(request))
    kinds["suggest"] = [lambda request=request: client.suggest(request) for request in suggests]
    kinds["similar"] = [lambda request=request: client.similar(request) for request in similar]
    for calls in kinds.values():
        for call in islice(calls, 10):
            call()
    return {kind: [timed(call) for call in calls] for kind, calls in kinds.items()} | {"memory": memory_of("self")}


def timed(call: Callable[[], object]) -> float:
    """Returns the milliseconds of a call, which must have been answered by the engine."""
    began = time.perf_counter()
    response = call()
    took = (time.perf_counter() - began) * 1000
    if response.degraded:  # type: ignore[attr-defined]
        raise SystemExit("the engine did not answer")
    return took


def figures(times: dict[str, list[float]]) -> dict[str, tuple[float, float]]:
    """Returns median and 95th percentile of each kind, and of all searches together."""
    searches = [took for kind, each in times.items() if kind.startswith("search: ") for took in each]
    return {kind: (quantile(each, 0.5), quantile(each, 0.95)) for kind, each in {"search": searches, **times}.items()}


def measure(options: argparse.Namespace, area: Path, url: str, watched: Callable[[], dict[str, float]]) -> None:
    """Builds up to each size and asks there."""
    prepared_search(area, url, PREFIX)
    from search.engines import selected_engine

    engine = selected_engine()
    generation = engine.create_generation()
    engine.commit_generation(generation)
    done, rows = 0, []
    for size in options.sizes:
        seconds = build(engine, generation, done, size)
        assert engine.count(generation=generation) == size
        asking = [sys.executable, __file__, "--ask", str(size), "--folder", str(area), "--url", url]
        answer = json.loads(subprocess.run(asking, check=True, stdout=subprocess.PIPE, text=True).stdout)
        readers = answer.pop("memory")
        row = {
            "documents": size,
            "built a second": (size - done) / seconds,
            "index MB": megabytes(area / ("data" if url else "search")),
            "memory of the writer": memory_of("self"),
            "memory of a reader": readers,
            "memory of the node": watched(),
            **figures(answer),
            "above the budget": share_above(answer),
            "load": os.getloadavg()[0],
        }
        print(json.dumps(row, ensure_ascii=False), flush=True)
        rows.append(row)
        done = size
    for before, after in pairwise(rows):
        tell_growth(before, after)


def share_above(times: dict[str, list[float]]) -> float:
    """Returns the share of all calls that took longer than a page waits."""
    every = [took for each in times.values() for took in each]
    return round(sum(took > BUDGET_MS for took in every) / len(every), 4)


def tell_growth(before: dict[str, object], after: dict[str, object]) -> None:
    """Prints how times grow: 1 is as the number of documents does, 0 not at all."""
    wider = math.log(after["documents"] / before["documents"])  # type: ignore[operator]
    for kind in ("search", "suggest", "similar"):
        old, new = before[kind], after[kind]
        powers = [math.log(b / a) / wider for a, b in zip(old, new, strict=True)]  # type: ignore[arg-type]
        print(f"{kind} {before['documents']} to {after['documents']}: p50 as n^{powers[0]:.2f}, p95 n^{powers[1]:.2f}")


@contextlib.contextmanager
def node(area: Path) -> Iterator[servers.ElasticsearchNodes]:
    """A real node whose data lie in the area."""
    servers.build_elasticsearch()
    (area / "data").mkdir(exist_ok=True)
    running = servers.ElasticsearchNodes(area / "data")
    running.start()
    try:
        yield running
    finally:
        running.stop()


def main() -> None:
    """Reads the command line and measures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--engine", choices=("embedded", "elasticsearch"), default="embedded")
    parser.add_argument("--sizes", type=lambda text: sorted(map(int, text.split(","))), default=[5_000, 20_000])
    parser.add_argument("--folder", type=Path, help="where the index is made and left; else a folder that is removed")
    parser.add_argument("--ask", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--url", default="", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.ask:
        prepared_search(options.folder, options.url, PREFIX)
        print(json.dumps(ask(options.ask)))
        return
    area = options.folder or Path(tempfile.mkdtemp(prefix="hiroba-scale-"))
    area.mkdir(exist_ok=True)
    try:
        if options.engine == "embedded":
            measure(options, area, "", dict)
        else:
            with node(area) as running:
                pid = (area / "data" / "node-1" / "pid").read_text().strip()
                measure(options, area, running.url, lambda: memory_of(pid))
    finally:
        if options.folder is None:
            shutil.rmtree(area, ignore_errors=True)


if __name__ == "__main__":
    main()
