"""Runs a command while real PostgreSQL, Redis and Elasticsearch run: python -m tests.on_servers -- COMMAND...

The command finds them by the same three variables that an operator sets. Where this machine cannot run one of them,
the reason is printed and the command runs without it; with TESTS_ALL_REQUIRED=1 that is a failure.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests import servers


@contextlib.contextmanager
def elasticsearch_url() -> Iterator[str]:
    """URL of one running node."""
    with servers.elasticsearch() as node:
        yield node.url


SERVERS = {"DATABASE_URL": servers.postgresql, "REDIS_URL": servers.redis, "ELASTICSEARCH_URL": elasticsearch_url}


def note_not_run(reason: str) -> None:
    """Leaves word for ``bin/test``, which tells it at the end."""
    place = os.environ.get("TESTS_NOT_RUN_FILE")
    if place:
        with Path(place).open("a") as file:
            file.write(f"{reason}\n")


def main(arguments: list[str]) -> int:
    """Starts what can be started, runs the command, and returns its exit code."""
    command = arguments[1:] if arguments[:1] == ["--"] else arguments
    if not command:
        print("usage: python -m tests.on_servers -- COMMAND...", file=sys.stderr)
        return 2
    variables = dict(os.environ)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with contextlib.ExitStack() as stack:
        for name, server in SERVERS.items():
            try:
                variables[name] = stack.enter_context(server())
            except servers.CannotRun as reason:
                print(f"{name}: {reason}", file=sys.stderr, flush=True)
                if os.environ.get("TESTS_ALL_REQUIRED") == "1":
                    return 1
                note_not_run(str(reason))
        return subprocess.run(command, env=variables, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
