"""Reads and checks the portal's environment variables.

Standard library only: ``bin/portal`` uses it before anything is installed, the settings use it afterwards, so that
both agree on what a variable means. An unusable value raises ``BadEnvironment`` with one line for the operator.
"""

import contextlib
import ipaddress
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parents[2]
DATABASE_SCHEMES = ("postgres", "postgresql", "sqlite")
# Files that members may attach beside pictures; what each must hold is in portal/questions/services/filetypes.py.
UPLOAD_TYPES = ("txt", "log", "md", "csv", "tsv", "json", "yaml", "ini", "conf", "diff", "patch", "pdf", "zip", "gz")
EMAIL_SCHEMES = ("console", "file", "smtp", "smtps", "smtp+tls")


class BadEnvironment(Exception):
    """A variable that cannot be used; the text is one line that names it."""


@dataclass(frozen=True)
class Environment:
    """The variables, checked.

    Ports are numbers, folders absolute paths; ``limits`` is False where PORTAL_RATE_LIMITS=0 lifts every limit on
    doing. ``loopback`` tells whether only this machine reaches the portal: it is bound to an address of this machine's
    own, and PORTAL_HOSTS names no site that a proxy would serve to the world. ``retention_days``: how long the words of
    searches are kept, 0 for not at all; ``holdout_percent``: how many of a hundred visitors see no suggestions.
    ``reopen_votes``: how many votes open a closed question again (0: none do), within ``reopen_days``.
    ``details_days``: how long an unanswered question waits for details before it is closed, 0 for ever.
    ``archive_days``: after how long without anything happening a question is archived, 0 for never.
    ``upload_types``: the file types that members may attach beside pictures.
    ``serial_votes`` and ``serial_votes_percent``: what makes a series of votes (portal/questions/serial.py).
    ``remind_days``: after how many days an asker is reminded to accept an answer, 0 for never.
    ``metrics_folder``: where the processes count together; prometheus_client reads the same variable by itself.
    ``draft_days``: how long a draft is kept that nobody touches.
    ``note_days``: how long a note in the inbox is kept once it is read, 0: for ever.
    """

    data_dir: Path
    port: int
    bind: str
    workers: int
    demo: bool
    limits: bool
    loopback: bool
    retention_days: int
    holdout_percent: int
    expert_standing: int
    review_standing: int
    reopen_votes: int
    reopen_days: int
    details_days: int
    archive_days: int
    upload_types: tuple[str, ...]
    serial_votes: int
    serial_votes_percent: int
    remind_days: int
    hosts: tuple[str, ...]
    database_url: str
    elasticsearch_url: str
    redis_url: str
    email_url: str
    secret_key: str
    metrics_folder: str
    draft_days: int
    note_days: int


def _flag(values: Mapping[str, str], name: str) -> bool:
    value = values.get(name, "1").strip() or "1"
    if value not in ("0", "1"):
        raise BadEnvironment(f"{name} must be 0 or 1, not {value!r}.")
    return value == "1"


def _number(values: Mapping[str, str], name: str, default: int, lowest: int, highest: int) -> int:
    text = values.get(name, "").strip() or str(default)
    if not text.isascii() or not text.isdigit() or not lowest <= int(text) <= highest:
        raise BadEnvironment(f"{name} must be a number from {lowest} to {highest}, not {text!r}.")
    return int(text)


def _url(values: Mapping[str, str], name: str, schemes: tuple[str, ...]) -> str:
    text = values.get(name, "").strip()
    if not text:
        return ""
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError as error:
        raise BadEnvironment(f"{name} is no usable address: {error}.") from None
    if parts.scheme not in schemes:
        raise BadEnvironment(
            f"{name} must begin with one of {', '.join(s + ':' for s in schemes)} not {parts.scheme!r}."
        )
    if parts.scheme not in ("sqlite", "console", "file") and not parts.hostname:
        raise BadEnvironment(f"{name} names no host.")
    return text


def _addresses(values: Mapping[str, str], name: str, schemes: tuple[str, ...]) -> str:
    """Return addresses of several nodes of one service, separated by commas, each of them checked."""
    texts = [text.strip() for text in values.get(name, "").split(",")]
    return ",".join(url for url in (_url({name: text}, name, schemes) for text in texts) if url)


def _types(values: Mapping[str, str]) -> tuple[str, ...]:
    """Returns the file types that members may attach: all that are known, or those that the variable names."""
    text = values.get("PORTAL_UPLOAD_TYPES", "").strip()
    if text == "0":
        return ()
    named = tuple(word.strip().lower().lstrip(".") for word in text.split(",") if word.strip())
    unknown = [name for name in named if name not in UPLOAD_TYPES]
    if unknown:
        raise BadEnvironment(f"PORTAL_UPLOAD_TYPES takes 0 or some of {', '.join(UPLOAD_TYPES)}, not {unknown[0]!r}.")
    return named or UPLOAD_TYPES


def _bind(values: Mapping[str, str]) -> tuple[str, bool]:
    text = values.get("PORTAL_BIND", "").strip() or "127.0.0.1"
    try:
        return text, ipaddress.ip_address(text).is_loopback
    except ValueError:
        raise BadEnvironment(f"PORTAL_BIND must be an IP address, not {text!r}.") from None


def read_environment(values: Mapping[str, str] | None = None) -> Environment:
    """Returns the variables of ``values`` (default: the process's), or raises ``BadEnvironment``."""
    values = os.environ if values is None else values
    bind, loopback = _bind(values)
    limits = _flag(values, "PORTAL_RATE_LIMITS")
    if not limits and not loopback:
        raise BadEnvironment("PORTAL_RATE_LIMITS=0 is allowed only while PORTAL_BIND is a loopback address.")
    data_dir = Path(values.get("PORTAL_DATA_DIR", "").strip() or ROOT / "var").expanduser()
    hosts = tuple(host.strip() for host in values.get("PORTAL_HOSTS", "").split(",") if host.strip())
    if not loopback and not hosts:
        raise BadEnvironment("PORTAL_HOSTS must name the site's host while PORTAL_BIND is not a loopback address.")
    return Environment(
        data_dir=data_dir if data_dir.is_absolute() else (Path.cwd() / data_dir),
        port=_number(values, "PORTAL_PORT", 8000, 1, 65535),
        bind=bind,
        workers=_number(values, "PORTAL_WORKERS", 1, 1, 64),
        demo=_flag(values, "PORTAL_DEMO"),
        limits=limits,
        loopback=loopback and not hosts,
        hosts=hosts,
        retention_days=_number(values, "PORTAL_SEARCH_RETENTION_DAYS", 90, 0, 3650),
        upload_types=_types(values),
        serial_votes=_number(values, "PORTAL_SERIAL_VOTES", 6, 0, 1000),
        serial_votes_percent=_number(values, "PORTAL_SERIAL_VOTES_PERCENT", 60, 0, 99),
        holdout_percent=_number(values, "PORTAL_SEARCH_HOLDOUT_PERCENT", 5, 0, 50),
        expert_standing=_number(values, "PORTAL_EXPERT_STANDING", 10, 1, 100_000),
        review_standing=_number(values, "PORTAL_REVIEW_STANDING", 30, 1, 100_000),
        reopen_votes=_number(values, "PORTAL_REOPEN_VOTES", 3, 0, 100),
        reopen_days=_number(values, "PORTAL_REOPEN_DAYS", 14, 1, 365),
        details_days=_number(values, "PORTAL_DETAILS_DAYS", 14, 0, 3650),
        archive_days=_number(values, "PORTAL_ARCHIVE_DAYS", 0, 0, 36500),
        remind_days=_number(values, "PORTAL_REMIND_ACCEPT_DAYS", 5, 0, 30),
        database_url=_url(values, "DATABASE_URL", DATABASE_SCHEMES),
        elasticsearch_url=_addresses(values, "ELASTICSEARCH_URL", ("http", "https")),
        redis_url=_url(values, "REDIS_URL", ("redis", "rediss", "unix")),
        email_url=_url(values, "EMAIL_URL", EMAIL_SCHEMES),
        secret_key=values.get("PORTAL_SECRET_KEY", ""),
        metrics_folder=values.get("PROMETHEUS_MULTIPROC_DIR", ""),
        draft_days=_number(values, "PORTAL_DRAFT_DAYS", 90, 1, 3650),
        note_days=_number(values, "PORTAL_NOTE_DAYS", 180, 0, 3650),
    )


def ensure_data_dir(folder: Path) -> None:
    """Makes the data folder and proves that it can be written; raises ``BadEnvironment`` where it cannot."""
    probe = folder / f".probe-{os.getpid()}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        raise BadEnvironment(f"PORTAL_DATA_DIR: {folder} cannot be written ({error.strerror}).") from None


def secret_key(environment: Environment) -> str:
    """Returns PORTAL_SECRET_KEY, or the key in the data folder, made on first use and readable by its owner only."""
    if environment.secret_key:
        return environment.secret_key
    place = environment.data_dir / "secret_key"
    if not place.exists():
        ensure_data_dir(environment.data_dir)
        _make_secret_key(place)
    return place.read_text().strip()


def _make_secret_key(place: Path) -> None:
    """Writes a new key so that it appears whole, and only if no other process was quicker."""
    written = place.with_name(f"{place.name}-{os.getpid()}-{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(written, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(50))
        with contextlib.suppress(FileExistsError):
            os.link(written, place)
    finally:
        written.unlink(missing_ok=True)
