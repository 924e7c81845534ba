"""What stands under a picture: a loss's formula with the numbers of its sliders, advice, its source, code to copy."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial

from core.expression.code import STYLES
from core.expression.typed_loss import TypedLoss, loss_of
from core.losses import BoxLoss, Loss, MaskLoss
from core.losses.equivalents import LIBRARIES, code_number
from core.losses.loss import formula_in, owner_of
from core.models.objectives import OBJECTIVES, Objective, objective_of
from core.record import Documented, Source, latex
from core.sentences import join_words
from core.stage import Card, Link, Slider, Text, Words

AnyLoss = Loss | BoxLoss | MaskLoss | Objective
BLANK = 0xE000  # of Unicode, for private use: no program holds a letter from here
# By family the words of the address of /your-loss; none for the family that the page begins with.
OTHER_FAMILY: Mapping[str, dict[str, str]] = {"binary": {"family": "binary"}}
NO_SUCH = "# {} has no such loss."
# For each library the style of a typed loss's code; "" where none is for it.
STYLE_FOR = {name: next((key for key, style in STYLES.items() if style.imports == name), "") for name in LIBRARIES}


def loss_cards(losses: Sequence[str], sliders: Iterable[Slider] = ()) -> tuple[Card, ...]:
    """A card for each loss. The parameters that have no slider here stand at their starts."""
    sliders = tuple(sliders)
    found = []
    for key in losses:
        loss = objective_of(key) if key in OBJECTIVES else loss_of(key)
        own = {slider.name: slider for slider in sliders if slider.owner == owner_of(key)}
        if isinstance(loss, TypedLoss):
            found.append(replace(typed_card(loss, own), links=(typed_link(loss),)))
        else:
            found.append(loss_card(loss, own))
    return tuple(found)


def vision_cards(losses: Iterable[BoxLoss | MaskLoss], sliders: Iterable[Slider] = ()) -> tuple[Card, ...]:
    """A card for each loss of boxes or masks. The parameters that have no slider here stand at their starts."""
    sliders = tuple(sliders)
    return tuple(loss_card(loss, {one.name: one for one in sliders if one.owner == loss.key}) for loss in losses)


def loss_card(loss: AnyLoss, sliders: Mapping[str, Slider]) -> Card:
    """The formula of a loss, advice, its source, and what it is in other libraries; its sliders by parameter."""
    formula, slots = formula_with(loss, sliders, loss.starts)
    jump = "" if isinstance(loss, Objective) else loss.subgradient
    kink = f" We use the subgradient {jump}." if jump else ""
    lines = [
        f"#### {loss.name}",
        f"$$L = {formula}$$",
        *([] if isinstance(loss, BoxLoss | MaskLoss) else [f"**Estimates** {loss.estimates}."]),
        f"**Use it when:** {loss.use_when}",
        f"**Watch out:** {loss.watch_out}{kink}",
        f"**Source:** {citation(loss.source)}",
    ]
    programs = {library: program(loss, library, sliders) for library in loss.libraries}
    notes = {library: equivalent.note for library, equivalent in loss.equivalents.items()}
    return Card(text=Text("\n\n".join(lines), **slots), code=programs, notes=notes)


def typed_card(loss: TypedLoss, sliders: Mapping[str, Slider], styles: Mapping[str, str] = STYLE_FOR) -> Card:
    """The formula that a person typed with the numbers of its sliders, how it was read, and its code.

    sliders: by parameter. styles: for each library that a picker of code offers, the style that code for it has.
    """
    formula, slots = formula_with(loss, sliders)
    lines = [f"#### {loss.name}", f"$$L = {formula}$$"]
    if loss.typed.corrections:
        lines.append(f"**How it was read:** {plain('; '.join(loss.typed.corrections))}.")
    if loss.params:
        names = join_words([param.symbol for param in loss.params])
        lines.append(f"Every name that is no variable is a parameter with a slider: here {names}.")
    code = {name: code_with(partial(loss.code, style), sliders, lambda _, value: code_number(value)) if style else
            Text(NO_SUCH.format(name)) for name, style in styles.items()}  # fmt: skip
    return Card(text=Text("\n\n".join(lines), **slots), code=code)


def typed_link(loss: TypedLoss) -> Link:
    """The link from a picture to the page that says what a typed loss does."""
    query = {**OTHER_FAMILY.get(loss.family, {}), "formula": formula_in(loss.key)}
    keys = tuple(f"{owner_of(loss.key)}.{param.name}" for param in loss.params)
    return Link(label="What your loss does", page="your-loss", query=query, sliders=keys)


def plain(text: str) -> str:
    """Text in which * is no Markdown."""
    return text.replace("*", r"\*")


def program(loss: AnyLoss, library: str, sliders: Mapping[str, Slider]) -> Text:
    """The loss in another library, its numbers those of the sliders; a sentence where the library has no such loss."""
    if library not in loss.equivalents:
        return Text(NO_SUCH.format(library))
    return code_with(
        lambda **params: loss.code(library, **loss.starts | params), sliders, lambda _, value: code_number(value)
    )


def formula_with(
    record: Documented, sliders: Mapping[str, Slider], values: Mapping[str, float] | None = None
) -> tuple[str, dict[str, Words]]:
    """The LaTeX of a record with a slot for each parameter that has a slider, and what fills the slots.

    sliders: by parameter. values: of the other parameters, by name; one that is missing is at its default.
    """
    texts = {name: f"{{{slot(name)}}}" for name in sliders}
    text = record.formula_at(**dict[str, float | str](values or {}, **texts))
    words = {slot(name): slider_words(slider, latex) for name, slider in sliders.items()}
    return text, {name: word for name, word in words.items() if f"{{{name}}}" in text}


def code_with(write: Callable[..., str], sliders: Mapping[str, Slider], number: Callable[[str, float], str]) -> Text:
    """A program whose numbers are those of the sliders.

    write: makes the program of a text for each parameter that has a slider. number: how a parameter's value is written
    in it, from its name and the value. The lines are broken as they are for the longest number: a program keeps its
    shape while a slider moves.
    """
    words = {name: slider_words(slider, partial(number, name)) for name, slider in sliders.items()}
    blanks = {
        name: chr(BLANK + place) * max(map(len, word.strings)) for place, (name, word) in enumerate(words.items())
    }
    text = write(**blanks)
    slots = {}
    for name, blank in blanks.items():
        if blank in text:
            text = text.replace(blank, f"{{{slot(name)}}}")
            slots[slot(name)] = words[name]
    return Text(text, **slots)


def slider_words(slider: Slider, write: Callable[[float], str]) -> Words:
    """The values of a slider, written so."""
    return Words([write(float(value)) for value in slider.values], slider)


def slot(name: str) -> str:
    """The slot of a parameter."""
    return f"at_{name}"


def citation(source: Source) -> str:
    """The source in Markdown, with a link where it has one."""
    return f"[{source}]({source.url})" if source.url else str(source)
