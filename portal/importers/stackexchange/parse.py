"""Reads the XML files of a dump: one row after the other, in constant memory, trusting nothing in them.

Only expat's own events are used. A file that declares an entity, default attributes or a subset elsewhere is hostile
and refused at that declaration, before anything could be expanded or fetched; a bare DOCTYPE is let through.
"""

import codecs
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Protocol
from xml.parsers import expat

from django.utils.translation import gettext as _

CHUNK = 64 * 1024
# A post holds 30,000 characters at its source; no honest row comes near this many bytes.
ROW_LONGEST = 8 * 1024 * 1024
DEPTH_MOST = 50
# The files of a dump and the element that holds the rows of each.
ROOTS = {
    "Users": "users",
    "Tags": "tags",
    "Posts": "posts",
    "Votes": "votes",
    "Comments": "comments",
    "PostLinks": "postlinks",
    "PostHistory": "posthistory",
    "Badges": "badges",
}
# What XML 1.0 forbids although some dumps hold it: control characters, plain or as references.
FORBIDDEN = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]"
    r"|&#(?:0*(?:[0-8]|1[124-9]|2\d|3[01]|6553[45])|x0*(?:[0-8bce-f]|1[0-9a-f]|d[89a-f][0-9a-f]{2}|fff[ef]));",
    re.IGNORECASE,
)
REFERENCE_LONGEST = 16
DECLARED_ENCODING = re.compile(rb"""<\?xml[^>]{0,80}?encoding\s*=\s*["']([\w.-]+)["']""")

Attributes = Mapping[str, str]


class DumpError(Exception):
    """The folder cannot be imported; the text is one line for the operator."""


class HostileDump(DumpError):
    """A file tries to expand entities or to reach out."""


class NotADump(DumpError):
    """A file is missing, cut off, or not what a dump holds."""


class Meter(Protocol):
    """Is told how many bytes of a file were read since the last time."""

    def advance(self, count: int) -> None:
        """Counts ``count`` further bytes."""


def dump_files(folder: Path) -> dict[str, Path]:
    """Returns the files of a dump by name (``Posts``), whatever the case of their letters.

    Raises ``NotADump`` where there is no such folder or no Posts.xml in it.
    """
    if not folder.is_dir():
        raise NotADump(_("%(folder)s is not a folder.") % {"folder": folder})
    wanted = {f"{name}.xml".lower(): name for name in ROOTS}
    try:
        found = {wanted[path.name.lower()]: path for path in sorted(folder.iterdir()) if path.name.lower() in wanted}
    except OSError as error:
        raise NotADump(_("%(folder)s cannot be read: %(why)s.") % {"folder": folder, "why": error.strerror}) from None
    if "Posts" not in found:
        raise NotADump(_("%(folder)s holds no Posts.xml: it is no dump, or not unpacked yet.") % {"folder": folder})
    return {name: found[name] for name in ROOTS if name in found}


class RowReader:
    """Reads one file. ``mended`` tells that characters which XML forbids are replaced while reading."""

    def __init__(self, path: Path, root: str, *, mended: bool = False) -> None:
        self.path, self.root, self.mended = path, root, mended
        self._rows: list[tuple[int, Attributes]] = []
        self._depth = 0
        self._since_row = 0
        self._parser = expat.ParserCreate()
        self._prepare()

    def _prepare(self) -> None:
        parser = self._parser
        parser.buffer_text = False
        parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.StartDoctypeDeclHandler = self._doctype
        parser.EntityDeclHandler = self._declares
        parser.UnparsedEntityDeclHandler = self._declares
        parser.AttlistDeclHandler = self._declares
        parser.NotationDeclHandler = self._declares
        parser.ExternalEntityRefHandler = self._refers
        parser.SkippedEntityHandler = self._refers

    def _hostile(self) -> HostileDump:
        line = self._parser.CurrentLineNumber
        told = _("%(file)s:%(line)d: the file declares entities or reaches for others; it is refused.")
        return HostileDump(told % {"file": self.path.name, "line": line})

    def _doctype(self, _name: str, system: str | None, public: str | None, _internal: int) -> None:
        if system is not None or public is not None:
            raise self._hostile()

    def _declares(self, *_declaration: object) -> None:
        raise self._hostile()

    def _refers(self, *_reference: object) -> int:
        raise self._hostile()

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        self._since_row = 0
        if self._depth == 1 and name != self.root:
            raise NotADump(
                _("%(file)s: it begins with <%(found)s>, not with <%(wanted)s>.")
                % {"file": self.path.name, "found": name[:40], "wanted": self.root}
            )
        if self._depth > DEPTH_MOST:
            raise NotADump(_("%(file)s: its elements lie too deep in each other.") % {"file": self.path.name})
        if self._depth == 2 and name == "row":
            self._rows.append((self._parser.CurrentLineNumber, attributes))

    def _end(self, _name: str) -> None:
        self._depth -= 1

    def _feed(self, text: bytes | str, final: bool = False) -> None:
        try:
            self._parser.Parse(text, final)
        except expat.ExpatError as error:
            told = _("%(file)s:%(line)d: no well-formed XML (%(why)s).")
            why = expat.errors.messages[error.code]
            raise NotADump(told % {"file": self.path.name, "line": error.lineno, "why": why}) from None
        self._since_row += len(text)
        if self._since_row > ROW_LONGEST:
            told = _("%(file)s:%(line)d: a row of more than %(size)d MB.")
            at = self._parser.CurrentLineNumber
            raise NotADump(told % {"file": self.path.name, "line": at, "size": ROW_LONGEST // 2**20})

    def _mended(self, file: IO[bytes], meter: Meter | None) -> Iterator[str]:
        """Yields the text with forbidden characters replaced; a reference is never cut between two pieces."""
        decoder = codecs.getincrementaldecoder("utf-8-sig")("replace")
        kept = ""
        for chunk in _chunks(file, meter):
            text = kept + decoder.decode(chunk)
            cut = text.rfind("&", max(0, len(text) - REFERENCE_LONGEST))
            text, kept = (text[:cut], text[cut:]) if cut >= 0 else (text, "")
            yield FORBIDDEN.sub("�", text)
        yield FORBIDDEN.sub("�", kept + decoder.decode(b"", True))

    def rows(self, meter: Meter | None = None) -> Iterator[tuple[int, Attributes]]:
        """Yields (line number, attributes) of each row; raises ``DumpError`` where the file cannot be read on."""
        try:
            with self.path.open("rb") as file:
                pieces: Iterator[bytes | str] = self._mended(file, meter) if self.mended else _chunks(file, meter)
                for piece in pieces:
                    self._feed(piece)
                    yield from self._taken()
                self._feed(b"", True)
                yield from self._taken()
        except OSError as error:
            told = _("%(file)s cannot be read: %(why)s.")
            raise NotADump(told % {"file": self.path.name, "why": error.strerror}) from None

    def _taken(self) -> list[tuple[int, Attributes]]:
        taken, self._rows = self._rows, []
        return taken


def _chunks(file: IO[bytes], meter: Meter | None) -> Iterator[bytes]:
    while chunk := file.read(CHUNK):
        if meter is not None:
            meter.advance(len(chunk))
        yield chunk


def _check_encoding(path: Path) -> None:
    """Raises ``NotADump`` for a file in another encoding than UTF-8 or UTF-16, which expat knows by their marks."""
    with path.open("rb") as file:
        found = DECLARED_ENCODING.search(file.read(200))
    if found and found.group(1).lower() not in (b"utf-8", b"utf-16", b"us-ascii", b"ascii"):
        told = _("%(file)s: its encoding is %(encoding)s, not UTF-8.")
        raise NotADump(told % {"file": path.name, "encoding": found.group(1).decode("ascii", "replace")})


def file_check(path: Path, root: str, meter: Meter | None = None) -> bool:
    """Reads a whole file and keeps nothing; returns whether it must be read ``mended``.

    Raises ``HostileDump`` or ``NotADump``: after this a file is known to be whole and harmless.
    """
    try:
        _check_encoding(path)
    except OSError as error:
        raise NotADump(_("%(file)s cannot be read: %(why)s.") % {"file": path.name, "why": error.strerror}) from None
    try:
        for _row in RowReader(path, root).rows(meter):
            pass
    except HostileDump:
        raise
    except NotADump as first:
        try:
            for _row in RowReader(path, root, mended=True).rows():
                pass
        except HostileDump:
            raise
        except NotADump:
            raise first from None
        return True
    return False
