"""A worker that may die in the middle of a write: python -m tests.search.chaos.worker rows|portal SEED SHARE

Some writes set the kernel's alarm clock for one of the next milliseconds. Nobody handles its signal, so the process
ends wherever it is then, within Rust, within a commit, between two requests: as with SIGKILL, nothing is tidied up.
"""

import random
import signal
import sys
import threading
from typing import Any

LATEST_S = 0.06


def made_mortal(engine: type, seed: str, share: float) -> None:
    """Let some of an engine's writes be the last ones of this process."""
    chance = random.Random(seed)
    apply = engine.apply  # type: ignore[attr-defined]

    def fatal(self: Any, *args: Any, **named: Any) -> Any:
        if chance.random() < share:
            signal.setitimer(signal.ITIMER_REAL, chance.uniform(0.0002, LATEST_S))
        return apply(self, *args, **named)

    engine.apply = fatal  # type: ignore[attr-defined]


def main(of: str, seed: str, share: float) -> None:
    """Run the worker of the search library, or the portal's whole one."""
    if of == "rows":
        from tests.search.chaos import rows

        rows.prepare()
    else:
        import django

        django.setup()
    from search.engines.elastic import ElasticsearchEngine
    from search.engines.embedded import EmbeddedEngine

    for engine in (EmbeddedEngine, ElasticsearchEngine):
        made_mortal(engine, seed, share)
    if of == "rows":
        from search.indexing import run_worker

        run_worker(threading.Event())
    else:
        from django.core.management import call_command

        call_command("run_worker")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], float(sys.argv[3]))
