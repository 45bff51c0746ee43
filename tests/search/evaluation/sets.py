"""A small judged set, and files made of it."""

import json
from pathlib import Path
from typing import Any

DOCS = {
    "d1": "Reset the password\nOpen the sign-in page and choose Forgotten. A link comes by mail.",
    "d2": "Refund after a return\nMoney is paid back to the card within five working days.",
    "d3": "Battery drains overnight\nSwitch off the always-on display, then restart the watch.",
    "d4": "Change the delivery address\nOpen the order and choose Edit while it is in the warehouse.",
}
QUERIES = {"q1": "how do I reset my password", "q2": "when is my money paid back", "q3": "zeppelin timetable"}
QRELS: dict[str, dict[str, int]] = {"q1": {"d1": 1}, "q2": {"d2": 2, "d4": 0}, "q3": {"d3": 1}}


def small_set(**changes: Any) -> dict[str, Any]:
    """A set of four documents and three queries; the last query finds nothing."""
    return {"docs": DOCS, "queries": QUERIES, "qrels": QRELS, **changes}


def written(folder: Path, name: str = "small_en.json", **changes: Any) -> Path:
    """Write the small set, or one that differs, and return its file."""
    path = folder / name
    path.write_text(json.dumps(small_set(**changes), ensure_ascii=False), encoding="utf-8")
    return path
