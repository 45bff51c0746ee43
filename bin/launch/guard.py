"""Ends the portal's processes when ``bin/portal`` itself was killed and could not.

Started by launch.processes with a pipe on standard input, which brings ``+PGID`` for a process group that began and
``-PGID`` for one that ended. The pipe's end means that bin/portal is gone: whatever group is left is ended.
"""

import contextlib
import os
import signal
import sys
import time

PATIENCE_S = 5


def lives(group: int) -> bool:
    """Whether any process of the group is there."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


def end_groups(groups: set[int], patience_s: float = PATIENCE_S) -> None:
    """Asks process groups to end, waits, and kills what is left."""
    for how, patience in ((signal.SIGTERM, patience_s), (signal.SIGKILL, 1.0)):
        for group in groups:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(group, how)
        deadline = time.monotonic() + patience
        while any(lives(group) for group in groups):
            if time.monotonic() > deadline:
                break
            time.sleep(0.05)
        else:
            return


def main() -> None:
    """Reads the pipe to its end."""
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    groups: set[int] = set()
    for line in sys.stdin:
        number = int(line)
        if number > 0:
            groups.add(number)
        else:
            groups.discard(-number)
    end_groups(groups)


if __name__ == "__main__":
    main()
