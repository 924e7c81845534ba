"""What is kept to be used again: results, arrays and payloads under one bound in bytes, whatever their number."""

from __future__ import annotations

import ctypes
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial, update_wrapper
from threading import Lock
from types import BuiltinFunctionType, CellType, FunctionType, MethodType, ModuleType
from typing import Any, Generic, ParamSpec, TypeVar

import numpy as np

Given = ParamSpec("Given")
Made = TypeVar("Made")

KEPT_BYTES = 48 * 2**20
POOLS = -8  # the number of a setting in malloc.h
SMALL = 100  # bytes of an object that holds little: a number, a name, the entry of a mapping
NOTHING = object()
HOLDS_NOTHING = (int, float, complex, bool, type(None), type, ModuleType, BuiltinFunctionType, np.generic, np.ufunc)


class Store:
    """Values by key, of at most `limit` bytes together; what was used longest ago goes first. Safe from any thread."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.size = 0
        self._kept: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()
        self._growing: set[Hashable] = set()  # keys whose values may have grown since they were measured
        self._lock = Lock()

    def get(self, key: Hashable, missing: Any = None) -> Any:
        """The value of a key, or what stands for a missing one."""
        with self._lock:
            if key not in self._kept:
                return missing
            self._kept.move_to_end(key)
            return self._kept[key][0]

    def put(self, key: Hashable, value: Any, size: int, *, grows: bool = False) -> Any:
        """Keeps a value of `size` bytes, unless it is larger than the bound; returns the one that is kept.

        A key that is there already keeps its value, so that all share one, and takes on the new size. One that grows
        computes parts of itself later: `measure` takes its size anew.
        """
        with self._lock:
            if grows:
                self._growing.add(key)
            return self._put(key, value, size)

    def measure(self) -> None:
        """Takes the size anew of what may have grown since it was put or asked for. Call it when some work is done."""
        with self._lock:
            grown = {key: self._kept[key][0] for key in self._growing if key in self._kept}
            self._growing.clear()
        for key, value in grown.items():
            size = size_of((key, value))
            with self._lock:
                if key in self._kept:
                    self._put(key, value, size, newest=False)

    def _put(self, key: Hashable, value: Any, size: int, *, newest: bool = True) -> Any:
        value, before = self._kept.get(key, (value, 0))
        self.size += size - before
        self._kept[key] = value, size
        if newest:
            self._kept.move_to_end(key)
        if size > self.limit:
            del self._kept[key]
            self.size -= size
        while self.size > self.limit:
            _, (_, dropped) = self._kept.popitem(last=False)
            self.size -= dropped
        return value

    def forget(self, belongs: Callable[[Hashable], bool] = lambda _: True) -> None:
        """Drops the keys of which `belongs` is true; all without it."""
        with self._lock:
            for key in [key for key in self._kept if belongs(key)]:
                self.size -= self._kept.pop(key)[1]


KEPT = Store(KEPT_BYTES)
_own: ContextVar[Store | None] = ContextVar("own", default=None)


@contextmanager
def keep_in(store: Store) -> Iterator[None]:
    """What is made meanwhile is kept in this store: it goes when the store goes. What KEPT holds already is used."""
    before = _own.set(store)
    try:
        yield
    finally:
        _own.reset(before)
        store.measure()


class Kept(Generic[Given, Made]):
    """A function whose results are kept in KEPT with all others, or in the store of `keep_in`: see `kept`."""

    def __init__(self, function: Callable[Given, Made], *, grows: bool = False) -> None:
        self.function, self.grows = function, grows
        update_wrapper(self, function)

    def __call__(self, *args: Given.args, **named: Given.kwargs) -> Made:
        key = (self, args, tuple(named.items()))
        store = KEPT
        found = KEPT.get(key, NOTHING)
        if found is NOTHING and (own := _own.get()):
            store, found = own, own.get(key, NOTHING)
        if found is NOTHING or self.grows:
            made = self.function(*args, **named) if found is NOTHING else found
            return store.put(key, made, size_of((key, made)), grows=self.grows)
        return found

    def cache_clear(self) -> None:
        """Forgets its results."""
        KEPT.forget(lambda key: isinstance(key, tuple) and key[0] is self)


def kept(function: Callable[Given, Made]) -> Kept[Given, Made]:
    """A decorator: equal arguments, which must be hashable, get one result as long as there is room for it."""
    return Kept(function)


def kept_while_it_grows(function: Callable[Given, Made]) -> Kept[Given, Made]:
    """As `kept`, for a result that computes parts of itself later."""
    return Kept(function, grows=True)


def size_of(value: Any) -> int:
    """The bytes of the arrays, texts and objects that a value holds, roughly; what it holds twice counts once."""
    size, seen, waiting = 0, set(), [value]
    while waiting:
        one = waiting.pop()
        if type(one) is float or isinstance(one, HOLDS_NOTHING):  # most are numbers, and the first question is quick
            size += SMALL // 4
            continue
        if isinstance(one, np.ndarray) and isinstance(one.base, np.ndarray):
            one = one.base  # a view keeps all of what it is a view of
        if id(one) in seen:
            continue
        seen.add(id(one))
        size += SMALL
        if isinstance(one, np.ndarray):
            size += one.nbytes
        elif isinstance(one, str | bytes | bytearray):
            size += len(one)
        else:
            waiting += held_by(one)
    return size


def held_by(one: Any) -> list[Any]:
    """What a collection, an object or a function made inside another one holds."""
    if isinstance(one, Mapping):
        return [*one.keys(), *one.values()]
    if isinstance(one, tuple | list | set | frozenset):
        return list(one)
    if isinstance(one, FunctionType):
        return [cell.cell_contents for cell in one.__closure__ or () if cell != CellType()]
    if isinstance(one, MethodType):
        return [one.__self__]
    if isinstance(one, partial):
        return [one.func, one.args, one.keywords]
    return list(getattr(one, "__dict__", {}).values())


def share_memory() -> None:
    """Lets all threads share two pools of memory, where the C library can (glibc), so that less of it lies idle."""
    bound = getattr(ctypes.CDLL(None), "mallopt", None)
    if bound:
        bound(POOLS, 2)


def return_memory() -> None:
    """Gives memory that is free inside this process back to the system, where the C library can (glibc)."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim:
        trim(0)
