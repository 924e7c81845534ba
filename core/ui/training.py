"""What stands around training curves: ways into them, the rules of the verdict, and a person's own logs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import count
from typing import Any

import streamlit as st

from core.diagnosis import RULES
from core.logs import Log, read_log
from core.stage import bridge
from core.stage.standalone import packed, page
from core.stage.table import csv
from core.ui.address import plain
from core.ui.cards import loss_cards
from core.ui.choose import pick
from core.ui.links import preset_links
from core.views.contract import OneOf
from core.views.training.own import HEIGHT, Own, compared
from core.views.training.presets import PRESETS

KINDS = None  # files of any ending, or of none (.out, .ndjson, MLflow's): what a file is its content says
MANY = 6  # files at once
AXIS = OneOf(name="scale", label="Losses", options={"linear": "Linear", "log": "Log"}, default="linear")
NONE, RECOGNISED = "(none)", "(recognised)"
DROP = (
    "Drop the log of a run: Keras' CSVLogger, Lightning's metrics.csv, Hugging Face's trainer_state.json, JSON Lines, "
    "or any table with a column for the loss. It stays in this server's memory as long as this tab is in sight; it is "
    "stored nowhere, and no one else can see it."
)


LEGEND = (
    "★ the epoch of the least validation loss; ⊠ where early stopping, if it is chosen under More, would have ended "
    "the run. Everything is trained on the examples to learn from and judged by others of the same noise."
)


def rules() -> str:
    """The rules in the order in which they are asked, in Markdown."""
    lines = [f"| {number} | {rule.name} | {rule.says} |" for number, rule in enumerate(RULES.values(), start=1)]
    return "\n".join(["The first of these rules that holds decides.", "", "| | | the rule |", "|---:|---|---|", *lines])


RULE_TABLE = rules()


def presets() -> None:
    """Links to runs that each show one fate."""
    preset_links("training_curves.py", PRESETS)


def run_card(choice: Mapping[str, Any], _: Mapping[str, float]) -> None:
    """What the marks are, by which rules the verdict is found; then what to know of the loss."""
    st.markdown(LEGEND)
    verdict_card()
    loss_cards([choice["loss"]], {})


def losses_card(choice: Mapping[str, Any], _: Mapping[str, float]) -> None:
    """What to know of each loss."""
    loss_cards(choice["losses"], {})


def verdict_card() -> None:
    with st.expander("How the verdict is found"):
        st.markdown(RULE_TABLE)


def own_runs() -> None:
    """A place to drop logs, their curves with a verdict each, and the columns that are compared."""
    st.markdown(DROP)
    files = st.file_uploader("Logs of your runs", type=KINDS, accept_multiple_files=True, key="own.files") or []
    if len(files) > MANY:
        st.markdown(f"{len(files)} files are too many to tell apart; the first {MANY} are shown.")
    above = st.container()
    drawn = [log for log in map(own, count(), read(files[:MANY])) if log.halves]
    if not drawn:
        return
    with above:
        stage = compared(drawn, logarithmic=pick(AXIS, prefix="own") == "log")
        bridge.mount(
            key="stage.own_runs",
            payload=bridge.PACKED + packed(stage),
            solid=False,
            wait="",
            values={},
            heard=0,
            arrival=0,
            height=HEIGHT,
            saves={},
        )
        with st.container(horizontal=True, gap="small"):
            download("HTML", partial(page, stage, {}), "text/html")
            download("CSV", partial(csv, stage, {}), "text/csv")
    verdict_card()


def download(label: str, content: Callable[[], str | bytes], kind: str) -> None:
    """A button for a file that is made when it is clicked.

    It runs nothing again: at the end of a run Streamlit forgets files that no run has shown, such as this one.
    """
    st.download_button(label, content, f"lossarium-own-runs.{label.lower()}", kind, on_click="ignore")


def read(files: Sequence[Any]) -> list[Log]:
    """Dropped files as logs, each read once; what is no longer there is forgotten."""
    known: dict[str, Log] = st.session_state.get("own.logs", {})
    kept = {file.file_id: known.get(file.file_id) or read_log(file.name, file.getvalue()) for file in files}
    st.session_state["own.logs"] = kept
    return list(kept.values())


def forget() -> None:
    """What was dropped is gone as soon as its tab is out of sight: Streamlit has let go of the files by then."""
    st.session_state.pop("own.logs", None)


def own(number: int, log: Log) -> Own:
    """The columns of a log that are compared: those that are recognised, or others that a person picks."""
    found = log.pick() if log.series else (None, None)
    with st.expander(f"{plain(log.name)}: {log.kind or 'not readable'}", expanded=bool(log.notes) or not any(found)):
        for note in log.notes:
            st.text(note)
        if not log.series:
            return Own(log, None, None)
        names = [series.name if series else NONE for series in found]
        along, train, validation = (
            box.selectbox(label, options, index=options.index(default), key=f"own.{number}.{log.name}.{label}")
            for box, label, options, default in zip(
                st.columns(3),
                ("Along", "Training", "Validation"),
                ([RECOGNISED, *log.columns], [NONE, *log.columns], [NONE, *log.columns]),
                (RECOGNISED, *names),
                strict=True,
            )
        )
    asked = ("" if name == NONE else name for name in (train, validation))
    return Own(log, *log.pick(None if along == RECOGNISED else along, *asked))
