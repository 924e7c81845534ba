"""`python -m tests.bench [drag rerun payload load crowd arrival] [--quick] [--soak MINUTES]`"""

from __future__ import annotations

import argparse

from tests.bench import drag, rerun
from tests.bench.report import machine, save, table


def main() -> None:
    rows = {"drag": drag.measure, "rerun": rerun.measure}
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="Measure speed and memory.")
    parser.add_argument(
        "rows", nargs="*", choices=[*rows, []], metavar="row", help=f"of {', '.join(rows)}; default all"
    )
    parser.add_argument("--quick", action="store_true", help="fewer samples: a first look, not a figure")
    args = parser.parse_args()
    where = machine()
    print(", ".join(f"{name} {value}" for name, value in where.items()))
    measured = []
    for name in args.rows or rows:
        print(f"measuring {name} ...", flush=True)
        measured += rows[name](args.quick)
    print(table(measured))
    print(f"saved in {save(where, measured).name}")


if __name__ == "__main__":
    main()
