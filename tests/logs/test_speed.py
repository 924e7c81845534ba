"""Reading is linear in the rows, and near what a bare pass over the cells costs. Ratios only: no clock is absolute."""

import json
import re
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from core.logs import exponential_average, read_log, thin_points

ROOT = Path(__file__).parents[2]
NUMBERS = np.random.default_rng(0).random((40_000, 3)).tolist()


def seconds(work, repeats=3):
    times = []
    for _ in range(repeats):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times)


def takes_less(work, bound, repeats=3):
    """Whether one of these runs takes less than so many seconds: none follows the first that does."""
    return any(seconds(work, 1) < bound for _ in range(repeats))


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


def printed(count):
    start = "2030-01-01 09:00:00,001 INFO:Epoch"
    own = (f"{start} {at}: loss={a:.6f}, val_loss={b:.6f}" for at, (a, b, _) in enumerate(NUMBERS[:count]))
    return "\n".join(own).encode()


def bars(count):
    own = (
        f"Epoch {at // 20}: {5 * (at % 20)}%|█▌ | {at % 20}/20 [00:01<00:02, loss={a:.3f}]"
        for at, (a, _, _) in enumerate(NUMBERS[:count])
    )
    return "\r".join(own).encode()


def prose(count):
    """Lines of which no two are alike."""
    return "\n".join(f"step {at}: k{a:.9f}x and more: {b:.3f}" for at, (a, b, _) in enumerate(NUMBERS[:count])).encode()


def document(count):
    own = [{"step": at, "train": {"loss": a}, "val": {"loss": b}} for at, (a, b, _) in enumerate(NUMBERS[:count])]
    return json.dumps({"log_history": own}).encode()


def bare(content):
    """One pass over the cells by plain Python."""
    return [[float(cell or 0) for cell in line.split(",")] for line in content.decode().split("\n")[1:]]


@pytest.mark.parametrize(
    "make", [csv, mixed, lines, long_table, folds, side_by_side, wrapped, appended, printed, bars, document]
)
def test_ten_times_the_rows_take_about_ten_times_as_long(make):
    few, many = make(1500), make(15_000)
    assert takes_less(lambda: read_log("a", many), 30 * seconds(lambda: read_log("a", few), 5), 2)


def test_a_log_takes_a_few_passes_over_its_cells():
    content = csv(20_000)
    assert takes_less(lambda: read_log("a.csv", content), 4 * seconds(lambda: bare(content)))
    records = lines(20_000)
    plain = seconds(lambda: [json.loads(line) for line in records.split(b"\n")])
    assert takes_less(lambda: read_log("a.jsonl", records), 5 * plain)


def test_a_text_log_takes_a_few_searches_for_its_numbers():
    content = printed(20_000)
    text = content.decode()
    searching = seconds(lambda: re.findall(r"\d+(?:\.\d+)?", text))
    assert takes_less(lambda: read_log("a.log", content), 12 * searching)


@pytest.mark.parametrize(("make", "most"), [(document, 6), (lines, 8), (printed, 12)])
def test_a_file_takes_a_few_times_its_size_in_memory(make, most, tmp_path):
    """In a process of its own, whose highest mark nothing else has touched."""
    path = tmp_path / "file"
    content = make(40_000)
    path.write_bytes(content * (1 if make is document else 2))
    if make is document:  # one document, twice as long
        records = json.loads(content)["log_history"]
        path.write_text(json.dumps({"log_history": records * 2}))
    script = (
        "import re, sys; from core.logs import read_log\n"
        "peak = lambda: 1024 * int(re.search(r'VmHWM:\\s+(\\d+)', open('/proc/self/status').read())[1])\n"
        "read_log('a', b'loss: 1\\nloss: 2\\n'); read_log('a', b'[{\"loss\": 1}]')\n"
        "before = peak(); content = open(sys.argv[1], 'rb').read(); read_log('a', content)\n"
        "print((peak() - before) / len(content))"
    )
    command = [sys.executable, "-c", script, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    assert float(done.stdout) < most


def test_thinning_and_smoothing_cost_less_than_reading():
    content = csv(40_000)
    reading = seconds(lambda: read_log("a.csv", content))
    curve = read_log("a.csv", content).series[0]
    assert takes_less(lambda: thin_points(curve.epochs, curve.values), reading / 4)
    assert takes_less(lambda: exponential_average(curve.values, 0.9), reading)


def test_many_short_lines_columns_and_brackets_are_no_trap():
    """What would take minutes if any step were quadratic."""
    row = seconds(lambda: read_log("a.csv", csv(10_000)))
    for content in (
        b"a,b\n1,2\n" + b"\n" * 125_000,
        b"," * 125_000,
        b"1 " * 125_000,
        b'{"a":"' + b'\\"' * 125_000,
        b'{"log_history":[' + b'{"step":1,"loss":1},' * 7_500,
        b"".join(b"1," * (n % 300) + b"1\n" for n in range(2000)),
        b"epoch,loss\n" + b"0,2\n1,1\n" * 12_500,
        "\n".join(f'{{"k{n}": 1}}' for n in range(7_500)).encode(),
        prose(5_000),
        b"loss: 0.5 " * 25_000,
        b"\n" * 125_000 + b"epoch 1 loss 1\nepoch 2 loss 2\n",
        b"epoch 1 loss 1\n" + b"a 1 b: 2 " * 25_000,
        b"epoch 1 loss 1\n" * 2 + (b"x" * 3000 + b": 1\n") * 125,
        b"{" + b",".join(b'"k%d": [1, 2]' % n for n in range(25_000)) + b"}",
        b"[" + b"[1, 2.5], " * 37_500 + b"[1, 2]]",
        b'{"a": {' + b'"0": 1, ' * 37_500 + b'"0": 1}}',
    ):
        assert takes_less(lambda content=content: read_log("a.csv", content), 40 * row), content[:40]
