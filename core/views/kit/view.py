"""The View record: what a view can be asked for, and the pure function that answers with a Stage.

One declaration of the parameters serves the page's widgets, its address, the check at `/view` and the tests.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from core.stage import Slider, Stage

FEW = 6  # words that a message names one by one
LONGEST = 400  # characters of one parameter in an address; longer is not a choice that any page makes


def nearest(given: str, known: Mapping[str, Any]) -> str:
    """What a message can suggest instead of an unknown word."""
    close = difflib.get_close_matches(given[:LONGEST], list(known), n=1)
    if close:
        return f'did you mean "{close[0]}"?'
    if len(known) > FEW:
        return f"there are {len(known)}, such as {next(iter(known))}"
    return f"there are {', '.join(known)}"


def listed(words: Sequence[str]) -> str:
    """a; a and b; a, b and c."""
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


@dataclass(frozen=True, kw_only=True)
class OneOf:
    """A choice of one. `options` maps what stands in the address to what a person reads."""

    name: str
    label: str
    options: Mapping[str, str]
    default: str
    help: str = ""
    advanced: bool = False  # asked for in a corner: the page works well without

    def read(self, text: str) -> str:
        if text not in self.options:
            raise ValueError(f'unknown {self.name} "{text:.40}"; {nearest(text, self.options)}')
        return text

    def write(self, value: str) -> str:
        return value

    def extremes(self) -> Iterator[str]:
        yield from self.options


@dataclass(frozen=True, kw_only=True)
class SomeOf:
    """A choice of several, in the options' own order however they were picked; never none, never more than `most`."""

    name: str
    label: str
    options: Mapping[str, str]
    default: tuple[str, ...]
    most: int
    help: str = ""
    advanced: bool = False  # asked for in a corner: the page works well without

    def read(self, text: str) -> tuple[str, ...]:
        given = text.split(",") if text else []
        for word in given:
            if word not in self.options:
                raise ValueError(f'unknown {self.name} "{word:.40}"; {nearest(word, self.options)}')
        if not 0 < len(given) <= self.most or len(set(given)) < len(given):
            raise ValueError(f"{self.name} must be 1 to {self.most} different ones of its options, got {text!r:.60}")
        return tuple(option for option in self.options if option in given)

    def write(self, value: tuple[str, ...]) -> str:
        return ",".join(option for option in self.options if option in value)

    def extremes(self) -> Iterator[tuple[str, ...]]:
        for option in self.options:
            yield (option,)
        options = list(self.options)
        for first in range(0, len(options), self.most):
            yield tuple(options[first : first + self.most])


@dataclass(frozen=True, kw_only=True)
class Whole:
    """A whole number in a range, such as a seed."""

    name: str
    label: str
    default: int
    low: int
    high: int
    help: str = ""
    advanced: bool = False  # asked for in a corner: the page works well without

    def read(self, text: str) -> int:
        if not (text.isascii() and text.isdigit() and len(text) < 10 and self.low <= int(text) <= self.high):
            raise ValueError(f"{self.name} must be a whole number from {self.low} to {self.high}, got {text!r:.40}")
        return int(text)

    def write(self, value: int) -> str:
        return str(value)

    def extremes(self) -> Iterator[int]:
        yield from (self.low, self.high)


Parameter = OneOf | SomeOf | Whole


def flat(**_: Any) -> bool:
    """No third dimension."""
    return False


@dataclass(frozen=True, kw_only=True)
class View:
    """A pure function from parameters to a Stage, with the parameters declared."""

    name: str
    params: tuple[Parameter, ...]
    sliders: Callable[..., tuple[Slider, ...]]  # the stage's sliders alone, for a page that has to know their range
    stage: Callable[..., Stage]
    height: int  # of the figure, pixels
    solid: Callable[..., bool] = flat  # whether a choice's figure has a third dimension, which takes all of plotly.js
    recomputed: bool = (
        False  # `stage` also takes `centre`: the released values of the recomputed sliders that left their start
    )
    wait: str = ""  # what to say meanwhile, where a first payload takes long
    shares_state: str = ""  # views of one kin share what a person chose and released: they show the same from two sides
    saves: tuple[str, ...] = ("html", "csv")  # the files that it can be saved as
    key: str = ""

    @property
    def family(self) -> str:
        """Under which name a person's choices are kept."""
        return self.shares_state or self.key

    @property
    def defaults(self) -> dict[str, Any]:
        return {param.name: param.default for param in self.params}

    def param(self, name: str) -> Parameter:
        return next(param for param in self.params if param.name == name)

    def read(self, query: Mapping[str, str]) -> dict[str, Any]:
        """The parameters that an address asks for. ValueError, one sentence, unless each is there once and good."""
        known = {param.name: param for param in self.params}
        for name in query:
            if name not in known:
                raise ValueError(f'unknown parameter "{name:.40}"; {nearest(name, known)}')
        choice = {}
        for name, param in known.items():
            if name not in query:
                example: Any = param.default
                raise ValueError(f'parameter "{name}" is missing; for example {name}={param.write(example)}')
            if len(query[name]) > LONGEST:
                raise ValueError(f'parameter "{name}" is {len(query[name])} characters long; at most {LONGEST}')
            choice[name] = param.read(query[name])
        return choice

    def make(self, choice: Mapping[str, Any], centre: Mapping[str, float] | None = None) -> Stage:
        """The stage of a choice; around these values of its recomputed sliders, where it has any."""
        return self.stage(**choice, centre=dict(centre or {})) if self.recomputed else self.stage(**choice)

    def address(self, choice: Mapping[str, Any], centre: Mapping[str, float] | None = None) -> str:
        """The one query string of a choice: every parameter, in the order declared, and then the centre."""
        words = {param.name: param.write(choice[param.name]) for param in self.params}
        return urlencode(words | {key: f"{value:g}" for key, value in sorted((centre or {}).items())}, safe=",")

    def centre(self, choice: Mapping[str, Any], values: Mapping[str, float]) -> dict[str, float]:
        """Of the values of sliders, those that the stage is computed around: the recomputed ones that left their
        start."""
        if not self.recomputed:
            return {}
        sliders = {slider.key: slider for slider in self.sliders(**choice) if slider.recomputed}
        return {
            key: value
            for key, value in values.items()
            if key in sliders and value != sliders[key].values[sliders[key].start]
        }
