"""The rows of the table, the machine they were measured on, and how both are printed and saved."""

from __future__ import annotations

import json
import os
import platform
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from tests.bench.browser import chromium

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Row:
    """One measured number, and the largest or the least that it may be (neither: it is there to compare with)."""

    what: str
    measured: float
    unit: str
    bound: float | None = None
    note: str = ""
    least: float | None = None

    @property
    def met(self) -> bool | None:
        if self.least is not None:
            return self.measured >= self.least
        return None if self.bound is None else self.measured <= self.bound

    def cells(self) -> tuple[str, str, str, str, str]:
        bound = "" if self.bound is None else f"≤ {number(self.bound)} {self.unit}"
        bound = bound if self.least is None else f"≥ {number(self.least)} {self.unit}"
        verdict = {True: "met", False: "NOT MET", None: "–"}[self.met]
        return self.what, f"{number(self.measured)} {self.unit}", bound, verdict, self.note


def number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 or value == int(value) else f"{value:.3g}"


def table(rows: Sequence[Row]) -> str:
    """The rows as a Markdown table."""
    cells = [("what", "measured", "bound", "met", "note"), *(row.cells() for row in rows)]
    widths = [max(len(line[column]) for line in cells) for column in range(5)]
    padded = [[text.ljust(width) for text, width in zip(line, widths, strict=True)] for line in cells]
    lines = ["| " + " | ".join(line) + " |" for line in padded]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)


def machine() -> dict[str, Any]:
    """Where this was measured, and with what."""
    words = dict(line.split(":", 1) for line in Path("/proc/cpuinfo").read_text().splitlines() if ":" in line)
    models = [text.strip() for name, text in words.items() if name.strip() == "model name"]
    memory = int(Path("/proc/meminfo").read_text().split()[1]) / 2**20
    browser = subprocess.run([chromium(), "--version"], capture_output=True, text=True, check=True).stdout.split()
    return {
        "date": datetime.now().astimezone().isoformat(timespec="minutes"),
        "cpu": models[0] if models else platform.machine(),
        "cores": len(os.sched_getaffinity(0)),
        "load": f"{os.getloadavg()[0]:.1f}",  # of others, before: figures of a busy machine are not comparable
        "memory": f"{memory:.0f} GiB",
        "os": platform.freedesktop_os_release().get("PRETTY_NAME", platform.platform()),
        "python": platform.python_version(),
        "chromium": next(word for word in browser if word[0].isdigit()),
        **{name: version(name) for name in ("streamlit", "plotly", "numpy")},
    }


def save(where: dict[str, Any], rows: Sequence[Row]) -> Path:
    path = ROOT / "bench.json"
    named = [vars(row) | {"met": row.met} for row in rows]
    path.write_text(json.dumps({"machine": where, "rows": named}, indent=2, ensure_ascii=False) + "\n")
    return path
