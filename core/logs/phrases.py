"""One line of a text log: which of its numbers is the epoch, the step, a loss, and which is none of them.

A line is looked at as a phrase: its words, with MARK where a number stands. A log of many lines has few phrases, and
each is understood once.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, replace

from core.logs.names import clean, words

MARK = "\x01"  # stands for a number
_GONE = "\x02"  # for each letter of a date, a time, a path
# The first letter comes first, then what may stand before it: so the search leaps from one such letter to the next.
NUMBER = re.compile(
    r"""([-+.0-9nNiI](?:(?<![\w.@].)|(?<=poch.)|(?<=[Ss]tep.)|(?<=[Ii]ter.)|(?<=\[[se].))
    (?: (?<=\d) \d* (?:(?:,\d{3})+(?![\d.]*,?\d))? (?:\.\d*)? (?:[eE][-+]?\d+)?
      | (?<=[-+]) (?:\d+(?:\.\d*)?|\.\d+) (?:[eE][-+]?\d+)?
      | (?<=\.) \d+ (?:[eE][-+]?\d+)?
      | (?:(?<=[nN])|(?<=[-+])[nN]) [aA][nN] (?!\w)
      | (?:(?<=[iI])|(?<=[-+])[iI]) [nN][fF](?:inity)? (?!\w)))""",
    re.VERBOSE | re.DOTALL,
)
LONGEST = 4000  # letters of a phrase; what is longer is no line of a log
_TAIL = 90  # letters before a number in which its name is looked for
_MOST_NAME_WORDS = 5
_MOST_PLAIN_WORDS = 3  # of a name without a word for what is measured


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


TRAIN = _set("train training trn learn train_inner")
VALID = _set("val valid validation validate validating eval evaluation evaluating dev holdout crossval")
TEST = _set("test testing")
PHASE = {**dict.fromkeys(TRAIN, "train"), **dict.fromkeys(VALID, "val"), **dict.fromkeys(TEST, "test")}

EPOCHS = _set("epoch ep epoch_id cur_epoch current_epoch epoch_num epoch_idx n_epoch e")
# A count of the whole run before one that may start again in each epoch.
STEPS = {
    **dict.fromkeys(_set("global_step global_steps globalstep num_updates global_iter total_steps"), 3),
    **dict.fromkeys(_set("step steps iter iters iteration iterations it itr n_iter step_num _step cur_step update "
                    "train_step cur_iter round s"), 2),
    **dict.fromkeys(_set("batch batches minibatch mini-batch"), 1),
}  # fmt: skip
# What is measured: "loss 0.5" is read without a colon, "saw 5" is not.
MEASURES = _set(
    "loss losses cost objective error err mse mae rmse rmsle mape bce ce nll kl kld elbo logloss mlogloss "
    "crossentropy entropy acc accuracy ppl perplexity bpc bpb bits bleu f1 auc aucpr map miou iou dice jaccard "
    "wer cer precision recall score reward return psnr ssim fid r2 ndcg mrr hinge lr gnorm norm learning_rate "
    "top1 top5"
)
_QUALIFIERS = _set(
    "box cls obj dfl total recon reconstruction gen disc generator discriminator d g aux main mean macro micro "
    "weighted learning grad rate"
)
_MEASURE_PART = re.compile(r"loss|acc(?:uracy)?$|crossentropy")
# No curve of a loss, whatever it is called beside: times, sizes, counts of things, the best so far.
_NO_CURVE = _set(
    "batch_cost data_cost ips time times data v_num eta etc elapsed sec secs second seconds remaining duration "
    "took runtime wall date ms memory mem gpu cuda vram ram mfu speed throughput fps wps ups wpb bsz qps best "
    "patience workers seed port pid rank world version params parameters param size sizes samples sample images "
    "image tokens instances flops flos device devices node max_epochs num_epochs epochs total_epochs n_epochs "
    "warmup counter deadline id line file port scale day days hours minutes rows columns features leaves leaf "
    "nnzs classes height width channels shape dim"
)
_STOP = _set(
    "info debug warning warn error critical notset root with and the a an is are was has have had finished done "
    "at for on in after to current cur average avg avg. mean running final this our new got epoch step iter "
    "iteration batch completed complete finish end ended report results result metrics metric summary set phase "
    "now"
)
_LEVELS = _set("info debug warning warn error critical notset")
_UNIT = re.compile(
    r"(?:[kMGTPKB]|[kKMGT]i?[bB]|[µumn]?s|sec|secs|min|mins|m|h|hr|hrs|d|x|it|fps|Hz|W)(?![A-Za-z_])"
    r"|\s?(?:sec|secs|seconds?|minutes|hours|days?|images?|samples?|tokens?|it|ex|steps?|batch(?:es)?|examples)"
    r"(?:/|\b)|\s?[A-Za-z]+/(?:s|sec|it|step|epoch)\b"
)
_DEAD = re.compile(
    rf"{MARK}[-./]{MARK}[-./]{MARK}(?:[T_ ]*(?={MARK}:))?"  # a date
    rf"|{MARK}[-/]{MARK}(?=\s+{MARK}:)"
    rf"|{MARK}(?:\s?days?,\s*)?:{MARK}(?::{MARK})?(?:[.,]{MARK})?"  # a time of day, a duration
    rf"|{MARK}\s?days?,\s*{MARK}:{MARK}(?::{MARK})?"
    rf"|{MARK}\.(?=\d)\S*"  # a version
)
_ENDING = re.compile(
    r"\.(?:ckpt|pth?|bin|h5|hdf5|keras|json|jsonl|ya?ml|csv|tsv|txt|log|npz?|pkl|pickle|safetensors|png|jpe?g|svg|pdf"
    rf"|onnx|tar|gz|zip|parquet|model|py|ipynb|cpp|cc|c|h|cu|rs|go)(?:[:(\]]\s?{MARK}|\))?[\]'\"),.:;]*$"
)
_PATH = re.compile(r"['\"(\[=]*(?:https?:|[sg]3?://|file:|~?/[\w.~]|\.{1,2}/|[A-Za-z]:\\)")
_BAR = re.compile(r"[█▏▎▍▌▋▊▉━╸╺]|\[[=>.#\- ]*(?:={2,}|>\.|=>|\.{4,}|#{3,})|" + MARK + r"%\|")
_DARKNET = re.compile(rf"\s*{MARK}: {MARK}, {MARK} avg")
_SUMMARY = re.compile(r"\s*\*\s")  # " *   Acc@1 70.1": what PyTorch's examples print of the test set
_RANKED = re.compile(rf"\s*{MARK} (train|val|test) {MARK}\s*")  # "250 train 3.21", as build-nanogpt writes it
_EPOCH_BEHIND = re.compile(rf"{MARK}epoch(?=[ :])")  # ESPnet's "3epoch results:"
_SAVED = re.compile(r"(?i)saving dict for global step")  # what TensorFlow's Estimator prints of the evaluation
_TIMM = re.compile(rf"\s*(?:train|test|val\w*|eval)\w*:?\s+{MARK} \[", re.IGNORECASE)
_VALUE_PREFIX = re.compile(r"(?:tensor\(|array\(|np\.float\d+\(|float\(|[\[('\"\s$~≈*`#])+$")
_PAREN = re.compile(r"\s*\(([^()]*)\)$")
_HARD = re.compile(  # what stands before it belongs to no name behind it
    r"[,;|{}<>\t!?\[\]\x02=]|(?<=\s)[-–—*>#·•]+\s|\s{2,}|:\s|(?<=[A-Za-z])\.\s|(?<=[A-Za-z'\")]):(?!:)"
)
_WORD = re.compile(r"[A-Za-z_#][\w./@#^'-]*")
_QUOTED_SET = re.compile(r"(\w+)'s (.+)")
_IS = re.compile(r" (?:is|was|is now)$")
_AT_COUNT = re.compile(r"(?i)(\w[\w /]*) (?:at|after|for|in|of) (?:the )?\w+ ?#?$")
_BOTH = re.compile(r"(?i)(train|training)/(val|valid|validation|test|dev|eval)[ _](.+)")
_PHASE_WORD = re.compile(r"(?<![A-Za-z0-9_./])(" + "|".join(sorted(PHASE, key=len, reverse=True)) + r")"
                         r"(?![A-Za-z0-9_]|\.[A-Za-z]|\s?/)", re.IGNORECASE)  # fmt: skip
_FILLER = _set(
    "set phase results result metrics step epoch mode the on data dataset running start starting model loop stage"
)  # fmt: skip


@dataclass(frozen=True)
class Value:
    """A number that is measured: the `at`-th of its line, divided by the `of`-th (98/100); `name` as of a column.

    `whose` is "train", "val" or "test" where the line says so; `mean` is the place of the running mean beside it.
    """

    name: str
    at: int
    of: int | None
    whose: str
    mean: int | None


@dataclass(frozen=True)
class Phrase:
    """What the numbers of a line are; `numbers` is how many there are. `epoch`, `step`, `total` are places of numbers.

    `in_epoch`: the step counts to `total` and may start again. `heading`: "train", "val" or "test" of a line that says
    nothing else. `titles`: the names in a line that may stand above a table, parted in two ways; `cells`: the numbers
    under them, None for a cell that holds no value, parted in the same two ways.
    """

    numbers: int
    epoch: int | None = None
    step: int | None = None
    total: int | None = None
    in_epoch: bool = False
    own_epoch: bool = False
    bar: bool = False
    values: tuple[Value, ...] = ()
    heading: str = ""
    titles: tuple[tuple[str, ...], ...] = ()
    cells: tuple[tuple[int | None, ...], ...] = ()

    @property
    def says(self) -> bool:
        return bool(self.values or self.epoch is not None or self.step is not None or self.heading or self.titles
                    or self.cells)  # fmt: skip


def phrase(line: str) -> Phrase:
    """What a line says, given with MARK for each number. Its cost is linear in its length."""
    numbers = line.count(MARK)
    if len(line) > LONGEST or "train_runtime" in line:  # the record that sums up a Hugging Face run
        return Phrase(numbers)
    if not numbers:
        return Phrase(0, heading=_heading(line), titles=_titles(line))
    return _Reading(line, numbers).phrase()


class _Reading:
    """The reading of one line from left to right."""

    def __init__(self, line: str, numbers: int) -> None:
        self.line = line
        self.numbers = numbers
        self.blank = _blanked(line)
        self.places = [at for at, letter in enumerate(line) if letter == MARK]
        self.alive = [self.blank[at] == MARK for at in self.places]
        self.bar = bool(_BAR.search(line))
        self.epoch: int | None = None
        self.total: int | None = None
        self.rank = 0
        self.step: int | None = None
        self.in_epoch = self.own_epoch = False
        self.values: list[Value] = []
        self.spans: list[tuple[int, int]] = []  # where names of values stand

    def phrase(self) -> Phrase:
        if _DARKNET.match(self.blank):
            both = Value("loss", 1, None, "", None), Value("avg loss", 2, None, "", None)
            return Phrase(self.numbers, step=0, values=both)
        if match := _RANKED.fullmatch(self.blank):
            return Phrase(self.numbers, step=0, values=(Value(match[1], 1, None, "", None),))
        if match := _EPOCH_BEHIND.search(self.blank):
            at = bisect_left(self.places, match.start())
            self.epoch, self.alive[at] = at, False
        if _TIMM.match(self.blank):
            self.epoch = 0
            self.alive[0] = False
        skip = -1
        end = 0
        for at, place in enumerate(self.places):
            if at > skip and self.alive[at]:
                skip = self._number(at, end, place)
            end = place + 1
        values = self._whose()
        if not self._placed() and values:
            self._first()
        if values or self.epoch is not None:
            return Phrase(self.numbers, self.epoch, self.step, self.total, self.in_epoch, self.own_epoch, self.bar,
                          values)  # fmt: skip
        title, bar, _ = self.line.partition(f": {MARK}%|")
        titles = _titles(title.replace(MARK, "…"), sure=True) if bar else ()
        return Phrase(self.numbers, step=self.step, total=self.total, in_epoch=self.in_epoch, bar=self.bar,
                      titles=titles, cells=self._cells())  # fmt: skip

    def _cells(self) -> tuple[tuple[int | None, ...], ...]:
        """The numbers of a line that holds hardly anything else, in two ways of parting it; () for any other line."""
        bare = re.split(rf":\s+{MARK}%", self.blank)[0]
        letters, marks = sum(map(str.isalpha, bare)), bare.count(MARK)
        if marks < 2 or letters > 2 * marks + 4:
            return ()
        ways = []
        for piece in (r"[^\s|]+(?: [^\s|]+)*", r"[^\s|]+"):
            cells: list[int | None] = []
            for match in re.finditer(piece, bare):
                whole = re.fullmatch(rf"{MARK}%?|{MARK}/{MARK}", match[0])
                cells.append(bisect_left(self.places, match.start()) if whole else None)
            ways.append(tuple(cells))
        return tuple(ways)

    def _placed(self) -> bool:
        return self.epoch is not None or self.step is not None

    def _first(self) -> None:
        """A number at the beginning of the line counts: "[10] train-rmse:..", "10: learn: ..", "10 | loss .."."""
        for at, place in enumerate(self.places):
            if self.alive[at]:
                before = [word for word in re.findall(r"\w+", self.blank[:place]) if word.lower() not in _LEVELS]
                after = self.line[place + 1 : place + 3].lstrip(" ")[:1]
                if not before and after in ("]", ":", "|", ")", ";", "\t", ",", "/"):
                    self.step = at
                return

    def _number(self, at: int, start: int, place: int) -> int:
        """Takes the at-th number, before which the text from `start` stands; the last number that is used up."""
        tail = self.blank[max(start, place - _TAIL) : place]
        if place - _TAIL > start and not tail[0].isspace():
            tail = tail.partition(" ")[2]
        after = self.line[place + 1 : place + 24]
        counts = re.match(rf" ?/ ?{MARK}|\s+of\s+{MARK}", after)
        used = at + 1 if counts and at + 1 < self.numbers else at
        if self.line.startswith("%|", place + 1):  # of a progress bar
            return used
        name, separated = _name(tail)
        if not name and at and at - 1 in (self.epoch, self.step) and tail.strip() in (":", "="):
            # "Train loss at epoch 3: 0.5"
            above = self.blank[max(0, self.places[at - 1] - _TAIL) : self.places[at - 1]]
            match = _AT_COUNT.search(above)
            name, separated = _name(match[1]) if match else ("", False)
        if not name or (used > at and name.lower() in PHASE):
            # "[640/60000", "10/100 [====>", "Epoch [1][50/500]"
            if used > at and self.epoch is None and self.rank == 1 and self.step == at - 2 and tail == "][":
                self.epoch, self.step, self.total = self.step, at, used  # "[3/25][100/391]"
            elif used > at and self.step is None and (self.rank == 0) and not re.fullmatch(r"[\s*]*\(\s*", tail):
                self.step, self.total, self.in_epoch = at, used, True
                self.rank = 1
            return used
        word = name.split(" ")[-1].lower().strip("#[")
        before = self.values[-1].name if self.values else ""
        if word in PHASE and " " not in name and before.partition("/")[0] in PHASE and "/" in before:
            name = f"{word}/{before.partition('/')[2]}"  # "Loss: train 0.3, val 0.4"
        if self._counts(name, word, at, used):
            return used
        if not is_curve(name):
            return used
        measure = _is_measure(word)
        if not separated and not measure:
            return used
        if after.startswith(("%", " %")) and word in PHASE and " " not in name and "/" not in name:
            name += " %"  # a share of something, and no loss
        if not after.startswith(("%", " %")) and _UNIT.match(after) and not (counts and used > at):
            return used
        if both := _BOTH.fullmatch(name):
            if used > at:
                self.values.append(Value(both[3], at, None, "train", None))
                self.values.append(Value(both[3], used, None, PHASE[both[2].lower()], None))
            return used
        mean = at + 1 if re.match(rf"\s?\(\s*{MARK}\s*\)", after) and at + 1 < self.numbers else None
        self.values.append(Value(name, at, used if used > at else None, "", mean))
        first = max(tail.rfind(re.split(r"[ /]", name)[-1 if "/" in name else 0]), 0)
        self.spans.append((place - len(tail) + first, place))
        return used if mean is None else at + 1

    def _counts(self, name: str, word: str, at: int, used: int) -> bool:
        """Takes a number as the epoch or the step, where its name says so; True where it is that and no value."""
        lower = name.lower()
        lower = re.sub(r"^(?:train|valid|val|eval|test)[/_](?=[a-z])", "", lower)
        word = word.rpartition("/")[2]
        others = [part for part in lower.split(" ")[:-1] if part not in PHASE]
        if "best" in lower or "last" in others:
            return word in EPOCHS or word in STEPS
        if ({word, lower} & EPOCHS and len(word) > 1) or name in ("E", "[e"):
            if self.epoch is None:
                self.epoch = at
                quoted = self.blank[: self.places[at]].rstrip(" '\"").endswith(("':", '":'))
                self.own_epoch = quoted
            return True
        rank = STEPS.get(lower.replace(" ", "_"), STEPS.get(word, STEPS.get(word.rpartition("/")[2], 0)))
        rank = 2 if name == "Up" else rank  # updates, as Marian writes them
        if rank and (word != "s" or name == "[s") and (not others or set(others) <= {"global", "current", "train"}):
            if rank > self.rank:
                self.step, self.rank = at, rank
                self.total = used if used > at else None
                self.in_epoch = rank == 1 or (rank == 2 and self.total is not None)
            return True
        return False

    def _whose(self) -> tuple[Value, ...]:
        """The values with whose they are, by the word before them; of two of one name the first alone counts."""
        text = list(self.blank)
        for start, end in self.spans:
            text[start:end] = " " * (end - start)
        found = [(match.start(), PHASE[match[1].lower()]) for match in _PHASE_WORD.finditer("".join(text))]
        names = [value.name for value in self.values]
        said = {phase_of(name) for name in names} - {""}
        only = said.pop() if len(said) == 1 and not any(map(_is_bare_loss, names)) else ""
        both = {bare for name in names if phase_of(name) and (bare := _without_phase(name))}  # "acc 0.4 val_acc 0.5"
        values: dict[tuple[str, str], Value] = {}
        last = ""
        for value in self.values:
            own = phase_of(value.name)
            before = [whose for at, whose in found if at < self.places[value.at]]
            if _SAVED.search(self.line):
                before = ["val"]
            whose = value.whose or ("" if own or not before else before[-1])
            if _SUMMARY.match(self.line) and not own:
                whose = whose or "test"
            if not whose and not own and names.count(value.name) > 1:
                whose = last  # "train loss 0.3 acc 0.4 val loss 0.5 acc 0.6"
            last = own or whose or last
            if not own and _is_setting(value.name):
                whose = ""
            elif not own and not whose and _is_measure(value.name.lower()) and _without_phase(value.name) not in both:
                whose = only  # "val_loss 0.5, acc 0.6"
            values.setdefault((value.name, whose), replace(value, whose=whose))
        return tuple(values.values())


def _blanked(line: str) -> str:
    """The line without its dates, times, versions and paths: no number of those means anything. As long as it was."""
    line = _DEAD.sub(lambda match: _GONE * len(match[0]), line)
    if "." in line or "/" in line or "\\" in line:
        line = re.sub(r"\S+", lambda match: _GONE * len(match[0]) if _is_path(match[0]) else match[0], line)
    return line


def _is_path(token: str) -> bool:
    return bool(_PATH.match(token) or _ENDING.search(token[-24:]))


def _name(tail: str) -> tuple[str, bool]:
    """The name that ends before a number, and whether a mark parts it from the number; "" for none."""
    text = tail.rstrip(" ")
    text = _VALUE_PREFIX.sub("", text[-30:]) if len(text) <= 30 else text[:-30] + _VALUE_PREFIX.sub("", text[-30:])
    opened = tail[len(text) :].strip()
    text = text.rstrip()
    separated = False
    tight = False
    if text.endswith((":", "=")):
        tight = text.endswith("=")  # "tol=0.1", of whatever stands before it
        text = text.rstrip(":= ")
        separated = True
    elif text.endswith(("->", ",", "|")) and not opened:
        text = text.rstrip("->,| ")
        last = _WORD.findall(text)[-1:]
        if not last or not _is_measure(last[0].lower()):
            return "", False
    text = text.rstrip("'\"` ")
    if _IS.search(text):
        text = _IS.sub("", text)
        if text.rpartition(" ")[2].lower() in EPOCHS | STEPS.keys():  # "loss over 100 steps is 0.5"
            return "", False
    if opened in ("[", "[(") and not separated and text.lower().endswith(("[s", "[e")):
        return "[" + text[-1].lower(), False
    if text.lower().endswith(("[s", "[e")):
        return text[-2:].lower(), False
    paren = _PAREN.search(text)
    inside = ""
    if paren and len(paren[1]) < 30 and MARK not in paren[1]:
        inside = paren[1].strip().lower()
        text = text[: paren.start()]
    pieces = _HARD.split(text)
    text = pieces[-1].strip()
    text = text.rpartition("(")[2] if "(" in text else text
    text = text.rpartition(")")[2] if ")" in text else text
    if quoted := _QUOTED_SET.search(text):
        text = f"{quoted[1]}/{quoted[2].replace(' ', '_')}"
    found = [word.strip("'\".") for word in _WORD.findall(text)]
    found = [word for word in found if word.strip("#")]
    if not found or len(found) > 2 * _MOST_NAME_WORDS or text.endswith("-"):
        return "", False
    if not text.rstrip("'\"`.").endswith(found[-1]):
        return "", False
    last = found[-1].lower()
    own = [found[-1]]
    if tail.endswith(":") and "." in last and not _is_measure(last):
        return "", False  # "yolox.core.trainer:260", a line of a program
    if tight and not _is_measure(last):
        found = found[-1:]
    for word in reversed(found[:-1]):
        lower = word.lower()
        if (lower in _STOP and lower not in PHASE) or len(own) == _MOST_NAME_WORDS:
            break
        if not separated and not (lower in PHASE or lower in _QUALIFIERS or _is_measure(lower)):
            break
        own.insert(0, word)
    if "best" in (word.lower() for word in found):
        own = ["best", *own]
    if len(own) > _MOST_PLAIN_WORDS and not _is_measure(last):  # prose before a colon
        return "", False
    bare = found[-2:-1]
    if last in PHASE and len(own) == 1 and (":" in tail or bare) and len(pieces) > 1:
        measured = [word for word in _WORD.findall(pieces[-2])[-1:] if _is_measure(word.lower())]
        if measured:  # "Loss: train 0.5"
            return f"{last}/{measured[0].lower()}", True
    if last in ("mean", "avg", "average") and len(found) > 1:  # "loss mean 0.5"
        own = found[-2:]
    name = " ".join(own)
    if inside in PHASE:
        name = f"{PHASE[inside]}/{name}"
    elif inside in ("sec", "s", "ms", "min", "gb", "mb", "%"):
        name = f"{name} time" if inside in ("sec", "s", "ms", "min") else name
    if last in PHASE and len(own) == 1 and not separated:
        return (name, True) if last not in TRAIN or "loss" in tail.lower() else (name, False)
    return clean(name), separated


def _is_measure(word: str) -> bool:
    own = words(word)
    return bool(MEASURES.intersection(own) or word in MEASURES or any(map(_MEASURE_PART.search, own)))


def is_curve(name: str) -> bool:
    """False for the name of a time, a size, a setting, a best so far."""
    parts = {part.strip("._-'/").lower() for part in re.split(r"[ _/-]", name)} | {name.lower()}
    return not parts & _NO_CURVE or ("loss" in parts and not parts & {"scale", "best", "time"})


def _is_bare_loss(name: str) -> bool:
    return not phase_of(name) and "loss" in name.lower()


def _is_setting(name: str) -> bool:
    """True for a rate, a norm: the same whether it is printed of training or of validation."""
    return bool({"lr", "learning", "norm", "gnorm", "momentum"}.intersection(words(name)))


def phase_of(name: str) -> str:
    """Whose curve a name says it is, "" where it does not."""
    for word in words(name):
        if word in PHASE:
            return PHASE[word]
    return ""


def _without_phase(name: str) -> str:
    return " ".join(word for word in words(name) if word not in PHASE)


def _heading(line: str) -> str:
    """ "train", "val" or "test" for a line that says whose the numbers below it are."""
    if not line or len(line) > 80:
        return ""
    found = re.findall(r"[A-Za-z_]+", line.rpartition(" - ")[2].lower())
    whose = {PHASE[word] for word in found if word in PHASE}
    rest = [word for word in found if word not in PHASE and word not in _FILLER and word not in _LEVELS]
    return whose.pop() if len(whose) == 1 and len(rest) <= 1 and len(found) <= 6 else ""


def _titles(line: str, sure: bool = False) -> tuple[tuple[str, ...], ...]:
    """The names in a line that may stand above a table: parted by wide gaps or bars, and by any space."""
    bare = line.split(": ")[0].strip().strip("|")
    if not bare or len(bare) > 1000:
        return ()
    wide = tuple(cell.strip(" ):") for cell in re.split(r"\s{2,}|\t|\|", bare) if cell.strip(" ):"))
    narrow = tuple(bare.split())
    known = [word for word in narrow if _is_measure(word.lower()) or word.lower() in EPOCHS or word.lower() in STEPS]
    if not (known or sure) or not 2 <= len(narrow) <= 60 or any(not re.match(r"[A-Za-z#]", cell) for cell in wide):
        return ()
    return (wide, narrow) if len(wide) > 1 else (narrow, narrow)
