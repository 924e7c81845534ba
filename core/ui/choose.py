"""The declared parameters of a view as widgets, each tied to the page's address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from functools import partial
from typing import Any

import streamlit as st

from core.glossary import meaning
from core.stage.parameters import OneOf, OwnOrExample, Parameter, SomeOf, Typed, TypedOption, Whole, page_word
from core.ui.address import choice_value, formula_text, link_words, watch, write_to_address
from core.ui.own_data import own_key, read_word, with_own
from core.ui.presentation import hidden
from core.views.kit.view import Choice, View


def choose(views: View | Mapping[str, View], by: str = "") -> Choice:
    """A row of widgets, one for each parameter of the view, and the choice that they make.

    Of several views the first widget, named `by`, picks one by its name.
    """
    without = hidden()
    with st.container(key="pickers", horizontal=True, gap="small"):
        if isinstance(views, View):
            view = views
        else:
            names = {key: view.name for key, view in views.items()}
            label = pickers(next(iter(views.values())), by)[by]
            which = OneOf(name=by, label=label, options=names, default=next(iter(views)))
            view = views[pick(which, prefix="view", without=without)]
        found = {
            param.name: pick(param, prefix=view.state, without=without) for param in view.params if not param.advanced
        }
        advanced = [param.name for param in view.params if param.advanced]
        with nullcontext() if set(advanced) <= set(without) else more_options() as more:
            # Closed, it has no widgets, which would take time in every run.
            hide = without if more and more.open else advanced
            found |= {name: pick(view.param(name), prefix=view.state, without=hide) for name in advanced}
        return view.choose(**found)


def picked_view(by: str) -> str:
    """The word that picks the view, before its widget is drawn; "" for the first one, which has no word."""
    words = link_words()
    return st.session_state.get(f"picked.{by}", "") if words is None else words.get(by, "")


def remember_view(by: str, views: Mapping[str, View], chosen: View) -> bool:
    """Keeps for `picked_view` which view has been chosen; whether it is another than the last time."""
    key = next((key for key, view in list(views.items())[1:] if view is chosen), "")
    before = st.session_state.get(f"picked.{by}", key)
    st.session_state[f"picked.{by}"] = key
    return before != key


def more_options() -> Any:
    """A button in the row of widgets, and what it opens."""
    corner = st.container(width="content", gap="xxsmall")
    corner.caption("Options")  # on the line of the other labels
    return corner.popover("More", width="content", key="more", on_change="rerun")


def pickers(view: View, by: str = "") -> dict[str, str]:
    """The label of each widget that `choose` draws for this view, by its name in the address."""
    first = {by: by.capitalize()} if by else {}
    return first | {param.name: param.label for param in view.params if not isinstance(param, OwnOrExample)}


def pick(param: Parameter, *, prefix: str, without: Sequence[str] = ()) -> Any:
    """One widget; its value is under the session's key `<prefix>.<name>` and in the address under the name.

    without: names of parameters that have no widget.
    """
    key = f"{prefix}.{param.name}"
    if isinstance(param, OwnOrExample):
        return own_key(param.own) or param.default
    if isinstance(param, OneOf):
        param = with_own(param) if param.own else param
        if not is_offered(param, st.session_state.get(key, param.default)):
            st.session_state[key] = own_key(param.own) or param.default
    value = choice_value(param.name, key, param.default, partial(read_word, param))
    shown = param.name not in without
    typed = param.typed if isinstance(param, OneOf | SomeOf) else None
    if typed:
        value = text_apart(typed, key, value)
    if shown:
        value = WIDGETS[type(param)](param, key)
    if typed:
        value = with_text(typed, key, value, shown)
    if value != param.default:
        write_to_address(param.name, page_word(param, value))
    return value


def is_offered(param: OneOf, value: str | None) -> bool:
    """Whether a value is among the options: not one of another tab, nor a person's own data that were replaced."""
    return value in param.options or bool(param.typed and value and param.typed.holds(value))


def text_apart(typed: TypedOption, key: str, value: Any) -> Any:
    """The value of a widget whose typed option is a word alone; a text in it goes to the option's own field."""
    values = [value] if isinstance(value, str) else value
    texts = [one for one in values if typed.holds(one) and one != typed.word]
    if not texts:
        return value
    st.session_state[field_key(typed, key)] = typed.text(texts[0])
    words = tuple(typed.word if one in texts else one for one in values)
    st.session_state[key] = words[0] if isinstance(value, str) else words
    return st.session_state[key]


def field_key(typed: TypedOption, key: str) -> str:
    return f"{key}.{typed.word}"


def with_text(typed: TypedOption, key: str, value: Any, shown: bool) -> Any:
    """The value with the text of its typed option, if that is chosen: then there is a field for it."""
    if typed.word not in ([value] if isinstance(value, str) else value):
        return value
    field = field_key(typed, key)
    if field not in st.session_state:
        st.session_state[field] = st.session_state.get(typed_before(typed.field), typed.field.default)
    watch(field)
    text = typed.with_text(_typed(typed.field, field) if shown else st.session_state[field])
    return text if isinstance(value, str) else tuple(text if one == typed.word else one for one in value)


def typed_before(field: Typed) -> str:
    """Where the session keeps what was typed last into such a field, on any page."""
    return f"typed.{field.shared}"


def tab(name: str, options: Mapping[str, str]) -> tuple[str, Any]:
    """Tabs of which only the open one runs: its key and its container."""
    param = OneOf(name=name, label=name, options=options, default=next(iter(options)))
    key = f"tab.{name}"
    labels = {label: slug for slug, label in options.items()}
    choice_value(name, key, options[param.default], lambda text: options[param.read(text)])
    boxes = st.tabs(list(options.values()), key=key, on_change="rerun")
    slug = labels[st.session_state[key]]
    if slug != param.default:
        write_to_address(name, slug)
    return slug, boxes[list(options).index(slug)]


def open_tab(name: str, options: Mapping[str, str]) -> str:
    """The key of the tab that is open, before the tabs of these labels are drawn."""
    words = link_words()
    if words is not None:
        return words[name] if words.get(name) in options else next(iter(options))
    label = st.session_state.get(f"tab.{name}")
    return next((key for key, text in options.items() if text == label), next(iter(options)))


def common(param: Parameter, key: str) -> dict[str, Any]:
    """The arguments of every widget; its value outlives a visit to another tab."""
    return {
        "label": param.label,
        "key": key,
        "help": param.help or meaning(param.label) or None,
        "persist_state": "page",
    }


def names_with_typed(param: OneOf | SomeOf) -> dict[str, str]:
    """The options and what a person reads, the typed one last."""
    return {**param.options, **({param.typed.word: param.typed.name} if param.typed else {})}


def _one(param: OneOf, key: str) -> str:
    names = names_with_typed(param)
    shown: dict[str, Any] = {"options": list(names), "format_func": names.__getitem__}
    if len(names) <= FEW and not own_key(param.own):  # with it, the row of widgets would be longer than a line
        return st.segmented_control(**common(param, key), **shown, required=True)
    longest = max(map(len, names.values()))
    return st.selectbox(**common(param, key), **shown, width=NARROW if longest < LONG else WIDE // 2 + NARROW // 2)


def _some(param: SomeOf, key: str) -> tuple[str, ...]:
    names = names_with_typed(param)
    given = st.multiselect(
        **common(param, key),
        options=list(names),
        format_func=names.__getitem__,
        max_selections=param.most,
        select_all=len(names) <= param.most,  # else it would take the first of them, and not say so
        placeholder="None chosen: the last ones stay",
        width=WIDE,
    )
    known = tuple(option for option in names if option in given)
    last = f"{key}.last"  # what a person sees while the box is empty between two choices
    st.session_state[last] = known or st.session_state.get(last, param.default)
    return st.session_state[last]


def _whole(param: Whole, key: str) -> int:
    return int(st.number_input(**common(param, key), min_value=param.low, max_value=param.high, step=1, width=NARROW))


def _typed(param: Typed, key: str) -> str:
    """A field whose text counts while it is typed; while it is none that can be read, the last one that could stays."""
    given = st.text_input(**common(param, key), max_chars=param.longest, live=PAUSE, width=WIDE)
    last = f"{key}.last"
    try:
        param.check(given)
        st.session_state[last] = st.session_state[typed_before(param)] = given
    except ValueError as error:
        with st.container(key=f"unread.{key}"):  # over what is below it: nothing moves while a formula is half typed
            why = f":red[:material/error: {formula_text(str(error))}.]"
            st.markdown(f":small[{why} The last readable formula is shown.]")
    return st.session_state.setdefault(last, param.default)


PAUSE = "30ms"  # after a key, until the text counts
WIDE, NARROW = 360, 170  # pixels
LONG = 20  # letters that the narrow box has no room for
FEW = 5  # options that fit side by side on a phone's width, in two rows at most
WIDGETS: dict[type, Any] = {OneOf: _one, SomeOf: _some, Whole: _whole, Typed: _typed}
