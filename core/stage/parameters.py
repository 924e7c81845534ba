"""The parameters of a view beside its sliders: one of several, some of several, a whole number, a typed text.

Each reads its value from an address, and writes it into one.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

FEW = 6  # words that a message names one by one
OWN = "own"  # what an address of a page says of a person's own data
LONGEST = 400  # characters of one parameter in an address; longer is not a choice that any page makes


def nearest(given: str, known: Mapping[str, Any]) -> str:
    """The words of a message that suggests known words for an unknown one."""
    close = difflib.get_close_matches(given[:LONGEST], list(known), n=1)
    if close:
        return f'did you mean "{close[0]}"?'
    if len(known) > FEW:
        return f"there are {len(known)}, such as {next(iter(known))}"
    return f"there are {', '.join(known)}"


class PartlyRead(ValueError):
    """A list in an address of which only some can be read: `rest`, the value of those."""

    def __init__(self, sentence: str, rest: Any) -> None:
        super().__init__(sentence)
        self.rest = rest


def names_of(records: Mapping[str, Any]) -> dict[str, str]:
    """The options of a picker of records: what stands in the address, and the name that a person reads."""
    return {key: record.name for key, record in records.items()}


@dataclass(frozen=True, kw_only=True)
class Typed:
    """A text that a person types, such as a formula. `check` raises ValueError, a sentence, for one that is none."""

    name: str
    label: str
    default: str
    check: Callable[[str], Any]
    longest: int  # characters
    examples: Sequence[str] = ()  # further texts, which the tests take
    shared: str = ""  # fields of one name begin with what was typed last into any of them
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


@dataclass(frozen=True, kw_only=True)
class TypedOption:
    """An option that holds what a person types, such as a formula: `<word>:<text>` in an address and as a value."""

    word: str
    name: str  # that a person reads
    field: Typed

    def holds(self, value: str) -> bool:
        """Whether a value is of this option."""
        return value.partition(":")[0] == self.word

    def read(self, value: str) -> str:
        """The value itself. ValueError, a sentence, for a text that cannot be read."""
        return self.with_text(self.field.read(self.text(value)))

    def text(self, value: str) -> str:
        """The text of a value."""
        return value.partition(":")[2]

    def with_text(self, text: str) -> str:
        """The value of a text."""
        return f"{self.word}:{text}"

    @property
    def first(self) -> str:
        """The value before anything is typed."""
        return self.with_text(self.field.default)


@dataclass(frozen=True, kw_only=True)
class OwnOption:
    """The option of a person's own data. Its value is their key, which nobody else knows.

    `check` raises ValueError, a sentence, for the key of data that are not here.
    """

    mark: str  # with which every key begins
    name: str  # that a person reads
    kind: type  # of the data
    check: Callable[[str], Any]

    def holds(self, value: str) -> bool:
        """Whether a value is of this option."""
        return value.startswith(self.mark)

    def read(self, name: str, value: str) -> str:
        """The value itself, of the parameter of this name. ValueError, a sentence, for data that are not here."""
        try:
            self.check(value)
        except ValueError as error:
            raise ValueError(f"{name} cannot be read: {error}") from error
        return value


@dataclass(frozen=True, kw_only=True)
class OneOf:
    """A choice of one. `options` maps what stands in the address to what a person reads."""

    name: str
    label: str
    options: Mapping[str, str]
    default: str
    help: str = ""
    advanced: bool = False  # asked for in a corner; the page works well without
    typed: TypedOption | None = None  # the last option
    own: OwnOption | None = None  # for whoever has such data

    def read(self, text: str) -> str:
        if self.typed and self.typed.holds(text):
            return self.typed.read(text)
        if self.own and self.own.holds(text):
            return self.own.read(self.name, text)
        if text == OWN and text not in self.options:
            raise ValueError(
                f"{self.name} is a table of one's own, kept for one visit only; drop it on the page “Your data”"
            )
        if text not in self.options:
            raise ValueError(f'unknown {self.name} "{text:.40}"; {nearest(text, self.options)}')
        return text

    def write(self, value: str) -> str:
        return value

    def extremes(self) -> Iterator[str]:
        yield from self.options
        if self.typed:
            yield self.typed.first


@dataclass(frozen=True, kw_only=True)
class OwnOrExample:
    """A person's own data or, for whoever has none, an example: `default`. There is nothing to choose."""

    name: str
    label: str
    default: str
    own: OwnOption
    help: str = ""
    advanced: bool = False

    def read(self, text: str) -> str:
        if self.own.holds(text):
            return self.own.read(self.name, text)
        if text != self.default:
            raise ValueError(f'unknown {self.name} "{text:.40}"; there is {self.default}')
        return text

    def write(self, value: str) -> str:
        return value

    def extremes(self) -> Iterator[str]:
        yield self.default


@dataclass(frozen=True, kw_only=True)
class SomeOf:
    """A choice of several, in the options' own order however they were picked; never none, never more than `most`.

    The typed option comes last in the address: its text may hold a comma.
    """

    name: str
    label: str
    options: Mapping[str, str]
    default: tuple[str, ...]
    most: int
    help: str = ""
    advanced: bool = False  # asked for in a corner; the page works well without
    typed: TypedOption | None = None

    def read(self, text: str) -> tuple[str, ...]:
        """The options in a text. ValueError unless it can take all; it is a PartlyRead where some are options."""
        try:
            return self.read_all(text)
        except ValueError as error:
            known = text.partition(f"{self.typed.word}:")[0] if self.typed else text
            rest = [option for option in self.options if option in known.split(",")]
            if rest:
                raise PartlyRead(str(error), tuple(rest[: self.most])) from error
            raise

    def read_all(self, text: str) -> tuple[str, ...]:
        known, typed = self.parted(text)
        given = known.split(",") if known else []
        for word in given:
            if word not in self.options:
                raise ValueError(f'unknown {self.name} "{word:.40}"; {nearest(word, self.options)}')
        if not 0 < len(given) + len(typed) <= self.most or len(set(given)) < len(given):
            raise ValueError(f"{self.name} must be 1 to {self.most} different ones of its options, got {text!r:.60}")
        return (*(option for option in self.options if option in given), *typed)

    def parted(self, text: str) -> tuple[str, tuple[str, ...]]:
        """The options before a typed one in an address, and the typed one if it is there."""
        if self.typed and (found := re.search(rf"(?:^|,){self.typed.word}:", text)):
            return text[: found.start()], (self.typed.read(text[found.start() :].removeprefix(",")),)
        return text, ()

    def write(self, value: tuple[str, ...]) -> str:
        typed = [one for one in value if self.typed and self.typed.holds(one)]
        return ",".join([*(option for option in self.options if option in value), *typed])

    def extremes(self) -> Iterator[tuple[str, ...]]:
        """Groups of as many options as there may be, which together hold each option; the first of each group alone."""
        options = list(self.options)
        groups = [tuple(options[first : first + self.most]) for first in range(0, len(options), self.most)]
        alone = [group[:1] for group in groups] + ([(self.typed.first,)] if self.typed else [])
        yield from dict.fromkeys(alone + groups)


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


Parameter = OneOf | OwnOrExample | SomeOf | Whole | Typed


def own_option(param: Parameter) -> OwnOption | None:
    """The option of a person's own data, if a parameter has one."""
    return param.own if isinstance(param, OneOf | OwnOrExample) else None


def is_own(param: Parameter, value: Any) -> bool:
    """Whether the value of a parameter is of a person's own data."""
    own = own_option(param)
    return own is not None and own.holds(value)


def page_word(param: Parameter, value: Any) -> str:
    """What stands for a value in the address of a page, which is no place for the key of a person's own data."""
    return OWN if is_own(param, value) else param.write(value)
