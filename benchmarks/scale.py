"""How search, suggestions and earlier questions grow with the index, on either engine.

    .venv/bin/python benchmarks/scale.py [--engine embedded|elasticsearch] [--sizes 10000,100000] [--folder DIR]

Questions of benchmarks/generated go straight to the engine, in the batches of a rebuild; no database is asked. At each
size a process of its own asks what readers of that community would, through search.client as pages do, with the
budget lifted so that slow answers are measured too. Elasticsearch is a real node with 768 MB of heap.

Each figure is given by the clock and in processor time (of the asking process and the node together): the clock tells
nothing on a machine that has other work, the processor's time is about what an idle one would take.
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
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.generated import Community  # noqa: E402
from benchmarks.measuring import Meter, megabytes, memory_of, prepared_search, quantile  # noqa: E402
from tests import servers  # noqa: E402

BATCH = 500
ASKED = 140
BUDGET_MS = 300
PREFIX = "scale"


def question_numbers(start: int, end: int) -> Iterator[range]:
    """Yields the numbers of the questions of each batch."""
    for first in range(start, end, BATCH):
        yield range(first, min(first + BATCH, end))


def build(engine: object, generation: str, start: int, end: int, meter: Meter) -> tuple[float, float]:
    """Writes questions; returns the seconds of clock and processor that took, without making the questions."""
    community, clock, processor = Community(), 0.0, 0.0
    for numbers in question_numbers(start, end):
        documents = [community.question(number) for number in numbers]
        began, used = time.perf_counter(), meter.seconds()
        with engine.writing(wait=10):  # type: ignore[attr-defined]
            engine.apply(documents, [], version=numbers[-1] + 1, generation=generation)  # type: ignore[attr-defined]
        clock, processor = clock + time.perf_counter() - began, processor + meter.seconds() - used
    return clock, processor


def typed(text: str) -> Iterator[str]:
    """Yields what stands in the search field while a title is typed: its first letters, more, and whole words."""
    for length in (2, 4, 7, 12, 20):
        if length <= len(text):
            yield text[:length]


def ask(documents: int, meter: Meter) -> dict[str, object]:
    """Asks everything; returns milliseconds of clock and processor by kind. What is in the index is only read."""
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
    return {kind: [timed(call, meter) for call in calls] for kind, calls in kinds.items()} | {
        "memory": memory_of("self")
    }


def timed(call: Callable[[], object], meter: Meter) -> tuple[float, float]:
    """Returns the milliseconds of a call, which must have been answered by the engine."""
    used, began = meter.seconds(), time.perf_counter()
    response = call()
    took, used = (time.perf_counter() - began) * 1000, (meter.seconds() - used) * 1000
    if response.degraded:  # type: ignore[attr-defined]
        raise SystemExit("the engine did not answer")
    return took, used


def figures(times: dict[str, list[tuple[float, float]]]) -> dict[str, dict[str, list[float]]]:
    """Returns median and 95th percentile of each kind, and of all searches together."""
    searches = [each for kind, every in times.items() if kind.startswith("search: ") for each in every]
    return {
        kind: {
            "clock": [quantile([clock for clock, _ in each], share) for share in (0.5, 0.95)],
            "processor": [quantile([used for _, used in each], share) for share in (0.5, 0.95)],
        }
        for kind, each in {"search": searches, **times}.items()
    }


def measure(options: argparse.Namespace, area: Path, url: str, node_pid: str) -> None:
    """Builds up to each size and asks there."""
    prepared_search(area, url, PREFIX)
    from search.engines import selected_engine

    engine, meter = selected_engine(), Meter(node_pid)
    generation = engine.create_generation()
    engine.commit_generation(generation)
    done, rows = 0, []
    for size in options.sizes:
        clock, processor = build(engine, generation, done, size, meter)
        assert engine.count(generation=generation) == size
        asking = ["--ask", str(size), "--folder", str(area), "--url", url, "--node", node_pid]
        asked = subprocess.run([sys.executable, __file__, *asking], check=True, stdout=subprocess.PIPE, text=True)
        answer = json.loads(asked.stdout)
        row = {
            "documents": size,
            "built a second": {"clock": round((size - done) / clock), "processor": round((size - done) / processor)},
            "index MB": megabytes(area / ("data" if url else "search")),
            "MB of the writer": memory_of("self"),
            "MB of a reader": answer.pop("memory"),
            "MB of the node": memory_of(node_pid) if node_pid else None,
            **figures(answer),
            "above the budget": share_above(answer),
            "load": round(os.getloadavg()[0], 1),
        }
        print(json.dumps(row, ensure_ascii=False), flush=True)
        rows.append(row)
        done = size
    for before, after in pairwise(rows):
        tell_growth(before, after)


def share_above(times: dict[str, list[tuple[float, float]]]) -> float:
    """Returns the share of all calls that take more of the processor than a page waits."""
    every = [used for each in times.values() for _, used in each]
    return round(sum(used > BUDGET_MS for used in every) / len(every), 4)


def tell_growth(before: dict[str, Any], after: dict[str, Any]) -> None:
    """Prints how the processor's time grows: 1 is as the number of documents does, 0 not at all."""
    wider = math.log(after["documents"] / before["documents"])
    for kind in ("search", "suggest", "similar"):
        pairs = zip(before[kind]["processor"], after[kind]["processor"], strict=True)
        p50, p95 = (math.log(new / old) / wider for old, new in pairs)
        print(f"{kind} {before['documents']} to {after['documents']}: p50 as n^{p50:.2f}, p95 as n^{p95:.2f}")


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
    parser.add_argument("--node", default="", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.ask:
        prepared_search(options.folder, options.url, PREFIX)
        print(json.dumps(ask(options.ask, Meter(options.node))))
        return
    area = options.folder or Path(tempfile.mkdtemp(prefix="hiroba-scale-"))
    area.mkdir(exist_ok=True)
    try:
        if options.engine == "embedded":
            measure(options, area, "", "")
        else:
            with node(area) as running:
                pid = (area / "data" / "node-1" / "pid").read_text().strip()
                measure(options, area, running.url, pid)
    finally:
        if options.folder is None:
            shutil.rmtree(area, ignore_errors=True)


if __name__ == "__main__":
    main()
