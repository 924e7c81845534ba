"""`python -m tests.bench [ROW ...] [--quick] [--soak MINUTES]`

Rows: drag rerun payload load crowd starving distinct drafts killed visits landscapes race imbalance classes boxes
formulas training logs tables uploads.
"""

from __future__ import annotations

import argparse

from tests.bench import (
    boxes,
    classes,
    crowd,
    distinct,
    drafts,
    drag,
    formulas,
    imbalance,
    killed,
    landscapes,
    load,
    logs,
    payload,
    race,
    rerun,
    starving,
    tables,
    training,
    uploads,
    visits,
)
from tests.bench.report import machine, save, table


def main() -> None:
    parser = argparse.ArgumentParser(usage=__doc__, description="Measure speed and memory.")
    parser.add_argument("--quick", action="store_true", help="fewer samples: a first look, not a figure")
    parser.add_argument("--soak", type=float, default=1, metavar="MINUTES", help="how long the crowd stays; default 1")
    measures = {
        "drag": drag.measure,
        "rerun": rerun.measure,
        "payload": payload.measure,
        "load": load.measure,
        "crowd": lambda quick: crowd.measure(quick, minutes=args.soak),
        "starving": starving.measure,
        "distinct": distinct.measure,
        "drafts": drafts.measure,
        "killed": killed.measure,
        "visits": visits.measure,
        "landscapes": landscapes.measure,
        "race": race.measure,
        "imbalance": imbalance.measure,
        "classes": classes.measure,
        "boxes": boxes.measure,
        "formulas": formulas.measure,
        "training": training.measure,
        "logs": logs.measure,
        "tables": tables.measure,
        "uploads": uploads.measure,
    }
    parser.add_argument("rows", nargs="*", metavar="row", help=f"{', '.join(measures)}; default all")
    args = parser.parse_args()
    if unknown := set(args.rows) - set(measures):
        parser.error(f"there is no row {', '.join(sorted(unknown))}; there are {', '.join(measures)}")
    where = machine()
    print(", ".join(f"{name} {value}" for name, value in where.items()))
    measured = []
    try:
        for name in args.rows or measures:
            print(f"measuring {name} ...", flush=True)
            measured += measures[name](args.quick)
    finally:  # what was measured before a row failed is not lost
        print(table(measured))
        print(f"saved in {save(where, measured).name}")


if __name__ == "__main__":
    main()
