"""What staff learn from the logs, without a word of them (docs/explanation/gap-ledger.md)."""

from .gaps import Deed, FixKind, Gap, GapChange, GapDay, GapKind, GapQuestion, GapSearch, GapSource, GapStatus
from .searching import SearchDay

__all__ = [
    "Deed",
    "FixKind",
    "Gap",
    "GapChange",
    "GapDay",
    "GapKind",
    "GapQuestion",
    "GapSearch",
    "GapSource",
    "GapStatus",
    "SearchDay",
]
