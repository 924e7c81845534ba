"""The pickers of data sets, in which a person's own table stands among them."""

from __future__ import annotations

from collections.abc import Mapping

from core.datasets import MARK, Dataset, find_own
from core.stage.parameters import OneOf, OwnOption


def data_picker(datasets: Mapping[str, Dataset], *, own: type[Dataset] | None = None) -> OneOf:
    """The picker of these data sets; the first is the default. `own`: the kind that a person's own table can give."""
    options = {key: dataset.label for key, dataset in datasets.items()}
    return OneOf(
        name="data", label="Data", options=options, default=next(iter(options)), own=own_table(own) if own else None
    )


def own_table(kind: type[Dataset]) -> OwnOption:
    """The option of a person's own table, as a data set of this kind."""
    return OwnOption(mark=MARK, name="Your table", kind=kind, check=find_own)
