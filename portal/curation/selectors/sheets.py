"""The termbase as a sheet: what a file of it says, line by line, against what there is."""

import csv
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum

from django.conf import settings
from django.utils.translation import gettext as _

from portal.core.errors import Invalid
from portal.curation.models import TermEntry
from portal.curation.models.entry import LONGEST_TERM, MOST_TERMS
from search.synonyms import Term, term_forms

from .termbase import entries_kept

LARGEST = 1_000_000
MOST_LINES = 5_000
# Between the terms of a cell.
BETWEEN = "|"
YES, NO = frozenset({"yes", "true", "1", "x"}), frozenset({"", "no", "false", "0"})
PUBLISHED, DRAFT = "published", "draft"
# A cell that a table program would calculate: these signs, in either width, and apostrophes that led them before.
_FORMULA = re.compile(r"'*[=+\-@＝＋－＠\t\r\n]")


def columns() -> dict[str, tuple[str, bool]]:
    """Returns the columns of terms: language ("": all) and whether they are typed one way."""
    codes = ["", *(code for code, _name in settings.LANGUAGES)]
    terms = {code or "all": (code, False) for code in codes}
    return terms | {f"typed_{code or 'all'}": (code, True) for code in codes}


def header() -> list[str]:
    """Returns the names of all columns."""
    return ["id", "name", "state", "protected", *columns(), "from", "until", "note"]


def sheet_of(entries: Iterable[TermEntry]) -> str:
    """Returns entries as CSV, one a line; cells that a table program would calculate have an apostrophe before them."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(header())
    for entry in entries:
        writer.writerow([_guarded(cell) for cell in _cells(entry)])
    return out.getvalue()


def _cells(entry: TermEntry) -> list[str]:
    words = [f" {BETWEEN} ".join(entry.in_language(code, one_way=way)) for code, way in columns().values()]
    state = PUBLISHED if entry.live else DRAFT
    days = [day.isoformat() if day else "" for day in (entry.starts_on, entry.ends_on)]
    return [str(entry.pk), entry.name, state, "yes" if entry.protected else "", *words, *days, entry.note]


def _guarded(cell: str) -> str:
    return f"'{cell}" if _FORMULA.match(cell) else cell


def _plain(cell: str) -> str:
    cell = cell.replace("\x00", "").strip()
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


class Outcome(Enum):
    """What a line of an uploaded sheet would do."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class SheetLine:
    """A line by its number in the file. ``reasons``: why it is refused. ``differences``: the columns that change."""

    number: int
    outcome: Outcome
    name: str
    entry: TermEntry | None = None
    publish: bool = False
    reasons: list[str] = field(default_factory=list)
    differences: list[str] = field(default_factory=list)


def sheet_decode(data: bytes) -> str:
    """Returns the text of a file in UTF-8 or, with its mark, UTF-16; raises ``Invalid`` for others and large ones."""
    if len(data) > LARGEST:
        raise Invalid({"file": [_("The file is larger than one megabyte.")]})
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        raise Invalid({"file": [_("The file is not UTF-8 text. Save it as “CSV UTF-8”.")]}) from None


def sheet_read(text: str) -> list[SheetLine]:
    """Returns what each line of a sheet would do. Nothing is written. Raises ``Invalid`` for a text that is no sheet.

    Commas, semicolons or tabs may separate the columns, in any order; those left out are left as they are. A line
    without ``id`` is a new entry.
    """
    first = text.splitlines()[0] if text.strip() else ""
    between = max(",;\t", key=first.count)
    try:
        rows = list(csv.reader(io.StringIO(text.lstrip("\ufeff"), newline=""), delimiter=between))
    except csv.Error:
        raise Invalid({"file": [_("The file is no table in CSV.")]}) from None
    names = [name.strip().casefold() for name in rows[0]] if rows else []
    unknown = [name for name in names if name and name not in header()]
    if not set(names) & set(columns()) or unknown or len(set(filter(None, names))) < len([n for n in names if n]):
        expected = ", ".join(header())
        raise Invalid({"file": [_("The first line has to name the columns: %(names)s.") % {"names": expected}]})
    if len(rows) > MOST_LINES:
        raise Invalid({"file": [_("The file has more than %(most)d lines.") % {"most": MOST_LINES}]})
    return _lines(names, rows[1:])


def _lines(names: list[str], rows: list[list[str]]) -> list[SheetLine]:
    known = {str(entry.pk): entry for entry in entries_kept()}
    seen: set[str] = set()
    lines = []
    for number, row in enumerate(rows, 2):
        cells = {name: _plain(cell) for name, cell in zip(names, row, strict=False) if name}
        if not any(cells.values()):
            continue
        line = _line(number, cells, known)
        identity = cells.get("id", "")
        if identity and identity in seen:
            line = SheetLine(number, Outcome.REFUSED, line.name, reasons=[_("This id stands on an earlier line.")])
        seen.add(identity)
        lines.append(line)
    return lines


def _line(number: int, cells: Mapping[str, str], known: Mapping[str, TermEntry]) -> SheetLine:
    identity = cells.get("id", "")
    if identity and identity not in known:
        return SheetLine(number, Outcome.REFUSED, cells.get("name", ""), reasons=[_("There is no entry of this id.")])
    entry = known[identity] if identity else TermEntry(live=False)
    before = dict(zip(header(), _cells(entry), strict=True))
    reasons = _take(entry, cells)
    state = cells.get("state", "").casefold() or before["state"]
    if state not in (PUBLISHED, DRAFT):
        reasons.append(_("The state is published or draft."))
    if reasons:
        return SheetLine(number, Outcome.REFUSED, entry.name, reasons=reasons)
    after = dict(zip(header(), _cells(entry), strict=True)) | {"state": state}
    differences = [name for name in header() if before[name] != after[name] and name != "id"]
    outcome = Outcome.NEW if not identity else Outcome.CHANGED if differences else Outcome.SAME
    return SheetLine(number, outcome, entry.name, entry, state == PUBLISHED, differences=differences)


def _take(entry: TermEntry, cells: Mapping[str, str]) -> list[str]:
    """Puts the cells into the entry, which is not saved; returns what is wrong with them."""
    reasons: list[str] = []
    reasons += _take_words(entry, cells)
    for name, attribute in (("from", "starts_on"), ("until", "ends_on")):
        if name in cells:
            try:
                setattr(entry, attribute, date.fromisoformat(cells[name]) if cells[name] else None)
            except ValueError:
                reasons.append(_("“%(day)s” is no day: write it like 2027-01-31.") % {"day": cells[name][:40]})
    if entry.starts_on and entry.ends_on and entry.ends_on < entry.starts_on:
        reasons.append(_("The last day lies before the first."))
    if "protected" in cells:
        said = cells["protected"].casefold()
        if said not in YES | NO:
            reasons.append(_("Protected is yes or left empty."))
        entry.protected = said in YES
    if "note" in cells:
        entry.note = cells["note"]
    return reasons


def _take_words(entry: TermEntry, cells: Mapping[str, str]) -> list[str]:
    terms: list[Term] = []
    for name, (code, one_way) in columns().items():
        given = entry.in_language(code, one_way=one_way)
        if name in cells:
            given = [" ".join(part.split()) for part in cells[name].split(BETWEEN) if part.strip()]
        terms += [Term(text, code or None, one_way) for text in given]
    if cells.get("name"):
        entry.name = cells["name"][:120]
    entry.words_set(terms)
    reasons = [
        _("“%(term)s” holds no word or is too long.") % {"term": term.text[:40]}
        for term in terms
        if len(term.text) > LONGEST_TERM or not term_forms(term)
    ]
    if not any(not term.one_way for term in terms):
        reasons.append(_("Give at least one term that others find."))
    if len(terms) > MOST_TERMS:
        reasons.append(_("An entry has %(most)d terms at most.") % {"most": MOST_TERMS})
    return reasons
