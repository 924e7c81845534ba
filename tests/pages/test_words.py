"""Pages speak the field's words: no private one in what a visitor can read."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from core.datasets import DATASETS
from core.descent import MINIMISERS
from core.descent import outcome as outcomes
from core.diagnosis.sentences import ADVICE, ADVICE_ON_VALIDATION_ALONE, SENTENCES
from core.examples import EXAMPLES
from core.landscapes import LANDSCAPES
from core.losses import BATCH_LOSSES, LOSSES
from core.losses.estimand import Estimand
from core.metrics import METRICS
from core.models.objectives import OBJECTIVES
from core.optimizers import OPTIMIZERS, SCHEDULES
from core.stage import Stage, Text, Words
from core.views import VIEWS, View
from core.views.class_imbalance.presets import PRESETS as CASES
from core.views.class_probabilities.presets import PRESETS as PROBABILITIES
from core.views.gradient_descent.presets import PRESETS as RACES
from core.views.training_curves.cards import RULE_TABLE
from core.views.training_curves.presets import PRESETS as RUNS
from core.views.which_loss.presets import PRESETS as ADVICE_PRESETS
from tests.pages.site import elements, opened
from tests.places import PLACES
from tests.views.cases import chosen

ROOT = Path(__file__).parents[2]
# Each with what a page says in its place. They are whole words; a capital makes no difference.
PRIVATE = {
    "pull|pulls|pulled|pulling": "gradient",
    "bend|bends|bent": "move a parameter; the curvature is positive",
    "fate|fates": "result",
    "glacial": "learning rate too small",
    "ground|terrain": "landscape",
    "told": "said; known",
    "wild": "outlier; unreliable; unstable",
    "probe|probes": "error to inspect",
    "kink|kinks": "corner",
    "walk|walks": "path; explore",
    "cut at|cuts": "slice at",
    "summit": "maximum",
    "ran off": "left the window",
    "crawl|crawls|crawling": "very slow",
    "in sight": "in this window",
    "(?:nobody|everybody)(?! gets better)": "no optimizer; each",
    "there first|gets there|there in [0-9]+": "converges first; converged at step",
    "warmer or colder|spot on": "so far away from the number",
    "one for all|each its own": "same for all; separate",
    "half that|the halves": "training set; test set",
    "examples to learn from|learned from|was learned": "training examples",
    "length of the gradient": "gradient norm",
    "makes? of the data": "prediction",
    "called positive|calling": "predicted positive",
    "false alarms?|a miss costs": "false positive; cost of a false negative",
    "short lives": "low life expectancy",
    "the constant of": "best single prediction",
    "what it fits": "fitted lines",
    "lopsided|as steep across": "condition number",
    "has no say|no say|almost no say": "has no effect",
    "more is better|less is better": "higher is better; lower is better",
    "dead inputs|poor start": "inputs that never change; poor initialisation",
    "sure scores?|fresh gradient": "confident; newest gradient",
    "need fall|so it is with|today's pace|leaps about|says nothing of": "(say it plainly)",
    "who gives way|mended|by heart": "(say it plainly)",
}
# And numbers such as -4e+70, and 50% without a space; not in the code of an address, nor in a format.
FORBIDDEN = re.compile(rf"\b(?:{'|'.join(PRIVATE)})\b|\de\+\d|\d%(?!}}|[0-9A-F]{{2}})", re.IGNORECASE)
LONGEST = 25  # words of a sentence that a page prints
SENTENCE_END = re.compile(r"(?<=[.?!:;])\s+|\n\s*\n|<br>|\n[-*]|\|")
NOT_WORDS = re.compile(r"\$\$.*?\$\$|\$[^$]*\$|```.*?```|\*\*Sources?:\*\*.*|\([^)]*\)|<[^>]*>", re.DOTALL)
SLOT = re.compile(r"\{\w+\}")
RECORDS = (
    LOSSES, BATCH_LOSSES, OBJECTIVES, OPTIMIZERS, MINIMISERS, SCHEDULES, LANDSCAPES, METRICS, DATASETS,
)  # fmt: skip
PROSE = (
    "name", "short", "about", "estimates", "use_when", "watch_out", "subgradient", "when", "watch",
)  # fmt: skip


def private(texts: Iterable[str]) -> list[tuple[str, str]]:
    """Each private word that is used, with the text around it."""
    return sorted({(found[0], text) for text in texts for found in FORBIDDEN.finditer(text)})


def of_text(text: Text | None) -> Iterator[str]:
    """What a text can say: its template without the names of its slots, and every string of them."""
    if text is not None:
        yield SLOT.sub("", text.template)
        for slot in text.slots.values():
            if isinstance(slot, Words):
                yield from (SLOT.sub("", string) for string in slot.strings)


def of_view(view: View) -> Iterator[str]:
    """Its name, and the labels, options and helps of what can be chosen."""
    yield from (view.name, view.wait)
    for param in view.params:
        yield from (param.label, param.help, *getattr(param, "options", {}).values())


def of_stage(stage: Stage) -> Iterator[str]:
    """Everything that stands on or beside a picture, in all frames."""
    yield from (stage.name, stage.alt, *stage.headings)
    for slider in stage.sliders:
        yield from (slider.label, *slider.labels)
    for reading in stage.readings:
        yield reading.name
        for text in (*reading.cells, reading.note):
            yield from of_text(text)
    yield from of_text(stage.summary)
    yield from (stage.task.do, stage.task.look_for) if stage.task else ()
    for card in stage.cards:
        yield from of_text(card.text)
        yield from (*card.notes.values(), *(link.label for link in card.links), card.folded)
    yield from (entry.text for entry in stage.legend)
    for grid in stage.grids:
        yield from (grid.name, *grid.columns, *(name for name, _ in grid.rows))
    for trace in stage.figure.data:
        yield from (trace.hovertemplate or "", "" if trace.hoverinfo == "skip" else trace.name or "")
    yield from (note.text or "" for note in stage.figure.layout.annotations)
    yield from (axis.title.text or "" for axis in (*stage.figure.select_xaxes(), *stage.figure.select_yaxes()))


def of_element(element: Any) -> Iterator[str]:
    """Label, help, value and options of whatever stands on a page."""
    for name in ("label", "help", "value", "body"):
        if isinstance(text := getattr(element, name, None), str):
            yield text
    yield from (option for option in getattr(element, "options", ()) if isinstance(option, str))


def of_record(record: Any) -> Iterator[str]:
    texts = (getattr(record, name, None) for name in PROSE)
    yield from (str(text) for text in texts if isinstance(text, str | Estimand))
    yield from (equivalent.note for equivalent in getattr(record, "equivalents", {}).values())


@pytest.mark.parametrize("key", VIEWS)
def test_no_picture_has_a_private_word(key):
    texts = [*of_view(VIEWS[key]), *of_stage(chosen(VIEWS[key]))]
    assert len(texts) > 10
    assert private(texts) == []


@pytest.mark.parametrize("place", [place for place in PLACES if place != "training-own"])
def test_no_page_has_a_private_word(place):
    """The names of the verdicts, in the table of rules, are those of the diagnosis."""
    texts = [text.replace(RULE_TABLE, "") for element in elements(opened(place)._tree) for text in of_element(element)]
    assert any(texts)
    if place == "glossary":  # there a word stands beside the one that is usual here
        texts = [text.replace("kink", "corner") for text in texts]
    assert private(texts) == []


def test_no_record_has_a_private_word():
    texts = [text for records in RECORDS for record in records.values() for text in of_record(record)]
    assert len(texts) > 300
    assert private(texts) == []


def test_no_preset_example_or_outcome_has_a_private_word():
    presets = (CASES, PROBABILITIES, RACES, RUNS, ADVICE_PRESETS)
    texts = [text for scenes in presets for name, one in scenes.items() for text in (name, one.shows)]
    texts += [getattr(one, field.name) for one in EXAMPLES for field in fields(one)
              if isinstance(getattr(one, field.name), str)]  # fmt: skip
    texts += [*outcomes.SENTENCES.values(), *outcomes.AT_ONCE.values(), *outcomes.AHEAD.values()]
    assert private(texts) == []


def of_source(path: Path) -> Iterator[str]:
    """The texts of a module that can be sentences: what it names and documents itself with left out."""
    tree = ast.parse(path.read_text())
    documented = [
        tree,
        *(node for node in ast.walk(tree) if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)),
    ]
    docs = {id(node.body[0].value) for node in documented if ast.get_docstring(node) is not None}
    for node in ast.walk(tree):
        is_text = isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs
        if is_text and len(node.value.split()) > 2:
            yield re.sub(r"\{[^}]*\}", "", node.value)


@pytest.mark.parametrize(
    "folder", ["diagnosis", "logs", "ui", "descent", "models/imbalance", "stage", "views", "advice"]
)
def test_no_message_or_verdict_has_a_private_word(folder):
    """Whatever a module can say: errors, notes on a log, verdicts and their advice; beside those names of patterns."""
    texts = [text for path in sorted((ROOT / "core" / folder).rglob("*.py")) for text in of_source(path)]
    assert len(texts) > 10
    assert private(text for text in texts if not re.search(r"\(\?|[|\\]|\d \w+ \w+=", text)) == []


def long_sentences(texts: Iterable[str]) -> list[str]:
    """The sentences, or parts up to a colon, that have too many words; formulas and sources do not count."""
    parts = {part for text in texts for part in SENTENCE_END.split(NOT_WORDS.sub(" ", text))}
    return sorted(part for part in parts if len(re.findall(r"[^\W\d_][\w’'-]*", part)) > LONGEST)


@pytest.mark.parametrize("key", VIEWS)
def test_sentences_are_short(key):
    assert long_sentences(of_stage(chosen(VIEWS[key]))) == []


def test_sentences_of_records_and_verdicts_are_short():
    texts = [text for records in RECORDS for record in records.values() for text in of_record(record)]
    texts += [*SENTENCES.values(), *ADVICE.values(), *ADVICE_ON_VALIDATION_ALONE.values()]
    assert long_sentences(texts) == []
