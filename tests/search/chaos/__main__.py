"""The command line of the chaos."""

import argparse
import contextlib
import json
import tempfile
import time
from pathlib import Path

from tests import servers
from tests.search.chaos import driver, portal, rows


def main() -> None:
    """Read the command line, run, print; exit with 1 when anything differs."""
    parser = argparse.ArgumentParser(prog="python -m tests.search.chaos")
    parser.add_argument("--engine", choices=("embedded", "elasticsearch"), required=True)
    parser.add_argument("--of", choices=("rows", "portal"), default="rows")
    parser.add_argument("--changes", type=int, default=500)
    parser.add_argument("--node-kills", type=int, default=8)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    began = time.monotonic()
    with contextlib.ExitStack() as stack:
        area = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="hiroba-chaos-")))
        node = stack.enter_context(servers.elasticsearch()) if options.engine == "elasticsearch" else None
        driver.environment(area, node.url if node else "")
        source = portal if options.of == "portal" else rows
        source.prepare()
        community = portal.Portal() if options.of == "portal" else rows.Rows()
        worker = driver.Worker(options.of, options.seed)
        # The portal's worker takes seconds to start: it is left alive long enough to do something.
        pace = {"rows": 0.3, "portal": 1.0}[options.of]
        chaos = driver.Chaos(community, worker, node, options.changes, options.seed, options.node_kills, pace)
        figures = chaos.run() | {"seconds": round(time.monotonic() - began)}
    print(json.dumps(figures, indent=1))
    raise SystemExit(1 if any(figures[name] for name in ("differences", "not found", "resurrected")) else 0)


if __name__ == "__main__":
    main()
