"""Reading is linear in the rows, and near what a bare pass over the cells costs. Ratios only: no clock is absolute."""

import json
import time

import numpy as np
import pytest

from core.logs import read_log, smoothed, thinned

NUMBERS = np.random.default_rng(0).random((40_000, 3)).tolist()


def seconds(work, repeats=3):
    times = []
    for _ in range(repeats):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times)


def rows(count):
    return [f"{at},{a!r},{b!r},{c!r}" for at, (a, b, c) in enumerate(NUMBERS[:count])]


def csv(count, separator=","):
    return ("epoch,loss,val_loss,lr\n" + "\n".join(rows(count)).replace(",", separator)).encode()


def mixed(count):
    lines = [
        f"{at // 50},{at},{a!r}," if at % 50 else f"{at // 50},{at},,{a!r}" for at, (a, _, _) in enumerate(NUMBERS)
    ]
    return ("epoch,step,train_loss,val_loss\n" + "\n".join(lines[:count])).encode()


def lines(count):
    own = (json.dumps({"epoch": at, "loss": a, "val_loss": b}) for at, (a, b, _) in enumerate(NUMBERS[:count]))
    return "\n".join(own).encode()


def long_table(count):
    lines = (
        f"r{at * 4 // count},{('train', 'val')[at % 2]}_loss,{a!r},{at // 2}" for at, (a, *_) in enumerate(NUMBERS)
    )
    return "\n".join(["run_id,key,value,step", *lines][: count + 1]).encode()


def folds(count):
    lines = (f"{at * 5 // count},{at},{a!r},{b!r}" for at, (a, b, _) in enumerate(NUMBERS[:count]))
    return "\n".join(["fold,epoch,loss,val_loss", *lines]).encode()


def side_by_side(count):
    names = ",".join(f'"run {at} - loss{end}"' for at in range(2) for end in ("", "__MIN"))
    lines = (f'"{at}","{a!r}","{a!r}","{b!r}","{b!r}"' for at, (a, b, _) in enumerate(NUMBERS[:count]))
    return "\n".join([f'"Step",{names}', *lines]).encode()


def wrapped(count):
    lines = (f"{at}/{count},\"tensor({a!r}, device='cuda:0')\",{b!r}s" for at, (a, b, _) in enumerate(NUMBERS[:count]))
    return "\n".join(["epoch,loss,time", *lines]).encode()


def appended(count):
    lines = (f"{at % (count // 20)},{1 + 9 / (1 + at % (count // 20))!r}" for at in range(count))
    return "\n".join(["step,loss", *lines]).encode()


def bare(content):
    """One pass over the cells by plain Python."""
    return [[float(cell or 0) for cell in line.split(",")] for line in content.decode().split("\n")[1:]]


@pytest.mark.parametrize("make", [csv, mixed, lines, long_table, folds, side_by_side, wrapped, appended])
def test_ten_times_the_rows_take_about_ten_times_as_long(make):
    few, many = make(4000), make(40_000)
    assert seconds(lambda: read_log("a", many)) < 30 * seconds(lambda: read_log("a", few))


def test_a_log_takes_a_few_passes_over_its_cells():
    content = csv(40_000)
    assert seconds(lambda: read_log("a.csv", content)) < 4 * seconds(lambda: bare(content))
    records = lines(40_000)
    plain = seconds(lambda: [json.loads(line) for line in records.split(b"\n")])
    assert seconds(lambda: read_log("a.jsonl", records)) < 5 * plain


def test_thinning_and_smoothing_cost_less_than_reading():
    content = csv(40_000)
    reading = seconds(lambda: read_log("a.csv", content))
    curve = read_log("a.csv", content).series[0]
    assert seconds(lambda: thinned(curve.epochs, curve.values)) < reading / 4
    assert seconds(lambda: smoothed(curve.values, 0.9)) < reading


def test_many_short_lines_columns_and_brackets_are_no_trap():
    """What would take minutes if any step were quadratic."""
    row = seconds(lambda: read_log("a.csv", csv(40_000)), 1)
    for content in (
        b"a,b\n1,2\n" + b"\n" * 1_000_000,
        b"," * 1_000_000,
        b"1 " * 500_000,
        b'{"a":"' + b'\\"' * 500_000,
        b'{"log_history":[' + b'{"step":1,"loss":1},' * 30_000,
        b"".join(b"1," * (n % 300) + b"1\n" for n in range(6000)),
        b"epoch,loss\n" + b"0,2\n1,1\n" * 50_000,
        "\n".join(f'{{"k{n}": 1}}' for n in range(30_000)).encode(),
    ):
        assert seconds(lambda content=content: read_log("a.csv", content), 1) < 40 * row
