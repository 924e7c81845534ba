"""A formula traced once on symbols, and compiled to a list of NumPy operations.

Jets are exact but slow on small arrays: every operation is looked up again and carries six numbers, most of them 0, 1
or not asked for. Traced on symbols once, the same formulas and the same rules leave a list of operations in which
nothing is multiplied by 0 or 1, computed twice or computed for nothing (Griewank and Walther 2008, Evaluating
Derivatives, chapter 6). A descent asks for one gradient a step, so this is most of its time.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import Any

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

Function = Callable[..., Any]
Operation = tuple[Function, tuple[int, ...]]  # and the places on the tape of what it is given
MOST_FACTORS = 64  # a higher power is computed by NumPy


class Tape:
    """The inputs, numbers and operations of a formula, in the order in which they were first used, each once."""

    def __init__(self, inputs: int) -> None:
        self.entries: list[Operation | float | None] = [None] * inputs  # None for an input
        self.inputs = [Symbol(self, place) for place in range(inputs)]
        self._known: dict[Any, int] = {}

    def place(self, given: Any) -> int:
        """The index on the tape of a symbol or a number."""
        if isinstance(given, Symbol):
            return given.place
        return self._once(float(given), repr(float(given)))  # as text, 0.0 and -0.0 are two numbers

    def record(self, function: Function, given: Sequence[Any]) -> Symbol:
        """The symbol of a function of symbols or numbers."""
        operation = function, tuple(self.place(one) for one in given)
        return Symbol(self, self._once(operation, operation))

    def operation(self, place: int) -> Operation | None:
        """The operation at this index; None for an input or a number."""
        entry = self.entries[place]
        return entry if isinstance(entry, tuple) else None

    def _once(self, entry: Operation | float, key: Any) -> int:
        if key not in self._known:
            self._known[key] = len(self.entries)
            self.entries.append(entry)
        return self._known[key]


class Symbol(NDArrayOperatorsMixin):
    """An index on a tape. NumPy's functions of it are recorded there instead of computed."""

    def __init__(self, tape: Tape, place: int) -> None:
        self.tape = tape
        self.place = place

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **options: Any) -> Any:
        if method != "__call__" or options or not all(isinstance(one, RECORDED) for one in inputs):
            return NotImplemented
        short = SHORTCUTS.get(ufunc)
        found = short(*inputs) if short else None
        return self.tape.record(ufunc, inputs) if found is None else found

    def __array_function__(self, function: Function, _: Any, given: Sequence[Any], options: Any) -> Any:
        known = not options and all(isinstance(one, RECORDED) for one in given)
        return self.tape.record(function, given) if known else NotImplemented


ZERO, ONE = np.float64(0.0), np.float64(1.0)  # whose quotients and powers are never errors, as those of Python's are
RECORDED = (Symbol, float, int)  # what an operation on a tape may be given


def _is(given: Any, number: float) -> bool:
    return not isinstance(given, Symbol) and given == number


def _sum(a: Any, b: Any) -> Any:
    if _is(a, 0) or _is(b, 0):
        return b if _is(a, 0) else a
    operation = b.tape.operation(b.place) if isinstance(b, Symbol) else None
    if operation and operation[0] is np.negative:  # jets subtract by adding the negative
        return a - Symbol(b.tape, operation[1][0])
    return None


def _product(a: Any, b: Any) -> Any:
    if _is(a, 0) or _is(b, 0):
        return ZERO
    for one, other in ((a, b), (b, a)):
        if _is(one, 1):
            return other
        if _is(one, -1):
            return -other
    return None


def _power(a: Any, n: Any) -> Any:
    """Whole powers as products: NumPy takes ten times as long for a power."""
    if isinstance(n, Symbol) or not 0 <= n <= MOST_FACTORS or n != int(n):
        return None
    if n < 2:
        return a if n else ONE
    half = a ** (n // 2)
    return half * half * a ** (n % 2)


SHORTCUTS: dict[np.ufunc, Function] = {  # a simpler result of an operation, or None where there is none
    np.add: _sum,
    np.subtract: lambda a, b: a if _is(b, 0) else -b if _is(a, 0) else None,
    np.multiply: _product,
    np.true_divide: lambda a, b: ZERO if _is(a, 0) else a if _is(b, 1) else None,
    np.power: _power,
}


def program(tape: Tape, outputs: Sequence[Any]) -> Function:
    """The function of the tape's inputs, in their order, that returns the list of these symbols or numbers."""
    wanted = [tape.place(one) for one in outputs]
    needed = sorted(ancestors(tape, wanted))
    last_use = {place: at for at in needed for place in arguments(tape, at)} | dict.fromkeys(wanted)
    slots: dict[int, int] = {place: place for place in range(len(tape.inputs))}
    template: list[Any] = [None] * len(slots)  # the numbers, known beforehand; the rest is filled in when it runs
    free: list[int] = []
    steps = []
    for at in needed:
        operation = tape.operation(at)
        if operation:
            fetch = fetcher([slots[place] for place in operation[1]])
            # A value used here for the last time frees its slot: memory does not grow with the formula.
            free += [slots[place] for place in set(operation[1]) if last_use[place] == at and tape.operation(place)]
            if not free:
                free.append(len(template))
                template.append(None)
            slots[at] = free.pop()
            steps.append((slots[at], operation[0], fetch))
        elif at not in slots:
            slots[at] = len(template)
            template.append(tape.entries[at])
    count, found = len(tape.inputs), [slots[place] for place in wanted]

    def run(*inputs: Any) -> list[Any]:
        values = template.copy()
        values[:count] = inputs
        for slot, function, fetch in steps:
            values[slot] = function(*fetch(values))
        return [values[slot] for slot in found]

    return run


def arguments(tape: Tape, place: int) -> tuple[int, ...]:
    """The indices of the arguments of the operation at an index; none for an input or a number."""
    operation = tape.operation(place)
    return operation[1] if operation else ()


def ancestors(tape: Tape, places: Sequence[int]) -> set[int]:
    """These indices and those of everything that their values are computed from."""
    found, waiting = set(places), list(places)
    while waiting:
        new = set(arguments(tape, waiting.pop())) - found
        found |= new
        waiting += new
    return found


def fetcher(slots: Sequence[int]) -> Function:
    """A function that returns the elements of a list at these indices."""
    return itemgetter(*slots) if len(slots) > 1 else itemgetter(slice(slots[0], slots[0] + 1))
