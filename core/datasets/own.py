"""The data sets of persons' own tables. Each is there while somebody holds it, and has a key that nobody can guess."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from secrets import token_hex
from typing import TypeVar
from weakref import WeakValueDictionary

from core.datasets.dataset import Dataset
from core.kept import Store

Kind = TypeVar("Kind", bound=Dataset)
MARK = "own-"  # every key begins with it
KEPT_BYTES = 8 * 2**20  # of what is computed of one table


@dataclass(frozen=True, eq=False)
class OwnData:
    """The data sets that one table gives, each of another kind; all have its key.

    What is computed of them is kept in `store`, and goes with the table.
    """

    datasets: tuple[Dataset, ...]
    key: str = field(default_factory=lambda: MARK + token_hex(16))
    store: Store = field(default_factory=lambda: Store(KEPT_BYTES), repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "datasets", tuple(replace(one, key=self.key) for one in self.datasets))
        _held[self.key] = self

    def __reduce__(self) -> tuple[type[OwnData], tuple[tuple[Dataset, ...], str]]:
        return OwnData, (self.datasets, self.key)  # in another process it is held, and has a store, as well

    def of_kind(self, kind: type[Kind]) -> Kind | None:
        """The data set of a kind, if the table gives one."""
        return next((one for one in self.datasets if isinstance(one, kind)), None)


_held: WeakValueDictionary[str, OwnData] = WeakValueDictionary()


def find_own(key: str) -> OwnData:
    """The data of a table by their key. ValueError, a sentence, where nobody holds them any more."""
    found = _held.get(key)
    if found is None:
        raise ValueError("this table is not here any more; drop it again on the page “Your data”")
    return found
