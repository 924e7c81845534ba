"""The text that a tool prints while it trains, into a table: a row for each line that says a number by its name.

Lines of one phrase differ in their numbers alone. So each phrase is understood once (core.logs.phrases), and the
numbers of all its lines are taken together: the cost is that of a search for numbers.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

import numpy as np

from core.logs.names import clean, listed
from core.logs.phrases import EPOCHS, MARK, NUMBER, STEPS, Phrase, Value, is_curve, phase_of, phrase
from core.logs.table import Column, Table
from core.logs.text import blocks

MOST_PHRASES = 5_000  # understood; a log has a few hundred, a page of prose one a line
MOST_LIKELY = 15_000  # of those that have a word of a log
MOST_LETTERS = 3_000_000  # in all those phrases
LONGEST_LINE = 20_000
MOST_NUMBERS, MOST_LINES = 8_000_000, 1_500_000  # that are read; a log of 50 MB has fewer
ENOUGH_EPOCHS = 3  # so many epochs make a curve of their last states; of fewer each state of a progress bar is shown
TWICE = 0.5  # up to this share of the points of a curve may stand where the one before them does
MOST_COLUMNS = 1000
PHASES = ("", "train", "val", "test")

_COMMA = re.compile(r"[A-Za-z)\]'\"]\s?[:=]\s?['\"]?[-+]?\d+,\d{2,}(?![\d,.])")
_POINT = re.compile(r"[A-Za-z)\]'\"]\s?[:=]\s?['\"]?[-+]?\d+\.\d")
_BETWEEN_RECORDS = re.compile(r"\} ?(?=\{['\"])")
_RANK = re.compile(r"^[^\n]{0,60}?(?:\brank[ :=]?|\[default)(\d{1,4})\b", re.IGNORECASE | re.MULTILINE)
_LIKELY = re.compile(r"loss|epoch|iter|step|err", re.IGNORECASE)
_TOOLS = (  # who prints such a line
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
    """The format of a text log and its table; None where no line says what a number of it is.

    Columns are called as the file calls them, with "train/", "val/" or "test/" before a name where only the line, or a
    heading above it, says whose it is. The counts are "epoch" and "step". Where a step starts again in each epoch the
    epoch goes on in fractions: what is printed halfway through epoch 3 stands at 2.5, what is printed after it at 3.
    """
    if "}{" in text or "} {" in text:  # several records in one line
        text = _BETWEEN_RECORDS.sub("}\n", text)
    text, others = _of_one_rank(text)
    lines, notes = _lines(text)
    notes = [*others, *notes]
    table = _Assembly(lines).table(notes) if len(lines.rows) else None
    if table is None or not table.curves:
        return None
    sample = text[: 2**18]
    tool = next((name for name, sign in _TOOLS if sign.search(sample)), "")
    return (f"Text log ({tool})" if tool else "Text log"), table


def _of_one_rank(text: str) -> tuple[str, list[str]]:
    """The text without what other processes than the first print, where each line tells whose it is."""
    sample = _RANK.findall(text[: 2**18])
    counts = Counter(sample)
    first = min(counts, key=int, default="")
    if len(counts) < 2 or counts[first] < 2 or max(counts.values()) > 2 * counts[first]:
        return text, []
    left = 0

    def own(line: str) -> str:
        nonlocal left
        match = _RANK.match(line)
        left += match is not None and match[1] != first
        return line if match is None or match[1] == first else ""

    text = "\n".join(map(own, text.split("\n")))
    return text, [f"The lines of other ranks than {first} are left out, {left} of them."]


@dataclass(frozen=True, eq=False)
class _Lines:
    """The lines that say anything: their `rows`, their `phrases` in `known`, where their `numbers` start; int64 [n]."""

    rows: np.ndarray
    phrases: np.ndarray
    starts: np.ndarray
    numbers: np.ndarray
    known: list[Phrase]


class _Phrases(dict[str, int]):
    """Phrases by their text, each understood when it is first asked for; -1 beyond the most."""

    def __init__(self) -> None:
        super().__init__()
        self.known: list[Phrase] = []
        self.letters = 0
        self.beyond = 0

    def __missing__(self, text: str) -> int:
        most = MOST_LIKELY if _LIKELY.search(text) else MOST_PHRASES
        if len(self.known) >= most or self.letters > MOST_LETTERS:
            self.beyond += MARK in text
            return -1
        self.letters += len(text)
        self[text] = at = len(self.known)
        self.known.append(phrase(text))
        return at


def _lines(text: str) -> tuple[_Lines, list[str]]:
    notes = []
    sample = text[: 2**18]
    comma = len(_COMMA.findall(sample)) > 1 and not _POINT.search(sample)
    if comma:
        notes.append("A comma inside a number is read as a decimal comma.")
    phrases = _Phrases()
    parts: list[tuple[np.ndarray, ...]] = []
    first, count, long, size = 1, 0, 0, 0
    for lines in blocks(text):
        if count > MOST_NUMBERS or size > MOST_LINES:
            notes.append(f"The file has too many numbers for a log; it is read to line {first - 1}.")
            break
        places = [at for at, line in enumerate(lines) if line]
        rows = np.array(places, dtype=np.int64) + first
        first += len(lines)
        if not places:
            continue
        if len(places) < len(lines):
            lines = [lines[at] for at in places]
        if max(map(len, lines)) > LONGEST_LINE:
            long += sum(len(line) > LONGEST_LINE for line in lines)
            lines = [line if len(line) <= LONGEST_LINE else "" for line in lines]
        block = "\n".join(lines).replace(MARK, " ")
        if comma:
            block = re.sub(r"(?<=\d),(?=\d)", ".", block)
        pieces = NUMBER.split(block)
        own = MARK.join(pieces[::2]).split("\n")
        ids = np.fromiter(map(phrases.__getitem__, own), np.int64, len(own))
        counts = np.fromiter((line.count(MARK) for line in own), np.int64, len(own))
        says = np.array([one.says for one in phrases.known] + [False])
        keep = says[ids]
        if keep.any():
            numbers = np.array(pieces[1::2], dtype=object)[np.repeat(keep, counts)]
            values = _floats(numbers.tolist())
            starts = np.cumsum(counts[keep]) - counts[keep] + count
            parts.append((rows[keep], ids[keep], starts, values))
            count += len(values)
            size += int(keep.sum())
    if phrases.beyond:
        notes.append(f"{phrases.beyond} lines are unlike any other; they are left out.")
    if long:
        which = "A line of more than 20000 letters is" if long == 1 else f"{long} lines of more than 20000 letters are"
        notes.append(f"{which} left out.")
    nothing = np.empty(0, np.int64)
    rows, ids, starts, numbers = (
        map(np.concatenate, zip(*parts, strict=True)) if parts else (nothing, nothing, nothing, np.empty(0))
    )
    return _Lines(rows, ids, starts, numbers, phrases.known), notes


def _floats(numbers: list[str]) -> np.ndarray:
    try:
        return np.fromiter(map(float, numbers), np.float64, len(numbers))
    except ValueError:
        return np.fromiter(map(float, "\n".join(numbers).replace(",", "").split("\n")), np.float64, len(numbers))


def _before(given: np.ndarray) -> np.ndarray:
    """For each line the last one, itself included, of those `given` bool [n]; -1 where there is none."""
    return np.maximum.accumulate(np.where(given, np.arange(len(given)), -1))


class _Assembly:
    """Columns of the lines: what each says, and what those above it say of it."""

    def __init__(self, lines: _Lines) -> None:
        self.lines = lines
        size = len(lines.rows)
        order = np.argsort(lines.phrases, kind="stable")
        ids, begins = np.unique(lines.phrases[order], return_index=True)
        self.groups = [
            (lines.known[one], own) for one, own in zip(ids.tolist(), np.split(order, begins[1:]), strict=True)
        ]
        self.epoch, self.step, self.total = (np.full(size, np.nan) for _ in range(3))
        names = ("in_epoch", "own_epoch", "bar", "values", "cells", "judges")
        self.flags = {name: np.zeros(size, bool) for name in names}
        self.headings = np.zeros(size, np.int8)  # places in PHASES
        titles = np.zeros(size, bool)
        for says, own in self.groups:
            for array, place in ((self.epoch, says.epoch), (self.step, says.step), (self.total, says.total)):
                if place is not None:
                    array[own] = lines.numbers[lines.starts[own] + place]
            self.flags["in_epoch"][own] = says.in_epoch
            self.flags["own_epoch"][own] = says.own_epoch
            self.flags["bar"][own] = says.bar
            self.flags["values"][own] = bool(says.values)
            self.flags["judges"][own] = bool(says.values) and all(map(_judges, says.values))
            self.headings[own] = PHASES.index(says.heading)
            titles[own] = bool(says.titles)
        self.title = _before(titles)
        self.columns: dict[str, list[tuple[np.ndarray, np.ndarray]]] = {}

    def table(self, notes: list[str]) -> Table | None:
        self._tables()
        values = self.flags["values"] | self.flags["cells"]
        if not values.any():
            return None
        epoch, step = self._counts(values, notes)
        context = self._context(values, epoch, step)
        # A progress bar at 0 shows what was before it.
        stale = self.flags["bar"] & (self.step == 0) & np.isfinite(self.total)
        for says, own in self.groups:
            for value in says.values:
                self._add(value, own[~stale[own]], context)
        self._merge()
        axes = {name: axis for name, axis in (("epoch", epoch), ("step", step)) if axis is not None}
        return self._made(axes, self._states(values, epoch), notes)

    def _tables(self) -> None:
        """The numbers that stand in rows under names: a table printed between other lines."""
        lines = self.lines
        for says, own in self.groups:
            if not says.cells:
                continue
            for title in np.unique(self.title[own]).tolist():
                if title < 0:
                    continue
                names = lines.known[lines.phrases[title]].titles
                found = next(((heads, cells) for heads, cells in zip(names, says.cells, strict=True)
                              if len(heads) == len(cells)), None)  # fmt: skip
                if found is None:
                    continue
                rows = own[self.title[own] == title]
                self.flags["cells"][rows] = True
                self.step[rows] = np.nan
                self.flags["in_epoch"][rows] = False
                for head, cell in zip(*found, strict=True):
                    if cell is None:
                        continue
                    values = lines.numbers[lines.starts[rows] + cell]
                    word = head.lower().strip("#") or "#"
                    if word in EPOCHS:
                        self.epoch[rows] = values
                    elif word in STEPS or word == "#":
                        self.step[rows] = values
                    elif not is_curve(head):
                        continue
                    else:
                        self.columns.setdefault(clean(head), []).append((rows, values))

    def _counts(self, values: np.ndarray, notes: list[str]) -> tuple[np.ndarray | None, np.ndarray | None]:
        """The epoch and the step of each line, its own or the last above it; None for a count that the file lacks."""
        own_step = np.isfinite(self.step)
        # What a progress bar without a value counts is its own affair, and so is its count beside a record's epoch.
        idle = own_step & ((self.flags["bar"] & ~values) | (self.flags["bar"] & self.flags["own_epoch"]))
        self.step[idle] = np.nan
        own_epoch, own_step = np.isfinite(self.epoch), np.isfinite(self.step)
        if not own_epoch.any() and (self.flags["bar"] & own_step).any():
            self._count_bars(own_step, notes)
            own_epoch = np.isfinite(self.epoch)
        epoch = self._carried(self.epoch, own_epoch, values)
        if epoch is None:
            step = self._carried(self.step, own_step, values)
            return None, step
        at = np.flatnonzero(own_step & np.isfinite(epoch))
        if not len(at):
            return epoch, None
        # A step that falls where the epoch rises counts inside the epoch.
        rises = np.diff(epoch[at]) > 0
        falls = np.diff(self.step[at]) <= 0
        inside = falls[rises].mean() > 0.5 if rises.any() else bool(self.flags["in_epoch"][at].all())
        if not inside:
            return epoch, self._carried(self.step, own_step, values)
        steps = self.step[at]
        total = self.total[at]
        most = np.nanmax(np.where(np.isfinite(steps), steps, -np.inf)) + (np.nanmin(steps) == 0)
        total = np.where(np.isfinite(total) & (total >= steps) & (total > 0), total, max(most, 1.0))
        epoch = epoch.copy()
        whole = epoch[at] == np.floor(epoch[at])
        first = np.nanmin(epoch[at])
        # Validation is that of the whole epoch, however many lines of it there are.
        part = np.where(self.flags["judges"][at], 1.0, np.clip(steps / total, 0, 1))
        epoch[at] = np.where(whole, epoch[at] - 1 + part, epoch[at])
        if first == 0:
            notes.append("The epochs are counted from 0: what is printed during epoch 0 stands between -1 and 0, "
                         "what is printed after it at 0.")  # fmt: skip
        return epoch, None

    def _count_bars(self, own_step: np.ndarray, notes: list[str]) -> None:
        """Without a word of epochs, a progress bar that starts again begins the next one."""
        at = np.flatnonzero(own_step & self.flags["bar"])
        again = np.append(False, np.diff(self.step[at]) < 0)
        if again.any():
            self.epoch[at] = 1.0 + np.cumsum(again)
            notes.append("No line names the epoch; each time the progress bar starts again counts as one.")

    def _carried(self, count: np.ndarray, own: np.ndarray, values: np.ndarray) -> np.ndarray | None:
        """A count for each line: its own, else that of the last line above with one, or below where it comes last."""
        if not own.any():
            return None
        places, valued = np.flatnonzero(own), np.flatnonzero(values)
        if valued[0] < places[0] and valued[-1] < places[-1] and not values[own].any():
            last = len(own) - 1 - _before(own[::-1])[::-1]
            return np.where(last < len(own), count[np.minimum(last, len(own) - 1)], np.nan)
        last = _before(own)
        return np.where(last >= 0, count[last], np.nan)

    def _context(self, values: np.ndarray, epoch: np.ndarray | None, step: np.ndarray | None) -> np.ndarray:
        """Whose the numbers of each line are by the heading above; it holds for one epoch, or one step."""
        size = len(values)
        heading = _before(self.headings > 0)
        if not (heading >= 0).any():
            return np.zeros(size, np.int8)
        count = np.floor(epoch) if epoch is not None else step if step is not None else np.zeros(size)
        if epoch is not None and np.any(epoch != np.floor(epoch)):
            count = np.ceil(epoch)
        after = size - 1 - _before(values[::-1])[::-1]  # the next line with a value
        after = np.where(after < size, after, size - 1)
        first = after[np.maximum(heading, 0)]
        holds = (heading >= 0) & ((count == count[first]) | np.isnan(count[first]))
        return np.where(holds, self.headings[heading], 0).astype(np.int8)

    def _states(self, values: np.ndarray, epoch: np.ndarray | None) -> np.ndarray:
        """The epoch of the lines that are states of a progress bar, of which the last counts; NaN for other lines."""
        bars = values & self.flags["bar"] & ~self.flags["own_epoch"]
        if epoch is None:
            return np.full(len(values), np.nan)
        own = np.where(bars, np.ceil(epoch), np.nan)
        return own if len(np.unique(own[np.isfinite(own)])) >= ENOUGH_EPOCHS else np.full(len(values), np.nan)

    def _add(self, value: Value, own: np.ndarray, context: np.ndarray) -> None:
        lines = self.lines
        numbers = lines.numbers[lines.starts[own] + value.at]
        if value.of is not None:
            whole = lines.numbers[lines.starts[own] + value.of]
            with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
                numbers = np.where(whole != 0, numbers / whole, np.nan)
        named = phase_of(value.name)
        over = np.zeros(len(own), np.int8) if named or value.whose else context[own]
        for code in np.unique(over).tolist():
            at = over == code
            whose = value.whose or PHASES[code]
            mean = value.mean is not None and "train" not in (whose, named) and (whose or named)
            read = lines.numbers[lines.starts[own[at]] + value.mean] if mean else numbers[at]
            name = clean(f"{whose}/{value.name}" if whose else value.name)
            self.columns.setdefault(name, []).append((own[at], read))

    def _merge(self) -> None:
        """A bare name and the same of training are one column, where some lines alone say that it is training."""
        for name in [name for name in self.columns if f"train/{name}" in self.columns]:
            self.columns[f"train/{name}"] += self.columns.pop(name)

    def _made(self, axes: dict[str, np.ndarray], states: np.ndarray, notes: list[str]) -> Table | None:
        columns: dict[str, tuple[np.ndarray, np.ndarray]] = {}
        once = []
        for name, parts in self.columns.items():
            at = np.concatenate([part[0] for part in parts])
            values = np.concatenate([part[1] for part in parts])
            order = np.argsort(at, kind="stable")
            at, values = at[order], values[order]
            last = np.append((at[1:] != at[:-1]) & (states[at[1:]] != states[at[:-1]]), True)[: len(at)]
            at, values = at[last], values[last]
            again = np.full(max(len(at) - 1, 0), bool(axes))
            for axis in axes.values():
                again &= axis[at[1:]] == axis[at[:-1]]
            if np.any(again) and (np.mean(again) <= TWICE or self.flags["judges"][at].all()):
                last = np.append(~again, True)  # the mean of an epoch below its last step
                at, values = at[last], values[last]
            if axes:  # what stands above the first epoch is the settings
                placed = np.logical_or.reduce([np.isfinite(axis[at]) for axis in axes.values()])
                at, values = at[placed], values[placed]
            if len(at):
                columns[name] = at, values
        longest = max((len(at) for at, _ in columns.values()), default=0)
        if longest > 1:
            once = [name for name, (at, _) in columns.items() if len(at) == 1]
            columns = {name: part for name, part in columns.items() if len(part[0]) > 1}
        else:
            columns = {name: part for name, part in columns.items() if axes and phrase(f"{name} {MARK}").values}
        if once:
            notes.append(f"Printed only once, so no curve: {listed(once)}.")
        if len(columns) > MOST_COLUMNS:
            notes.append(f"There are more than {MOST_COLUMNS} names; the {MOST_COLUMNS} most frequent are read.")
            most = Counter({name: len(at) for name, (at, _) in columns.items()}).most_common(MOST_COLUMNS)
            columns = {name: columns[name] for name, _ in most}
        if not columns:
            return None
        return self._table(axes, columns, notes)

    def _table(
        self, axes: dict[str, np.ndarray], columns: dict[str, tuple[np.ndarray, np.ndarray]], notes: list[str]
    ) -> Table:
        rows = self.lines.rows
        used = np.unique(np.concatenate([at for at, _ in columns.values()]))
        made = {}
        shared: dict[bytes, np.ndarray] = {}
        for name, axis in axes.items():
            own = used[np.isfinite(axis[used])]
            if len(own):
                made[name] = Column(rows[own], axis[own])
        for name, (at, values) in columns.items():
            own = rows[at]
            made[_free(name, made)] = Column(shared.setdefault(own.tobytes(), own), values)
        return Table(tuple(made), made, rows[used], "Line", tuple(notes))


def _judges(value: Value) -> bool:
    return (value.whose or phase_of(value.name)) in ("val", "test")


def _free(name: str, taken: dict[str, Column]) -> str:
    return name if name not in taken else f"{name} (value)"
