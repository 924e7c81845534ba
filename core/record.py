"""Parts of all records: parameters and their domains, sources, looks, and `collect`, which gathers them by key.

A record lives in a module of its family as a plain variable; the variable's name is its key.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType, ModuleType
from typing import Any, Protocol, TypeVar
from urllib.parse import quote

import numpy as np

Record = TypeVar("Record")


class Domain(Protocol):
    """A set of numbers, and how a sentence names it: "delta must be <domain>"."""

    def mask(self, values: np.ndarray) -> np.ndarray:
        """Whether each value lies inside, elementwise; NaN does not."""

    def holds(self, values: np.ndarray) -> bool:
        """Whether every value lies inside; True for an empty array."""


@dataclass(frozen=True)
class Interval:
    """A range of real numbers. Infinite ends are always open, so an interval holds finite numbers only."""

    low: float = -math.inf
    high: float = math.inf
    low_open: bool = False
    high_open: bool = False
    without: float | None = None  # one number inside the range that is left out

    def mask(self, values: np.ndarray) -> np.ndarray:
        inside = self._above(values) & self._below(values)
        return inside if self.without is None else inside & (values != self.without)

    def holds(self, values: np.ndarray) -> bool:
        # The extremes decide for all, and min and max return NaN if there is one: two passes, no temporary array.
        if values.size == 0:
            return True
        if not (self._above(values.min()) and self._below(values.max())):
            return False
        return self.without is None or not np.any(values == self.without)

    def _above(self, values: Any) -> Any:
        return values > self.low if self.low_open or math.isinf(self.low) else values >= self.low

    def _below(self, values: Any) -> Any:
        return values < self.high if self.high_open or math.isinf(self.high) else values <= self.high

    def __str__(self) -> str:
        return self._range() + ("" if self.without is None else f" and not {self.without:g}")

    def _range(self) -> str:
        if math.isinf(self.low) and math.isinf(self.high):
            return "finite"
        if math.isinf(self.high):
            return f"{'greater than' if self.low_open else 'at least'} {self.low:g}"
        if math.isinf(self.low):
            return f"{'less than' if self.high_open else 'at most'} {self.high:g}"
        return f"in {'(' if self.low_open else '['}{self.low:g}, {self.high:g}{')' if self.high_open else ']'}"


@dataclass(frozen=True)
class FiniteSet:
    """A finite set of numbers."""

    values: tuple[float, ...]

    def mask(self, values: np.ndarray) -> np.ndarray:
        return np.logical_or.reduce([values == allowed for allowed in self.values])

    def holds(self, values: np.ndarray) -> bool:
        return bool(self.mask(values).all())

    def __str__(self) -> str:
        return " or ".join(f"{value:g}" for value in self.values)


@dataclass(frozen=True)
class Labels:
    """The whole numbers 0, 1, ... below `count`, each a class; or a probability for each class.

    `several`: more than one class may be right at once, so that the probabilities need not sum to 1.
    """

    count: float = math.inf
    several: bool = False

    def mask(self, values: np.ndarray) -> np.ndarray:
        return (values >= 0) & (values < self.count) & (values == np.floor(values))

    def holds(self, values: np.ndarray) -> bool:
        return bool(self.mask(values).all())

    def __str__(self) -> str:
        return "a whole number from 0" + ("" if math.isinf(self.count) else f" to {self.count - 1}")


REAL = Interval()
POSITIVE = Interval(low=0.0, low_open=True)
NON_NEGATIVE = Interval(low=0.0)
SHARE = Interval(low=0.0, high=1.0, low_open=True, high_open=True)
BINARY = FiniteSet((0.0, 1.0))
LABELS = Labels()
SEVERAL_LABELS = Labels(several=True)


def numbers(name: str, given: Any, domain: Domain | None = None, of: str = "") -> np.ndarray:
    """`given` as a float64 array whose numbers all lie in the domain.

    Raises ValueError for anything else; its message names the argument (`name`) and the record (`of`).
    """
    end = f" ({of})" if of else ""
    try:
        array = np.asarray(given)
    except ValueError as error:  # rows of different lengths
        raise ValueError(f"{name} must be an array of numbers, got {given!r:.80}{end}") from error
    if array.dtype.kind not in "biuf":
        raise ValueError(f"{name} must be numbers, got {given!r:.80}{end}")
    array = array.astype(np.float64, copy=False)
    if domain is not None and not domain.holds(array):
        place = tuple(np.argwhere(~domain.mask(array))[0].tolist())
        first = f"{array[place]:g}" + (f" at {list(place)}" if place else "")
        raise ValueError(f"{name} must be {domain}, got {first}{end}")
    return array


def one_number(name: str, given: Any, domain: Domain) -> float:
    """`given` as one number of the domain. Raises ValueError for anything else, an array too."""
    value = numbers(name, given, domain)
    if value.ndim:
        raise ValueError(f"{name} must be one number, got shape {value.shape}")
    return float(value)


@dataclass(frozen=True)
class Param:
    """A number of a record that a slider sets: the slider's ends, and what the maths allows.

    `default` is what a call without the parameter takes: the plain form of the record, unweighted and unsmoothed.
    `neutral` is the value at which the parameter has no effect, if there is one; a default that is another one says
    why in `because`. The slider goes from `low` to `high` in steps of `step`; it starts at `start`, or else at the
    default. `domain` is wider, and is what a call is checked against. `latex` is how the number is written in a
    formula, `symbol` how it is written in a sentence.
    """

    name: str
    symbol: str
    default: float
    low: float
    high: float
    step: float
    latex: str = ""
    domain: Domain = POSITIVE
    start: float | None = None
    neutral: float | None = None
    because: str = ""

    @property
    def starts_at(self) -> float:
        """The value at which the slider starts."""
        return self.default if self.start is None else self.start

    @property
    def frames(self) -> np.ndarray:
        """Every value of the slider, float64, ascending; `default` and `start` are among them."""
        count = round((self.high - self.low) / self.step) + 1
        digits = max(10, 3 - math.floor(math.log10(self.step)))  # no sum shows as 0.30000000000000004
        return np.round(np.linspace(self.low, self.high, count), digits)

    def but(self, **changes: Any) -> Param:
        """This parameter with some fields changed, for records that share one."""
        return replace(self, **changes)


@dataclass(frozen=True)
class Source:
    """Where a definition was first published, or is best read."""

    authors: str
    year: int
    title: str
    link: str = ""

    def __str__(self) -> str:
        return f"{self.authors} ({self.year}), {self.title}"

    @property
    def url(self) -> str:
        """The link as a URL: `doi:` and `arxiv:` become addresses of their resolvers."""
        scheme, _, name = self.link.partition(":")
        if scheme not in RESOLVERS:
            return self.link
        return RESOLVERS[scheme] + quote(name)  # a DOI may hold brackets that would end a Markdown link


HUES = ("blue", "orange", "green", "purple", "amber", "teal", "red", "slate")  # the theme has their colours
DASHES = ("solid", "dash", "dot", "dashdot")


@dataclass(frozen=True)
class Look:
    """How a record is drawn on every page: a hue, one of HUES, and a dash, one of DASHES. ValueError for another."""

    hue: str
    dash: str = "solid"

    def __post_init__(self) -> None:
        for name, given, known in (("hue", self.hue, HUES), ("dash", self.dash, DASHES)):
            if given not in known:
                raise ValueError(f"{name} must be one of {', '.join(known)}, got {given!r:.80}")


class Documented:
    """A record with a formula in LaTeX and parameters: Loss, Landscape, Optimizer, Metric and others are such.

    `template` is the LaTeX, with %(name)s in place of a parameter.
    """

    key: str
    template: str
    params: tuple[Param, ...]

    @property
    def defaults(self) -> dict[str, float]:
        """The default of each parameter, by name."""
        return {param.name: param.default for param in self.params}

    def param(self, name: str) -> Param:
        """The parameter of this name; StopIteration if there is none."""
        return next(param for param in self.params if param.name == name)

    @property
    def starts(self) -> dict[str, float]:
        """The starts of the sliders, by parameter: the values that a page shows before a slider is moved."""
        return {param.name: param.starts_at for param in self.params}

    @property
    def formula(self) -> str:
        """LaTeX with the parameters as symbols."""
        return self.template % {param.name: param.latex for param in self.params}

    def formula_at(self, /, **params: float | str) -> str:
        """LaTeX with the parameters as numbers; a text, such as a slot, stands as it is."""
        values = self.defaults | params
        texts = {name: value if isinstance(value, str) else latex(float(value)) for name, value in values.items()}
        return self.template % texts

    def with_defaults(self, params: Mapping[str, Any]) -> dict[str, np.ndarray]:
        """Every parameter as a float64 array, defaults filled in.

        Raises TypeError for an unknown name, ValueError for a value that is no number or outside its domain.
        """
        known = {param.name: param for param in self.params}
        for name in params:
            if name not in known:
                expected = f"it takes {', '.join(known)}" if known else "it takes none"
                raise TypeError(f"{self.key} has no parameter {name!r}; {expected}")
        return {
            name: numbers(name, params.get(name, param.default), param.domain, of=self.key)
            for name, param in known.items()
        }

    def __str__(self) -> str:
        return self.key


def at_starts(record: Record) -> Record:
    """The record with the starts of its sliders as its defaults, for what is shown without sliders."""
    params = tuple(param.but(default=param.starts_at) for param in record.params)  # type: ignore[attr-defined]
    return replace(record, params=params)  # type: ignore[type-var]


def latex(number: float) -> str:
    """A number to six digits as LaTeX that may follow an operator: 10^{-8}; a negative one in brackets."""
    digits, _, exponent = f"{number:g}".partition("e")
    if exponent:
        power = f"10^{{{int(exponent)}}}"
        digits = power if digits == "1" else rf"{digits} \cdot {power}"
    return f"({digits})" if number < 0 else digits


RESOLVERS = {"doi": "https://doi.org/", "arxiv": "https://arxiv.org/abs/"}


def collect(kind: type[Record], *places: ModuleType | Mapping[str, Record]) -> Mapping[str, Record]:
    """The records of `kind` in these modules and mappings, in reading order.

    A module names a record by its variable, a mapping by its key. Raises ValueError when two places use one key.
    """
    records: dict[str, Any] = {}
    for place in places:
        named, where = (place, "a mapping") if isinstance(place, Mapping) else (vars(place), place.__name__)
        for key, value in named.items():
            if not isinstance(value, kind):
                continue
            if key in records:
                raise ValueError(f"two records are named {key!r}; the second is in {where}")
            records[key] = replace(value, key=key)  # type: ignore[type-var]
    return MappingProxyType(records)
