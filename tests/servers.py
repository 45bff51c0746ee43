"""Real servers for tests: each is a context manager that starts one on a free port and leaves nothing behind."""

from __future__ import annotations

import contextlib
import ctypes
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope

ROOT = Path(__file__).resolve().parent.parent
ELASTICSEARCH_START = ROOT / "tests" / "elasticsearch_node" / "start"
PATIENCE_S = 120


class CannotRun(Exception):
    """This machine cannot run the server; the text says what is missing."""


def end_with_us() -> None:
    """In a server's process on Linux: be told to end when the tests are gone, however they went."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)


def free_port(count: int = 1) -> int:
    """The first of ``count`` ports in a row on 127.0.0.1 that nobody listens on."""
    for _ in range(50):
        with contextlib.ExitStack() as plugs:
            first = plugs.enter_context(socket.socket())
            first.bind(("127.0.0.1", 0))
            port: int = first.getsockname()[1]
            try:
                for offset in range(1, count):
                    plugs.enter_context(socket.socket()).bind(("127.0.0.1", port + offset))
            except (OSError, OverflowError):
                continue
            return port
    raise CannotRun(f"no {count} free ports in a row")


def wait_for(ready: Callable[[], bool], what: str, process: subprocess.Popen[bytes] | None = None) -> None:
    """Waits until ``ready()`` is true; CannotRun after PATIENCE_S, or when the process has ended first."""
    deadline = time.monotonic() + PATIENCE_S
    while not ready():
        if process is not None and process.poll() is not None:
            raise CannotRun(f"{what} ended with {process.returncode} instead of starting")
        if time.monotonic() > deadline:
            raise CannotRun(f"{what} was not ready within {PATIENCE_S} s")
        time.sleep(0.05)


def answers(url: str) -> bool:
    """Whether an HTTP server answers 200 there."""
    try:
        with urllib.request.urlopen(url, timeout=2) as reply:
            return bool(reply.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def end(process: subprocess.Popen[bytes], how: int = signal.SIGINT, patience_s: float = 20) -> None:
    """Ends a server: asks, waits, then kills."""
    if process.poll() is None:
        process.send_signal(how)
        try:
            process.wait(patience_s)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def build_elasticsearch() -> None:
    """Builds the node if these sources were not built yet, outside of any start's patience."""
    for command in ("java", "mvn"):
        if shutil.which(command) is None:
            raise CannotRun(f"Elasticsearch: {command} is not installed (Java 17 and Maven are needed)")
    done = subprocess.run([ELASTICSEARCH_START, "--build-only"], capture_output=True, text=True, check=False)
    if done.returncode:
        raise CannotRun(f"Elasticsearch: {(done.stderr.strip().splitlines() or ['it could not be built'])[-1]}")


class ElasticsearchNodes:
    """One or more running nodes: ``url`` of the first, ``urls`` of all."""

    def __init__(self, data: Path, nodes: int = 1, port: int | None = None) -> None:
        self.data, self.count = data, nodes
        self.port = port or free_port(nodes)
        self.urls = [f"http://127.0.0.1:{self.port + k}" for k in range(nodes)]
        self.url = self.urls[0]
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Starts and waits until every node answers, and the cluster has all of them."""
        self.launch()
        self.wait()

    def launch(self) -> None:
        """Starts and returns at once. By a thread that lives on: the nodes end with the thread that started them."""
        with (self.data / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                [ELASTICSEARCH_START, "--port", str(self.port), "--data", self.data, "--nodes", str(self.count)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                preexec_fn=end_with_us,  # noqa: PLW1509
            )

    def wait(self) -> None:
        """Waits until every node answers, and the cluster has all of them."""
        for url in self.urls:
            health = f"{url}/_cluster/health?wait_for_nodes={self.count}&timeout=5s"
            wait_for(lambda health=health: answers(health), "Elasticsearch", self.process)  # type: ignore[misc]

    def stop(self) -> None:
        """Ends every node, as Ctrl-C does."""
        if self.process is not None:
            end(self.process)

    def kill_node(self, number: int) -> None:
        """Kills one node (counted from 1), as a power cut would."""
        os.kill(int((self.data / f"node-{number}" / "pid").read_text()), signal.SIGKILL)


@contextlib.contextmanager
def elasticsearch(nodes: int = 1) -> Iterator[ElasticsearchNodes]:
    """A real Elasticsearch with empty data."""
    build_elasticsearch()
    with tempfile.TemporaryDirectory(prefix="hiroba-elasticsearch-") as folder:
        server = ElasticsearchNodes(Path(folder), nodes)
        try:
            server.start()
            yield server
        finally:
            server.stop()


@contextlib.contextmanager
def redis() -> Iterator[str]:
    """A real Redis server that keeps nothing: its URL."""
    command = shutil.which("redis-server")
    if command is None:
        raise CannotRun("Redis: redis-server is not installed")
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="hiroba-redis-") as folder:
        process = subprocess.Popen(
            [command, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", folder],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            preexec_fn=end_with_us,  # noqa: PLW1509
        )
        try:
            wait_for(lambda: listens(port), "Redis", process)
            yield f"redis://127.0.0.1:{port}/0"
        finally:
            end(process, signal.SIGTERM)


def listens(port: int) -> bool:
    """Whether something accepts connections on 127.0.0.1."""
    with socket.socket() as plug:
        plug.settimeout(1)
        return plug.connect_ex(("127.0.0.1", port)) == 0


def postgresql_programs() -> Path:
    """The folder with initdb and postgres; Debian keeps them off the path."""
    places = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda place: -float(place.parent.name))
    on_path = shutil.which("initdb")
    if on_path:
        places.append(Path(on_path).resolve().parent)
    for place in places:
        if (place / "initdb").exists() and (place / "postgres").exists():
            return place
    raise CannotRun("PostgreSQL: initdb and postgres are not installed")


def unprivileged() -> dict[str, int]:
    """Keyword arguments that run a process as nobody where we are root: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    import pwd

    account = pwd.getpwnam("nobody")
    return {"user": account.pw_uid, "group": account.pw_gid}


@contextlib.contextmanager
def postgresql() -> Iterator[str]:
    """A real PostgreSQL with an empty database ``hiroba``: its URL."""
    programs = postgresql_programs()
    port, as_who = free_port(), unprivileged()
    with tempfile.TemporaryDirectory(prefix="hiroba-postgresql-") as folder:
        data = Path(folder) / "data"
        data.mkdir()
        if as_who:
            os.chown(folder, as_who["user"], as_who["group"])
            os.chown(data, as_who["user"], as_who["group"])
        made = subprocess.run(
            [programs / "initdb", "-D", data, "-U", "hiroba", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8",
             "--no-sync"],
            capture_output=True, text=True, check=False, cwd=folder, **as_who,  # type: ignore[call-overload]
        )  # fmt: skip
        if made.returncode:
            raise CannotRun(f"PostgreSQL: initdb failed: {made.stderr.strip()[-300:]}")
        # Durability is not what these tests look at, and a quarter of their time.
        process = subprocess.Popen(  # type: ignore[call-overload]
            [programs / "postgres", "-D", data, "-p", str(port), "-h", "127.0.0.1", "-k", folder, "-c", "fsync=off"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=folder,
            preexec_fn=end_with_us,  # noqa: PLW1509
            **as_who,
        )
        try:
            wait_for(lambda: accepts_queries(programs, port), "PostgreSQL", process)
            subprocess.run(
                [programs / "createdb", "-h", "127.0.0.1", "-p", str(port), "-U", "hiroba", "hiroba"],
                check=True,
                cwd=folder,
            )
            yield f"postgresql://hiroba@127.0.0.1:{port}/hiroba"
        finally:
            end(process, signal.SIGINT)


def accepts_queries(programs: Path, port: int) -> bool:
    """Whether PostgreSQL there is done starting."""
    asked = subprocess.run(
        [programs / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(port), "-U", "hiroba", "-d", "postgres"],
        check=False,
    )
    return asked.returncode == 0


class MailSink:
    """Keeps every message that is sent to it: ``url`` for EMAIL_URL, ``messages`` as they arrived."""

    def __init__(self) -> None:
        self.port = free_port()
        self.url = f"smtp://127.0.0.1:{self.port}"
        self.messages: list[EmailMessage] = []

    async def handle_DATA(self, server: object, session: object, envelope: Envelope) -> str:
        """Takes a message: what aiosmtpd calls."""
        content = envelope.content
        raw = content if isinstance(content, bytes) else str(content).encode()
        self.messages.append(message_from_bytes(raw, policy=policy.default))
        return "250 kept"


@contextlib.contextmanager
def mail_sink() -> Iterator[MailSink]:
    """A real SMTP server that delivers nothing anywhere."""
    sink = MailSink()
    controller = Controller(sink, hostname="127.0.0.1", port=sink.port)
    controller.start()
    try:
        yield sink
    finally:
        controller.stop()
