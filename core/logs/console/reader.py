"""The text that a tool prints while it trains, into a table: a row for each line with a metric.

Epoch 3/20  loss: 0.412 - val_loss: 0.455
[10] train-rmse:0.61 eval-rmse:0.68
step 200: train loss 2.11, val loss 2.25
"""

from __future__ import annotations

import re
from collections import Counter

from core.logs.console.lines import parse_lines
from core.logs.console.table import console_table
from core.logs.tables.table import Table

_BETWEEN_RECORDS = re.compile(r"\} ?(?=\{['\"])")
_RANK = re.compile(r"^[^\n]{0,60}?(?:\brank[ :=]?|\[default)(\d{1,4})\b", re.IGNORECASE | re.MULTILINE)
_TOOLS = (  # a tool, and a line that it prints
    ("Keras", re.compile(r"^Epoch \d+/\d+\n(?:[^\n]*\n)?[^\n]*\d+/\d+ (?:\[|━|- \d+)|ms/step - ", re.MULTILINE)),
    ("Hugging Face", re.compile(r"\{'(?:loss|eval_loss)': ")),
    ("nanoGPT", re.compile(r"^step \d+: train loss [\d.]+, val loss", re.MULTILINE)),
    ("LightGBM", re.compile(r"^\[\d+\]\s.*\w's \w", re.MULTILINE)),
    ("XGBoost", re.compile(r"^\[\d+\]\t\w+-\w", re.MULTILINE)),
    ("CatBoost", re.compile(r"^\d+:\tlearn: ", re.MULTILINE)),
    ("CycleGAN", re.compile(r"\(epoch: \d+, iters: \d+, time: ")),
    ("flair", re.compile(r"^\S+ \S+ epoch \d+ - iter \d+/\d+ - loss ", re.MULTILINE)),
    ("fairseq", re.compile(r"\| epoch \d{3}[ |:]")),
    ("Detectron2", re.compile(r"eta: \S+\s+iter: \d+\s+total_loss: ")),
    ("OpenMMLab", re.compile(r"Epoch(?:\(train\))?\s+\[\d+\]\[ *\d+/\d+\]\s+lr: ")),
    ("Ultralytics", re.compile(r"^ *Epoch +GPU_mem ", re.MULTILINE)),
    ("Lightning", re.compile(r"^Epoch \d+: +\d+%\|.*v_num=", re.MULTILINE)),
    ("darknet", re.compile(r"^ *\d+: [\d.]+, [\d.]+ avg", re.MULTILINE)),
    ("spaCy", re.compile(r"^E +# +LOSS ", re.MULTILINE)),
)


def read_console(text: str) -> tuple[str, Table] | None:
    """The format and the table of a text log; None where no line names a metric.

    Columns have the names of the file. "train/", "val/" or "test/" stands before a name where only the line, or a
    heading above it, names the split. The axes are "epoch" and "step". Where the step starts again in each epoch, the
    epochs go on in fractions: a line in the middle of epoch 3 stands at 2.5, a line at its end at 3.
    """
    if "}{" in text or "} {" in text:  # several records in one line
        text = _BETWEEN_RECORDS.sub("}\n", text)
    text, rank_notes = _keep_first_rank(text)
    lines, notes = parse_lines(text)
    notes = [*rank_notes, *notes]
    table = console_table(lines, notes) if len(lines.rows) else None
    if table is None or not table.curve_names:
        return None
    sample = text[: 2**18]
    tool = next((name for name, sign in _TOOLS if sign.search(sample)), "")
    return (f"Text log ({tool})" if tool else "Text log"), table


def _keep_first_rank(text: str) -> tuple[str, list[str]]:
    """The text without the lines of other processes, and a note: "[rank1]: loss 0.5" is left out, rank 0 stays."""
    sample = _RANK.findall(text[: 2**18])
    counts = Counter(sample)
    first = min(counts, key=int, default="")
    if len(counts) < 2 or counts[first] < 2 or max(counts.values()) > 2 * counts[first]:
        return text, []
    count = 0

    def blank_other_rank(line: str) -> str:
        nonlocal count
        match = _RANK.match(line)
        if match is None or match[1] == first:
            return line
        count += 1
        return ""

    text = "\n".join(map(blank_other_rank, text.split("\n")))
    return text, [f"The lines of other ranks than {first} are left out, {count} of them."]
