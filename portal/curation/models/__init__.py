"""The models of curation: the termbase, promoted results, and the versions by which processes follow them."""

from .entry import TermEntry
from .promotion import Promotion
from .version import LiveVersion

__all__ = ["LiveVersion", "Promotion", "TermEntry"]
