"""The View record: the parameters of a view, and the pure function that answers with a picture.

One declaration of the parameters serves the page's widgets, its address, the check at `/view` and the tests.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Protocol, runtime_checkable
from urllib.parse import urlencode

from core.datasets import OwnData, find_own
from core.kept import keep_in, kept
from core.stage import Slider, Stage, Task
from core.stage.parameters import LONGEST, Parameter, is_own, nearest


class Picture(Protocol):
    """The sliders and the stage of a choice of a view's parameters. Made once for a request."""

    @property
    def sliders(self) -> tuple[Slider, ...]:
        """The stage's sliders, known before anything is computed."""

    def stage(self, centre: Mapping[str, float]) -> Stage:
        """The stage, with its one-at-a-time sweeps around these values of sliders, by key."""


@runtime_checkable
class Drafted(Picture, Protocol):
    """A picture that can also be had quickly, while one of its marks is on its way to where it is let go."""

    def draft(self, centre: Mapping[str, float]) -> Stage:
        """The stage as it is at these values, without cards, and with as little of its sweeps as it can do with."""


@dataclass(frozen=True, kw_only=True, eq=False)
class View:
    """A pure function from parameters to a picture, with the parameters declared."""

    name: str
    params: tuple[Parameter, ...]
    picture: Callable[..., Picture]
    height: int  # of the figure, pixels
    solid: Callable[..., bool] = lambda **_: False  # whether a choice's figure has a third dimension: all of plotly.js
    wait: str = ""  # the words shown meanwhile, where a first payload takes long
    takes_long: Callable[..., bool] = lambda **_: False  # whether a choice's does, where the view's others do not
    shares_state: str = ""  # views of one name here share what a person chose and released: two sides of one thing
    code: tuple[str, ...] = ()  # the libraries that its cards have code for
    saves: tuple[str, ...] = ("html", "csv")  # the files that it can be saved as
    key: str = ""

    @property
    def state(self) -> str:
        """Under which name a person's choices are kept."""
        return self.shares_state or self.key

    @property
    def defaults(self) -> dict[str, Any]:
        """The value of every parameter before anybody chooses."""
        return {param.name: param.default for param in self.params}

    def param(self, name: str) -> Parameter:
        """The parameter of a name."""
        return next(param for param in self.params if param.name == name)

    def read(self, query: Mapping[str, str]) -> dict[str, Any]:
        """The parameters that an address asks for. ValueError, one sentence, unless each is there once and good."""
        known = {param.name: param for param in self.params}
        for name in query:
            if name not in known:
                raise ValueError(f'unknown parameter "{name:.40}"; {nearest(name, known)}')
        chosen = {}
        for name, param in known.items():
            if name not in query:
                example: Any = param.default
                raise ValueError(f'parameter "{name}" is missing; for example {name}={param.write(example)}')
            if len(query[name]) > LONGEST:
                raise ValueError(f'parameter "{name}" is {len(query[name])} characters long; at most {LONGEST}')
            chosen[name] = param.read(query[name])
        return chosen

    def choose(self, **chosen: Any) -> Choice:
        """The choice of these parameters; one that is not given has its default."""
        return Choice(self, self.defaults | chosen)


@dataclass(eq=False)
class Choice:
    """A choice of a view: its parameters, and the released values around which its sweeps are computed."""

    view: View
    params: Mapping[str, Any]
    centre: Mapping[str, float] = field(default_factory=dict)  # of sliders that have left their start, by key
    draft: bool = False  # only what is shown at the centre

    @cached_property
    def own(self) -> OwnData | None:
        """A person's own data that it is about. ValueError, a sentence, where they are not here any more."""
        keys = (self.params[param.name] for param in self.view.params if is_own(param, self.params[param.name]))
        return next(map(find_own, keys), None)

    def keeping(self) -> AbstractContextManager[None]:
        """While anything of it is computed: what is kept of a person's own data goes when they go."""
        return keep_in(self.own.store) if self.own else nullcontext()

    @cached_property
    def picture(self) -> Picture:
        return self.view.picture(**self.params)

    @cached_property
    def sliders(self) -> dict[str, Slider]:
        """The sliders by key. ValueError, a sentence, for a person's own data that a loss does not take."""
        with self.keeping():
            return sliders_of(self.view, tuple(self.params.items()))

    @cached_property
    def stage(self) -> Stage:
        if self.draft and isinstance(self.picture, Drafted):
            return self.picture.draft(self.centre)
        return self.picture.stage(self.centre)

    @property
    def solid(self) -> bool:
        """Whether its figure has a third dimension."""
        return self.view.solid(**self.params)

    @property
    def takes_long(self) -> bool:
        """Whether its payload takes longer than a few others together: it is made where none of them waits."""
        return bool(self.view.wait) or self.view.takes_long(**self.params)

    def around(self, values: Mapping[str, float], *, draft: bool = False) -> Choice:
        """The same choice around these values: those of recomputed sliders that have left their start."""
        swept = {key: self.sliders[key] for key in values if key in self.sliders and self.sliders[key].recomputed}
        centre = {key: values[key] for key, one in swept.items() if values[key] != one.default}
        found = replace(self, centre=centre, draft=draft)
        found.picture = self.picture
        return found

    @cached_property
    def address(self) -> str:
        """The one query string of a choice: every parameter, in the order declared, and then the centre."""
        words = {param.name: param.write(self.params[param.name]) for param in self.view.params}
        return urlencode(words | {key: f"{value:g}" for key, value in sorted(self.centre.items())}, safe=",")


@kept
def sliders_of(view: View, params: tuple[tuple[str, Any], ...]) -> dict[str, Slider]:
    """The sliders of a choice by key: every re-run of a page needs them, and nothing else of the picture."""
    return {slider.key: slider for slider in view.picture(**dict(params)).sliders}


@dataclass(frozen=True)
class Variant:
    """One side of a scene's switch: its name, what the page shows there, and how its address differs."""

    name: str
    verdict: str
    changes: Mapping[str, str] = field(default_factory=dict)  # none at the scene's own side; "" leaves a word out


@dataclass(frozen=True)
class Preset:
    """A scene: words of an address, and what one sees there; a test holds it to that."""

    shows: str
    address: Mapping[str, str]
    task: Task | None = None  # instead of the picture's own
    variants: tuple[Variant, ...] = ()  # the scene and its counterpart, where it has one: they differ in one thing

    def words(self, variant: Variant) -> dict[str, str]:
        """The words of the address of a variant."""
        return {name: text for name, text in {**self.address, **variant.changes}.items() if text}
