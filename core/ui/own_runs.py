"""A person's own logs: the place to drop them, what was read of each, and the choice of runs and columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import streamlit as st

from core import apart
from core.logs import Log, Run, merge_splits, read_log
from core.logs.own_run import OwnRun
from core.stage.parameters import OneOf
from core.ui.address import choice_value, plain_text, write_to_address
from core.ui.choose import pick
from core.ui.own_stage import PackedStage, mount_own, save_buttons
from core.ui.reading import READING
from core.views.training_curves.cards import RULE_TABLE, VERDICT
from core.views.training_curves.own_figure import LEGEND, TABLE_ROWS, own_stage

MAX_FILES = 6  # files at once
MAX_RUNS = 8  # runs in one picture: one for each hue
LOGS, UPLOADER, UPLOADED = "own.logs", "own.files", "own.uploads"  # keys of the session
CSV_ABOUT = f"At most {TABLE_ROWS:,} rows. Of a longer log, the highest and the lowest values are kept."
AXIS = OneOf(name="scale", label="Losses", options={"linear": "Linear", "log": "Log"}, default="linear")
RECOGNISED, ROW, NONE = "(recognised)", "(row)", "(none)"
COLUMN_LABELS = {"x": "Along", "train": "Training", "validation": "Validation"}  # names in the address, and labels
PARAMETERS = (*COLUMN_LABELS, "runs")
NOTHING = "no loss was found in it"
DROP = (
    "Drop the log of a run: a file of Keras, Lightning, Hugging Face, TensorBoard, XGBoost, LightGBM or CatBoost, any "
    "table or JSON with a loss in it, or the text that a training printed. It stays in this server's memory for this "
    "session; it is stored nowhere, and no other visitor can see it."
)


def own_runs() -> None:
    """A place to drop logs, their curves with a verdict on each run, and the columns that are compared."""
    logs = uploaded_logs()
    if not logs:
        st.markdown(DROP)
    for log in logs.values():
        if not any(run.train or run.validation for run in log.runs):
            st.error(f"{plain_text(log.name)}: {plain_text(' '.join(log.notes[:1]) or NOTHING)}.")
    if len(logs) > MAX_FILES:
        st.markdown(f"{len(logs)} files are too many to tell apart; the first {MAX_FILES} are shown.")
    above, below = st.container(), st.container()
    choices = [FileChoice(number) for number in range(MAX_FILES)]
    cards = [
        file_card(upload, log, choice, several=len(logs) > 1)
        for (upload, log), choice in zip(logs.items(), choices, strict=False)
    ]
    for choice in choices:
        choice.write()
    runs = [run for card in cards for run in card if run.curves]
    if not runs:
        return
    with below.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        logarithmic = pick(AXIS, prefix="own") == "log"
        stage = own_stage(runs[:MAX_RUNS], logarithmic=logarithmic)
        save_buttons(lambda: stage, "own_runs", CSV_ABOUT)
    with above:
        if len(runs) > MAX_RUNS:
            st.markdown(f"{len(runs)} runs are too many to tell apart; the first {MAX_RUNS} are drawn.")
        mount_own(PackedStage.of(stage), "own_runs")
        if len(runs) == 1:
            st.caption(LEGEND)
    with st.expander(VERDICT):
        st.markdown(RULE_TABLE)


class FileChoice:
    """The columns and runs that are chosen of the file at one place, by address parameter; "" is what is recognised.

    A choice belongs to one file: another file at its place starts anew, and the first file takes the choice of a link.
    """

    def __init__(self, number: int) -> None:
        self.names = {word: f"{word}{number + 1 if number else ''}" for word in PARAMETERS}
        self.owner = f"own.{number}.file"
        self.is_new = False  # it comes from a link, and the widgets do not show it yet
        for word in PARAMETERS:
            before = st.session_state.get(self.key(word), "")
            self.is_new |= choice_value(self.names[word], self.key(word), "", str) != before
        if self.is_new:
            st.session_state[self.owner] = ""

    def key(self, word: str) -> str:
        """The key of the session for a parameter."""
        return f"own.{self.names[word]}"

    def __getitem__(self, word: str) -> str:
        return st.session_state[self.key(word)]

    def __setitem__(self, word: str, text: str) -> None:
        st.session_state[self.key(word)] = text

    def assign_to(self, upload: str) -> None:
        """Makes it the choice of an upload; that of another file is forgotten."""
        if st.session_state.get(self.owner, "") not in ("", upload):
            for word in PARAMETERS:
                self[word] = ""
        st.session_state[self.owner] = upload

    def write(self) -> None:
        """Writes the choice into the page's address."""
        for word, name in self.names.items():
            if self[word]:
                write_to_address(name, self[word])


def uploaded_logs() -> dict[str, Log]:
    """The logs of this session by the id of their upload, each read once; two files of one run are one log.

    Streamlit forgets what an uploader holds when its tab is not drawn. The session keeps the logs until a person
    removes them.
    """
    logs: dict[str, Log] = st.session_state.setdefault(LOGS, {})
    before = st.session_state.get(UPLOADED, set()) if UPLOADER in st.session_state else set()
    files = st.file_uploader("Logs of your runs", accept_multiple_files=True, key=UPLOADER) or []
    now = {file.file_id: file for file in files}
    st.session_state[UPLOADED] = set(now)
    for gone in before - now.keys():
        logs.pop(gone, None)
    for upload, file in now.items():
        if upload not in logs:
            with READING:
                logs[upload] = apart.run(read_log, file.name, file.getvalue())
    left = [upload for upload in logs if upload not in now]
    if left and st.button(
        f"Remove the {len(left)} kept", help=", ".join(plain_text(logs[upload].name) for upload in left)
    ):
        for upload in left:
            del logs[upload]
    return merge_splits(logs)


def file_card(upload: str, log: Log, choice: FileChoice, *, several: bool) -> list[OwnRun]:
    """Shows what was read of a file; returns its runs with the columns that are compared. `several`: of many."""
    choice.assign_to(upload)
    found = any(run.train or run.validation for run in log.runs)
    with st.expander(f"{plain_text(log.name)}: {log.format or 'not readable'}", expanded=bool(log.notes) or not found):
        for note in log.notes:
            st.text(note)
        if not log.runs:
            return []
        own = pick_runs(upload, log, choice)
        runs = pick_columns(upload, own or log.runs[:1], choice)
        for why in dict.fromkeys(run.why for run in runs if run.why and run.why not in log.notes):
            st.text(why)
    names = [(log.name, run.name) if several else (run.name or log.name,) for run in runs]
    return [OwnRun(": ".join(filter(None, name)), run) for name, run in zip(names, runs, strict=True)] if own else []


def pick_runs(upload: str, log: Log, choice: FileChoice) -> list[Run]:
    """A picker for the runs of a file; returns the chosen ones, at first as many as there are colours."""
    numbers = list(range(len(log.runs)))
    if len(numbers) < 2:
        return list(log.runs)
    key, usual = f"own.{upload}.runs", numbers[:MAX_RUNS]
    if choice.is_new or key not in st.session_state:
        linked = [int(text) - 1 for text in choice["runs"].split(",") if text.isdecimal() and len(text) < 6]
        st.session_state[key] = [number for number in linked if number in numbers] or usual
    names = [run.name or str(number + 1) for number, run in enumerate(log.runs)]
    picked = st.multiselect("Runs", numbers, format_func=names.__getitem__, key=key)
    choice["runs"] = "" if sorted(picked) == usual else ",".join(str(number + 1) for number in sorted(picked))
    return [log.runs[number] for number in sorted(picked)]


def pick_columns(upload: str, runs: Sequence[Run], choice: FileChoice) -> list[Run]:
    """Pickers for the columns; returns the runs with the chosen columns in place of the recognised ones."""
    first = runs[0]
    names = list(dict.fromkeys(name for run in runs for name in run.columns))
    usual = {
        "x": RECOGNISED,
        "train": first.train.name if first.train else NONE,
        "validation": first.validation.name if first.validation else NONE,
    }
    chosen: dict[str, str | None] = {}
    for box, (word, label) in zip(st.columns(3), COLUMN_LABELS.items(), strict=True):
        options = [usual["x"], ROW, *names] if word == "x" else [NONE, *names]
        key = f"own.{upload}.{first.name}.{word}"  # runs side by side in a table have columns of their own
        if choice.is_new or key not in st.session_state:
            st.session_state[key] = choice[word] if choice[word] in options else usual[word]
            if choice[word] and choice[word] not in options:
                st.text(f'The link asks for the column "{choice[word]:.80}", which is not in this file.')
        picked = box.selectbox(label, options, key=key)
        choice[word] = "" if picked == usual[word] else picked
        chosen[word] = {"": None, NONE: "", ROW: ""}.get(choice[word], choice[word])
    if not any(choice[word] for word in COLUMN_LABELS):
        return list(runs)
    return [
        run_with_columns(run, {word: name for word, name in chosen.items() if not name or name in run.columns})
        for run in runs
    ]


def run_with_columns(run: Run, chosen: Mapping[str, str | None]) -> Run:
    """The run with these columns. A loss that is left out does not become one of its parts."""
    other = run.pick(**chosen)
    return replace(
        other, parts=tuple(series for series in other.parts if series.name in {one.name for one in run.parts})
    )
