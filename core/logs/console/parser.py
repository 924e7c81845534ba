"""Parses a log line, with a placeholder for each number, into its template."""

from __future__ import annotations

import re
from bisect import bisect_left

from core.logs.console.headings import heading_split, table_titles
from core.logs.console.masks import PLACEHOLDER, mask_dates_and_paths
from core.logs.console.metric_names import find_name, is_curve, is_metric_word
from core.logs.console.splits import assign_splits
from core.logs.console.template import MAX_TEMPLATE_LENGTH, LineMetric, LineTemplate
from core.logs.console.vocabulary import EPOCHS, LOG_LEVELS, SPLIT_WORDS, STEPS

_NAME_WINDOW = 90  # letters before a number in which its name is looked for
_UNIT = re.compile(
    r"(?:[kMGTPKB]|[kKMGT]i?[bB]|[µumn]?s|sec|secs|min|mins|m|h|hr|hrs|d|x|it|fps|Hz|W)(?![A-Za-z_])"
    r"|\s?(?:sec|secs|seconds?|minutes|hours|days?|images?|samples?|tokens?|it|ex|steps?|batch(?:es)?|examples)"
    r"(?:/|\b)|\s?[A-Za-z]+/(?:s|sec|it|step|epoch)\b"
)
_BAR = re.compile(r"[█▏▎▍▌▋▊▉━╸╺]|\[[=>.#\- ]*(?:={2,}|>\.|=>|\.{4,}|#{3,})|" + PLACEHOLDER + r"%\|")
_DARKNET = re.compile(rf"\s*{PLACEHOLDER}: {PLACEHOLDER}, {PLACEHOLDER} avg")
# "250 train 3.21", as build-nanogpt writes it
_NANOGPT = re.compile(rf"\s*{PLACEHOLDER} (train|val|test) {PLACEHOLDER}\s*")
_ESPNET_EPOCH = re.compile(rf"{PLACEHOLDER}epoch(?=[ :])")  # ESPnet's "3epoch results:"
_TIMM = re.compile(rf"\s*(?:train|test|val\w*|eval)\w*:?\s+{PLACEHOLDER} \[", re.IGNORECASE)
_NAME_AT_COUNT = re.compile(r"(?i)(\w[\w /]*) (?:at|after|for|in|of) (?:the )?\w+ ?#?$")
_TRAIN_AND_VALIDATION = re.compile(r"(?i)(train|training)/(val|valid|validation|test|dev|eval)[ _](.+)")


def parse_template(line: str) -> LineTemplate:
    """The template of a line that has PLACEHOLDER for each number: "epoch # loss #".

    The cost is linear in the length of the line.
    """
    numbers = line.count(PLACEHOLDER)
    if len(line) > MAX_TEMPLATE_LENGTH or "train_runtime" in line:  # the record that sums up a Hugging Face run
        return LineTemplate(numbers)
    if not numbers:
        return LineTemplate(0, heading=heading_split(line), titles=table_titles(line))
    return _TemplateParser(line, numbers).parse()


class _TemplateParser:
    """Takes the numbers of one line from left to right, each as a count, a metric or nothing."""

    def __init__(self, line: str, numbers: int) -> None:
        self.line = line
        self.numbers = numbers
        self.masked = mask_dates_and_paths(line)
        self.places = [at for at, letter in enumerate(line) if letter == PLACEHOLDER]
        self.is_candidate = [self.masked[at] == PLACEHOLDER for at in self.places]
        self.is_bar = bool(_BAR.search(line))
        self.epoch: int | None = None
        self.total: int | None = None
        self.rank = 0
        self.step: int | None = None
        self.counts_in_epoch = self.is_record = False
        self.metrics: list[LineMetric] = []
        self.spans: list[tuple[int, int]] = []  # where the names of the metrics stand

    def parse(self) -> LineTemplate:
        """The template: a few tools by their own pattern, any other line number by number."""
        if _DARKNET.match(self.masked):
            both = LineMetric("loss", 1), LineMetric("avg loss", 2)
            return LineTemplate(self.numbers, step=0, metrics=both)
        if match := _NANOGPT.fullmatch(self.masked):
            return LineTemplate(self.numbers, step=0, metrics=(LineMetric(match[1], 1),))
        if match := _ESPNET_EPOCH.search(self.masked):
            at = bisect_left(self.places, match.start())
            self.epoch, self.is_candidate[at] = at, False
        if _TIMM.match(self.masked):
            self.epoch = 0
            self.is_candidate[0] = False
        skip = -1
        end = 0
        for at, place in enumerate(self.places):
            if at > skip and self.is_candidate[at]:
                skip = self._take_number(at, end, place)
            end = place + 1
        metrics = assign_splits(self.line, self.masked, self.metrics, self.places, self.spans)
        if self.epoch is None and self.step is None and metrics:
            self._take_leading_count()
        if metrics or self.epoch is not None:
            return LineTemplate(self.numbers, self.epoch, self.step, self.total, self.counts_in_epoch, self.is_record,
                                self.is_bar, metrics)  # fmt: skip
        title, bar, _ = self.line.partition(f": {PLACEHOLDER}%|")
        titles = table_titles(title.replace(PLACEHOLDER, "…"), sure=True) if bar else ()
        return LineTemplate(self.numbers, None, self.step, self.total, self.counts_in_epoch, is_bar=self.is_bar,
                            titles=titles, cells=self._table_cells())  # fmt: skip

    def _table_cells(self) -> tuple[tuple[int | None, ...], ...]:
        """The places of the numbers in a row of a table, cut into cells in two ways; () for other lines."""
        bare = re.split(rf":\s+{PLACEHOLDER}%", self.masked)[0]
        letters, marks = sum(map(str.isalpha, bare)), bare.count(PLACEHOLDER)
        if marks < 2 or letters > 2 * marks + 4:
            return ()
        ways = []
        for piece in (r"[^\s|]+(?: [^\s|]+)*", r"[^\s|]+"):
            cells: list[int | None] = []
            for match in re.finditer(piece, bare):
                whole = re.fullmatch(rf"{PLACEHOLDER}%?|{PLACEHOLDER}/{PLACEHOLDER}", match[0])
                cells.append(bisect_left(self.places, match.start()) if whole else None)
            ways.append(tuple(cells))
        return tuple(ways)

    def _take_leading_count(self) -> None:
        """Takes the number at the beginning as the step: "[10] train-rmse:..", "10: learn: ..", "10 | loss .."."""
        for at, place in enumerate(self.places):
            if self.is_candidate[at]:
                before = [word for word in re.findall(r"\w+", self.masked[:place]) if word.lower() not in LOG_LEVELS]
                after = self.line[place + 1 : place + 3].lstrip(" ")[:1]
                if not before and after in ("]", ":", "|", ")", ";", "\t", ",", "/"):
                    self.step = at
                return

    def _take_number(self, at: int, start: int, place: int) -> int:
        """Takes number `at`, before which the text from `start` to `place` stands; returns the last number it used."""
        tail = self.masked[max(start, place - _NAME_WINDOW) : place]
        if place - _NAME_WINDOW > start and not tail[0].isspace():
            tail = tail.partition(" ")[2]
        after = self.line[place + 1 : place + 24]
        counts = re.match(rf" ?/ ?{PLACEHOLDER}|\s+of\s+{PLACEHOLDER}", after)
        used = at + 1 if counts and at + 1 < self.numbers else at
        if self.line.startswith("%|", place + 1):  # of a progress bar
            return used
        name, separated = find_name(tail)
        if not name and at and at - 1 in (self.epoch, self.step) and tail.strip() in (":", "="):
            # "Train loss at epoch 3: 0.5"
            above = self.masked[max(0, self.places[at - 1] - _NAME_WINDOW) : self.places[at - 1]]
            match = _NAME_AT_COUNT.search(above)
            name, separated = find_name(match[1]) if match else ("", False)
        if not name or (used > at and name.lower() in SPLIT_WORDS):
            # "[640/60000", "10/100 [====>", "Epoch [1][50/500]"
            if used > at and self.epoch is None and self.rank == 1 and self.step == at - 2 and tail == "][":
                self.epoch, self.step, self.total = self.step, at, used  # "[3/25][100/391]"
            elif used > at and self.step is None and (self.rank == 0) and not re.fullmatch(r"[\s*]*\(\s*", tail):
                self.step, self.total, self.counts_in_epoch = at, used, True
                self.rank = 1
            return used
        word = name.split(" ")[-1].lower().strip("#[")
        before = self.metrics[-1].name if self.metrics else ""
        if word in SPLIT_WORDS and " " not in name and before.partition("/")[0] in SPLIT_WORDS and "/" in before:
            name = f"{word}/{before.partition('/')[2]}"  # "Loss: train 0.3, val 0.4"
        if self._take_count(name, word, at, used):
            return used
        if not is_curve(name):
            return used
        if not separated and not is_metric_word(word):
            return used
        if after.startswith(("%", " %")) and word in SPLIT_WORDS and " " not in name and "/" not in name:
            name += " %"  # a share, not a loss
        if not after.startswith(("%", " %")) and _UNIT.match(after) and not (counts and used > at):
            return used
        if both := _TRAIN_AND_VALIDATION.fullmatch(name):
            if used > at:
                self.metrics.append(LineMetric(both[3], at, split="train"))
                self.metrics.append(LineMetric(both[3], used, split=SPLIT_WORDS[both[2].lower()]))
            return used
        mean = at + 1 if re.match(rf"\s?\(\s*{PLACEHOLDER}\s*\)", after) and at + 1 < self.numbers else None
        self.metrics.append(LineMetric(name, at, divisor=used if used > at else None, mean=mean))
        first = max(tail.rfind(re.split(r"[ /]", name)[-1 if "/" in name else 0]), 0)
        self.spans.append((place - len(tail) + first, place))
        return used if mean is None else at + 1

    def _take_count(self, name: str, word: str, at: int, used: int) -> bool:
        """Takes number `at` as the epoch or the step where its name says so; True where it is a count, no metric."""
        lower = name.lower()
        lower = re.sub(r"^(?:train|valid|val|eval|test)[/_](?=[a-z])", "", lower)
        word = word.rpartition("/")[2]
        others = [part for part in lower.split(" ")[:-1] if part not in SPLIT_WORDS]
        if "best" in lower or "last" in others:
            return word in EPOCHS or word in STEPS
        if ({word, lower} & EPOCHS and len(word) > 1) or name in ("E", "[e"):
            if self.epoch is None:
                self.epoch = at
                quoted = self.masked[: self.places[at]].rstrip(" '\"").endswith(("':", '":'))
                self.is_record = quoted
            return True
        rank = STEPS.get(lower.replace(" ", "_"), STEPS.get(word, STEPS.get(word.rpartition("/")[2], 0)))
        rank = 2 if name == "Up" else rank  # updates, as Marian writes them
        if rank and (word != "s" or name == "[s") and (not others or set(others) <= {"global", "current", "train"}):
            if rank > self.rank:
                self.step, self.rank = at, rank
                self.total = used if used > at else None
                self.counts_in_epoch = rank == 1 or (rank == 2 and self.total is not None)
            return True
        return False
