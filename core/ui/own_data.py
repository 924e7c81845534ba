"""The data sets of a person's own table: the session holds them, and the pickers of every page list them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import streamlit as st

from core.datasets import OwnData
from core.stage.parameters import OWN, OneOf, OwnOption, Parameter, own_option
from core.views.kit.view import View

OWN_DATA = "own.data"  # the key of the session


def hold(data: OwnData | None) -> None:
    """Keeps the data of a table until others come, or the session ends; None lets go of them."""
    st.session_state[OWN_DATA] = data


def held() -> OwnData | None:
    """The data of this session's table, if it has one."""
    return st.session_state.get(OWN_DATA)


def own_key(option: OwnOption | None) -> str:
    """The value of this option here; "" where the session has no data of its kind."""
    data = held()
    return data.key if data and option and data.of_kind(option.kind) else ""


def with_own(param: OneOf) -> OneOf:
    """The picker with this session's own data among its options, if there are some."""
    key = own_key(param.own)
    return replace(param, options={**param.options, key: param.own.name}) if param.own and key else param


def views_with_own(views: Mapping[str, View], own: View) -> Mapping[str, View]:
    """The views, and the one of this session's own data, if there are some of its kind."""
    return {**views, OWN: own} if any(own_key(own_option(param)) for param in own.params) else views


def read_word(param: Parameter, text: str) -> Any:
    """The value for a word of a page's address, which may be this session's own data."""
    return (own_key(own_option(param)) if text == OWN else "") or param.read(text)
