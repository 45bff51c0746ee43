"""What people searched for, and what they opened of it."""

from .search import Excluded, ResultOpened, Search, Surface, Who, Withheld

__all__ = ["Excluded", "ResultOpened", "Search", "Surface", "Who", "Withheld"]
