"""Tables as files."""

import csv
import io
from collections.abc import Iterable, Sequence

from django.http import HttpResponse

# Programs for East Asian tables take the wide signs for the narrow ones.
FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")


def csv_response(*, filename: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> HttpResponse:
    """Returns a table as a CSV file (RFC 4180, UTF-8 with a mark at its beginning, as spreadsheets expect).

    filename: without its ending. Text that a spreadsheet would run as a formula is led by an apostrophe.
    """
    written = io.StringIO()
    table = csv.writer(written)
    table.writerow(header)
    table.writerows([_cell(value) for value in row] for row in rows)
    response = HttpResponse("\ufeff" + written.getvalue(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{filename}.csv"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _cell(value: object) -> object:
    if value is None:
        return ""
    if isinstance(value, str) and value.startswith(FORMULA):
        return f"'{value}"
    return value
