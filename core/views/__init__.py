"""Every view, by key: the names that `/view/<name>` answers to.

A folder with a `views.py` belongs to the page of its name. The views are the variables of that file or, where it has
one, the entries of its mapping `VIEWS`.
"""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType

from core.record import collect
from core.stage.parameters import nearest
from core.views.kit.view import View


def modules() -> Iterator[ModuleType]:
    """The `views.py` of every folder here, by name."""
    for file in sorted(Path(__file__).parent.glob("*/views.py")):
        yield import_module(f"{__name__}.{file.parent.name}.views")


VIEWS = collect(View, *(getattr(module, "VIEWS", module) for module in modules()))


def unknown(name: str) -> str:
    """The message for an unknown view."""
    return f'unknown view "{name:.40}"; {nearest(name, VIEWS)}'


__all__ = ["VIEWS", "View", "unknown"]
