"""What is kept: one bound in bytes for all of it, and what counts as a byte."""

import gc
import weakref
from dataclasses import dataclass
from functools import partial
from threading import Barrier, Thread

import numpy as np
import pytest

from core import kept as module
from core.kept import Store, keep_in, kept, kept_while_it_grows, size_of


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Store:
    """A small store in place of the one that all share."""
    small = Store(100_000)
    monkeypatch.setattr(module, "KEPT", small)
    return small


def test_what_was_used_longest_ago_goes_first_and_the_bound_holds() -> None:
    store = Store(30)
    for key in "abc":
        store.put(key, key.upper(), 10)
    assert store.get("a") == "A"  # now b is the oldest
    store.put("d", "D", 10)
    assert [store.get(key) for key in "abcd"] == ["A", None, "C", "D"]
    assert store.size == 30
    store.put("e", "E", 31)  # more than all that may be kept
    assert store.get("e") is None
    assert store.size == 30
    store.put("a", "A", 25)  # it has grown
    assert store.size == 25
    store.forget()
    assert store.size == 0


def test_equal_arguments_share_one_result_until_others_need_the_room(store: Store) -> None:
    calls = []

    @kept
    def squares(count: int) -> np.ndarray:
        calls.append(count)
        return np.arange(count) ** 2

    assert squares(1000) is squares(1000)
    assert calls == [1000]
    for count in range(5000, 5010):  # of 40 kB each
        squares(count)
        assert store.size <= store.limit
    squares(1000)
    assert calls[-1] == 1000
    squares.cache_clear()
    assert store.size == 0


def test_what_is_made_of_ones_own_goes_with_its_store(store: Store) -> None:
    calls = []

    @kept
    def squares(count: int) -> np.ndarray:
        calls.append(count)
        return np.arange(count) ** 2

    shared = squares(100)
    size, own = store.size, Store(100_000)
    with keep_in(own):
        assert squares(100) is shared
        assert squares(200) is squares(200)
        assert store.size == size
        assert own.size > 1600
    assert squares(200) is not own.get((squares, (200,), ()))
    assert calls == [100, 200, 200]


@pytest.mark.usefixtures("store")
def test_threads_that_ask_together_get_one_object() -> None:
    together, found = Barrier(8), []

    @kept
    def slow(number: int) -> list[int]:
        together.wait(10)
        return [number]

    threads = [Thread(target=lambda: found.append(slow(1))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert len(found) == 8
    assert len({id(one) for one in found}) == 1


def test_what_grows_later_is_measured_again_when_work_is_done(store: Store) -> None:
    @dataclass
    class Picture:
        parts: list[np.ndarray]

    @kept_while_it_grows
    def picture(name: str) -> Picture:
        return Picture([np.zeros(len(name))])

    one = picture("one")
    before = store.size
    one.parts.append(np.zeros(5000))
    store.measure()
    assert store.size > before + 40_000
    assert picture("one") is one
    one.parts.append(np.zeros(50_000))
    store.measure()
    assert store.size == 0  # too large by now: dropped
    assert picture("one") is not one


def test_what_is_dropped_is_free(store: Store) -> None:
    @dataclass
    class Held:
        name: str

    @kept
    def held(name: str) -> Held:
        return Held(name)

    watched = weakref.ref(held("one"))
    assert watched() is not None
    store.forget()
    gc.collect()
    assert watched() is None


def test_the_size_of_a_value_is_that_of_its_arrays_and_texts() -> None:
    array = np.zeros(10_000)

    @dataclass
    class Record:
        numbers: np.ndarray

    def holding() -> int:
        return len(array)

    for value in (array, [array], {"a": array}, Record(array), holding, partial(print, array), array[:3], array.T):
        assert 80_000 <= size_of(value) < 82_000, value
    assert size_of([array, array[5:], Record(array)]) < 82_000  # counted once
    assert 10_000 <= size_of(b"x" * 10_000) < 10_500
    assert size_of([array, array.copy()]) >= 160_000
    loop: list[object] = []
    loop.append(loop)
    assert size_of(loop) < 1000
