"""Parts of the demo that other apps load: the importer knows the story, each app knows its own models.

An app registers its part in ``ready()``; ``manage.py load_demo`` calls each, in the one transaction of the demo.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class DemoMaterial:
    """What a part is made of. ``entries``: those of its content file. ``pages``: (type, id) of questions by key, and
    of articles by (key, language). ``staff``: in whose name it is written."""

    entries: Sequence[Mapping[str, Any]]
    pages: Mapping[str | tuple[str, str], tuple[str, str]]
    staff: Any


_parts: dict[str, Callable[[DemoMaterial], None]] = {}


def register_demo_part(name: str, load: Callable[[DemoMaterial], None]) -> None:
    """Makes known who loads the content file of this name; called in an app's ``ready()``."""
    _parts[name] = load


def demo_parts() -> dict[str, Callable[[DemoMaterial], None]]:
    """Returns who loads what, by the name of the content file, in the order of registration."""
    return dict(_parts)
