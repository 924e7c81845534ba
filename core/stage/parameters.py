"""The parameters of a view beside its sliders: one of several, some of several, a whole number, a typed text.

Each reads its value from an address, and writes it into one.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

FEW = 6  # words that a message names one by one
LONGEST = 400  # characters of one parameter in an address; longer is not a choice that any page makes


def nearest(given: str, known: Mapping[str, Any]) -> str:
    """The words of a message that suggests known words for an unknown one."""
    close = difflib.get_close_matches(given[:LONGEST], list(known), n=1)
    if close:
        return f'did you mean "{close[0]}"?'
    if len(known) > FEW:
        return f"there are {len(known)}, such as {next(iter(known))}"
    return f"there are {', '.join(known)}"


def names_of(records: Mapping[str, Any]) -> dict[str, str]:
    """The options of a picker of records: what stands in the address, and the name that a person reads."""
    return {key: record.name for key, record in records.items()}


@dataclass(frozen=True, kw_only=True)
class OneOf:
    """A choice of one. `options` maps what stands in the address to what a person reads."""

    name: str
    label: str
    options: Mapping[str, str]
    default: str
    help: str = ""
    advanced: bool = False  # asked for in a corner; the page works well without

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
    advanced: bool = False  # asked for in a corner; the page works well without

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
    advanced: bool = False  # asked for in a corner; the page works well without

    def read(self, text: str) -> int:
        if not (text.isascii() and text.isdigit() and len(text) < 10 and self.low <= int(text) <= self.high):
            raise ValueError(f"{self.name} must be a whole number from {self.low} to {self.high}, got {text!r:.40}")
        return int(text)

    def write(self, value: int) -> str:
        return str(value)

    def extremes(self) -> Iterator[int]:
        yield from (self.low, self.high)


@dataclass(frozen=True, kw_only=True)
class Typed:
    """A text that a person types, such as a formula. `check` raises ValueError, a sentence, for one that is none."""

    name: str
    label: str
    default: str
    check: Callable[[str], Any]
    longest: int  # characters
    examples: Sequence[str] = ()  # further texts, which the tests take
    help: str = ""
    advanced: bool = False  # asked for in a corner; the page works well without

    def read(self, text: str) -> str:
        try:
            self.check(text)
        except ValueError as error:
            raise ValueError(f'{self.name} "{text:.40}" cannot be read: {error}') from error
        return text

    def write(self, value: str) -> str:
        return value

    def extremes(self) -> Iterator[str]:
        yield from self.examples


Parameter = OneOf | SomeOf | Whole | Typed
