"""What people searched for, what they opened of it, and the searches that they keep."""

from .saved import Frequency, SavedSearch
from .search import Excluded, ResultOpened, Search, Surface, Who, Withheld

__all__ = ["Excluded", "Frequency", "ResultOpened", "SavedSearch", "Search", "Surface", "Who", "Withheld"]
